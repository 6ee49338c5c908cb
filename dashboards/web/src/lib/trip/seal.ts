/**
 * Sealing to one reader: X, a statement for the auditor; TP3, an upload for the hub.
 *
 * HPKE (RFC 9180) in base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, one shot, by
 * WebCrypto alone. Opening takes a private key, so only the auditor's page does it.
 */
import { joined, same, utf8, type Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import { malformed, TripProofError } from './errors.ts';
import { blob, integer, items, KID_BYTES, octets } from './fields.ts';
import type { PublicKey } from './keys.ts';

export const FOR_AUDITOR = 1;
export const FOR_HUB = 3;
export type For = typeof FOR_AUDITOR | typeof FOR_HUB;

const LABEL = 'cheongsa/tripproof/v1/seal';
const ECDH = { name: 'ECDH', namedCurve: 'P-256' };
const POINT_BYTES = 65;
const TAG_BYTES = 16;
const KEM = joined(utf8('KEM'), Uint8Array.of(0, 0x10));
const SUITE = joined(utf8('HPKE'), Uint8Array.of(0, 0x10, 0, 1, 0, 2));
const NOTHING = new Uint8Array();

export async function seal(key: PublicKey, plaintext: Bytes, to: For): Promise<Bytes> {
	const own = await crypto.subtle.generateKey(ECDH, false, ['deriveBits']);
	const enc = new Uint8Array(await crypto.subtle.exportKey('raw', own.publicKey));
	const shared = await agreed(own.privateKey, key.point);
	const { aes, iv } = await keyAndNonce(shared, enc, key.point, info(to, key.kid), 'encrypt');
	const ct = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, aes, plaintext);
	return cbor.encode([to, key.kid, joined(enc, new Uint8Array(ct))]);
}

/** What can be read without a key. Throws MalformedProof. */
export function read(encoded: Bytes, to: For): { kid: Bytes; box: Bytes } {
	const [type, kid, box] = items(cbor.decode(encoded), 3, 3);
	integer(type, to, to);
	if (blob(box).length <= POINT_BYTES + TAG_BYTES) malformed('Nothing is in it.');
	return { kid: octets(kid, KID_BYTES), box: blob(box) };
}

/** Open it with an ECDH key (`deriveBits`). Throws CannotOpen. */
export async function opened(
	encoded: Bytes,
	secret: CryptoKey,
	key: PublicKey,
	to: For
): Promise<Bytes> {
	const { kid, box } = read(encoded, to);
	if (!same(kid, key.kid)) cannotOpen();
	const enc = box.slice(0, POINT_BYTES);
	try {
		const shared = await agreed(secret, enc);
		const { aes, iv } = await keyAndNonce(shared, enc, key.point, info(to, kid), 'decrypt');
		const ct = box.slice(POINT_BYTES);
		return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, aes, ct));
	} catch {
		return cannotOpen();
	}
}

function cannotOpen(): never {
	throw new TripProofError('CannotOpen', "Another key's, another header's, or changed.");
}

/** So the header cannot be exchanged. */
function info(to: For, kid: Bytes): Bytes {
	return cbor.encode([LABEL, to, kid]);
}

/** The x coordinate of a private key times a point. */
async function agreed(secret: CryptoKey, point: Bytes): Promise<Bytes> {
	const other = await crypto.subtle.importKey('raw', point, ECDH, true, []);
	const bits = await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, secret, 256);
	return new Uint8Array(bits);
}

/** RFC 9180 4.1 and 5.1. */
async function keyAndNonce(
	sharedX: Bytes,
	enc: Bytes,
	recipient: Bytes,
	told: Bytes,
	usage: 'encrypt' | 'decrypt'
): Promise<{ aes: CryptoKey; iv: Bytes }> {
	const prk = await extract(KEM, NOTHING, 'eae_prk', sharedX);
	const shared = await expand(KEM, prk, 'shared_secret', joined(enc, recipient), 32);
	const ids = [extract(SUITE, NOTHING, 'psk_id_hash', NOTHING), extract(SUITE, NOTHING, 'info_hash', told)];
	const context = joined(Uint8Array.of(0), ...(await Promise.all(ids)));
	const secret = await extract(SUITE, shared, 'secret', NOTHING);
	const key = await expand(SUITE, secret, 'key', context, 32);
	const iv = await expand(SUITE, secret, 'base_nonce', context, 12);
	return { aes: await crypto.subtle.importKey('raw', key, 'AES-GCM', false, [usage]), iv };
}

function extract(suite: Bytes, salt: Bytes, label: string, material: Bytes): Promise<Bytes> {
	return hmac(salt, joined(utf8('HPKE-v1'), suite, utf8(label), material));
}

/** One block is enough: nothing longer than a hash is asked for. */
async function expand(
	suite: Bytes,
	prk: Bytes,
	label: string,
	told: Bytes,
	length: number
): Promise<Bytes> {
	const head = joined(Uint8Array.of(0, length), utf8('HPKE-v1'), suite, utf8(label), told);
	return (await hmac(prk, joined(head, Uint8Array.of(1)))).slice(0, length);
}

/** An empty key is one of zeros to HMAC; WebCrypto takes only the latter. */
async function hmac(key: Bytes, message: Bytes): Promise<Bytes> {
	const sha = { name: 'HMAC', hash: 'SHA-256' };
	const raw = key.length ? key : new Uint8Array(32);
	const imported = await crypto.subtle.importKey('raw', raw, sha, false, ['sign']);
	return new Uint8Array(await crypto.subtle.sign('HMAC', imported, message));
}
