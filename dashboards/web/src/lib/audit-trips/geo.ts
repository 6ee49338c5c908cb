/** Distance and direction over the ground, from degrees x 1e7 (as hub/tripproof/geo.py). */

const EARTH_RADIUS_M = 6_371_008.8;
const E7 = 1e7;

export interface Spot {
	latE7: number;
	lonE7: number;
}
export interface Target extends Spot {
	radiusM: number;
}

const radians = (e7: number) => (e7 / E7 / 180) * Math.PI;

/** Metres along the great circle. */
export function distanceM(a: Spot, b: Spot): number {
	const [latA, latB] = [radians(a.latE7), radians(b.latE7)];
	const halfLat = (latB - latA) / 2;
	const halfLon = radians(b.lonE7 - a.lonE7) / 2;
	const chord = Math.sin(halfLat) ** 2 + Math.cos(latA) * Math.cos(latB) * Math.sin(halfLon) ** 2;
	return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** Which of eight winds `b` lies in, seen from `a`: 0 north, then clockwise. */
export function windOf(a: Spot, b: Spot): number {
	const [east, north] = offsetM(a, b);
	return Math.round(((Math.atan2(east, north) / Math.PI) * 4 + 8) % 8) % 8;
}

/** Metres east and north of `a`; good for a sketch. */
export function offsetM(a: Spot, b: Spot): [number, number] {
	const perRadian = EARTH_RADIUS_M;
	const east = radians(b.lonE7 - a.lonE7) * Math.cos(radians(a.latE7)) * perRadian;
	return [east, radians(b.latE7 - a.latE7) * perRadian];
}

/** An order's points: threes of lat, lon, radius. */
export function targets(flat: readonly number[]): Target[] {
	const found: Target[] = [];
	for (let at = 0; at + 2 < flat.length; at += 3)
		found.push({ latE7: flat[at]!, lonE7: flat[at + 1]!, radiusM: flat[at + 2]! });
	return found;
}

/** The nearest of them and how far (m). */
export function nearest<T extends Spot>(from: Spot, among: readonly T[]): { spot: T; m: number } | null {
	let best: { spot: T; m: number } | null = null;
	for (const spot of among) {
		const m = distanceM(from, spot);
		if (!best || m < best.m) best = { spot, m };
	}
	return best;
}
