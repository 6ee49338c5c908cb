/**
 * Which door of the hub is open here: all of it, or one part alone (`hub web --only trip`).
 *
 * The hub says so with every answer of its API; where it does not answer, the last word holds.
 */
import { recall, remember } from './memory.ts';

class Door {
	/** The part that is all there is here; '': everything is. */
	only = $state('');

	start(): void {
		this.only = recall('only') ?? '';
	}

	heard(answer: Response): void {
		const only = answer.headers.get('Cheongsa-Only') ?? '';
		if (only === this.only) return;
		this.only = only;
		remember('only', only);
	}
}

export const door = new Door();
