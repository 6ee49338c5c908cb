/**
 * What this browser holds of the hub from before: its keys and one checkpoint (public things only).
 *
 * Genuine is said only against something held (docs/decisions/0215). The first time there is nothing
 * but the hub's word: from then on whatever the hub changes shows here.
 */
import { base64, fromBase64, type Bytes } from '#lib/trip/bytes.ts';
import type { Checkpoint } from '#lib/trip/checkpoint.ts';
import type { AuditorKey } from '#lib/trip/key-file.ts';
import { heldCheckpoint, keySet, type Held } from '#lib/verify/verify.ts';

const PLACE = 'cheongsa.trip.held';

export interface Kept {
	/** COSE_KeySet, base64. */
	keys: string;
	/** The checkpoint as it was signed. */
	note: string;
	/** When (ms since 1970). */
	at: number;
}

export function kept(): Kept | null {
	try {
		const told = JSON.parse(localStorage.getItem(PLACE) ?? 'null') as Kept | null;
		return told && typeof told.keys === 'string' && typeof told.note === 'string' ? told : null;
	} catch {
		return null; // storage is closed to us, or holds something else
	}
}

export function keep(keys: Bytes, note: string, at: number): Kept {
	const told = { keys: base64(keys), note, at };
	try {
		localStorage.setItem(PLACE, JSON.stringify(told));
	} catch {
		// it holds for as long as this page is open
	}
	return told;
}

export function checkpointOf(note: string): Checkpoint {
	return heldCheckpoint(new TextEncoder().encode(note) as Bytes);
}

/** For the verifier. */
export async function held(one: Kept | null, auditor: AuditorKey | null): Promise<Held> {
	if (!one) return { keys: null, checkpoints: [], auditor };
	return { keys: await keySet(fromBase64(one.keys)), checkpoints: [checkpointOf(one.note)], auditor };
}
