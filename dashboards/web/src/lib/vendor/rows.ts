/** Rows of business numbers: lines in, rows out, counted and as cells. Pure. */
import type { components } from '#lib/api/schema.d.ts';

type Schemas = components['schemas'];
export type Row = Schemas['RowSeen'];
export type Rows = Schemas['RowsSeen'];
export type Conclusion = Schemas['ConclusionSeen'];
export type Line = Schemas['LineSeen'];
export type Certificate = Schemas['CertificateGiven'];
export type Vendor = Schemas['VendorSeen'];
export type Vendors = Schemas['VendorsSeen'];
export type SheetRow = Schemas['VendorRowSeen'];
export type VendorSheet = Schemas['VendorSheetSeen'];

export const PART = 100;
/** In one file that is carried outside. */
export const CARRIED = 1000;
const TEXT_MOST = 200;

/** The tone of a conclusion as our colours name it. */
export const TONES = { stop: 'crowded', care: 'busy', good: 'relaxed', unknown: 'plain' } as const;

/** Lines of a box, numbered as people count; blank ones are passed over. */
export function linesOf(text: string): Line[] {
	return text
		.split('\n')
		.map((line, at) => ({ row: at + 1, text: line.trim().slice(0, TEXT_MOST) }))
		.filter((line) => line.text);
}

/** In parts that the hub takes at once. */
export function parts(lines: readonly Line[]): Line[][] {
	const count = Math.ceil(lines.length / PART);
	return Array.from({ length: count }, (_, at) => lines.slice(at * PART, (at + 1) * PART));
}

/** Rows of several parts as one list: a number that an earlier part had says where. */
export function joined(rows: readonly Row[]): Row[] {
	const first = new Map<string, number>();
	return rows.map((row) => {
		if (!row.number) return row;
		const before = first.get(row.number);
		if (before === undefined) first.set(row.number, row.row);
		return before === undefined ? row : { ...row, same_as: before };
	});
}

/** How many rows are of each kind; a repetition counts with the row it repeats. */
export function counts(rows: readonly Row[]): { stop: number; care: number; good: number; unknown: number; wrong: number; same: number } {
	const found = { stop: 0, care: 0, good: 0, unknown: 0, wrong: 0, same: 0 };
	for (const row of rows) {
		if (row.same_as !== null) found.same += 1;
		else found[row.answer?.tone ?? 'wrong'] += 1;
	}
	return found;
}

/** What a row says at a glance. */
export const says = (row: Row): string => row.answer?.headline ?? row.wrong;

/** A row as cells of the workbook, behind its number. */
export function cells(row: Row, sameAs: (row: number) => string): string[] {
	const { answer } = row;
	const minds = [...(row.same_as === null ? [] : [sameAs(row.same_as)]), ...(answer?.minds ?? [])];
	const sources = (answer?.sources ?? []).map((one) => `${one.who}: ${one.says}`);
	return [
		row.given, row.number ?? '', says(row), answer?.name ?? '', answer?.tax_words ?? '',
		answer?.proof?.take ?? '', minds.join(' '), sources.join(' ')
	].map((cell) => cell.slice(0, 1000));
}

/** `1248100998` as it is written. */
export const written = (number: string): string =>
	`${number.slice(0, 3)}-${number.slice(3, 5)}-${number.slice(5)}`;
