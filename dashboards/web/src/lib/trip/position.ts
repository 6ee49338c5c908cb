/** The best fix within ten seconds: fixes are watched, the most accurate is taken. */
import { SMALL_MAX, type Fix, type Search } from './statement.ts';

export const PATIENCE_MS = 10_000;
export const GOOD_M = 30; // not worth waiting for better
export const COARSE_M = 500; // the phone knows little more than the town

export type NoFix = 'denied' | 'no-gps';
export interface Found {
	fix: Fix;
	search: Search;
}

type Watched = Pick<Geolocation, 'watchPosition' | 'clearWatch'>;

/** Look for a fix; `seen` hears of each that is better. Resolves with the best, or why there is none. */
export function bestFix(
	geolocation: Watched | undefined,
	seen: (accuracyM: number) => void = () => undefined,
	patienceMs = PATIENCE_MS
): Promise<Found | NoFix> {
	if (!geolocation) return Promise.resolve('no-gps');
	const fixes: GeolocationPosition[] = [];
	const beganMs = performance.now();
	return new Promise((resolve) => {
		const finish = (none: NoFix) => {
			clearTimeout(timer);
			geolocation.clearWatch(watch);
			resolve(fixes.length ? found(fixes, performance.now() - beganMs) : none);
		};
		const timer = setTimeout(() => finish('no-gps'), patienceMs);
		const watch = geolocation.watchPosition(
			(position) => {
				fixes.push(position);
				seen(metres(best(fixes).coords.accuracy));
				if (position.coords.accuracy <= GOOD_M) finish('no-gps');
			},
			// unavailable or slow just now: it may still come before the time is over
			(error) => (error.code === error.PERMISSION_DENIED ? finish('denied') : undefined),
			{ enableHighAccuracy: true, maximumAge: 0, timeout: patienceMs }
		);
	});
}

/** What of the search goes into a statement. */
export function found(fixes: readonly GeolocationPosition[], tookMs: number): Found {
	const { coords, timestamp } = best(fixes);
	return {
		fix: {
			latE7: Math.round(coords.latitude * 1e7),
			lonE7: Math.round(coords.longitude * 1e7),
			accuracyM: metres(coords.accuracy),
			at: Math.floor(timestamp / 1000)
		},
		search: {
			fixes: Math.min(fixes.length, SMALL_MAX),
			spreadM: metres(spread(fixes)),
			tookS: metres(tookMs / 1000),
			firstAccuracyM: metres(fixes[0]!.coords.accuracy)
		}
	};
}

function best(fixes: readonly GeolocationPosition[]): GeolocationPosition {
	return fixes.reduce((a, b) => (b.coords.accuracy < a.coords.accuracy ? b : a));
}

/** Rounded up, and no more than fits. */
function metres(value: number): number {
	return Math.min(Math.ceil(value), SMALL_MAX);
}

/** How far the fixes lie from the best one, at most. Flat: over so small a way the earth is. */
function spread(fixes: readonly GeolocationPosition[]): number {
	const to = best(fixes).coords;
	const m = 111_195; // a degree of latitude
	const narrow = Math.cos((to.latitude * Math.PI) / 180);
	return Math.max(
		...fixes.map(({ coords }) =>
			Math.hypot((coords.latitude - to.latitude) * m, (coords.longitude - to.longitude) * m * narrow)
		)
	);
}
