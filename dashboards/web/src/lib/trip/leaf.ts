/** What the log holds (section 5.1). */
import type { Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import { malformed } from './errors.ts';
import { HASH_BYTES, integer, KID_BYTES, mapping, octets } from './fields.ts';

const [REF, STATEMENT, SEALED, VERDICT, POLICY, RECORD, REASON, QUARTER] = [2, 3, 4, 5, 6, 7, 8, 9] as const;
export const PROOF = 1;
export const ENROLMENT = 3;
export const POLICIES = 6;
export const KEYS = 7;
export const LINK = 11;
export const TYPES = 13;
/** The fields of each type, besides type and time; types count from 1. */
const HELD: readonly (readonly number[])[] = [
	[REF, STATEMENT, SEALED, VERDICT, POLICY],
	[SEALED],
	[REF, RECORD],
	[REF, REASON],
	[RECORD],
	[POLICY, RECORD],
	[RECORD],
	[REF, RECORD],
	[REF, RECORD],
	[RECORD, QUARTER],
	[REF, RECORD],
	[REF, VERDICT, POLICY],
	[REF, RECORD]
];

/** `ref` is a `cti` or a kid; the others are SHA-256. */
export interface Leaf {
	type: number;
	at: number;
	ref?: Bytes | undefined;
	statement?: Bytes | undefined;
	sealed?: Bytes | undefined;
	verdict?: Bytes | undefined;
	policy?: number | undefined;
	record?: Bytes | undefined;
	quarter?: number | undefined;
}

/** Read a leaf. Throws MalformedProof. */
export function decode(encoded: Bytes): Leaf {
	const value = cbor.decode(encoded);
	const type = integer(value instanceof Map ? value.get(0) : undefined, 1, TYPES);
	const keys = HELD[type - 1]!;
	const held = mapping(value, [0, 1, ...keys]);
	if (keys.includes(REASON)) integer(held.get(REASON), 1, 6);
	const of = (key: number, length: number) =>
		keys.includes(key) ? octets(held.get(key), length) : undefined;
	return {
		type,
		at: integer(held.get(1)),
		ref: of(REF, KID_BYTES),
		statement: of(STATEMENT, HASH_BYTES),
		sealed: of(SEALED, HASH_BYTES),
		verdict: of(VERDICT, HASH_BYTES),
		policy: keys.includes(POLICY) ? integer(held.get(POLICY), 1) : undefined,
		record: of(RECORD, HASH_BYTES),
		quarter: keys.includes(QUARTER) ? quarter(held.get(QUARTER)) : undefined
	};
}

/** A quarter as `year x 10 + 1..4`. */
export function quarter(value: cbor.Value | undefined): number {
	const number = integer(value, 20_201, 99_994);
	return number % 10 >= 1 && number % 10 <= 4 ? number : malformed('A year has four quarters.');
}

/** The quarter in which this second (since 1970) lies, by Korea's calendar: no summer time since 1988. */
export function quarterOf(at: number): number {
	const day = new Date((at + 9 * 3_600) * 1_000);
	return day.getUTCFullYear() * 10 + Math.floor(day.getUTCMonth() / 3) + 1;
}
