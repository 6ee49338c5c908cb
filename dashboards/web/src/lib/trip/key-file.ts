/**
 * The auditor's key file (section 9.2): both private keys of a quarter under a passphrase.
 *
 * Made in the auditor's browser and read there; it never reaches the hub. Once read, the private
 * halves cannot be taken out of the page again.
 */
import { base64url, fromBase64url, joined, random, same, utf8, type Bytes } from './bytes.ts';
import { malformed, TripProofError } from './errors.ts';
import { integer } from './fields.ts';
import { fingerprint, publicKey, type OwnKey, type PublicKey } from './keys.ts';
import { quarter as quarterIn } from './leaf.ts';

const FORMAT = 'cheongsa-auditor-key';
const KDF = 'PBKDF2-HMAC-SHA256';
const CIPHER = 'AES-256-GCM';
const MAX_CHARS = 4_096;
const ITERATIONS = 1_000_000;
const ITERATIONS_LOW = 600_000; // OWASP's figure for PBKDF2-HMAC-SHA256
const ITERATIONS_HIGH = 10_000_000; // a file must not keep a reader busy for minutes
export const PASSPHRASE_MIN_CHARS = 16;
const LENGTHS = { salt: 16, iv: 12, seal: 65, sign: 65, fingerprint: 32, secret: 80 } as const;
const BOUND = [
	'format', 'version', 'quarter', 'kdf', 'iterations', 'salt',
	'cipher', 'iv', 'seal', 'sign', 'fingerprint'
] as const; // prettier-ignore
const SCALAR_BYTES = 32;
const ECDH = { name: 'ECDH', namedCurve: 'P-256' };
const ES256 = { name: 'ECDSA', namedCurve: 'P-256' };
/** What stands before the bare scalar in PKCS #8. */
const PKCS8 = fromBase64url('MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCA');

type Told = Record<(typeof BOUND)[number] | 'secret', string | number>;

/** What a key file says without its passphrase. Unproven. */
export interface Announced {
	quarter: number;
	seal: PublicKey;
	sign: PublicKey;
	fingerprint: Bytes;
}

/** A quarter's keys: `seal.privateKey` opens X (`seal.opened`), `sign` signs handovers. */
export interface AuditorKey extends Announced {
	seal: PublicKey;
	opener: CryptoKey;
	signer: OwnKey;
}

/** How long the passphrase is as it counts: in characters, after NFC. */
export function passphraseChars(passphrase: string): number {
	return [...passphrase.normalize('NFC')].length;
}

/** New keys for a quarter, and the file that holds them. Throws MalformedProof: too short. */
export async function made(
	quarter: number,
	passphrase: string,
	iterations = ITERATIONS
): Promise<{ file: string; key: AuditorKey }> {
	const [seal, sign] = await Promise.all([scalar(), scalar()]);
	const file = await locked(quarterIn(quarter), joined(seal, sign), passphrase, iterations);
	return { file, key: await opened(file, passphrase) };
}

/** The keys in a key file. Throws MalformedProof; CannotOpen: another passphrase, or changed. */
export async function opened(file: string, passphrase: string): Promise<AuditorKey> {
	const told = toldBy(file);
	const [salt, iv, secret] = [octets(told, 'salt'), octets(told, 'iv'), octets(told, 'secret')];
	const said = await announcedBy(told);
	const key = await derived(passphrase, salt, told.iterations as number);
	const hidden = await decrypted(key, iv, secret, bound(told));
	const seal = await pair(hidden.slice(0, SCALAR_BYTES));
	const sign = await pair(hidden.slice(SCALAR_BYTES));
	const print = await fingerprint(said.quarter, seal.point, sign.point);
	const isOwn = same(seal.point, said.seal.point) && same(sign.point, said.sign.point);
	if (!isOwn || !same(print, said.fingerprint))
		malformed("The file's public keys are not those of its private keys.");
	return {
		...said,
		opener: await imported(seal.pkcs8, ECDH, ['deriveBits']),
		signer: { privateKey: await imported(sign.pkcs8, ES256, ['sign']), public: said.sign }
	};
}

/** What a key file says without its passphrase. Throws MalformedProof. */
export async function announced(file: string): Promise<Announced> {
	return announcedBy(toldBy(file));
}

async function announcedBy(told: Told): Promise<Announced> {
	return {
		quarter: quarterIn(told.quarter),
		seal: await publicKey(octets(told, 'seal')),
		sign: await publicKey(octets(told, 'sign')),
		fingerprint: octets(told, 'fingerprint')
	};
}

async function locked(
	quarter: number,
	hidden: Bytes,
	passphrase: string,
	iterations: number
): Promise<string> {
	const [seal, sign] = [await pair(hidden.slice(0, SCALAR_BYTES)), await pair(hidden.slice(SCALAR_BYTES))];
	const [salt, iv] = [random(LENGTHS.salt), random(LENGTHS.iv)];
	const told = {
		format: FORMAT,
		version: 1,
		quarter,
		kdf: KDF,
		iterations,
		salt: base64url(salt),
		cipher: CIPHER,
		iv: base64url(iv),
		seal: base64url(seal.point),
		sign: base64url(sign.point),
		fingerprint: base64url(await fingerprint(quarter, seal.point, sign.point))
	};
	const key = await derived(passphrase, salt, iterations);
	const sealed = { name: 'AES-GCM', iv, additionalData: bound({ ...told, secret: '' }) };
	const secret = await crypto.subtle.encrypt(sealed, key, hidden);
	return `${JSON.stringify({ ...told, secret: base64url(new Uint8Array(secret)) }, null, 1)}\n`;
}

function toldBy(file: string): Told {
	if (file.length > MAX_CHARS) malformed('Too long for a key file.');
	let told: unknown;
	try {
		told = JSON.parse(file, asWritten);
	} catch {
		return malformed('Not a key file: not JSON.');
	}
	const names = Object.keys(Object(told)).sort().join();
	if (typeof told !== 'object' || names !== [...BOUND, 'secret'].sort().join())
		malformed('Not a key file: fields are missing, or too many.');
	const read = told as Told;
	if (read.format !== FORMAT || read.kdf !== KDF || read.cipher !== CIPHER)
		malformed('Not a key file of this kind.');
	integer(read.version, 1, 1);
	integer(read.iterations, ITERATIONS_LOW, ITERATIONS_HIGH);
	quarterIn(read.quarter);
	for (const name of Object.keys(LENGTHS)) octets(read, name as keyof typeof LENGTHS);
	return read;
}

/** `1.0` and `1e0` are 1 to JavaScript, and what is bound is what stands in the file. */
function asWritten(_name: string, value: unknown, ...[context]: unknown[]): unknown {
	const source = (context as { source?: string } | undefined)?.source;
	if (typeof value === 'number' && source !== undefined && source !== String(value))
		throw new SyntaxError('Not written as a whole number.');
	return value;
}

function bound(told: Told): Bytes {
	return utf8(BOUND.map((name) => told[name]).join('\n'));
}

function octets(told: Told, name: keyof typeof LENGTHS): Bytes {
	const text = told[name];
	let read: Bytes;
	try {
		read = fromBase64url(String(text));
	} catch {
		return malformed('Not base64url.');
	}
	if (read.length !== LENGTHS[name] || base64url(read) !== text)
		malformed(`Not base64url of ${LENGTHS[name]} bytes.`);
	return read;
}

async function derived(passphrase: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
	if (passphraseChars(passphrase) < PASSPHRASE_MIN_CHARS || !passphrase.isWellFormed())
		malformed(`A passphrase has at least ${PASSPHRASE_MIN_CHARS} characters.`);
	const written = utf8(passphrase.normalize('NFC'));
	const base = await crypto.subtle.importKey('raw', written, 'PBKDF2', false, ['deriveKey']);
	const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
	const aes = { name: 'AES-GCM', length: 256 };
	return crypto.subtle.deriveKey(how, base, aes, false, ['encrypt', 'decrypt']);
}

async function decrypted(key: CryptoKey, iv: Bytes, secret: Bytes, told: Bytes): Promise<Bytes> {
	try {
		const sealed = { name: 'AES-GCM', iv, additionalData: told };
		return new Uint8Array(await crypto.subtle.decrypt(sealed, key, secret));
	} catch {
		throw new TripProofError('CannotOpen', 'Another passphrase, or the key file was changed.');
	}
}

/** A new private scalar. */
async function scalar(): Promise<Bytes> {
	const made = await crypto.subtle.generateKey(ECDH, true, ['deriveBits']);
	const { d } = await crypto.subtle.exportKey('jwk', made.privateKey);
	return fromBase64url(d!);
}

/** A scalar with its point. */
async function pair(scalar: Bytes): Promise<{ point: Bytes; pkcs8: Bytes }> {
	const pkcs8 = joined(PKCS8, scalar);
	try {
		const key = await crypto.subtle.importKey('pkcs8', pkcs8, ECDH, true, ['deriveBits']);
		const { x, y } = await crypto.subtle.exportKey('jwk', key);
		return { point: joined(Uint8Array.of(4), fromBase64url(x!), fromBase64url(y!)), pkcs8 };
	} catch {
		return malformed('Not a private key of P-256.');
	}
}

function imported(pkcs8: Bytes, algorithm: EcKeyImportParams, uses: KeyUsage[]): Promise<CryptoKey> {
	return crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, uses);
}
