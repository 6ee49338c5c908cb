/** A checkpoint (section 6.1): how long the log is and its root, as a C2SP signed note. */
import { base64, fromBase64, joined, same, sha256, utf8, type Bytes } from './bytes.ts';
import { badSignature, malformed, TripProofError } from './errors.ts';
import { integer, SIZE_MAX } from './fields.ts';
import { verify as es256, type PublicKey } from './keys.ts';

export const MAX_CHARS = 4_096;
const SIGNERS_MAX = 16;
const NAME = /^[a-z0-9.\-/]{1,64}$/;
const TEXT =
	/^(?<origin>[a-z0-9.\-/]{1,64})\n(?<size>0|[1-9][0-9]{0,15})\n(?<root>[A-Za-z0-9+/]{43}=)\ntime (?<time>0|[1-9][0-9]{0,9})\n$/;
const LINE = /^— (?<name>[a-z0-9.\-/]{1,64}) (?<signature>[A-Za-z0-9+/]{4,128}={0,2})$/;
/** What stands before the point in a P-256 key's DER SubjectPublicKeyInfo. */
const SPKI = fromBase64('MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE').slice(0, 26);

interface Line {
	name: string;
	keyId: Bytes;
	signature: Bytes;
}

export interface Checkpoint {
	origin: string;
	size: number;
	root: Bytes;
	at: number;
	text: string;
	lines: Line[];
}

export function isName(name: unknown): boolean {
	return typeof name === 'string' && NAME.test(name);
}

/** Read a signed note without checking who signed it. Throws MalformedProof. */
export function read(note: string): Checkpoint {
	const parted = note.lastIndexOf('\n\n');
	const told = note.length <= MAX_CHARS && parted > 0 ? TEXT.exec(note.slice(0, parted + 1)) : null;
	if (!told || !note.endsWith('\n') || parted + 2 >= note.length) return malformed('Not a checkpoint.');
	const lines = note.slice(parted + 2, -1).split('\n').map(line);
	const { origin, size, root, time } = told.groups as Record<string, string>;
	if (lines.length > SIGNERS_MAX || lines[0]?.name !== origin)
		malformed("The log's own signature comes first, and there are at most 16.");
	return {
		origin: origin!,
		size: integer(Number(size), 0, SIZE_MAX),
		root: bytes(root!),
		at: integer(Number(time)),
		text: note.slice(0, parted + 1),
		lines
	};
}

/** How a line names its key. */
export async function keyId(key: PublicKey): Promise<Bytes> {
	return (await sha256(joined(SPKI, key.point))).slice(0, 4);
}

/** Check the line of the log, or of the cosigner `name`. Throws UnknownKey, BadSignature. */
export async function verify(
	checkpoint: Checkpoint,
	key: PublicKey,
	name = checkpoint.origin
): Promise<void> {
	const id = await keyId(key);
	const line = checkpoint.lines.find((one) => one.name === name && same(one.keyId, id));
	if (!line) throw new TripProofError('UnknownKey', 'Not signed with this key.');
	await es256(key, utf8(checkpoint.text), raw(line.signature));
}

function line(text: string): Line {
	const told = LINE.exec(text);
	if (!told) return malformed('Not a signature line.');
	const value = bytes(told.groups!.signature!);
	return { name: told.groups!.name!, keyId: value.slice(0, 4), signature: value.slice(4) };
}

/** Base64 in its one spelling. */
function bytes(text: string): Bytes {
	let value: Bytes;
	try {
		value = fromBase64(text);
	} catch {
		return malformed('Not base64.');
	}
	return base64(value) === text ? value : malformed('Not base64 in its one spelling.');
}

/** `r ‖ s` of a DER signature in its one encoding: WebCrypto takes no other. */
function raw(der: Bytes): Bytes {
	const rLength = der[3] ?? 0;
	const sLength = der[5 + rLength] ?? 0;
	const [r, s] = [der.slice(4, 4 + rLength), der.slice(6 + rLength)];
	const isWhole = der[0] === 0x30 && der[1] === der.length - 2 && der[2] === 2 && der[4 + rLength] === 2;
	if (!isWhole || s.length !== sLength) badSignature();
	return joined(number(r), number(s));
}

function number(der: Bytes): Bytes {
	const [first = 0x80, second = 0x80] = der;
	if (first >= 0x80 || (first === 0 && second < 0x80)) badSignature(); // negative, or padded
	const plain = first === 0 ? der.slice(1) : der;
	if (plain.length > 32) badSignature();
	return joined(new Uint8Array(32 - plain.length), plain);
}
