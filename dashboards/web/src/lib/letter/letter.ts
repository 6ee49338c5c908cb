/** A 기안문 in the browser: what is kept as a draft, what was pasted, and where findings stand. */
import type { components } from '../api/schema.d.ts';

type Schemas = components['schemas'];
export type Letter = Schemas['Letter'];
export type Signer = Schemas['Signer'];
export type Finding = Schemas['LetterFinding'];
export type Edit = Schemas['LetterEdit'];
export type Linted = Schemas['LintedLetter'];
export type Mended = Schemas['MendedLetter'];
export type Draft = Schemas['LetterDraft'];
export type Severity = Finding['severity'];

/** What a draft is kept under, in this browser alone. */
export const KEPT = 'cheongsa.letter-draft';
const RANK: Record<Severity, number> = { wrong: 0, check: 1, advice: 2 };
/** Whether it is of what was written, not of a part of the form that is missing. */
export const isOfText = (one: Finding) => one.field === 'body' || one.field === 'title' && one.rule !== 'title-missing';

/** What is to be mended first stands first: the text before the form, and advice at last. */
export function inOrder(findings: readonly Finding[]): Finding[] {
	const rank = (one: Finding) => (one.severity === 'advice' ? 4 : 0) + (isOfText(one) ? 0 : 2) + RANK[one.severity] / 4;
	return findings.toSorted((a, b) => rank(a) - rank(b));
}
export const SEVERITIES = ['wrong', 'check', 'advice'] as const;

export function empty(): Letter {
	return {
		form: 'standard', office: '', to: [], via: '', title: '', body: '', sender: '', signers: [],
		number: '', received: '', postcode: '', address: '', website: '', phone: '', fax: '', email: '',
		openness: '', summary: '', keywords: []
	};
}

export function isEmpty(letter: Letter): boolean {
	return JSON.stringify(letter) === JSON.stringify(empty());
}

/** What the office of the last letter was: a new one begins with it. */
export function after(last: Letter, next: Letter): Letter {
	const { postcode, address, website, phone, fax, email } = last;
	const office = last.office || next.office;
	const signers = last.signers.some((one) => one.name) ? last.signers : next.signers;
	return { ...next, office, postcode, address, website, phone, fax, email, signers };
}

/** A draft as it was kept; null where it is none, or of a shape that no longer is. */
export function kept(text: string | null): Letter | null {
	try {
		const read: unknown = JSON.parse(text ?? 'null');
		if (read === null || typeof read !== 'object') return null;
		const base = empty();
		const known = Object.entries(read).filter(([name, value]) => name in base || name === 'issued_on' && typeof value === 'string');
		const letter = { ...base, ...Object.fromEntries(known) } as Letter;
		const isText = (value: unknown) => typeof value === 'string';
		const lists = [letter.to, letter.keywords].every((list) => Array.isArray(list) && list.every(isText));
		const texts = [letter.title, letter.body, letter.office, letter.sender, letter.summary].every(isText);
		const people = Array.isArray(letter.signers) && letter.signers.every((one) => isText(one?.role));
		return lists && texts && people ? letter : null;
	} catch {
		return null;
	}
}

export interface Taken {
	to: string[];
	title: string;
	body: string;
}

/** A whole 기안문 that was pasted, in its parts; null where it has no line of a title. */
export function taken(pasted: string): Taken | null {
	const lines = pasted.replace(/\r\n?/g, '\n').split('\n');
	const titleAt = lines.findIndex((line, nth) => nth < 15 && /^\s*제\s?목(\s*[:：]\s*|\s{1,})\S/.test(line));
	if (titleAt < 0) return null;
	const head = lines.slice(0, titleAt);
	const to = head.map((line) => /^\s*수\s?신(?!자)\s*[:：]?\s+(.+)$/.exec(line)?.[1]?.trim()).find(Boolean);
	const title = lines[titleAt]!.replace(/^\s*제\s?목\s*[:：]?\s*/, '').trim();
	const body = lines.slice(titleAt + 1).join('\n').replace(/^\s*\n/, '').trimEnd();
	const isInternal = !to || to.startsWith('내부결재');
	return { to: isInternal ? [] : [to], title, body };
}

/** Where the hub's positions, which count characters, stand in a JavaScript string. */
export function offsets(text: string): (at: number) => number {
	if (!/[\ud800-\udbff]/.test(text)) return (at) => at;
	const starts: number[] = [];
	let at = 0;
	for (const one of text) {
		starts.push(at);
		at += one.length;
	}
	return (nth) => starts[nth] ?? at;
}

export interface Piece {
	text: string;
	severity: Severity | null;
}

/** The text in pieces, each with the gravest of what stands on it. */
export function pieces(text: string, findings: readonly Finding[]): Piece[] {
	const place = offsets(text);
	const spans = findings
		.filter((one) => one.end > one.start)
		.map((one) => ({ from: place(one.start), to: place(one.end), severity: one.severity }));
	const cuts = [...new Set([0, text.length, ...spans.flatMap((one) => [one.from, one.to])])].sort((a, b) => a - b);
	const cut = cuts.slice(0, -1).map((from, nth) => {
		const on = spans.filter((one) => one.from <= from && from < one.to).map((one) => one.severity);
		on.sort((a, b) => RANK[a] - RANK[b]);
		return { text: text.slice(from, cuts[nth + 1]), severity: on[0] ?? null };
	});
	return cut.filter((one) => one.text);
}

/** The words that a sign or a space stands between, on its own line. */
function around(text: string, start: number, end: number): [number, number] {
	const before = /\S*[^\S\n]*$/.exec(text.slice(Math.max(0, start - 14), start))?.[0] ?? '';
	const after = /^[^\S\n]*\S*/.exec(text.slice(end, end + 14))?.[0] ?? '';
	return [start - before.length, end + after.length];
}

/** What a finding stands on, short enough for a list. */
export function excerpt(text: string, finding: Finding): string {
	const place = offsets(text);
	let [start, end] = [place(finding.start), place(finding.end)];
	if (end > start && (text.slice(start, end).match(/[\p{L}\p{N}]/gu) ?? []).length < 3) [start, end] = around(text, start, end);
	const found = text.slice(start, end).replace(/\s+/g, ' ').trim();
	return found.length > 40 ? `${found.slice(0, 38)}…` : found;
}

/** The value of a field that the hub names: body, title, to.0, signers.1.on. */
export function textOf(letter: Letter, field: string): string {
	const [name, nth] = field.split('.') as [keyof Letter, string?];
	const value = letter[name];
	if (nth === undefined) return typeof value === 'string' ? value : '';
	const one = Array.isArray(value) ? value[Number(nth)] : '';
	return typeof one === 'string' ? one : '';
}

/** The letter with these edits. */
export function mended(letter: Letter, edits: readonly Edit[]): Letter {
	let changed = letter;
	for (const field of new Set(edits.map((edit) => edit.field))) {
		const own = edits.filter((edit) => edit.field === field).sort((a, b) => b.start - a.start);
		const old = textOf(changed, field);
		const place = offsets(old);
		const text = own.reduce((now, one) => now.slice(0, place(one.start)) + one.text + now.slice(place(one.end)), old);
		changed = withText(changed, field, text);
	}
	return changed;
}

/** Where a text was changed: its characters `start` to `end` became others, `by` more of them. */
function changed(old: readonly string[], now: readonly string[]) {
	const most = Math.min(old.length, now.length);
	let start = 0;
	while (start < most && old[start] === now[start]) start += 1;
	let tail = 0;
	while (tail < most - start && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
	return { start, end: old.length - tail, by: now.length - old.length };
}

/**
 * What was found in an earlier letter, where it stands now. What was typed over since, or right
 * beside it, is left out: a touch never mends another place than the one that was found.
 */
export function moved(findings: readonly Finding[], from: Letter, to: Letter): Finding[] {
	const shifts = new Map<string, ReturnType<typeof changed> | null>();
	const by = (field: string, start: number, end: number): number | null => {
		if (!shifts.has(field)) {
			const [old, now] = [textOf(from, field), textOf(to, field)];
			shifts.set(field, old === now ? null : changed([...old], [...now]));
		}
		const one = shifts.get(field);
		if (!one || end < one.start) return 0;
		return start > one.end ? one.by : null;
	};
	return findings.flatMap((one) => {
		const own = by(one.field, one.start, one.end);
		const edits = one.edits.map((edit) => [edit, by(edit.field, edit.start, edit.end)] as const);
		if (own === null || edits.some(([, shift]) => shift === null)) return [];
		return [{
			...one, start: one.start + own, end: one.end + own,
			edits: edits.map(([edit, shift]) => ({ ...edit, start: edit.start + shift!, end: edit.end + shift! }))
		}];
	});
}

/** Where a caret stands after a text was changed around it: on the same line, at the same words. */
export function carried(old: string, now: string, at: number): number {
	const [before, after] = [old.split('\n'), now.split('\n')];
	const nth = old.slice(0, at).split('\n').length - 1;
	if (before.length === after.length) {
		const start = (lines: string[]) => lines.slice(0, nth).reduce((sum, one) => sum + one.length + 1, 0);
		return start(after) + beside(before[nth]!, after[nth]!, at - start(before));
	}
	return beside(old, now, at);
}

function beside(old: string, now: string, at: number): number {
	if (old === now) return at;
	const one = changed(old.split(''), now.split(''));
	if (at <= one.start) return at;
	return at >= one.end ? at + one.by : Math.min(at, one.end + one.by);
}

function withText(letter: Letter, field: string, text: string): Letter {
	const [name, nth] = field.split('.') as [string, string?];
	if (nth === undefined) return { ...letter, [name]: text };
	return { ...letter, to: letter.to.map((one, at) => (at === Number(nth) ? text : one)) };
}

/** What goes to the hub: lines that say nothing are left out, so that positions stay as they are. */
export function sent(letter: Letter): Letter {
	return { ...letter, issued_on: letter.issued_on || null, signers: letter.signers.map((one) => ({ ...one, on: one.on || null })) };
}

/** A name for a file that every system takes. */
export function fileName(title: string): string {
	const safe = title.replace(/[\\/:*?"<>|\u0000-\u001f]+/g, ' ').replace(/\s+/g, ' ').trim();
	return safe.slice(0, 60) || '기안문';
}
