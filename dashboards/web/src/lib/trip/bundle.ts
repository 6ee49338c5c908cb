/**
 * What an auditor carries away (section 11): one proof with all that checks it, or the whole log.
 *
 * Codecs only; what they show is found by `lib/verify`.
 */
import { joined, type Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import type { Value } from './cbor.ts';
import { isName, MAX_CHARS } from './checkpoint.ts';
import { malformed } from './errors.ts';
import { blob, integer, items, mapping, SIZE_MAX } from './fields.ts';
import { SET_MAX_BYTES } from './keys.ts';
import { MAX_BYTES as BODY_MAX_BYTES } from './record.ts';

const [PROOF_FORMAT, LOG_FORMAT, VERSION] = ['cheongsa-proof-bundle', 'cheongsa-log-export', 1] as const;
export const PROOF_MAX_BYTES = 65_536;
const ITEM_MAX_BYTES = 20_480;
const CHUNK_BYTES = 64 * ITEM_MAX_BYTES; // how much of a file is taken at once
const RELATED_MAX = 32;
const START_BYTES = 64;

/** Another leaf that the proof leans on: an enrolment, an order, a policy, a key set. */
export interface Related {
	leaf: Bytes;
	receipt: Bytes;
	body: Bytes | null;
}

/** One proof, its receipt of the checkpoint's size, and the way to a checkpoint held. */
export interface ProofBundle {
	leaf: Bytes;
	receipt: Bytes;
	sealed: Bytes | null;
	verdict: Bytes;
	checkpoint: string;
	consistency: Bytes | null;
	keys: Bytes;
	related: Related[];
}

/** The first item of a log export. */
export interface Header {
	origin: string;
	size: number;
	keys: Bytes;
}

/** One leaf of the log with what it hashes, as far as that still exists. */
export interface Entry {
	index: number;
	leaf: Bytes;
	body: Bytes | null;
	sealed: Bytes | null;
}

/** Read a proof bundle; the objects in it are not looked at yet. Throws MalformedProof. */
export function decode(encoded: Bytes): ProofBundle {
	const held = mapping(cbor.decode(encoded, PROOF_MAX_BYTES), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
	if (held.get(0) !== PROOF_FORMAT) malformed('Not a proof bundle.');
	integer(held.get(1), VERSION, VERSION);
	return {
		leaf: blob(held.get(2)),
		receipt: blob(held.get(3)),
		sealed: optional(held.get(4)),
		verdict: blob(held.get(5)),
		checkpoint: note(held.get(6)),
		consistency: optional(held.get(7)),
		keys: blob(held.get(8), SET_MAX_BYTES),
		related: items(held.get(9), 0, RELATED_MAX).map(relatedIn)
	};
}

/** Whether a file says, in its first bytes, that it is a log export. */
export async function isLog(file: Blob): Promise<boolean> {
	return new TextDecoder('latin1').decode(await read(file, 0, START_BYTES)).includes(LOG_FORMAT);
}

/**
 * Read a log export piece by piece: its header, then checkpoints (texts) and entries as they come.
 * Throws MalformedProof; later, where an item is none.
 */
export async function readExport(
	file: Blob
): Promise<{ header: Header; parts: AsyncGenerator<string | Entry> }> {
	const values = sequence(file);
	const told = mapping((await values.next()).value, [0, 1, 2, 3, 4]);
	if (told.get(0) !== LOG_FORMAT) malformed('Not a log export.');
	integer(told.get(1), VERSION, VERSION);
	const origin = told.get(2);
	if (!isName(origin)) malformed("Not a log's name.");
	const size = integer(told.get(3), 0, SIZE_MAX);
	return { header: { origin: origin as string, size, keys: blob(told.get(4), SET_MAX_BYTES) }, parts: parts(values) };
}

async function* parts(values: AsyncGenerator<Value, undefined>): AsyncGenerator<string | Entry> {
	for await (const value of values) yield typeof value === 'string' ? note(value) : entry(value);
}

/** The items of a CBOR sequence (RFC 8742), each at most 20,480 bytes. */
async function* sequence(file: Blob): AsyncGenerator<Value, undefined> {
	let held: Bytes = new Uint8Array();
	for (let from = 0; ; ) {
		if (held.length < ITEM_MAX_BYTES && from < file.size) {
			held = joined(held, await read(file, from, from + CHUNK_BYTES));
			from += CHUNK_BYTES;
		}
		if (!held.length) return undefined;
		const { value, length } = cbor.first(held.subarray(0, ITEM_MAX_BYTES));
		yield value;
		held = held.subarray(length);
	}
}

async function read(file: Blob, from: number, to: number): Promise<Bytes> {
	return new Uint8Array(await file.slice(from, to).arrayBuffer());
}

function entry(value: Value): Entry {
	const [index, leaf, body, sealed] = items(value, 4, 4);
	return {
		index: integer(index, 0, SIZE_MAX),
		leaf: blob(leaf),
		body: optional(body, BODY_MAX_BYTES),
		sealed: optional(sealed)
	};
}

function relatedIn(value: Value): Related {
	const [leaf, receipt, body] = items(value, 3, 3);
	return { leaf: blob(leaf), receipt: blob(receipt), body: optional(body, BODY_MAX_BYTES) };
}

function optional(value: Value | undefined, longest?: number): Bytes | null {
	return value === null ? null : blob(value, longest);
}

function note(value: Value | undefined): string {
	if (typeof value !== 'string' || [...value].length > MAX_CHARS) return malformed('Not a checkpoint.');
	return value;
}
