/** What the auditor has on the desk while the page is open: the key, and what it opened. */
import { fromBase64 } from '#lib/trip/bytes.ts';
import { opened as unlocked, type AuditorKey } from '#lib/trip/key-file.ts';
import type { Statement } from '#lib/trip/statement.ts';
import type { Auditors, Place } from './ask.ts';
import * as ask from './ask.ts';
import { keep, kept, type Kept } from './held.ts';

class Desk {
	/** In memory only: gone with `close`, or with the page. */
	key = $state.raw<AuditorKey | null>(null);
	kept = $state.raw<Kept | null>(null);
	auditors = $state.raw<Auditors | null>(null);
	places = $state.raw<Place[]>([]);
	/** What was opened, by the proof's id. */
	opened = $state.raw<ReadonlyMap<string, Statement>>(new Map());
	/** Why proofs are opened: typed once, said each time. */
	why = $state('');

	async start(): Promise<void> {
		this.kept = kept();
		[this.auditors, this.places] = await Promise.all([ask.auditors(), ask.places()]);
	}

	/** Throws TripProofError: no key file, another passphrase. */
	async open(file: string, passphrase: string): Promise<void> {
		this.key = await unlocked(file, passphrase);
	}

	close(): void {
		this.key = null;
		this.opened = new Map();
		this.why = '';
	}

	saw(cti: string, statement: Statement | null): void {
		if (statement) this.opened = new Map([...this.opened, [cti, statement]]);
	}

	/** Hold what the hub says now: whatever it changes from here on shows. */
	async holdNow(): Promise<void> {
		const [keys, note] = await Promise.all([ask.keySet(), ask.checkpoint()]);
		this.kept = keep(keys, note, Date.now());
	}

	/** A newer checkpoint that was proven to go on from the one held. */
	goesOn(note: string): void {
		if (this.kept) this.kept = keep(this.keysHeld(), note, this.kept.at);
	}

	/** A checkpoint that the auditor brought. */
	async brought(note: string): Promise<void> {
		const keys = this.kept ? this.keysHeld() : await ask.keySet();
		this.kept = keep(keys, note, Date.now());
	}

	private keysHeld() {
		return fromBase64(this.kept!.keys);
	}
}

export const desk = new Desk();
