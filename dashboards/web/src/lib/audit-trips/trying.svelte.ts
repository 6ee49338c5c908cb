/** One thing at a time is asked of the hub; what it said instead is kept to be shown. */
import { Problem } from '#lib/session.svelte.ts';

export class Trying {
	isBusy = $state(false);
	refused = $state.raw<Problem | null>(null);

	/** Do it; `null` where the hub refused or was away. Any other error is thrown on. */
	async to<T>(act: () => Promise<T>): Promise<T | null> {
		[this.isBusy, this.refused] = [true, null];
		try {
			return await act();
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			this.refused = error;
			return null;
		} finally {
			this.isBusy = false;
		}
	}
}
