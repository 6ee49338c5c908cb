/** How long to wait before the next try: doubling, capped, and spread widely, so that
 * a whole office does not knock at the same moment after the hub was restarted. */

const FIRST_MS = 2_000;
const LONGEST_MS = 30_000;

/** `failures`: tries in a row that failed, from 1. `spread`: 0..1. */
export function backoffMs(failures: number, spread: number): number {
	const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
	return Math.round(full * (0.5 + spread));
}
