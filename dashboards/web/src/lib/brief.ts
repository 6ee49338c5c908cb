/** A zone in one line of a list: its value, and what it rests on. Pure. */
import type { Zone } from './api/types.ts';
import type { Reading } from './reading.ts';
import type { Words } from './words/ko.ts';

export interface Brief {
	value: string;
	detail: string;
}

export function brief(reading: Reading, zone: Zone, words: Words, nowMs: number): Brief {
	switch (reading.state) {
		case 'wait':
			return { value: words.aboutShort(reading.waitS), detail: counted(reading.level, zone, words) };
		case 'seats':
			return {
				value: words.full(reading.percent),
				detail: words.freeSeats(reading.seats - reading.taken)
			};
		case 'people':
			return { value: words.people(reading.people), detail: words.kind[zone.kind] };
		case 'unknown':
			return { value: words.notObserved, detail: words.why[reading.why] };
		case 'stale':
			return {
				value: reading.usualS === null ? words.notObserved : words.usually(reading.usualS),
				detail: words.why[reading.why]
			};
		case 'closed':
			return { value: words.closed, detail: words.opens(reading.opensAtMs, nowMs) };
	}
}

function counted(level: keyof Words['level'], zone: Zone, words: Words): string {
	const people = zone.people === null ? null : words.people(zone.people);
	const served = zone.served_per_min ? words.served(zone.served_per_min) : null;
	return [words.level[level], people, served].filter(Boolean).join(' · ');
}
