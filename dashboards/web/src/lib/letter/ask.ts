/** What a page of a 기안문 asks of the hub. Nothing that is sent is kept there. */
import { session, Problem } from '#lib/session.svelte.ts';
import { bring } from '#lib/trips.ts';
import { speech } from '#lib/words/words.svelte.ts';
import { fileName, sent, type Draft, type Letter, type Linted, type Mended } from './letter.ts';

const AT = '/api/v1/automation/letter';

export const drafts = () => session.ask<Draft[]>('GET', `${AT}/drafts`);
export const lint = (letter: Letter) => session.ask<Linted>('POST', `${AT}/lint`, { letter: sent(letter) });
export const fix = (letter: Letter, with_advice: boolean) =>
	session.ask<Mended>('POST', `${AT}/fix`, { letter: sent(letter), with_advice });
export const download = (letter: Letter, form: 'hwpx' | 'pdf') =>
	bring('POST', `${AT}?format=${form}`, `${fileName(letter.title)}.${form}`, sent(letter));

/** The letter as a page of HTML, or as text. Throws Problem. */
export async function drawn(letter: Letter, form: 'html' | 'text'): Promise<string> {
	let answer: Response;
	try {
		answer = await fetch(`${AT}?format=${form}`, {
			method: 'POST',
			headers: {
				'Accept-Language': speech.lang,
				'Content-Type': 'application/json',
				'X-CSRF-Token': session.me?.csrf_token ?? ''
			},
			body: JSON.stringify(sent(letter))
		});
	} catch {
		throw new Problem(0, {});
	}
	if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})));
	return answer.text();
}
