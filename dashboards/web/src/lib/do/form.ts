/** What is typed into a form, and what of it is sent. */
import type { Field } from './tools.ts';
import { plainNumber } from './value.ts';

export type Typed = string | boolean | Line[];
export type Line = { [name: string]: Typed };

/** A form as it begins: defaults, today where a day must be given, one line where one is needed. */
export function fresh(fields: readonly Field[], today: string): Line {
	return Object.fromEntries(fields.map((field) => [field.name, first(field, today)]));
}

function first(field: Field, today: string): Typed {
	if (field.kind === 'list') return field.is_required ? [fresh(field.fields, today)] : [];
	if (field.kind === 'yes') return field.default === true;
	if (field.begins_today) return field.kind === 'number' ? today.slice(0, 4) : today;
	if (isNothing(field)) return ''; // stands behind as 0, and is not in the way of what one types
	return field.default === null || field.default === undefined ? '' : String(field.default);
}

/** Whether a field that is left empty counts as 0. */
export const isNothing = (field: Field): boolean =>
	field.kind === 'number' && !field.is_required && field.default !== null && Number(field.default) === 0;

/** What must still be given: `paid_won`, or `nights.0.paid_won` in a line of a list. */
export function missing(fields: readonly Field[], typed: Line): string[] {
	return fields.flatMap((field) => {
		const value = typed[field.name];
		if (field.kind !== 'list') return field.is_required && read(field, value) === undefined ? [field.name] : [];
		const given = value as Line[];
		if (field.is_required && !given.length) return [field.name];
		return given.flatMap((line, n) => missing(field.fields, line).map((name) => `${field.name}.${n}.${name}`));
	});
}

/** Where a form shows what is wrong at `nights.0.paid_won`: there, at its line, at its list; null: nowhere. */
export function shownAt(fields: readonly Field[], name: string): string | null {
	const [first, nth, inLine] = name.split('.');
	const field = fields.find((one) => one.name === first);
	if (!field || field.kind !== 'list' || nth === undefined) return field?.name ?? null;
	return field.fields.some((one) => one.name === inLine) ? `${first}.${nth}.${inLine}` : `${first}.${nth}`;
}

/** The body to send; null while something that must be given is still empty. */
export function body(fields: readonly Field[], typed: Line): Record<string, unknown> | null {
	const sent: Record<string, unknown> = {};
	for (const field of fields) {
		const value = read(field, typed[field.name]);
		if (value === undefined) {
			if (field.is_required) return null;
		} else sent[field.name] = value;
	}
	return sent;
}

/** undefined: nothing was given, or a line of a list is not finished. */
function read(field: Field, value: Typed | undefined): unknown {
	if (field.kind === 'list') return lines(field, value as Line[]);
	if (field.kind === 'yes') return value === true;
	const text = String(value ?? '').trim();
	if (!text) return undefined;
	return field.kind === 'number' ? plainNumber(text) : text;
}

function lines(field: Field, given: Line[]): unknown {
	const sent = given.map((line) => body(field.fields, line));
	if (sent.includes(null) || (field.is_required && !sent.length)) return undefined;
	return sent;
}

/** Whether a finished form still has an unfinished line: then nothing is asked yet. */
export function isUnfinished(fields: readonly Field[], typed: Line): boolean {
	return fields.some(
		(field) =>
			field.kind === 'list' &&
			(typed[field.name] as Line[]).some((line) => body(field.fields, line) === null)
	);
}

/** What a form remembers over a reload, as long as it still fits the fields. */
export function remembered(text: string | null, fields: readonly Field[], today: string): Line {
	const blank = fresh(fields, today);
	try {
		const kept = JSON.parse(text ?? '') as Line;
		for (const name of Object.keys(blank))
			if (isAlike(kept[name], blank[name])) blank[name] = kept[name]!;
	} catch {
		/* nothing kept, or not by us */
	}
	return blank;
}

const isAlike = (kept: Typed | undefined, blank: Typed | undefined) =>
	typeof kept === typeof blank && Array.isArray(kept) === Array.isArray(blank);
