/** The one board of this page, and how its zones read at this second. */
import type { Site, Zone } from './api/types.ts';
import { Live } from './live.svelte.ts';
import { read, type Reading } from './reading.ts';

export const live = new Live();

export function readNow(zone: Zone, site: Site): Reading {
	const staleAfterS = live.board?.stale_after_s ?? 0;
	return read(zone, site, live.nowMs, staleAfterS, live.link !== 'lost');
}
