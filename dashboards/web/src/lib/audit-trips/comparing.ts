/** Two checkpoints of one log: is the shorter log the beginning of the longer. */
import { fromBase64, sha256, utf8 } from '#lib/trip/bytes.ts';
import type { Checkpoint } from '#lib/trip/checkpoint.ts';
import { inGroups } from '#lib/trip/keys.ts';
import { Problem } from '#lib/session.svelte.ts';
import { cosigners, goesOn, signedByLog } from '#lib/verify/checkpoints.ts';
import { lookedAtKeys } from '#lib/verify/held.ts';
import { Finding, Findings } from '#lib/verify/report.ts';
import { keySet } from '#lib/verify/verify.ts';
import { said, type Answer } from '#lib/verify/words.ts';
import * as ask from './ask.ts';
import { checkpointOf, type Kept } from './held.ts';
import { shown, type Shown } from './looking.ts';
import { unfolded } from './unfolded.ts';

export interface Compared {
	answer: Answer;
	checks: Shown[];
	theirs: Checkpoint;
	ours: Checkpoint;
	/** Whether the hub signed both: only then can they contradict each other. */
	isSigned: boolean;
}

/** What two people compare by telephone: of the text that is signed, in groups of four. */
export async function fingerprintOf(one: Checkpoint): Promise<string> {
	return inGroups(await sha256(utf8(one.text)));
}

/** What another office holds against the newest of now. Throws MalformedProof: it is no checkpoint. */
export async function compared(given: string, kept: Kept | null): Promise<Compared> {
	const theirs = checkpointOf(unfolded(given));
	const ours = checkpointOf(await ask.checkpoint());
	const keys = await keySet(kept ? fromBase64(kept.keys) : await ask.keySet());
	const findings = new Findings();
	lookedAtKeys(findings, { keys: kept && keys, checkpoints: [], auditor: null });
	const isSigned = await findings.check('checkpoint', async () => {
		for (const one of [theirs, ours]) await signedByLog(one, keys);
		return true;
	});
	if (theirs.lines.length > 1) await findings.check('cosigned', () => cosigners(theirs, keys));
	// what the hub never signed contradicts nothing
	if (isSigned) {
		const way = theirs.size > ours.size ? null : await wayBetween(theirs, ours);
		await findings.check('held', () => {
			if (theirs.origin === ours.origin && theirs.size > ours.size) gone(theirs.size - ours.size);
			return goesOn(theirs, ours, way);
		});
	}
	const { answer, checks } = findings;
	return { answer, checks: shown(checks), theirs, ours, isSigned: isSigned === true };
}

async function wayBetween(theirs: Checkpoint, ours: Checkpoint) {
	if (theirs.origin !== ours.origin || theirs.size === 0 || theirs.size === ours.size) return null;
	try {
		return await ask.consistency(theirs.size, ours.size);
	} catch (error) {
		if (error instanceof Problem && error.kind === 'trip-no-such-size') return null;
		throw error;
	}
}

function gone(n: number): never {
	const words = said(`청사의 기록부에는 끝의 ${n}건이 없음`, `the hub's log lacks the last ${n}`);
	throw new Finding('LogContradicts', words);
}
