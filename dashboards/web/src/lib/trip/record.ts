/**
 * A record (section 5.2): what a leaf points to when it is more than a proof. Signed by the hub, which
 * may destroy it; the leaf still stands.
 */
import type { Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import { malformed } from './errors.ts';
import { blob, integer, items, text } from './fields.ts';
import type { PublicKey } from './keys.ts';
import { TYPES } from './leaf.ts';
import * as sign1 from './sign1.ts';

const TYP = 'record';
const FIELDS_MAX = 32;
const VALUE_MAX_BYTES = 1_792; // a key set of 13
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
	return sign1.read(encoded, TYP);
}

/** The record, once its signature was checked. Throws MalformedProof, BadSignature. */
export async function verified(encoded: Bytes, key: PublicKey): Promise<Record> {
	const payload = await sign1.checked(read(encoded), key);
	const [version, type, fields] = items(cbor.decode(payload), 3, 3);
	integer(version, 1, 1);
	if (!(fields instanceof Map) || fields.size > FIELDS_MAX)
		return malformed(`A record has at most ${FIELDS_MAX} named fields.`);
	const told = [...fields].map(([name, held]) => [named(name), value(held)] as const);
	return { type: integer(type, 1, TYPES), fields: new Map(told) };
}

function named(name: cbor.Key): string {
	if (typeof name !== 'string' || !NAME.test(name))
		return malformed("A field's name has 1 to 24 of a-z, 0-9 and underscore.");
	return name;
}

function value(held: cbor.Value): RecordValue {
	return Array.isArray(held) ? items(held, 0, ITEMS_MAX).map(scalar) : scalar(held);
}

function scalar(held: cbor.Value): Scalar {
	if (typeof held === 'number') return held; // what is read is within 2^53
	return typeof held === 'string' ? text(held, 0, VALUE_MAX_BYTES) : blob(held, VALUE_MAX_BYTES);
}
