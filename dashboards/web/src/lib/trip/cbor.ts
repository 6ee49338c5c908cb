/**
 * Deterministic CBOR (RFC 8949 4.2.1), as far as docs/trip-protocol.md uses it: whole numbers,
 * bytes, texts, null, arrays, maps, tags. No floats, nothing of indefinite length.
 *
 * What is read is written again and compared, so that one value has one encoding.
 */
import { joined, same, utf8, type Bytes } from './bytes.ts';
import { malformed } from './errors.ts';

export const MAX_BYTES = 2_048;
const MAX_DEPTH = 4;

export type Key = number | string;
export type Value = number | string | Bytes | null | Value[] | Map<Key, Value> | Tagged;

export class Tagged {
	readonly tag: number;
	readonly value: Value;

	constructor(tag: number, value: Value) {
		this.tag = tag;
		this.value = value;
	}
}

const [UINT, NEGATIVE, OCTETS, TEXT, ARRAY, MAP, TAG] = [0, 1, 2, 3, 4, 5, 6];
const NULL = 0xf6;

export function encode(value: Value): Bytes {
	if (value === null) return Uint8Array.of(NULL);
	if (typeof value === 'number') return whole(value);
	if (typeof value === 'string') return told(TEXT, utf8(value));
	if (value instanceof Uint8Array) return told(OCTETS, value);
	if (value instanceof Tagged) return joined(head(TAG, value.tag), encode(value.value));
	if (Array.isArray(value)) return joined(head(ARRAY, value.length), ...value.map(encode));
	return map(value);
}

/** Read one item that fills `bytes`. Throws MalformedProof. */
export function decode(bytes: Bytes, maxBytes = MAX_BYTES): Value {
	if (bytes.length > maxBytes) malformed(`More than ${maxBytes} bytes.`);
	const { value, length } = first(bytes);
	if (length !== bytes.length) malformed('Something follows the end.');
	return value;
}

/** Read the item that `bytes` begin with, and how long it is. Throws MalformedProof. */
export function first(bytes: Bytes): { value: Value; length: number } {
	const reader = new Reader(bytes);
	const value = reader.item(0);
	if (!same(encode(value), bytes.subarray(0, reader.at))) malformed('Not deterministic CBOR.');
	return { value, length: reader.at };
}

function whole(value: number): Bytes {
	if (!Number.isSafeInteger(value)) malformed('Not a whole number.');
	return value >= 0 ? head(UINT, value) : head(NEGATIVE, -1 - value);
}

function told(major: number, bytes: Bytes): Bytes {
	return joined(head(major, bytes.length), bytes);
}

function map(value: Map<Key, Value>): Bytes {
	const pairs = [...value].map(([key, item]) => [encode(key), encode(item)] as const);
	pairs.sort(([a], [b]) => inOrder(a, b));
	return joined(head(MAP, pairs.length), ...pairs.flat());
}

function inOrder(a: Bytes, b: Bytes): number {
	const at = a.findIndex((byte, i) => byte !== b[i]);
	return at < 0 ? a.length - b.length : a[at]! - (b[at] ?? -1);
}

/** An item's first bytes: its kind, and a number in the fewest bytes that hold it. */
function head(major: number, number: number): Bytes {
	const first = major << 5;
	if (number < 24) return Uint8Array.of(first | number);
	const width = number < 0x100 ? 1 : number < 0x10000 ? 2 : number < 0x1_0000_0000 ? 4 : 8;
	const bytes = new Uint8Array(1 + width);
	bytes[0] = first | (24 + Math.log2(width));
	let rest = number;
	for (let at = width; at > 0; at--) {
		bytes[at] = rest % 256;
		rest = Math.floor(rest / 256);
	}
	return bytes;
}

class Reader {
	at = 0;
	readonly #bytes: Bytes;

	constructor(bytes: Bytes) {
		this.#bytes = bytes;
	}

	item(depth: number): Value {
		const [first] = this.#take(1);
		if (first === NULL) return null;
		const major = first! >> 5;
		const number = this.#number(first! & 31);
		if (major === UINT) return number;
		if (major === NEGATIVE) return -1 - number;
		if (major === OCTETS) return this.#take(number);
		if (major === TEXT) return this.#text(number);
		if (major === TAG) return new Tagged(number, this.#tagged(depth));
		if (depth === MAX_DEPTH) malformed(`Nested deeper than ${MAX_DEPTH}.`);
		if (major === ARRAY) return Array.from(this.#each(number), () => this.item(depth + 1));
		if (major === MAP) return this.#map(number, depth + 1);
		return malformed('Of a kind that has no place here.');
	}

	/** A tower of tags would be as deep as it is long. */
	#tagged(depth: number): Value {
		if (this.#bytes[this.at]! >> 5 === TAG) malformed('A tag on a tag.');
		return this.item(depth);
	}

	/** So many times, never more than there are bytes left: a length is only a claim. */
	#each(number: number): { length: number } {
		if (number > this.#bytes.length - this.at) malformed('It ends too early.');
		return { length: number };
	}

	#take(length: number): Bytes {
		if (length > this.#bytes.length - this.at) malformed('It ends too early.');
		return this.#bytes.slice(this.at, (this.at += length));
	}

	#number(short: number): number {
		if (short < 24) return short;
		if (short > 27) malformed('Of indefinite length.');
		const number = this.#take(2 ** (short - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
		return Number.isSafeInteger(number) ? number : malformed('A number too large.');
	}

	#text(length: number): string {
		try {
			return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#take(length));
		} catch {
			return malformed('Not UTF-8.');
		}
	}

	#map(length: number, depth: number): Map<Key, Value> {
		const read = new Map<Key, Value>();
		for (let n = this.#each(length).length; n > 0; n--) {
			const key = this.item(depth);
			if (typeof key !== 'number' && typeof key !== 'string') malformed('No key of a map.');
			if (read.has(key as Key)) malformed('A key stands twice.');
			read.set(key as Key, this.item(depth));
		}
		return read;
	}
}
