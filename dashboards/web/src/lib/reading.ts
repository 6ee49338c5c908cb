/**
 * What may honestly be said of a zone at this moment. Pure: codes in, codes out.
 *
 * The hub judges when it speaks; this page judges again every second, because the hub, the
 * network or the computer may have fallen silent since. Words are made in `words/`.
 */
import { LEVELS, type Level, type Node, type Reason, type Site, type Zone } from './api/types.ts';

/** Why a value may not be shown as now. `unreachable`: this page cannot reach the hub. */
export type Why = Reason | 'unreachable';
export type Tone = Level | 'plain';

export type Reading =
	| { state: 'wait'; level: Level; waitS: number; lowS: number | null; highS: number | null }
	| { state: 'seats'; taken: number; seats: number; percent: number }
	| { state: 'people'; people: number }
	| { state: 'unknown'; why: Why }
	| { state: 'stale'; why: Why; usualS: number | null }
	| { state: 'closed'; opensAtMs: number | null; dayOff: DayOff | null };

/** What closes the office today, such as a holiday. */
export interface DayOff {
	name: string;
	name_en: string;
}

export function ageS(zone: Zone, nowMs: number): number | null {
	if (zone.observed_at === null) return null;
	return Math.max(0, (nowMs - Date.parse(zone.observed_at)) / 1000);
}

/** Read `zone` at `nowMs` (the hub's clock). `reachable`: the hub answers this page. */
export function read(
	zone: Zone,
	site: Site,
	nowMs: number,
	staleAfterS: number,
	reachable: boolean
): Reading {
	if (zone.state === 'closed') {
		return { state: 'closed', opensAtMs: at(site.opens_at), dayOff: dayOff(site) };
	}
	const age = ageS(zone, nowMs);
	if (age === null) return { state: 'unknown', why: zone.reason ?? 'no_data_yet' };
	if (zone.stale || zone.state === 'stale' || age > staleAfterS) {
		return { state: 'stale', why: silence(zone, reachable), usualS: zone.usual_wait_s };
	}
	if (zone.kind === 'seating' && zone.seats && zone.people !== null) {
		return seats(zone.people, zone.seats);
	}
	if (zone.kind !== 'queue' && zone.people !== null) {
		return { state: 'people', people: zone.people };
	}
	if (zone.state === 'unknown' || zone.level === null || zone.wait_s === null) {
		return { state: 'unknown', why: zone.reason ?? 'late' };
	}
	return {
		state: 'wait',
		level: zone.level,
		waitS: zone.wait_s,
		lowS: zone.wait_low_s,
		highS: zone.wait_high_s
	};
}

function dayOff(site: Site): DayOff | null {
	const { closed_for: name, closed_for_en: name_en } = site;
	return name ? { name, name_en: name_en ?? name } : null;
}

/** Why nothing new comes. What the hub said of the line or the serving is no answer to that. */
function silence(zone: Zone, reachable: boolean): Why {
	if (!reachable) return 'unreachable';
	const { reason } = zone;
	const says = reason === 'node_offline' || reason === 'camera_fault' || reason === 'paused';
	return says ? reason : 'late';
}

function seats(people: number, seats: number): Reading {
	const taken = Math.min(people, seats);
	return { state: 'seats', taken, seats, percent: Math.round((100 * taken) / seats) };
}

/** Its colour. Only a wait has a level; how full the seats are is said in numbers. */
export function tone(reading: Reading): Tone {
	return reading.state === 'wait' ? reading.level : 'plain';
}

export type Shape = Tone | 'usual' | 'closed' | 'unknown';

/** Its shape, beside the colour and the word. */
export function shape(reading: Reading): Shape {
	switch (reading.state) {
		case 'wait':
			return reading.level;
		case 'seats':
		case 'people':
			return 'moderate';
		case 'closed':
			return 'closed';
		case 'stale':
			return reading.usualS === null ? 'unknown' : 'usual';
		case 'unknown':
			return 'unknown';
	}
}

/** Where each level begins, in seconds: 0 for the first. */
export function beginsS(site: Site): [Level, number][] {
	return LEVELS.map((level, i) => [level, i === 0 ? 0 : (site.levels_s[i - 1] ?? 0)]);
}

/** The zone that answers "is there a queue": the first queue, else whatever there is. */
export function firstZone(site: Site): Zone | undefined {
	return site.zones.find((zone) => zone.kind === 'queue') ?? site.zones[0];
}

/** Worth saying that another queue is quicker: two minutes, as for the advice of the hub. */
const WORTH_S = 120;

/** A queue that is surely quicker than `zone`: their intervals do not touch. */
export function quicker(
	zone: Zone,
	site: Site,
	readOne: (zone: Zone) => Reading
): { zone: Zone; waitS: number } | null {
	const mine = readOne(zone);
	if (mine.state !== 'wait') return null;
	const others = site.zones
		.filter((other) => other.key !== zone.key && other.kind === 'queue')
		.map((other) => ({ zone: other, reading: readOne(other) }))
		.flatMap(({ zone, reading }) => (reading.state === 'wait' ? [{ zone, reading }] : []))
		.filter(({ reading }) => mine.waitS - reading.waitS >= WORTH_S)
		.filter(({ reading }) => (reading.highS ?? Infinity) < (mine.lowS ?? 0))
		.sort((a, b) => a.reading.waitS - b.reading.waitS);
	const best = others[0];
	return best ? { zone: best.zone, waitS: best.reading.waitS } : null;
}

/** Cameras whose zones this site shows, and how many of them do not count now. */
export function watch(nodes: readonly Node[]): { all: number; sick: Node[] } {
	return { all: nodes.length, sick: nodes.filter((n) => !n.online || n.observing !== 'ok') };
}

function at(iso: string | null): number | null {
	return iso === null ? null : Date.parse(iso);
}

/** What is counted here is no real place, or not now. The stranger of the two, if both. */
export function notReal(site: Site): 'simulated' | 'recording' | null {
	const kinds = site.nodes.map((node) => node.source_kind);
	if (kinds.includes('simulated')) return 'simulated';
	return kinds.includes('recording') ? 'recording' : null;
}
