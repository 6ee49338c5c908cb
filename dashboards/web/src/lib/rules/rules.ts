/** What the pages of the rules ask and send. Shapes are the hub's. */
import type { components } from '#lib/api/schema.d.ts';

type Schemas = components['schemas'];
export type Rule = Schemas['RuleSeen'];
export type WholeRule = Schemas['RuleWholeSeen'];
export type RuleRow = Schemas['RuleRowSeen'];
export type RuleText = Schemas['RuleTextSeen'];
export type Change = Schemas['RuleChangeSeen'];
export type Part = Schemas['PartSeen'];
export type LawTexts = Schemas['LawTextsSeen'];
export type LawArticle = Schemas['ArticleTextSeen'];
export type Ordinance = Schemas['OrdinanceSaid'];
export type Ordinances = Schemas['OrdinancesSeen'];
export type OrdinanceVersion = Schemas['OrdinanceVersionSeen'];
export type Budget = Schemas['BudgetSeen'];
export type BudgetCode = Schemas['CodeSeen'];
export type BudgetSheet = Schemas['SheetSeen'];
export type BudgetVersion = Schemas['BudgetVersionSeen'];
export type Question = Schemas['QuestionSeen'];
export type Subject = Rule['subject'];

export const SUBJECTS: readonly Subject[] = [
	'travel', 'leave', 'overtime', 'pay', 'withholding', 'vat', 'contract', 'expenditure'
];
export const TONES = { text: 'moderate', secondary: 'busy', setting: 'relaxed' } as const;

/** What is worked out another way where a rule changes, and where it is asked. */
export function concerned(key: string, questions: readonly Pick<Question, 'name' | 'title' | 'rules'>[]): { title: string; href: string }[] {
	if (key === 'contract.similar_months') return [{ title: '계약 쪼개기 살피기', href: '/do/splitting' }];
	return questions
		.filter((one) => one.rules.includes(key))
		.map((one) => ({ title: one.title, href: `/do/ask?of=${encodeURIComponent(one.name)}` }));
}

/** The same kind of changes together, day by day, in the order in which they come. */
export function byDay<T extends { since: string }>(changes: readonly T[]): [string, T[]][] {
	const days = new Map<string, T[]>();
	for (const one of changes) days.set(one.since, [...(days.get(one.since) ?? []), one]);
	return [...days];
}

/** A rate as people type it (30 for 0.3), and back; other values as they are. */
export function toTyped(value: string, unit: string): string {
	return unit === 'rate' ? shifted(value, 2) : value;
}
export function fromTyped(typed: string, unit: string): string {
	const plain = typed.replace(/[\s,%원일]/g, '');
	return unit === 'rate' ? shifted(plain, -2) : plain;
}

/** A decimal number with its point moved, without a binary fraction. What is no number stays. */
function shifted(text: string, by: number): string {
	const found = /^(\d+)(?:\.(\d+))?$/.exec(text);
	if (!found) return text;
	const [whole, part] = [found[1]!, found[2] ?? ''];
	const digits = by > 0 ? whole + part.padEnd(by, '0') : whole.padStart(1 - by, '0') + part;
	const at = by > 0 ? whole.length + by : Math.max(whole.length, 1 - by) + by;
	const left = digits.slice(0, at).replace(/^0+(?=\d)/, '');
	const right = digits.slice(at).replace(/0+$/, '');
	return right ? `${left}.${right}` : left;
}

/**
 * Of `제15조제4항` the fourth paragraph of the article, of `제25조제1항제5호` its lead and the fifth
 * item; null where the article is not so divided.
 */
export function paragraphOf(words: string, place: string): string | null {
	const nth = Number(/제(\d+)항/.exec(place)?.[1] ?? 0);
	if (nth < 1 || nth > 20) return null;
	const lines = words.split('\n');
	const at = lines.findIndex((line) => line.startsWith(String.fromCharCode(0x2460 + nth - 1)));
	if (at < 0) return null;
	const next = lines.findIndex((line, n) => n > at && /^[\u2460-\u2473]/.test(line));
	const own = lines.slice(at, next < 0 ? undefined : next);
	return (itemOf(own, place) ?? own).join('\n');
}

/** The lead of a paragraph and one numbered item of it, with what stands below the item. */
function itemOf(lines: readonly string[], place: string): string[] | null {
	const found = /제(\d+)호(?:의(\d+))?/.exec(place);
	if (!found) return null;
	const number = found[2] ? `${found[1]}의${found[2]}` : found[1];
	const at = lines.findIndex((line) => line.trimStart().startsWith(`${number}. `));
	if (at < 1) return null;
	const next = lines.findIndex((line, n) => n > at && /^\s{0,3}\d+(의\d+)?\. /.test(line));
	return [lines[0]!, ...lines.slice(at, next < 0 ? undefined : next)];
}

const KEPT = 90;

/** Long stretches that both texts have, shortened to their ends: one looks for what differs. */
export function shortened(parts: readonly Part[]): Part[] {
	return parts.map((part, n) => {
		if (part.kind !== 'same' || part.words.length <= 2 * KEPT + 20) return part;
		const [head, tail] = [part.words.slice(0, KEPT), part.words.slice(-KEPT)];
		const isLast = n === parts.length - 1;
		return { ...part, words: `${n ? head : ''} … ${isLast ? '' : tail}` };
	});
}
