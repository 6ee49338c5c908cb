/** What a file is that somebody brings to the verifier: told by its content, whatever its name. */
import type { Bytes } from '../trip/bytes.ts';
import { isLog, PROOF_MAX_BYTES } from '../trip/bundle.ts';
import type { Checkpoint } from '../trip/checkpoint.ts';
import { malformed } from '../trip/errors.ts';
import { announced, type Announced } from '../trip/key-file.ts';
import type { NamedKey } from '../trip/keys.ts';
import { heldCheckpoint, isCoseKeySet, keySet } from './reading.ts';

export type Brought =
	| { kind: 'proof'; bytes: Bytes }
	| { kind: 'log'; file: Blob }
	| { kind: 'code'; text: string }
	| { kind: 'keys'; keys: NamedKey[] }
	| { kind: 'checkpoint'; checkpoint: Checkpoint }
	| { kind: 'key file'; text: string; announced: Announced };

const SEEN_MAX_BYTES = PROOF_MAX_BYTES + 1;

/** Throws MalformedProof: it is none of ours. A damaged .tpb or .tpl is still taken for one. */
export async function recognised(file: File): Promise<Brought> {
	if (file.name.endsWith('.tpl') || (await isLog(file))) return { kind: 'log', file };
	const bytes = new Uint8Array(await file.slice(0, SEEN_MAX_BYTES).arrayBuffer());
	const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
	if (file.name.endsWith('.tpb') || text.slice(0, 64).includes('cheongsa-proof-bundle'))
		return { kind: 'proof', bytes };
	if (/^TP[123]:/.test(text)) return { kind: 'code', text };
	if (text.includes('"cheongsa-auditor-key"'))
		return { kind: 'key file', text, announced: await announced(text) };
	if (text.includes('\n\n— ')) return { kind: 'checkpoint', checkpoint: heldCheckpoint(bytes) };
	const isKeys = text.trimStart().startsWith('{') || isCoseKeySet(bytes);
	return isKeys ? { kind: 'keys', keys: await keySet(bytes) } : malformed('None of our files.');
}
