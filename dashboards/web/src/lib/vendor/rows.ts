/** Rows of business numbers: lines in, rows out, counted and as cells. Pure. */
import type { components } from '#lib/api/schema.d.ts';

type Schemas = components['schemas'];
export type Row = Schemas['RowSeen'];
export type Rows = Schemas['RowsSeen'];
export type Conclusion = Schemas['ConclusionSeen'];
export type Line = Schemas['LineSeen'];
export type Service = Rows['used_up'][number];
/** Rows of a sheet that are answered, and how far it is. */
export interface Part extends Rows {
	done: number;
	of: number;
}
export type Key = Schemas['KeySeen'];
export type Certificate = Schemas['CertificateGiven'];
export type Vendor = Schemas['VendorSeen'];
export type Vendors = Schemas['VendorsSeen'];
export type SheetRow = Schemas['VendorRowSeen'];
export type VendorSheet = Schemas['VendorSheetSeen'];

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

/** What was pasted as a sheet that the hub reads: copied out of a spreadsheet it is one already. */
export function pasted(text: string): Blob {
	const quoted = (line: string) => `"${line.replaceAll('"', '""')}"`;
	const sheet = text.includes('\t') ? text : text.split('\n').map(quoted).join('\n');
	return new Blob([sheet], { type: 'text/csv' });
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

/** `1248100998` as it is written. */
export const written = (number: string): string =>
	`${number.slice(0, 3)}-${number.slice(3, 5)}-${number.slice(5)}`;
