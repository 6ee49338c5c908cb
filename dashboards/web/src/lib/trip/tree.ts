/** The Merkle tree of RFC 9162 2.1, as far as whoever checks needs it: paths and consistency. */
import { joined, same, sha256, type Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import type { Value } from './cbor.ts';
import { contradicts, malformed } from './errors.ts';
import { HASH_BYTES, integer, items, octets, SIZE_MAX } from './fields.ts';

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);
const PATH_MAX = 63;

const isOdd = (n: number) => n % 2 === 1;
const half = (n: number) => Math.floor(n / 2); // a size may have 53 bits: >> would cut it

export function leafHash(leaf: Bytes): Promise<Bytes> {
	return sha256(joined(LEAF, leaf));
}

function node(left: Bytes, right: Bytes): Promise<Bytes> {
	return sha256(joined(INNER, left, right));
}

/** The root to which `path` leads from a leaf's hash (RFC 9162 2.1.3.2). Throws LogContradicts. */
export async function rootOf(
	leaf: Bytes,
	index: number,
	size: number,
	path: readonly Bytes[]
): Promise<Bytes> {
	if (index >= size) contradicts(`There is no entry ${index} among ${size}.`);
	let [here, last, found] = [index, size - 1, leaf];
	for (const beside of path) {
		if (last === 0) contradicts('The path is too long for its tree.');
		if (isOdd(here) || here === last) {
			found = await node(beside, found);
			while (!isOdd(here) && here) [here, last] = [half(here), half(last)];
		} else {
			found = await node(found, beside);
		}
		[here, last] = [half(here), half(last)];
	}
	return last ? contradicts('The path is too short for its tree.') : found;
}

/** The log at one moment. */
export interface Head {
	size: number;
	root: Bytes;
}

/** That `old` is the beginning of `fresh` (RFC 9162 2.1.4.2). Throws LogContradicts. */
export async function checkConsistency(
	old: Head,
	fresh: Head,
	path: readonly Bytes[]
): Promise<void> {
	if (old.size < 1 || old.size > fresh.size)
		contradicts(`There is no way from ${old.size} entries to ${fresh.size}.`);
	if (old.size === fresh.size) {
		if (path.length || !same(old.root, fresh.root)) contradicts('Two roots for one size.');
		return;
	}
	const [older, newer] = await walked(old, fresh.size, path);
	if (!same(older, old.root) || !same(newer, fresh.root))
		contradicts('The older log is not the beginning of the newer one.');
}

async function walked(old: Head, size: number, path: readonly Bytes[]): Promise<[Bytes, Bytes]> {
	let [here, last] = [old.size - 1, size - 1];
	while (isOdd(here)) [here, last] = [half(here), half(last)];
	const [first, ...steps] = here ? path : [old.root, ...path];
	if (!first) return contradicts('The path is empty.');
	let [older, newer] = [first, first];
	for (const beside of steps) {
		if (last === 0) contradicts('The path is too long for its trees.');
		if (isOdd(here) || here === last) {
			[older, newer] = [await node(beside, older), await node(beside, newer)];
			while (!isOdd(here) && here) [here, last] = [half(here), half(last)];
		} else {
			newer = await node(newer, beside);
		}
		[here, last] = [half(here), half(last)];
	}
	return last ? contradicts('The path is too short for its trees.') : [older, newer];
}

/** Read a consistency proof. */
export function decodeConsistency(encoded: Bytes): { old: number; size: number; path: Bytes[] } {
	const [old, size, path] = items(cbor.decode(encoded), 3, 3);
	if (integer(old, 1, SIZE_MAX) > integer(size, 1, SIZE_MAX))
		malformed('From a larger log to a smaller one.');
	return { old: integer(old, 1, SIZE_MAX), size: integer(size, 1, SIZE_MAX), path: hashes(path) };
}

export function hashes(value: Value | undefined): Bytes[] {
	return items(value, 0, PATH_MAX).map((one) => octets(one, HASH_BYTES));
}

/** The right edge of a tree: enough to append and to know the root, in a few hashes. */
export class Frontier {
	size = 0;
	readonly #peaks: Bytes[] = []; // of complete subtrees, the largest first

	async append(leaf: Bytes): Promise<void> {
		this.#peaks.push(leaf);
		this.size++;
		for (let left = this.size; !isOdd(left); left = half(left)) {
			const right = this.#peaks.pop()!;
			this.#peaks.push(await node(this.#peaks.pop()!, right));
		}
	}

	/** The root of what was appended so far. */
	async root(): Promise<Bytes> {
		const [last, ...rest] = this.#peaks.toReversed();
		let found = last ?? (await sha256(new Uint8Array()));
		for (const left of rest) found = await node(left, found);
		return found;
	}
}
