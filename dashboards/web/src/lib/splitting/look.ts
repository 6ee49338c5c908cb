/** A ledger of contracts, looked through by the hub: it goes there, is read, and is not kept. */
import type { components } from '#lib/api/schema.d.ts';
import { Problem, session } from '#lib/session.svelte.ts';
import { speech } from '#lib/words/words.svelte.ts';

export type Checked = components['schemas']['SplittingSeen'];
export type Finding = components['schemas']['SplitSeen'];

export const SHEET = '/api/v1/automation/splitting/sheet';

/** What looks split in the ledger. Throws Problem. */
export async function look(file: Blob): Promise<Checked> {
	let answer: Response;
	try {
		answer = await fetch(SHEET, {
			method: 'POST',
			body: file,
			headers: {
				'Content-Type': 'application/octet-stream',
				'Accept-Language': speech.lang,
				'X-CSRF-Token': session.me?.csrf_token ?? ''
			}
		});
	} catch {
		throw new Problem(0, {});
	}
	const told = await answer.json().catch(() => ({}));
	if (!answer.ok) throw new Problem(answer.status, told);
	return told as Checked;
}
