/** What people bring along to hold a file against: key sets and checkpoints, as files. */
import { fromBase64url, hex, joined, type Bytes } from '../trip/bytes.ts';
import * as checkpoint from '../trip/checkpoint.ts';
import type { Checkpoint } from '../trip/checkpoint.ts';
import { malformed } from '../trip/errors.ts';
import { integer } from '../trip/fields.ts';
import { decodeKeySet, publicKey, SET_MAX, type NamedKey } from '../trip/keys.ts';

/** Whether it begins as an array of 1 to 255 does. */
export const isCoseKeySet = ([first]: Bytes) => first! >= 0x81 && first! <= 0x98;

/** A key set as the hub gives it: a COSE_KeySet, or a JWKS (section 9.1). Throws MalformedProof. */
export function keySet(file: Bytes): Promise<NamedKey[]> {
	return isCoseKeySet(file) ? decodeKeySet(file) : jwks(new TextDecoder().decode(file));
}

/** A checkpoint as the hub gives it. Throws MalformedProof. */
export function heldCheckpoint(file: Bytes): Checkpoint {
	return checkpoint.read(new TextDecoder('utf-8', { ignoreBOM: true }).decode(file));
}

async function jwks(text: string): Promise<NamedKey[]> {
	let told: { keys?: unknown };
	try {
		told = JSON.parse(text) as { keys?: unknown };
	} catch {
		return malformed('Not a key set: not JSON.');
	}
	if (!Array.isArray(told.keys) || !told.keys.length || told.keys.length > SET_MAX)
		return malformed(`A key set holds 1 to ${SET_MAX} keys.`);
	return Promise.all(told.keys.map(jwk));
}

async function jwk(told: Record<string, unknown> | null): Promise<NamedKey> {
	if (told?.kty !== 'EC' || told.crv !== 'P-256' || 'd' in told) return malformed('Not a P-256 key.');
	const key = await publicKey(joined(Uint8Array.of(4), coordinate(told.x), coordinate(told.y)));
	if (told.kid !== undefined && hex(bytes(told.kid)) !== hex(key.kid))
		malformed("The key's id is not its own.");
	const use = integer(told.cheongsa_use as number, 1, 5);
	const [notBefore, notAfter] = [integer(told.nbf as number), integer(told.exp as number)];
	return { key, use, notBefore, notAfter };
}

function coordinate(value: unknown): Bytes {
	const read = bytes(value);
	return read.length === 32 ? read : malformed('Not a coordinate of P-256.');
}

function bytes(value: unknown): Bytes {
	try {
		return fromBase64url(String(value));
	} catch {
		return malformed('Not base64url.');
	}
}
