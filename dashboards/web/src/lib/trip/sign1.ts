/**
 * COSE_Sign1 (RFC 9052) with ES256, in the one form used here: tag 18, an empty unprotected map,
 * the payload attached, and a type in the protected header so that no kind is read as another.
 */
import { joined, same, type Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import { Tagged } from './cbor.ts';
import { malformed } from './errors.ts';
import { blob, items, KID_BYTES, octets } from './fields.ts';
import { sign as es256, verify, type OwnKey, type PublicKey } from './keys.ts';

export const TAG = 18;
const HEAD = Uint8Array.of(0xa2, 0x01, 0x26, 0x04, 0x48); // {1: -7, 4: kid}
const TYPED_HEAD = Uint8Array.of(0xa3, 0x01, 0x26, 0x04, 0x48); // {1: -7, 4: kid, 16: typ}

/** What was read of a COSE_Sign1 and not yet believed: `checked` before use. */
export interface Signed {
	kid: Bytes;
	payload: Bytes;
	signature: Bytes;
	protected: Bytes;
}

/** Sign `payload` as an object of type `typ`; a statement has none. */
export async function sign(own: OwnKey, payload: Bytes, typ = ''): Promise<Bytes> {
	const head = protectedHeader(own.public.kid, typ);
	const signature = await es256(own, toSign(head, payload));
	return cbor.encode(new Tagged(TAG, [head, new Map(), payload, signature]));
}

/** Read one of type `typ` without checking its signature. Throws MalformedProof. */
export function read(encoded: Bytes, typ = '', maxBytes = cbor.MAX_BYTES): Signed {
	const [head, unprotected, payload, signature] = parts(encoded, maxBytes);
	if (!(unprotected instanceof Map) || unprotected.size)
		malformed('The unprotected header is not an empty map.');
	const kid = kidIn(blob(head), typ);
	return { kid, payload: blob(payload, maxBytes), signature: octets(signature, 64), protected: blob(head) };
}

export function parts(encoded: Bytes, maxBytes = cbor.MAX_BYTES): cbor.Value[] {
	const value = cbor.decode(encoded, maxBytes);
	if (!(value instanceof Tagged) || value.tag !== TAG) return malformed('Not a COSE_Sign1.');
	return items(value.value, 4, 4);
}

/** The payload, once the signature was checked. Throws BadSignature. */
export async function checked(signed: Signed, key: PublicKey): Promise<Bytes> {
	await verify(key, toSign(signed.protected, signed.payload), signed.signature);
	return signed.payload;
}

/** The Sig_structure. */
export function toSign(head: Bytes, payload: Bytes): Bytes {
	return cbor.encode(['Signature1', head, new Uint8Array(), payload]);
}

function protectedHeader(kid: Bytes, typ: string): Bytes {
	if (!typ) return joined(HEAD, kid);
	return joined(TYPED_HEAD, kid, Uint8Array.of(16), cbor.encode(typ));
}

function kidIn(head: Bytes, typ: string): Bytes {
	const kid = head.slice(HEAD.length, HEAD.length + KID_BYTES);
	if (kid.length !== KID_BYTES || !same(protectedHeader(kid, typ), head))
		malformed(`Not signed as a ${typ || 'statement'}.`);
	return kid;
}
