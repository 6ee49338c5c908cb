/** An office PC between a phone and the hub: it brings what it scanned, and shows challenges. */
import { Problem, session } from '../session.svelte.ts';
import { fromBase64url, type Bytes } from './bytes.ts';
import * as codes from './codes.ts';
import { malformed } from './errors.ts';
import { decodeKeySet, find } from './keys.ts';
import * as verdict from './verdict.ts';

const SEALED = 0x83; // section 7: the first byte tells the two kinds of TP3 apart

/** What a scanned text carries for the hub. Throws MalformedProof: another code, or none of ours. */
export function carriedBy(text: string): Bytes {
	const [code, content] = codes.read(text);
	return code === 'TP3:' && content[0] === SEALED ? content : malformed('Nothing for the hub.');
}

/** Hand it to the hub; what the hub says of the proof. Throws Problem. */
export async function bring(content: Bytes): Promise<verdict.Verdict> {
	const answer = await ask('/api/v1/trips/carried', content);
	const said = fromBase64url(((await answer.json()) as { verdict: string }).verdict);
	const told = await ask('/.well-known/cheongsa/keys?form=cose');
	const keys = await decodeKeySet(new Uint8Array(await told.arrayBuffer()));
	return verdict.verified(said, find(keys, verdict.read(said).kid));
}

/** Challenges for an own phone, as its camera takes them. Throws Problem. */
export async function challengesFor(kid: string): Promise<Bytes> {
	const answer = await ask(`/api/v1/trips/devices/${kid}/challenges`, new Uint8Array());
	return new Uint8Array(await answer.arrayBuffer());
}

async function ask(path: string, body?: Bytes): Promise<Response> {
	const headers = { 'Content-Type': 'application/cose', 'X-CSRF-Token': session.me?.csrf_token ?? '' };
	const given: RequestInit = body ? { method: 'POST', body, headers } : {};
	let answer: Response;
	try {
		answer = await fetch(path, { ...given, cache: 'no-store' });
	} catch {
		throw new Problem(0, {});
	}
	if (answer.ok) return answer;
	throw new Problem(answer.status, await answer.json().catch(() => ({})));
}
