/** How long to wait before the next try: doubling, capped, and spread so that a whole office
 * does not knock at the same moment. */

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** `failures`: tries in a row that failed, from 1. `spread`: 0..1. */
export function backoffMs(failures: number, spread: number): number {
	const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
	return Math.round(full * (0.75 + spread * 0.25));
}
