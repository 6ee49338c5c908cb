/** A proof or a printed pointer, looked up at the hub and held against what this browser holds. */
import { fromBase64url, same, sha256, type Bytes } from '#lib/trip/bytes.ts';
import * as bundles from '#lib/trip/bundle.ts';
import * as leaves from '#lib/trip/leaf.ts';
import type { AuditorKey } from '#lib/trip/key-file.ts';
import * as pointers from '#lib/trip/pointer.ts';
import type { Pointer } from '#lib/trip/pointer.ts';
import * as seal from '#lib/trip/seal.ts';
import * as statements from '#lib/trip/statement.ts';
import type { Statement } from '#lib/trip/statement.ts';
import { leafHash } from '#lib/trip/tree.ts';
import type { Verdict } from '#lib/trip/verdict.ts';
import { Problem } from '#lib/session.svelte.ts';
import { CHECKS, keySet, verifyProof, type Check, type Outcome } from '#lib/verify/verify.ts';
import { said, type Answer, type Said } from '#lib/verify/words.ts';
import * as ask from './ask.ts';
import { checkpointOf, held, type Kept } from './held.ts';
import { saysTheSame, type Listed } from './listed.ts';

/** A check as it is shown. */
export interface Shown {
	words: Said;
	outcome: Outcome;
	detail: Said | null;
}

/** What came of looking. */
export interface Looked {
	answer: Answer;
	checks: Shown[];
	statement: Statement | null;
	verdict: Verdict | null;
	pointer: Pointer | null;
	trip: ask.TripWhole | null;
	bundle: Bytes | null;
	/** The newest checkpoint, as the hub signed it, where all of it was genuine. */
	note: string | null;
}

const NOTHING = { statement: null, verdict: null, pointer: null, trip: null, bundle: null, note: null };

/** Ask for the bundle (which is logged) and check it; `code`: the X that was scanned; `listed`: its row here. */
export async function lookAt(
	cti: string,
	why: string,
	one: Kept | null,
	key: AuditorKey | null,
	code: Bytes | null = null,
	listed: Listed | null = null
): Promise<Looked> {
	const bytes = await bundleOf(cti, why, one);
	const report = await verifyProof(bytes, await held(one, key));
	const checks = shown(report.checks);
	if (code) checks.unshift(await codeLogged(bytes, code));
	const { statement, verdict } = report;
	if (listed && verdict) checks.push(shownAsSigned(listed, verdict));
	const answer = answerOf(checks);
	const note = answer === 'genuine' ? bundles.decode(bytes).checkpoint : null;
	return { ...NOTHING, answer, checks, statement, verdict, bundle: bytes, note };
}

/** The log may have become shorter than what is held: then it is looked at without the way there. */
async function bundleOf(cti: string, why: string, one: Kept | null): Promise<Bytes> {
	const size = one ? checkpointOf(one.note).size : null;
	try {
		return await ask.bundle(cti, why, size);
	} catch (error) {
		if (size && error instanceof Problem && error.kind === 'trip-no-such-size') return ask.bundle(cti, why, null);
		throw error;
	}
}

function shownAsSigned(listed: Listed, signed: Verdict): Shown {
	const words = said('화면의 판정이 서명된 판정과 같음', 'the verdict shown here is the one that was signed');
	return { words, outcome: saysTheSame(listed, signed) ? 'passed' : 'failed', detail: null };
}

async function codeLogged(bytes: Bytes, code: Bytes): Promise<Shown> {
	const hashed = await sha256(code);
	let fits = false;
	try {
		fits = same(leaves.decode(bundles.decode(bytes).leaf).sealed ?? new Uint8Array(), hashed);
	} catch {
		// it cannot be read: that is told by another check
	}
	return {
		words: said('찍은 코드가 기록된 봉인문과 같음', 'the code is the sealed proof that was logged'),
		outcome: fits ? 'passed' : 'failed',
		detail: null
	};
}

/** What is in a sealed proof, before anything of it was compared. Throws: it is not for this key. */
export async function openAlone(code: Bytes, key: AuditorKey): Promise<Statement> {
	return statements.read(await seal.opened(code, key.opener, key.seal, seal.FOR_AUDITOR));
}

/** A printed pointer against the trip's proofs in the log. */
export async function lookAtPointer(text: string, one: Kept | null): Promise<Looked> {
	const ours = await held(one, null);
	const keys = ours.keys ?? (await keySet(await ask.keySet()));
	const report = await verifyProof(text, { ...ours, keys });
	const checks = shown(report.checks).filter((check) => check.outcome !== 'noted');
	if (!ours.keys) for (const check of checks) if (check.words === CHECKS.keys_held) check.outcome = 'missing';
	const { pointer } = report;
	if (!pointer) return { ...NOTHING, answer: answerOf(checks), checks };
	const trip = await ask.trip(pointer.trip).catch((error: unknown) => {
		if (error instanceof Problem && error.status === 404) return null;
		throw error;
	});
	checks.push(await counted(pointer, trip));
	return { ...NOTHING, answer: answerOf(checks), checks, pointer, trip };
}

/**
 * The proofs that were of the trip when it was printed, hashed as the pointer hashed them.
 *
 * A touch may be linked to the trip later, or to another one: each entry of the log that did so is a
 * state that may have been printed.
 */
async function counted(pointer: Pointer, trip: ask.TripWhole | null): Promise<Shown> {
	const words = said('쪽지가 센 증빙이 기록부에 그대로 있음', 'the proofs that the code counts are in the log');
	const whiles = trip?.proofs ?? [];
	const now = of(whiles, Infinity);
	for (const at of new Set(whiles.flatMap((one) => [one.joined, one.parted ?? one.joined]))) {
		const then = of(whiles, at);
		const hashed = await Promise.all(then.map((proof) => leafHash(fromBase64url(proof.leaf))));
		if (then.length === pointer.count && same(await pointers.over(hashed), pointer.leaves))
			return { words, outcome: 'passed', detail: since(then, now) };
	}
	return { words, outcome: 'failed', detail: OTHERS };
}

type While = ask.TripWhole['proofs'][number];

/** Which of them were of the trip once the log had this entry. */
function of(whiles: readonly While[], at: number): While[] {
	return whiles.filter((one) => one.joined <= at && (one.parted === null || at < one.parted));
}

/** How many proofs of `some` are not among `others`. */
function without(some: readonly While[], others: readonly While[]): number {
	return some.filter(({ cti }) => !others.some((one) => one.cti === cti)).length;
}

function since(then: readonly While[], now: readonly While[]): Said | null {
	const more = without(now, then);
	const gone = without(then, now);
	if (!more && !gone) return null;
	const came = said(`인쇄한 뒤에 ${more}건이 더 왔습니다.`, `${more} more came after it was printed.`);
	const left = said(
		`${gone}건은 그 뒤에 다른 출장으로 이었습니다.`,
		`${gone} were linked to another trip since.`
	);
	const told = [...(more ? [came] : []), ...(gone ? [left] : [])];
	return said(told.map((one) => one.ko).join(' '), told.map((one) => one.en).join(' '));
}

const OTHERS = said(
	'이 출장에 이런 증빙들이 있던 때가 기록부에 없습니다.',
	'At no time did the log have these proofs of this trip.'
);

export function shown(checks: readonly Check[]): Shown[] {
	return checks.map(({ name, outcome, detail }) => ({ words: CHECKS[name], outcome, detail }));
}

export function answerOf(checks: readonly Shown[]): Answer {
	const outcomes = new Set(checks.map((check) => check.outcome));
	if (outcomes.has('failed')) return 'changed';
	return outcomes.has('missing') || !outcomes.has('passed') ? 'unknown' : 'genuine';
}
