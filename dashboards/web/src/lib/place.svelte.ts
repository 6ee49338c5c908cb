/** Which site and zone are looked at: what the address says, else what was chosen before. */
import type { Board, Site, Zone } from './api/types.ts';
import { recall, remember } from './memory.ts';
import { firstZone } from './reading.ts';

class Place {
	site = $state<string | null>(null);
	zone = $state<string | null>(null);

	start(asked: URLSearchParams): void {
		this.site = asked.get('site') ?? recall('site');
		this.zone = asked.get('zone');
	}

	chooseSite(site: string): void {
		this.site = site;
		this.zone = null;
		remember('site', site);
	}

	/** The site to show. One that is gone gives way to the first. */
	siteOf(board: Board): Site | undefined {
		return board.sites.find((site) => site.site === this.site) ?? board.sites[0];
	}

	/** `zone` may be named by its key or, inside its site, by its short name. */
	zoneOf(site: Site): Zone | undefined {
		const named = site.zones.find((z) => z.key === this.zone || z.zone === this.zone);
		return named ?? firstZone(site);
	}

	/** The address of another of our pages that shows the same. */
	query(site: Site | undefined): string {
		return site && this.site ? `?${new URLSearchParams({ site: site.site })}` : '';
	}
}

export const place = new Place();
