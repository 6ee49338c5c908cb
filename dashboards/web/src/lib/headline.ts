/** The answer in words: what is large, what stands beside it, and what is read out. Pure. */
import type { Zone } from './api/types.ts';
import type { Reading } from './reading.ts';
import type { Words } from './words/ko.ts';

export interface Headline {
	/** The largest thing on the page. */
	word: string;
	lead?: string;
	strong?: string;
	small?: string;
	/** What follows from it. */
	then?: string;
	/** The same as one sentence for who listens. */
	aloud: string;
}

export function headline(reading: Reading, zone: Zone, words: Words, nowMs: number): Headline {
	const parts = body(reading, zone, words, nowMs);
	const { word, lead, strong, small, then } = parts;
	const sentence = [lead, strong].filter(Boolean).join(' ');
	return { ...parts, aloud: [word, sentence, small, then].filter(Boolean).join('. ') };
}

function body(
	reading: Reading,
	zone: Zone,
	words: Words,
	nowMs: number
): Omit<Headline, 'aloud'> {
	switch (reading.state) {
		case 'wait':
			return { word: words.level[reading.level], ...wait(reading, zone, words) };
		case 'seats':
			return {
				word: words.full(reading.percent),
				strong: words.freeSeats(reading.seats - reading.taken),
				small: words.ofSeats(reading.taken, reading.seats)
			};
		case 'people':
			return { word: words.peopleThere(reading.people) };
		case 'unknown':
			return unknown(reading.why, zone, words);
		case 'stale':
			return stale(reading, words, nowMs);
		case 'closed':
			return {
				word: words.closed,
				strong: words.opens(reading.opensAtMs, nowMs),
				small: reading.dayOff ? words.dayOff(reading.dayOff) : undefined
			};
	}
}

function wait(reading: Extract<Reading, { state: 'wait' }>, zone: Zone, words: Words) {
	if (zone.people === 0 && reading.waitS < 60) return { strong: words.nobodyWaits };
	const { lowS, highS } = reading;
	const range = lowS === null ? null : words.range(lowS, highS);
	const ahead = zone.people === null ? null : words.ahead(zone.people);
	const small = [range, ahead].filter(Boolean).join(' · ');
	return { lead: words.joinNow, strong: words.about(reading.waitS), small };
}

function unknown(why: Extract<Reading, { state: 'unknown' }>['why'], zone: Zone, words: Words) {
	const counted = why === 'no_counter_line' || why === 'nobody_served';
	if (!counted || zone.people === null) {
		return { word: words.unknown, strong: words.why[why], then: words.then[why] };
	}
	return {
		word: words.unknown,
		strong: words.peopleInLine(zone.people),
		then: `${words.why[why]}. ${words.then[why]}`
	};
}

function stale(reading: Extract<Reading, { state: 'stale' }>, words: Words, nowMs: number) {
	const known = reading.usualS !== null;
	return {
		word: known ? words.usually(reading.usualS!) : words.notNow,
		strong: words.why[reading.why],
		then: known ? words.usuallyNow(nowMs) : words.then[reading.why]
	};
}
