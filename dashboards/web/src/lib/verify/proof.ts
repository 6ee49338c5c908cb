/** One proof: is it in the log as it is here, and does the log go on from what the reader holds. */
import { hex, same, sha256, type Bytes } from '../trip/bytes.ts';
import * as bundles from '../trip/bundle.ts';
import type { ProofBundle, Related } from '../trip/bundle.ts';
import * as checkpoint from '../trip/checkpoint.ts';
import type { Checkpoint } from '../trip/checkpoint.ts';
import { contradicts, malformed, TripProofError } from '../trip/errors.ts';
import { decodeKey, decodeKeySet, type NamedKey, type PublicKey } from '../trip/keys.ts';
import * as leaves from '../trip/leaf.ts';
import type { Leaf } from '../trip/leaf.ts';
import type { Pointer } from '../trip/pointer.ts';
import * as receipts from '../trip/receipt.ts';
import * as records from '../trip/record.ts';
import * as seal from '../trip/seal.ts';
import * as sign1 from '../trip/sign1.ts';
import * as statements from '../trip/statement.ts';
import type { Statement } from '../trip/statement.ts';
import * as verdicts from '../trip/verdict.ts';
import type { Verdict } from '../trip/verdict.ts';
import { cosigners, goesOn, isWitnessed, signedByLog, unknown } from './checkpoints.ts';
import { lookedAtKeys, Trusted, type Held } from './held.ts';
import { Findings, refused, type Report } from './report.ts';
import { said, type Said } from './words.ts';

const SEOUL_S = 9 * 3_600;

/** The report, and what was read where it could be believed to be one. */
export interface ProofReport extends Report {
	/** What the hub said of the proof. */
	verdict: Verdict | null;
	/** What the phone said; only the auditor's key opens it. */
	statement: Statement | null;
	/** When the log took it in (s since 1970). */
	loggedAt: number | null;
	/** The checkpoint that came along, if the hub signed it: worth keeping. */
	checkpoint: Checkpoint | null;
	/** Of a printed TP2. */
	pointer: Pointer | null;
	/** The order that the touch was linked to later; empty: to none any more. */
	linked: string | null;
}

interface Read {
	bundle: ProofBundle;
	entry: Leaf;
	known: NamedKey[];
}

/** Every check of a proof bundle against what the reader holds. */
export async function verifyBundle(encoded: Bytes, held: Held): Promise<ProofReport> {
	const findings = new Findings();
	const read = await findings.check('readable', () => readable(encoded));
	const looked = read && new Looked(read, held, findings);
	await looked?.all();
	return {
		answer: findings.answer,
		checks: findings.checks,
		verdict: looked?.verdict ?? null,
		statement: looked?.statement ?? null,
		loggedAt: read?.entry.at ?? null,
		checkpoint: looked?.checkpoint ?? null,
		pointer: null,
		linked: looked?.linked ?? null
	};
}

async function readable(encoded: Bytes): Promise<Read> {
	const bundle = bundles.decode(encoded);
	const entry = leaves.decode(bundle.leaf);
	if (entry.type !== leaves.PROOF) malformed('The entry is no proof.');
	return { bundle, entry, known: await decodeKeySet(bundle.keys) };
}

/** The checks over one bundle, in the order in which they lean on one another. */
class Looked {
	verdict: Verdict | null = null;
	statement: Statement | null = null;
	checkpoint: Checkpoint | null = null;
	linked: string | null = null;
	readonly #bundle: ProofBundle;
	readonly #entry: Leaf;
	readonly #held: Held;
	readonly #findings: Findings;
	readonly #trusted: Trusted;

	constructor({ bundle, entry, known }: Read, held: Held, findings: Findings) {
		[this.#bundle, this.#entry, this.#held, this.#findings] = [bundle, entry, held, findings];
		this.#trusted = new Trusted(held.keys ?? known);
	}

	async all(): Promise<void> {
		await this.#keys();
		const root = await this.#checkpoint();
		await this.#inLog('in_log', this.#bundle.leaf, this.#bundle.receipt, root);
		if (root) await this.#goesOn(root);
		await this.#verdict();
		await this.#sealed();
		for (const one of this.#bundle.related) await this.#related(one, root);
		await this.#open();
	}

	async #keys(): Promise<void> {
		lookedAtKeys(this.#findings, this.#held);
		for (const { body } of this.#bundle.related) if (body) await this.#trusted.learn(body);
	}

	/** The checkpoint, unless something contradicts it. */
	async #checkpoint(): Promise<Checkpoint | null> {
		let read: Checkpoint | null = null;
		this.checkpoint = await this.#findings.check('checkpoint', async () => {
			read = checkpoint.read(this.#bundle.checkpoint);
			await signedByLog(read, this.#trusted.keys);
			return read;
		});
		await this.#cosigned(read);
		return this.#findings.failed('checkpoint') ? null : read;
	}

	async #cosigned(one: Checkpoint | null): Promise<void> {
		try {
			const names = one ? await cosigners(one, this.#trusted.keys) : [];
			const detail = names.length ? said(names.join(', '), names.join(', ')) : null;
			this.#findings.add('cosigned', names.length ? 'passed' : 'noted', detail);
		} catch (error) {
			this.#findings.add('cosigned', 'failed', refused(error).detail);
		}
	}

	#inLog(name: 'in_log' | 'related', entry: Bytes, receipt: Bytes, whole: Checkpoint | null) {
		return this.#findings.check(name, async () => {
			const read = receipts.read(receipt);
			const root = await receipts.root(read, entry, this.#trusted.signer(read.kid));
			if (!whole) return;
			const { origin, size } = whole;
			if (read.origin !== origin || read.size !== size || !same(root, whole.root))
				contradicts('Receipt and checkpoint are of different logs.');
		});
	}

	async #goesOn(here: Checkpoint): Promise<void> {
		const { checkpoints } = this.#held;
		if (!checkpoints.length) {
			const isSeen = await isWitnessed(here, this.#held);
			return this.#findings.add('held', isSeen ? 'passed' : 'missing', isSeen ? null : NONE_HELD);
		}
		await this.#findings.check('held', async () => {
			for (const one of checkpoints) {
				await signedByLog(one, this.#trusted.keys);
				await goesOn(one, here, this.#bundle.consistency);
			}
		});
	}

	async #verdict(): Promise<void> {
		const { verdict } = this.#bundle;
		this.#findings.holds('verdict_logged', await isHash(this.#entry.verdict, verdict));
		this.verdict = await this.#findings.check('verdict_signed', () =>
			verdicts.verified(verdict, this.#trusted.signer(verdicts.read(verdict).kid))
		);
		if (!this.verdict) return;
		const { cti, policy, receivedAt } = this.verdict;
		const { ref, policy: logged, at } = this.#entry;
		const fits = !!ref && same(cti, ref) && policy === logged && receivedAt === at;
		this.#findings.holds('verdict_fits', fits);
	}

	async #sealed(): Promise<void> {
		const { sealed } = this.#bundle;
		if (!sealed) return this.#findings.add('sealed_logged', 'noted', this.#whyGone());
		this.#findings.holds('sealed_logged', await isHash(this.#entry.sealed, sealed));
	}

	/** When its quarter's coordinates were destroyed, where the log says so. */
	#whyGone(): Said {
		for (const { leaf } of this.#bundle.related) {
			const { quarter, at } = looksLike(leaf);
			if (at && quarter === leaves.quarterOf(this.#entry.at))
				return said(`${dayOf(at)}에 좌표를 파기함`, `coordinates destroyed on ${dayOf(at)}`);
		}
		return NOT_HERE;
	}

	async #related({ leaf, receipt, body }: Related, whole: Checkpoint | null): Promise<void> {
		await this.#inLog('related', leaf, receipt, whole);
		if (!body) return;
		await this.#findings.check('related', async () => {
			const { record, verdict } = leaves.decode(leaf);
			if (!(await isHash(record, body)) && !(await isHash(verdict, body)))
				contradicts('It is not what was logged.');
		});
		await this.#link(looksLike(leaf), body);
	}

	/** The order that this touch was linked to later, as the newest link that came along says. */
	async #link({ type, ref }: Partial<Leaf>, body: Bytes): Promise<void> {
		if (type !== leaves.LINK || !ref || !this.#entry.ref || !same(ref, this.#entry.ref)) return;
		try {
			const told = await records.verified(body, this.#trusted.signer(records.read(body).kid));
			const trip = told.fields.get('trip');
			this.linked = typeof trip === 'string' ? trip : null;
		} catch (error) {
			if (!(error instanceof TripProofError)) throw error; // said above, or of a key not believed
		}
	}

	async #open(): Promise<void> {
		const { auditor } = this.#held;
		const { sealed } = this.#bundle;
		if (!auditor || !sealed) return this.#findings.add('opened', 'noted');
		const opened = await this.#findings.check('opened', () => open(sealed, auditor));
		if (opened) await this.#statement(opened);
	}

	async #statement(opened: Bytes): Promise<void> {
		this.#findings.holds('statement_logged', await isHash(this.#entry.statement, opened));
		this.statement = await this.#findings.check('device', async () =>
			statements.verified(opened, await this.#device(sign1.read(opened).kid))
		);
		const [told, judged] = [this.statement, this.verdict];
		if (!told || !judged) return;
		const fits =
			same(told.cti, judged.cti) &&
			told.trip === judged.trip &&
			told.kind === judged.kind &&
			Math.floor(told.signedAt / 60) === judged.minute;
		this.#findings.holds('statement_fits', fits);
	}

	/** The enrolled key of this id, by a record that the hub signed. */
	async #device(kid: Bytes): Promise<PublicKey> {
		for (const { leaf, body } of this.#bundle.related) {
			const { type, ref } = leaves.decode(leaf);
			if (type !== leaves.ENROLMENT || !ref || !same(ref, kid) || !body) continue;
			const told = await records.verified(body, this.#trusted.signer(records.read(body).kid));
			const key = told.fields.get('key');
			return key instanceof Uint8Array ? decodeKey(key) : malformed('The enrolment holds no key.');
		}
		return unknown(
			`기기 ${hex(kid)}의 등록 기록이 함께 오지 않았습니다`,
			`The enrolment of the device ${hex(kid)} did not come along`
		);
	}
}

/** Open X. Another quarter's key contradicts nothing: it is the wrong one to bring. */
export async function open(sealed: Bytes, auditor: NonNullable<Held['auditor']>): Promise<Bytes> {
	const { kid } = seal.read(sealed, seal.FOR_AUDITOR);
	if (!same(kid, auditor.seal.kid))
		unknown(
			`다른 분기의 감사 열쇠 ${hex(kid)}에 봉인되었습니다`,
			`Sealed to another auditor's key, ${hex(kid)}: bring its quarter's`
		);
	return seal.opened(sealed, auditor.opener, auditor.seal, seal.FOR_AUDITOR);
}

/** A leaf, or nothing of one: that it cannot be read is said where it is looked at. */
function looksLike(leaf: Bytes): Partial<Leaf> {
	try {
		return leaves.decode(leaf);
	} catch (error) {
		if (error instanceof TripProofError) return {};
		throw error;
	}
}

/** A day in Korea, as 2026-11-21. */
function dayOf(at: number): string {
	return new Date((at + SEOUL_S) * 1000).toISOString().slice(0, 10);
}

async function isHash(hash: Bytes | undefined, of: Bytes): Promise<boolean> {
	return !!hash && same(hash, await sha256(of));
}

const NOT_HERE = said('여기에 없음: 파기되었거나 빼고 내보냄', 'not here: destroyed, or left out');
const NONE_HELD = said('가지고 있는 확인점이 없음', 'no checkpoint is held');
