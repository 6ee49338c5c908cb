/**
 * The whole log: was an entry removed, edited, put elsewhere or in, or were there two logs.
 *
 * Reads an export piece by piece, so that a log of years fits into any memory. Only this can show that
 * other proofs are gone; one proof's bundle cannot.
 */
import { same, sha256, type Bytes } from '../trip/bytes.ts';
import { readExport, type Entry, type Header } from '../trip/bundle.ts';
import * as checkpoint from '../trip/checkpoint.ts';
import type { Checkpoint } from '../trip/checkpoint.ts';
import { malformed, TripProofError } from '../trip/errors.ts';
import { decodeKeySet } from '../trip/keys.ts';
import * as leaves from '../trip/leaf.ts';
import type { Leaf } from '../trip/leaf.ts';
import * as records from '../trip/record.ts';
import * as tree from '../trip/tree.ts';
import * as verdicts from '../trip/verdict.ts';
import { cosigners, FORKED, isWitnessed, signedByLog, unknown } from './checkpoints.ts';
import { lookedAtKeys, Trusted, type Held } from './held.ts';
import { few, Named } from './named.ts';
import { Finding, Findings, inWords, type Report } from './report.ts';
import { said, type Said } from './words.ts';

export interface LogReport extends Report {
	origin: string | null;
	/** How many entries there are. */
	size: number;
	/** How many there are of each type of leaf, by its number. */
	types: Map<number, number>;
	/** The newest checkpoint that came along and that the hub signed: worth keeping. */
	checkpoint: Checkpoint | null;
}

/** Is told now and then how far the reading is. */
export type Progress = (entries: number, of: number) => void;
const TOLD_EVERY = 200;

/** Every check of a log export against what the reader holds. */
export async function verifyLog(
	file: Blob | Bytes,
	held: Held,
	progress: Progress = () => {}
): Promise<LogReport> {
	const findings = new Findings();
	try {
		const source = file instanceof Blob ? file : new Blob([file]);
		const { header, parts } = await readExport(source);
		const known = await decodeKeySet(header.keys);
		const trusted = new Trusted(held.keys ?? known);
		return await new Log(header, trusted, held, findings, progress).all(parts);
	} catch (error) {
		if (!(error instanceof TripProofError)) throw error;
		findings.add('readable', 'failed', inWords(error));
		const { answer, checks } = findings;
		return { answer, checks, origin: null, size: 0, types: new Map(), checkpoint: null };
	}
}

/** The checks over one export as it streams by. */
class Log {
	readonly #told: Checkpoint[] = [];
	readonly #believed: Checkpoint[] = [];
	readonly #edge = new tree.Frontier();
	readonly #roots = new Map<number, Bytes>();
	readonly #destroyed = new Set<number>();
	readonly #without = new Map<number, number[]>();
	readonly #types = new Map<number, number>();
	readonly #complete = new Named();
	readonly #order = new Named();
	readonly #bodies = new Named();
	readonly #readable = new Named();
	readonly #header: Header;
	readonly #trusted: Trusted;
	readonly #held: Held;
	readonly #findings: Findings;
	readonly #progress: Progress;
	#wanted = new Set<number>();
	#lastAt = 0;
	#witnessed = 0;

	constructor(
		header: Header,
		trusted: Trusted,
		held: Held,
		findings: Findings,
		progress: Progress
	) {
		[this.#header, this.#trusted, this.#held] = [header, trusted, held];
		[this.#findings, this.#progress] = [findings, progress];
	}

	async all(parts: AsyncIterable<string | Entry>): Promise<LogReport> {
		lookedAtKeys(this.#findings, this.#held);
		await this.#read(parts);
		const { size } = this.#edge;
		this.#readable.write(this.#findings, 'readable');
		if (size !== this.#header.size)
			this.#complete.add(
				`${this.#header.size}건이라 적혀 있으나 ${size}건이 있음`,
				`${this.#header.size} entries announced, ${size} here`
			);
		this.#complete.write(this.#findings, 'complete');
		this.#order.write(this.#findings, 'order');
		this.#gone();
		this.#bodies.write(this.#findings, 'bodies');
		const newest = await this.#checkpoints();
		if (this.#told.length) await this.#cosigned();
		this.#led();
		await this.#compared();
		this.#fork();
		const { answer, checks } = this.#findings;
		const { origin } = this.#header;
		return { answer, checks, origin, size, types: this.#types, checkpoint: newest };
	}

	async #read(parts: AsyncIterable<string | Entry>): Promise<void> {
		try {
			for await (const part of parts) {
				if (typeof part === 'string') this.#told.push(checkpoint.read(part));
				else await this.#entry(part);
			}
		} catch (error) {
			const why = words(error);
			const last = this.#edge.size - 1;
			this.#readable.add(`기록 ${last} 다음: ${why.ko}`, `after entry ${last}: ${why.en}`);
		}
	}

	async #entry(entry: Entry): Promise<void> {
		const here = this.#edge.size;
		if (!here)
			this.#wanted = new Set([...this.#told, ...this.#held.checkpoints].map((one) => one.size));
		if (entry.index > here)
			this.#complete.add(
				`${span(here, entry.index - 1).ko} 없음`,
				`${span(here, entry.index - 1).en} missing`
			);
		else if (entry.index < here)
			this.#order.add(
				`기록 ${entry.index}이(가) ${here}번째 자리에 있음`,
				`entry ${entry.index} stands at ${here}`
			);
		await this.#leaf(entry);
		await this.#edge.append(await tree.leafHash(entry.leaf));
		const { size } = this.#edge;
		if (this.#wanted.has(size)) this.#roots.set(size, await this.#edge.root());
		if (size % TOLD_EVERY === 0) this.#progress(size, this.#header.size);
	}

	async #leaf(entry: Entry): Promise<void> {
		let read: Leaf;
		try {
			read = leaves.decode(entry.leaf);
		} catch (error) {
			const why = words(error);
			return this.#readable.add(`기록 ${entry.index}: ${why.ko}`, `entry ${entry.index}: ${why.en}`);
		}
		this.#types.set(read.type, (this.#types.get(read.type) ?? 0) + 1);
		if (read.at < this.#lastAt)
			this.#order.add(
				`기록 ${entry.index}의 시각이 앞 기록보다 이름`,
				`entry ${entry.index} is earlier than the one before it`
			);
		this.#lastAt = read.at;
		await this.#body(entry, read);
		await this.#sealed(entry, read);
		if (read.quarter !== undefined) this.#destroyed.add(read.quarter);
	}

	async #sealed({ index, sealed }: Entry, read: Leaf): Promise<void> {
		if (sealed) {
			if (!read.sealed || !same(await sha256(sealed), read.sealed))
				this.#bodies.add(
					`기록 ${index}의 봉인문이 기록된 것과 다름`,
					`the sealed proof of entry ${index} is not the one logged`
				);
		} else if (read.sealed) this.#absent(index, read);
	}

	#absent(index: number, read: Leaf): void {
		const quarter = leaves.quarterOf(read.at);
		this.#without.set(quarter, [...(this.#without.get(quarter) ?? []), index]);
	}

	/** X and records may be absent only where the log says that their quarter was destroyed. */
	#gone(): void {
		for (const [quarter, indexes] of [...this.#without].sort(([a], [b]) => a - b)) {
			if (this.#destroyed.has(quarter)) continue;
			const { ko, en } = few(indexes);
			this.#bodies.add(
				`${quarter} 분기를 파기했다는 기록이 없는데 내용이 없음: ${ko}`,
				`no destruction of ${quarter} is logged, yet gone: ${en}`
			);
		}
	}

	async #body({ index, body }: Entry, read: Leaf): Promise<void> {
		if (!body) {
			if (read.verdict)
				this.#bodies.add(`기록 ${index}의 판정이 없음`, `the verdict of entry ${index} is gone`);
			else if (read.type === leaves.KEYS || read.type === leaves.POLICIES)
				this.#bodies.add(`기록 ${index}의 내용이 없음`, `the record of entry ${index} is gone`);
			else if (read.record) this.#absent(index, read);
			return;
		}
		const hash = await sha256(body);
		if (![read.verdict, read.record].some((logged) => logged && same(logged, hash)))
			return this.#bodies.add(
				`기록 ${index}의 붙임이 기록된 것과 다름`,
				`what belongs to entry ${index} is not what was logged`
			);
		try {
			await this.#signed(body, read);
		} catch (error) {
			const why = words(error);
			if ((error as TripProofError).wrong === 'UnknownKey') this.#bodies.unknown++;
			else this.#bodies.add(`기록 ${index}: ${why.ko}`, `entry ${index}: ${why.en}`);
		}
	}

	async #signed(body: Bytes, read: Leaf): Promise<void> {
		if (read.verdict) {
			const said = await verdicts.verified(body, this.#trusted.signer(verdicts.read(body).kid));
			if (!read.ref || !same(said.cti, read.ref) || said.policy !== read.policy)
				malformed('The verdict is of another proof.');
			return;
		}
		const told = await records.verified(body, this.#trusted.signer(records.read(body).kid));
		if (told.type !== read.type) malformed('The record is of another kind.');
		if (read.type === leaves.KEYS) await this.#trusted.learn(body);
	}

	/** The newest that the hub signed. */
	async #checkpoints(): Promise<Checkpoint | null> {
		const found = new Named();
		for (const one of this.#told) {
			try {
				await signedByLog(one, this.#trusted.keys);
				this.#believed.push(one);
			} catch (error) {
				words(error);
				if ((error as TripProofError).wrong === 'UnknownKey') found.unknown++;
				else found.add(`${one.size}건의 확인점`, `the checkpoint over ${one.size} entries`);
			}
		}
		if (this.#told.length) found.write(this.#findings, 'checkpoint');
		else this.#findings.add('checkpoint', 'missing', said('함께 온 것이 없음', 'none came along'));
		return this.#believed.toSorted((a, b) => b.size - a.size)[0] ?? null;
	}

	/** Whether a second office signed, and until where; one line that it did not sign is enough. */
	async #cosigned(): Promise<void> {
		const found = new Named();
		let signed: Said | null = null;
		for (const one of this.#believed.toSorted((a, b) => a.size - b.size)) {
			try {
				const names = (await cosigners(one, this.#trusted.keys)).join(', ');
				if (names) signed = said(`${names}: 기록 ${one.size}건까지`, `${names}: up to ${one.size} entries`);
			} catch (error) {
				words(error);
				found.add(`${one.size}건의 확인점`, `the checkpoint over ${one.size} entries`);
				continue;
			}
			if (await isWitnessed(one, this.#held)) this.#witnessed = one.size;
		}
		if (signed || found.isWrong) found.write(this.#findings, 'cosigned', signed);
		else this.#findings.add('cosigned', 'noted');
	}

	/** Whether the entries lead to every root; between which two they stop doing so. */
	#led(): void {
		let fits = 0;
		for (const one of this.#told.toSorted((a, b) => a.size - b.size)) {
			const root = this.#roots.get(one.size);
			if (one.size !== 0 && !(root && same(root, one.root)))
				return this.#findings.add('roots', 'failed', altered(fits, one.size));
			fits = one.size;
		}
		const isWhole = this.#told.length > 0 && fits === this.#edge.size;
		const last = this.#edge.size - 1;
		const detail = said(
			`${span(fits, last).ko}: 서명된 것이 없음`,
			`nothing was signed over ${span(fits, last).en}`
		);
		this.#findings.add('roots', isWhole ? 'passed' : 'missing', isWhole ? null : detail);
	}

	async #compared(): Promise<void> {
		if (!this.#held.checkpoints.length) return this.#byWitness();
		const found = new Named();
		for (const one of this.#held.checkpoints) {
			try {
				await this.#compare(one);
			} catch (error) {
				const why = words(error);
				if ((error as TripProofError).wrong === 'UnknownKey') found.unknown++;
				else
					found.add(
						`${one.size}건 때의 확인점: ${why.ko}`,
						`held over ${one.size} entries: ${why.en}`
					);
			}
		}
		found.write(this.#findings, 'held');
	}

	/** A second office whose key is held stands for what it signed, and for no entry after it. */
	#byWitness(): void {
		const until = this.#witnessed;
		if (until && until === this.#edge.size) return this.#findings.add('held', 'passed');
		const none = until
			? said(
					`가지고 있는 확인점이 없음; 다른 기관은 앞의 ${until}건까지 서명함`,
					`no checkpoint is held; a second office signed the first ${until}`
				)
			: said('가지고 있는 확인점이 없음', 'no checkpoint is held');
		this.#findings.add('held', 'missing', none);
	}

	/** Hold the log against one checkpoint from before, if the hub did sign that. */
	async #compare(one: Checkpoint): Promise<void> {
		await signedByLog(one, this.#trusted.keys);
		if (one.origin !== this.#header.origin || one.size === 0)
			unknown('다른 기록부의 것이거나 빈 기록부의 것입니다', "Another log's, or over nothing");
		this.#believed.push(one);
		const less = one.size - this.#edge.size;
		if (less > 0) contradicts(`끝의 ${less}건이 없음`, `the last ${less} are gone`);
		const root = this.#roots.get(one.size);
		if (!root || !same(root, one.root)) contradicts('다른 기록부임', 'the log is another one');
	}

	/** Two signed roots for one size are the hub's own signature under two histories. */
	#fork(): void {
		const found = new Named();
		const roots = new Map<number, Bytes>();
		for (const { size, root } of this.#believed) {
			const first = roots.get(size) ?? root;
			roots.set(size, first);
			if (!same(first, root)) found.add(`${size}건: ${FORKED.ko}`, `two roots for ${size} entries`);
		}
		found.write(this.#findings, 'fork');
	}
}

function altered(from: number, size: number) {
	const { ko, en } = span(from, size - 1);
	return said(
		`${ko}: 바뀌었거나, 빠졌거나, 끼어들었거나, 차례가 달라짐 (${size}건의 확인점)`,
		`${en}: something was altered, removed, inserted or reordered (checkpoint over ${size})`
	);
}

/** Entries by their numbers. */
function span(from: number, to: number) {
	if (from === to) return said(`기록 ${from}`, `entry ${from}`);
	return said(`기록 ${from}부터 ${to}까지`, `entries ${from} to ${to}`);
}

function contradicts(ko: string, en: string): never {
	throw new Finding('LogContradicts', said(ko, en));
}

/** Why, in words; an error of no family of ours is thrown on. */
function words(error: unknown) {
	if (error instanceof TripProofError) return inWords(error);
	throw error;
}
