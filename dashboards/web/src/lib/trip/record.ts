/**
 * A record (section 5.2): what a leaf points to when it is more than a proof. Signed by the hub, which
 * may destroy it; the leaf still stands.
 */
import type { Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import { malformed } from './errors.ts';
import { blob, integer, items, text } from './fields.ts';
import { SET_MAX_BYTES, type PublicKey } from './keys.ts';
import { KEYS, TYPES } from './leaf.ts';
import * as sign1 from './sign1.ts';

const TYP = 'record';
const FIELDS_MAX = 32;
const VALUE_MAX_BYTES = 1_792;
/** Of a key set; any other record is as small as everything that is signed. */
export const MAX_BYTES = SET_MAX_BYTES + 1_024;
const ITEMS_MAX = 64;
const NAME = /^[a-z0-9_]{1,24}$/;

export type Scalar = number | string | Bytes;
export type RecordValue = Scalar | Scalar[];

/** What a leaf of `type` records, by name. */
export interface Record {
	type: number;
	fields: Map<string, RecordValue>;
}

export function read(encoded: Bytes): sign1.Signed {
	return sign1.read(encoded, TYP, MAX_BYTES);
}

/** The record, once its signature was checked. Throws MalformedProof, BadSignature. */
export async function verified(encoded: Bytes, key: PublicKey): Promise<Record> {
	const payload = await sign1.checked(read(encoded), key);
	const [version, number, fields] = items(cbor.decode(payload, MAX_BYTES), 3, 3);
	integer(version, 1, 1);
	const type = integer(number, 1, TYPES);
	if (type !== KEYS && encoded.length > cbor.MAX_BYTES)
		return malformed(`More than ${cbor.MAX_BYTES} bytes: only a key set is larger.`);
	if (!(fields instanceof Map) || fields.size > FIELDS_MAX)
		return malformed(`A record has at most ${FIELDS_MAX} named fields.`);
	const longest = type === KEYS ? SET_MAX_BYTES : VALUE_MAX_BYTES;
	const told = [...fields].map(([name, held]) => [named(name), value(held, longest)] as const);
	return { type, fields: new Map(told) };
}

function named(name: cbor.Key): string {
	if (typeof name !== 'string' || !NAME.test(name))
		return malformed("A field's name has 1 to 24 of a-z, 0-9 and underscore.");
	return name;
}

function value(held: cbor.Value, longest: number): RecordValue {
	if (!Array.isArray(held)) return scalar(held, longest);
	return items(held, 0, ITEMS_MAX).map((one) => scalar(one));
}

function scalar(held: cbor.Value, longest = VALUE_MAX_BYTES): Scalar {
	if (typeof held === 'number') return held; // what is read is within 2^53
	return typeof held === 'string' ? text(held, 0, VALUE_MAX_BYTES) : blob(held, longest);
}
