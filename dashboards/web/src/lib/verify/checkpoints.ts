/** Who signed a checkpoint, and whether one goes on from another. */
import { same, type Bytes } from '../trip/bytes.ts';
import * as checkpoint from '../trip/checkpoint.ts';
import type { Checkpoint } from '../trip/checkpoint.ts';
import { TripProofError } from '../trip/errors.ts';
import { COSIGNER, HUB_SIGNS, type NamedKey } from '../trip/keys.ts';
import * as tree from '../trip/tree.ts';
import type { Held } from './held.ts';
import { Finding } from './report.ts';
import { said } from './words.ts';

/** Check that the hub signed, with whichever of its keys. Throws UnknownKey, BadSignature. */
export async function signedByLog(one: Checkpoint, keys: readonly NamedKey[]): Promise<void> {
	for (const { key } of keys.filter(({ use }) => use === HUB_SIGNS))
		if (same(one.lines[0]!.keyId, await checkpoint.keyId(key)))
			return checkpoint.verify(one, key);
	throw new Finding(
		'UnknownKey',
		said(
			'여기에 있는 청사 서버 열쇠로 서명한 확인점이 아닙니다.',
			'No key of the hub that is known here signed the checkpoint.'
		)
	);
}

/**
 * The names of the offices that signed a checkpoint too, by keys that are believed.
 *
 * Throws BadSignature: a line names a believed key, and that did not sign this text (signed-note).
 */
export async function cosigners(one: Checkpoint, keys: readonly NamedKey[]): Promise<string[]> {
	const found: string[] = [];
	for (const { keyId, name } of one.lines.slice(1))
		for (const { key } of keys.filter(({ use }) => use === COSIGNER))
			if (same(keyId, await checkpoint.keyId(key))) {
				await checkpoint.verify(one, key, name);
				found.push(name);
			}
	return found;
}

export interface Signer {
	name: string;
	outcome: 'passed' | 'failed' | 'missing';
}

/** Each line under a checkpoint, the log's own first: whether a key that is believed made it. */
export async function signers(one: Checkpoint, keys: readonly NamedKey[]): Promise<Signer[]> {
	const looked = one.lines.map(async (line, n): Promise<Signer> => {
		const use = n ? COSIGNER : HUB_SIGNS;
		const alone = { ...one, lines: [line] };
		for (const { key } of keys.filter((named) => named.use === use)) {
			if (!same(line.keyId, await checkpoint.keyId(key))) continue;
			const isSigned = await isTrue(checkpoint.verify(alone, key, line.name));
			return { name: line.name, outcome: isSigned ? 'passed' : 'failed' };
		}
		return { name: line.name, outcome: 'missing' };
	});
	return Promise.all(looked);
}

async function isTrue(check: Promise<unknown>): Promise<boolean> {
	try {
		await check;
		return true;
	} catch (error) {
		if (error instanceof TripProofError) return false;
		throw error;
	}
}

/** Whether a second office, whose key the reader holds, signed it: that is not the hub's word. */
export async function isWitnessed(one: Checkpoint, held: Held): Promise<boolean> {
	const signed = await signers(one, held.keys ?? []);
	const seconds = signed.slice(1).map(({ outcome }) => outcome);
	return seconds.includes('passed') && !seconds.includes('failed'); // that is said with the lines
}

/** Check that the shorter log is the beginning of the longer. Throws UnknownKey, LogContradicts. */
export async function goesOn(one: Checkpoint, other: Checkpoint, way: Bytes | null): Promise<void> {
	const [old, fresh] = one.size <= other.size ? [one, other] : [other, one];
	if (old.origin !== fresh.origin) unknown('가지고 있는 확인점이 다른 기록부의 것입니다', `The checkpoint held is of another log: ${one.origin}`);
	if (old.size === 0) unknown('기록이 하나도 없을 때의 확인점으로는 견줄 수 없습니다', 'A checkpoint over no entries says nothing');
	if (old.size === fresh.size) {
		if (!same(old.root, fresh.root)) throw new Finding('LogContradicts', FORKED);
		return;
	}
	const told = way ? tree.decodeConsistency(way) : null;
	if (told?.old !== old.size || told.size !== fresh.size)
		return unknown(
			`${old.size}건에서 ${fresh.size}건으로 이어짐을 보이는 것이 함께 오지 않았습니다`,
			`No way from ${old.size} entries to ${fresh.size} came along`
		);
	await tree.checkConsistency(old, fresh, told.path);
}

export const FORKED = said(
	'같은 건수에 서명된 뿌리가 둘입니다: 기록부가 갈라졌습니다.',
	'Two roots for one size: the log was forked.'
);

export function unknown(ko: string, en: string): never {
	throw new Finding('UnknownKey', said(`${ko}.`, `${en}.`));
}
