/** One field of a decoded object: of this type, within these bounds, or MalformedProof. */
import { utf8, type Bytes } from './bytes.ts';
import type { Key, Value } from './cbor.ts';
import { malformed } from './errors.ts';

export const UINT_MAX = 2 ** 32 - 1;
export const SIZE_MAX = 2 ** 53 - 1;
export const [HASH_BYTES, HASH16_BYTES, CTI_BYTES, KID_BYTES] = [32, 16, 8, 8] as const;
/** Letters that cannot be shown: control, format, unassigned, and every space but the one. */
const UNSEEN = /(?! )[\p{C}\p{Z}]/u;

type Read = Value | undefined;

export function integer(value: Read, low = 0, high = UINT_MAX): number {
	if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < low || value > high)
		malformed(`Not a whole number in ${low}..${high}.`);
	return value as number;
}

export function octets(value: Read, length: number): Bytes {
	const bytes = blob(value, length);
	return bytes.length === length ? bytes : malformed(`Not a byte string of ${length} bytes.`);
}

export function blob(value: Read, longest = 2_048): Bytes {
	if (!(value instanceof Uint8Array) || !value.length || value.length > longest)
		malformed(`Not a byte string of 1 to ${longest} bytes.`);
	return value as Bytes;
}

/** A text of `shortest..longest` UTF-8 bytes, in NFC, with nothing in it that cannot be shown. */
export function text(value: Read, shortest: number, longest: number): string {
	if (typeof value !== 'string' || !value.isWellFormed()) return malformed('Not a text.');
	const length = utf8(value).length;
	if (length < shortest || length > longest)
		malformed(`Not a text of ${shortest} to ${longest} bytes.`);
	if (value.normalize('NFC') !== value) malformed('Not in NFC: the same word has two spellings.');
	if (UNSEEN.test(value)) malformed('A character that cannot be shown.');
	return value;
}

/** The same words as a text that a statement can carry; cut where there is no more room. */
export function fitting(words: string, longest: number): string {
	const plain = words.normalize('NFC').toWellFormed().replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
	let fits = '';
	for (const letter of plain) {
		if (utf8(fits + letter).length > longest) break;
		fits += letter;
	}
	return fits.trim();
}

export function items(value: Read, shortest: number, longest: number): Value[] {
	if (!Array.isArray(value) || value.length < shortest || value.length > longest)
		malformed(`Not an array of ${shortest} to ${longest} items.`);
	return value as Value[];
}

/** A map with all of `needed` and nothing but those and `optional`. */
export function mapping(
	value: Read,
	needed: readonly number[],
	optional: readonly number[] = []
): Map<Key, Value> {
	if (!(value instanceof Map)) return malformed('Not a map.');
	const allowed: readonly Key[] = [...needed, ...optional];
	const isWhole = needed.every((key) => value.has(key));
	if (!isWhole || ![...value.keys()].every((key) => allowed.includes(key)))
		malformed('Fields are missing, or there are some that do not belong.');
	return value;
}
