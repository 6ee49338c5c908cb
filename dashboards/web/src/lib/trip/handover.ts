/**
 * The old auditor key names the new one (section 9.3), so that a phone need not believe the hub about
 * it.
 */
import type { Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import { blob, HASH_BYTES, integer, items, octets } from './fields.ts';
import { decodeKey, encodeKey, fingerprint, type OwnKey, type PublicKey } from './keys.ts';
import { quarter } from './leaf.ts';
import * as sign1 from './sign1.ts';

const TYP = 'handover';
const VERSION = 1;

/** From the fingerprint that is pinned to the keys of a new quarter. Time in seconds since 1970. */
export interface Handover {
	old: Bytes;
	quarter: number;
	seal: PublicKey;
	sign: PublicKey;
	signedAt: number;
}

/** Signed with the old auditor signing key. Throws MalformedProof. */
export async function sign(old: OwnKey, told: Handover): Promise<Bytes> {
	const payload = cbor.encode([
		VERSION,
		told.old,
		told.quarter,
		encodeKey(told.seal),
		encodeKey(told.sign),
		told.signedAt
	]);
	await readPayload(payload);
	return sign1.sign(old, payload, TYP);
}

/** The handover, once the old key's signature was checked. Throws MalformedProof, BadSignature. */
export async function verified(encoded: Bytes, key: PublicKey): Promise<Handover> {
	return readPayload(await sign1.checked(sign1.read(encoded, TYP), key));
}

/** The fingerprint to pin from now on. */
export function next(told: Handover): Promise<Bytes> {
	return fingerprint(told.quarter, told.seal.point, told.sign.point);
}

async function readPayload(payload: Bytes): Promise<Handover> {
	const [version, old, number, seal, sign, signedAt] = items(cbor.decode(payload), 6, 6);
	integer(version, VERSION, VERSION);
	return {
		old: octets(old, HASH_BYTES),
		quarter: quarter(number),
		seal: await decodeKey(blob(seal)),
		sign: await decodeKey(blob(sign)),
		signedAt: integer(signedAt)
	};
}
