// What a browser makes of the vectors: WebCrypto alone, no library, nothing of ours.
// Reads vectors (JSON, an array) on standard input; says for each what came out.
import { webcrypto } from 'node:crypto';

const { subtle } = webcrypto;
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16));
const hex = (array) => Array.from(new Uint8Array(array), (one) => one.toString(16).padStart(2, '0')).join('');
const text = (words) => new TextEncoder().encode(words);
const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const base64url = (array) => Buffer.from(array).toString('base64url');
const P256 = { name: 'ECDH', namedCurve: 'P-256' };

/** The point of a COSE_Key {1: 2, -1: 1, -2: x, -3: y}: x and y stand at fixed places. */
const point = (key) => join([4], key.slice(8, 40), key.slice(43, 75));

/** A byte string's head: where it begins and how long it is. */
function octets(told, at) {
	const low = told[at] & 0x1f;
	if (low < 24) return [at + 1, low];
	if (low === 24) return [at + 2, told[at + 1]];
	return [at + 3, (told[at + 1] << 8) | told[at + 2]];
}

async function statement(one) {
	const told = bytes(one.hex);
	const head = told.slice(2, 16); // its length byte and {1: -7, 4: kid}
	const rest = told.slice(17, -66); // after the empty map, before the signature
	const signed = join([0x84, 0x6a], text('Signature1'), head, [0x40], rest);
	const key = await subtle.importKey('raw', point(bytes(one.key)), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']);
	return subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, told.slice(-64), signed);
}

async function hmac(key, ...parts) {
	const made = await subtle.importKey('raw', key.length ? key : new Uint8Array(32), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
	return new Uint8Array(await subtle.sign('HMAC', made, join(...parts)));
}

const KEM = join(text('KEM'), [0, 0x10]);
const HPKE = join(text('HPKE'), [0, 0x10, 0, 1, 0, 2]);
const extract = (suite, salt, label, material) => hmac(salt, text('HPKE-v1'), suite, text(label), material);
const expand = async (suite, prk, label, info, length) =>
	(await hmac(prk, [0, length], text('HPKE-v1'), suite, text(label), info, [1])).slice(0, length);

async function privateKey(secret) {
	const head = bytes('308141020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420');
	return subtle.importKey('pkcs8', join(head, secret), P256, true, ['deriveBits']);
}

async function publicOf(secret) {
	const jwk = await subtle.exportKey('jwk', await privateKey(secret));
	return join([4], Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url'));
}

async function sealed(one) {
	const told = bytes(one.hex);
	const kid = told.slice(3, 11);
	const [start, length] = octets(told, 11);
	const box = told.slice(start, start + length);
	const [enc, ct] = [box.slice(0, 65), box.slice(65)];
	const secret = bytes(one.secret);
	const theirs = await subtle.importKey('raw', enc, P256, true, []);
	const dh = new Uint8Array(await subtle.deriveBits({ name: 'ECDH', public: theirs }, await privateKey(secret), 256));
	const shared = await expand(KEM, await extract(KEM, [], 'eae_prk', dh), 'shared_secret', join(enc, await publicOf(secret)), 32);
	const label = text('cheongsa/tripproof/v1/seal');
	const info = join([0x83, 0x78, label.length], label, [told[1], 0x48], kid);
	const context = join([0], await extract(HPKE, [], 'psk_id_hash', []), await extract(HPKE, [], 'info_hash', info));
	const prk = await extract(HPKE, shared, 'secret', []);
	const key = await subtle.importKey('raw', await expand(HPKE, prk, 'key', context, 32), 'AES-GCM', false, ['decrypt']);
	const iv = await expand(HPKE, prk, 'base_nonce', context, 12);
	return hex(await subtle.decrypt({ name: 'AES-GCM', iv }, key, ct));
}

async function keyFile(one) {
	const told = JSON.parse(one.text);
	const octetsOf = (name) => Buffer.from(told[name], 'base64url');
	const phrase = await subtle.importKey('raw', text(one.passphrase.normalize('NFC')), 'PBKDF2', false, ['deriveKey']);
	const derive = { name: 'PBKDF2', hash: 'SHA-256', salt: octetsOf('salt'), iterations: told.iterations };
	const key = await subtle.deriveKey(derive, phrase, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
	const names = ['format', 'version', 'quarter', 'kdf', 'iterations', 'salt', 'cipher', 'iv', 'seal', 'sign', 'fingerprint'];
	const additionalData = text(names.map((name) => told[name]).join('\n'));
	const secret = new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv: octetsOf('iv'), additionalData }, key, octetsOf('secret')));
	const points = [await publicOf(secret.slice(0, 32)), await publicOf(secret.slice(32))];
	return base64url(points[0]) === told.seal && base64url(points[1]) === told.sign;
}

const READ = { statement, sealed, carried: sealed, 'key file': keyFile };

async function outcome(one) {
	try {
		return await READ[one.what](one);
	} catch (error) {
		return `refused: ${error.name}`;
	}
}

let input = '';
for await (const part of process.stdin) input += part;
process.stdout.write(JSON.stringify(await Promise.all(JSON.parse(input).map(outcome))));
