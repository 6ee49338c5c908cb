/** What a device asks the hub in its own name (section 8.2): an expired session blocks nothing. */
import { random, type Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import { integer, items, octets, SIZE_MAX } from './fields.ts';
import type { OwnKey, PublicKey } from './keys.ts';
import * as sign1 from './sign1.ts';

const TYP = 'ask';
const NONCE_BYTES = 8;
export const PURPOSES = { challenges: 1, ownProofs: 3, standing: 5 } as const;
export type Purpose = keyof typeof PURPOSES;

export interface Ask {
	purpose: number;
	askedAt: number;
	nonce: Bytes;
	have: number;
}

/** A question, signed. `have`: challenges left; else 0. */
export function sign(own: OwnKey, purpose: Purpose, askedAt: number, have = 0): Promise<Bytes> {
	const told = [1, PURPOSES[purpose], askedAt, random(NONCE_BYTES), have];
	return sign1.sign(own, cbor.encode(told), TYP);
}

export async function verified(encoded: Bytes, key: PublicKey): Promise<Ask> {
	const payload = await sign1.checked(sign1.read(encoded, TYP), key);
	const [version, purpose, askedAt, nonce, have] = items(cbor.decode(payload), 5, 5);
	integer(version, 1, 1);
	return {
		purpose: integer(purpose, 1, 5),
		askedAt: integer(askedAt),
		nonce: octets(nonce, NONCE_BYTES),
		have: integer(have, 0, SIZE_MAX)
	};
}
