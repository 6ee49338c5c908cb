/** The calendar of duties: what is due next, and the year by its months. */
import type { components } from '#lib/api/schema.d.ts';

type Schemas = components['schemas'];
export type Year = Schemas['YearSeen'];
export type Dated = Schemas['DatedSeen'];
export type Off = Schemas['OffSeen'];

export interface Month {
	month: number;
	duties: Dated[];
	off: Off[];
}

/** By which day one should be done: where the last day is a day off, the working day before. */
export const dueOn = (one: Dated) => one.safe ?? one.last;

/** What is still to be done from `today` on, the soonest first. */
export function ahead(duties: readonly Dated[], today: string): Dated[] {
	return duties
		.filter((one) => one.last >= today)
		.sort((a, b) => (dueOn(a) < dueOn(b) ? -1 : dueOn(a) > dueOn(b) ? 1 : 0));
}

/** The twelve months; a duty stands in the month of its last day. */
export function months(year: Pick<Year, 'duties' | 'off' | 'year'>): Month[] {
	return Array.from({ length: 12 }, (_, n) => {
		const begins = `${year.year}-${String(n + 1).padStart(2, '0')}`;
		return {
			month: n + 1,
			duties: year.duties.filter((one) => one.last.startsWith(begins)),
			off: year.off.filter((one) => one.day.startsWith(begins))
		};
	});
}

/** Months that are over, and what one comes for: this one and those that follow. Another year stays whole. */
export function parted(year: Pick<Year, 'duties' | 'off' | 'year'>, today: string): { past: Month[]; rest: Month[] } {
	const all = months(year);
	const over = year.year === Number(today.slice(0, 4)) ? Number(today.slice(5, 7)) - 1 : 0;
	return { past: all.slice(0, over), rest: all.slice(over) };
}

/** Whole days from `from` to `to`. */
export const daysTo = (from: string, to: string) =>
	Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** `10. 31.(토)`. */
export function shortDay(day: string): string {
	const [, month, date] = day.split('-').map(Number);
	return `${month}. ${date}.(${'일월화수목금토'[new Date(`${day}T00:00:00Z`).getUTCDay()]})`;
}

/** Days off beside each other as one: 설날 전날~설날 대체공휴일. */
export function runs(off: readonly Off[]): Off[][] {
	const found: Off[][] = [];
	for (const one of off) {
		const last = found.at(-1)?.at(-1);
		if (last && daysTo(last.day, one.day) === 1 && last.is_ours === one.is_ours) found.at(-1)!.push(one);
		else found.push([one]);
	}
	return found;
}
