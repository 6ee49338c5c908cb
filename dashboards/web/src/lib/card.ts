/** Making a card: what is asked of the hub, and how its file reaches the person. */
import type { components } from './api/schema.d.ts';
import { Problem, session } from './session.svelte.ts';
import { speech } from './words/words.svelte.ts';

type Schemas = components['schemas'];
export type CardGiven = Schemas['CardGiven'];
export type Enrolled = Schemas['EnrolledSeen'];
export type Invited = Schemas['Invited'];

export interface Bundle {
	name: string;
	url: string;
}

/** Make a card. Throws Problem. */
export async function makeCard(site: string, node: string, given: CardGiven): Promise<Bundle> {
	const path = `/api/v1/nodes/${site}/${node}/card`;
	let answer: Response;
	try {
		answer = await fetch(path, {
			method: 'POST',
			headers: {
				'Accept-Language': speech.lang,
				'Content-Type': 'application/json',
				'X-CSRF-Token': session.me?.csrf_token ?? ''
			},
			body: JSON.stringify(given)
		});
	} catch {
		throw new Problem(0, {});
	}
	if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})));
	return { name: `cheongsa-${site}-${node}.zip`, url: URL.createObjectURL(await answer.blob()) };
}
