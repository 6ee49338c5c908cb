/**
 * What opened proofs may be asked about, across devices: only the auditor's browser can see it.
 *
 * Questions, never findings: an honest phone repeats a coordinate, a train is fast, and one building
 * may be the end of many trips.
 */
import { distanceM, type Spot } from './geo.ts';

export interface Opened extends Spot {
	cti: string;
	kid: string;
	who: string;
	name: string;
	trip: string;
	destination: string;
	accuracyM: number;
	/** When the phone signed (s since 1970). */
	at: number;
}

export type Why = 'same_spot' | 'too_far' | 'one_place';

export interface Asked {
	why: Why;
	names: string[];
	proofs: string[];
	/** km between two, where that is what is asked. */
	km?: number;
	minutes?: number;
}

const FASTEST_KMH = 330; // KTX, as the hub's policy
const SLACK_M = 3_000;
const SHORTEST_S = 60;
const ONE_PLACE_M = 200;
const TRIPS_MANY = 3;
const DAY_S = 86_400;
const SEOUL_S = 9 * 3_600;

export function patterns(opened: readonly Opened[]): Asked[] {
	return [...sameSpot(opened), ...tooFar(opened), ...onePlace(opened)];
}

/** The same coordinates to the last digit, on another device or another day. */
function sameSpot(opened: readonly Opened[]): Asked[] {
	return [...grouped(opened, (one) => `${one.latE7},${one.lonE7}`).values()]
		.filter((same) => new Set(same.map((one) => `${one.kid} ${dayOf(one)}`)).size > 1)
		.map((same) => asked('same_spot', same));
}

/** Farther than anything on the ground goes in that time, after both accuracies. */
function tooFar(opened: readonly Opened[]): Asked[] {
	const found: Asked[] = [];
	for (const theirs of grouped(opened, (one) => one.who).values()) {
		const inOrder = theirs.toSorted((a, b) => a.at - b.at);
		inOrder.slice(1).forEach((one, n) => {
			const before = inOrder[n]!;
			const s = Math.max(one.at - before.at, SHORTEST_S);
			const m = distanceM(before, one) - before.accuracyM - one.accuracyM - SLACK_M;
			if ((m / s) * 3.6 <= FASTEST_KMH) return;
			const km = Math.round(distanceM(before, one) / 1000);
			found.push({ ...asked('too_far', [before, one]), km, minutes: Math.round((one.at - before.at) / 60) });
		});
	}
	return found;
}

/** Trips to several destinations, and every proof of them from one place. */
function onePlace(opened: readonly Opened[]): Asked[] {
	return [...grouped(opened, (one) => one.who).values()]
		.filter((theirs) => new Set(theirs.map((one) => one.trip)).size >= TRIPS_MANY)
		.filter((theirs) => new Set(theirs.map((one) => one.destination)).size > 1)
		.filter((theirs) => theirs.every((one) => distanceM(theirs[0]!, one) <= ONE_PLACE_M))
		.map((theirs) => asked('one_place', theirs));
}

function asked(why: Why, of: readonly Opened[]): Asked {
	return { why, names: [...new Set(of.map((one) => one.name))], proofs: of.map((one) => one.cti) };
}

function dayOf(one: Opened): number {
	return Math.floor((one.at + SEOUL_S) / DAY_S);
}

function grouped<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
	const found = new Map<string, T[]>();
	for (const one of all) found.set(key(one), [...(found.get(key(one)) ?? []), one]);
	return found;
}
