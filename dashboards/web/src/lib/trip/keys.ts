/** Public keys: P-256 points, their ids, and sets of them. */
import { joined, sha256, hex, same, type Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import type { Key, Value } from './cbor.ts';
import { malformed, TripProofError } from './errors.ts';
import { integer, items, KID_BYTES, mapping, octets } from './fields.ts';

const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const [NOT_AFTER, NOT_BEFORE, USE] = [-65539, -65538, -65537];
const POINT = [1, -1, -2, -3];
export const HUB_SIGNS = 1;
const HUB_OPENS = 2;
const AUDITOR_OPENS = 3;
export const COSIGNER = 5;
/** Ten years of quarters, twice a year the hub's own, and a few second offices. */
export const SET_MAX = 128;
export const SET_MAX_BYTES = 16_384;

/** A point, uncompressed (`04 ‖ x ‖ y`), with the id that others name it by. */
export interface PublicKey {
	point: Bytes;
	kid: Bytes;
}

export interface NamedKey {
	key: PublicKey;
	use: number;
	notBefore: number;
	notAfter: number;
}

function cose(point: Bytes): Map<Key, Value> {
	return new Map<Key, Value>([[1, 2], [-1, 1], [-2, point.slice(1, 33)], [-3, point.slice(33)]]);
}

/** SHA-256 of the deterministic COSE_Key (RFC 9679). */
export function thumbprint(point: Bytes): Promise<Bytes> {
	return sha256(cbor.encode(cose(point)));
}

/** Read `04 ‖ x ‖ y`. Throws MalformedProof where that is no point of P-256. */
export async function publicKey(point: Bytes): Promise<PublicKey> {
	if (point.length !== 65 || point[0] !== 4) malformed('Not an uncompressed P-256 point.');
	try {
		await crypto.subtle.importKey('raw', point, ES256, true, ['verify']);
	} catch {
		malformed('Not a point of P-256.');
	}
	return { point, kid: (await thumbprint(point)).slice(0, KID_BYTES) };
}

/** A bare COSE_Key. */
export function encodeKey(key: PublicKey): Bytes {
	return cbor.encode(cose(key.point));
}

/** Read a bare COSE_Key. */
export function decodeKey(encoded: Bytes): Promise<PublicKey> {
	return keyIn(mapping(cbor.decode(encoded), POINT));
}

function keyIn(fields: Map<Key, Value>): Promise<PublicKey> {
	if (fields.get(1) !== 2 || fields.get(-1) !== 1) malformed('Not a P-256 key.');
	const [x, y] = [octets(fields.get(-2), 32), octets(fields.get(-3), 32)];
	return publicKey(joined(Uint8Array.of(4), x, y));
}

/** Check an ES256 signature `r ‖ s`. Throws BadSignature. */
export async function verify(key: PublicKey, message: Bytes, signature: Bytes): Promise<void> {
	const fits = await crypto.subtle.verify(ES256, await verifier(key), signature, message);
	if (!fits) throw new TripProofError('BadSignature', 'The signature does not fit.');
}

/** Few keys sign all of a log: each is read once. */
const verifiers = new WeakMap<PublicKey, Promise<CryptoKey>>();

function verifier(key: PublicKey): Promise<CryptoKey> {
	const read =
		verifiers.get(key) ?? crypto.subtle.importKey('raw', key.point, ES256, true, ['verify']);
	verifiers.set(key, read);
	return read;
}

/** A key of one's own. The private half never leaves the browser: it is not extractable. */
export interface OwnKey {
	privateKey: CryptoKey;
	public: PublicKey;
}

export async function newKey(): Promise<OwnKey> {
	const pair = await crypto.subtle.generateKey(ES256, false, ['sign', 'verify']);
	const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
	return { privateKey: pair.privateKey, public: await publicKey(point) };
}

export async function sign(own: OwnKey, message: Bytes): Promise<Bytes> {
	return new Uint8Array(await crypto.subtle.sign(ES256, own.privateKey, message));
}

/** Read a COSE_KeySet (section 9.1). */
export async function decodeKeySet(encoded: Bytes): Promise<NamedKey[]> {
	const read = await Promise.all(items(cbor.decode(encoded, SET_MAX_BYTES), 1, SET_MAX).map(named));
	const order = read.map(({ key, use }) => hex(key.kid) + use);
	if (order.some((one, at) => at > 0 && order[at - 1]! >= one))
		malformed('The keys are not in their order.');
	return read;
}

async function named(value: Value): Promise<NamedKey> {
	const fields = mapping(value, [...POINT, 2, USE, NOT_BEFORE, NOT_AFTER], [3]);
	const key = await keyIn(fields);
	const use = integer(fields.get(USE), 1, 5);
	const alg = use === HUB_OPENS || use === AUDITOR_OPENS ? undefined : -7;
	if (!same(octets(fields.get(2), KID_BYTES), key.kid) || fields.get(3) !== alg)
		malformed("The key's id or algorithm is not its own.");
	return { key, use, notBefore: integer(fields.get(NOT_BEFORE)), notAfter: integer(fields.get(NOT_AFTER)) };
}

/** The key with this id and use. Throws UnknownKey. */
export function find(keys: readonly NamedKey[], kid: Bytes, use = HUB_SIGNS): PublicKey {
	const found = keys.find((one) => one.use === use && same(one.key.kid, kid));
	if (!found) throw new TripProofError('UnknownKey', `No key ${hex(kid)} is known here.`);
	return found.key;
}

/** The key that the hub opens with now (section 9.1). Throws UnknownKey. */
export function hubOpens(keys: readonly NamedKey[], nowS: number): PublicKey {
	const held = keys.filter((one) => one.use === HUB_OPENS).sort((a, b) => b.notBefore - a.notBefore);
	// where the clock is wrong none may hold, and then the newest
	const newest = held.find((one) => one.notBefore <= nowS && nowS < one.notAfter) ?? held[0];
	if (!newest) throw new TripProofError('UnknownKey', 'No key of the hub to seal to.');
	return newest.key;
}

/** The auditor's fingerprint: what a phone pins and the consent prints. */
export async function fingerprint(quarter: number, seal: Bytes, sign: Bytes): Promise<Bytes> {
	const prints = await Promise.all([thumbprint(seal), thumbprint(sign)]);
	return sha256(cbor.encode(['cheongsa/tripproof/v1/auditor', quarter, ...prints]));
}

/** The first 16 bytes as people compare them: eight groups of four. */
export function inGroups(print: Bytes): string {
	return hex(print.slice(0, 16)).toUpperCase().match(/.{4}/g)!.join(' ');
}
