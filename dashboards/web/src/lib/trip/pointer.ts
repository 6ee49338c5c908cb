/** TP2 (section 8.3): what is printed on the travel report, and leads to a trip's proofs in the log. */
import { hash16, joined, utf8, type Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import { HASH16_BYTES, integer, items, octets, text } from './fields.ts';
import type { PublicKey } from './keys.ts';
import * as sign1 from './sign1.ts';

const TYP = 'tp2';
const LABEL = utf8('cheongsa/tripproof/v1/trip');

/** One trip's proofs: how many, the worst grade (1 A, 2 B, 3 C), 16 bytes over their leaves. */
export interface Pointer {
	trip: string;
	count: number;
	worst: number;
	leaves: Bytes;
	issuedAt: number;
}

export function read(encoded: Bytes): sign1.Signed {
	return sign1.read(encoded, TYP);
}

/** The pointer, once its signature was checked. Throws MalformedProof, BadSignature. */
export async function verified(encoded: Bytes, key: PublicKey): Promise<Pointer> {
	const payload = await sign1.checked(read(encoded), key);
	const [trip, count, worst, leaves, issuedAt] = items(cbor.decode(payload), 5, 5);
	return {
		trip: text(trip, 1, 30),
		count: integer(count, 1, 999),
		worst: integer(worst, 1, 3),
		leaves: octets(leaves, HASH16_BYTES),
		issuedAt: integer(issuedAt)
	};
}

/** 16 bytes over the hashes of a trip's proof leaves, in the log's order. */
export function over(leafHashes: readonly Bytes[]): Promise<Bytes> {
	return hash16(joined(LABEL, ...leafHashes));
}
