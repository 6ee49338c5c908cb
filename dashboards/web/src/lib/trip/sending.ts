/**
 * What waits is sent, the oldest first, and what the hub answers is checked before it is believed.
 *
 * Known by its `cti`, a proof becomes one record however often it is sent. Asked by the key alone:
 * no session is needed. Runs in a page and in the service worker; one at a time over all tabs.
 */
import { fromBase64url, fromHex, hex, same, sha256, type Bytes } from './bytes.ts';
import * as ask from './ask.ts';
import * as challenge from './challenge.ts';
import * as checkpoint from './checkpoint.ts';
import { contradicts, TripProofError } from './errors.ts';
import { decodeKeySet, find, HUB_SIGNS, type NamedKey, type PublicKey } from './keys.ts';
import * as leaf from './leaf.ts';
import * as receipt from './receipt.ts';
import { change, device as read, keepDiffers, settle, waiting, type Device, type Differs, type Proof, type Store } from './store.ts';
import { stand } from './standing.ts';
import * as tree from './tree.ts';
import * as upload from './upload.ts';
import * as verdict from './verdict.ts';

const COSE = 'application/cose';
/** Fewer than this, or soon over: more are fetched. */
const FEW = 5;
const SOON_S = 6 * 3600;
const PATIENCE_MS = 30_000;
/** What the hub never takes, however often it is sent (docs/trip-protocol.md, 13.4). */
const FOR_GOOD = [
	'trip-malformed',
	'trip-bad-signature',
	'trip-unknown-device',
	'trip-key-ended',
	'trip-other-person',
	'trip-sealed-elsewhere',
	'trip-id-taken'
];
/** After these no touch of this key is worth anything until somebody enrols or agrees again. */
const ENDS = ['trip-unknown-device', 'trip-key-ended', 'trip-no-consent'];

/** `done`: nothing waits. `away`: no hub. `later`: it answers, but takes nothing now. */
export type Outcome = 'done' | 'away' | 'later' | 'ended';

interface Answer {
	cti: string;
	leaf: string;
	receipt: string;
	verdict: string;
	checkpoint: string;
}

interface Way {
	proof: string;
	checkpoint: string;
}

class Away extends Error {}
/** What the hub said instead of doing it: the last word of the problem's type. */
export class Refused extends Error {
	readonly kind: string;
	constructor(kind: string) {
		super(kind);
		this.kind = kind;
	}
}

/** Run it while nothing is sent, in whichever tab; where there are no locks, at once. */
export function alone<T>(work: () => Promise<T>): Promise<T> {
	const locks = globalThis.navigator?.locks;
	return locks ? (locks.request('cheongsa-trip-send', work) as Promise<T>) : work();
}

/** Send all that waits, then fetch challenges and look whether the log is still the same one. */
export function send(db: Store, heard: () => void = () => undefined): Promise<Outcome> {
	return alone(async () => {
		try {
			await sendAll(db, heard);
			await stand(db, hear);
			await refill(db);
			await compare(db);
			return (await read(db))?.ended ? 'ended' : 'done';
		} catch (error) {
			if (error instanceof Away) return 'away';
			if (!(error instanceof Refused)) throw error;
			if (!ENDS.includes(error.kind)) return 'later';
			await change(db, (held) => (held.ended = error.kind));
			await stand(db, hear).catch(() => undefined); // why it ended; unsaid where nobody answers
			await compare(db).catch(() => undefined); // a hub that went back knows fewer keys
			return 'ended';
		} finally {
			heard();
		}
	});
}

async function sendAll(db: Store, heard: () => void): Promise<void> {
	for (const proof of await waiting(db)) {
		const refused = await sendOne(db, proof);
		heard();
		const held = await read(db);
		const isOurs = !!held && hex(held.key.public.kid) === proof.kid;
		if (refused && isOurs && (ENDS.includes(refused) || !FOR_GOOD.includes(refused)))
			throw new Refused(refused);
	}
}

/** Send it; why the hub did not take it, or null. Another person's waits for their turn. */
async function sendOne(db: Store, proof: Proof): Promise<string | null> {
	try {
		await settle(db, await put(db, proof));
		return null;
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		if (FOR_GOOD.includes(error.kind)) await settle(db, { ...proof, state: 'refused', why: error.kind });
		return error.kind;
	}
}

async function put(db: Store, proof: Proof): Promise<Proof> {
	const { statement, sealed, before } = proof;
	const body = upload.encode({ statement: statement!, sealed: sealed!, before });
	const reply = await hear(db, `/api/v1/trips/proofs/${proof.cti}`, 'PUT', body);
	const answer = (await reply.json()) as Answer;
	try {
		return await checked(db, proof, answer);
	} catch (error) {
		if (!(error instanceof TripProofError)) throw error;
		return { ...proof, state: 'doubtful', why: error.wrong };
	}
}

/** The proof as the hub holds it, once all of its answer fits what was sent. */
async function checked(db: Store, proof: Proof, answer: Answer): Promise<Proof> {
	const [entry, held, said] = [answer.leaf, answer.receipt, answer.verdict].map(fromBase64url) as [Bytes, Bytes, Bytes];
	const told = receipt.read(held);
	const root = await receipt.root(told, entry, await hubKey(db, told.kid));
	const note = checkpoint.read(answer.checkpoint);
	await signedByHub(db, note);
	if (note.size !== told.size || !same(note.root, root)) contradicts('Another root than the receipt.');
	await fits(leaf.decode(entry), proof, said);
	const judged = await verdict.verified(said, await hubKey(db, verdict.read(said).kid));
	if (hex(judged.cti) !== proof.cti) contradicts('The verdict is on another proof.');
	const { grade, reasons } = judged;
	return { ...proof, state: 'stored', statement: null, before: null, receipt: held, leaf: entry, verdict: said, grade, reasons };
}

/** That the leaf hashes exactly what was sent, and the verdict that came. */
async function fits(entry: leaf.Leaf, proof: Proof, said: Bytes): Promise<void> {
	const hashes = await Promise.all([proof.statement!, proof.sealed!, said].map(sha256));
	const logged = [entry.statement, entry.sealed, entry.verdict];
	const isOurs = entry.type === leaf.PROOF && same(entry.ref!, fromHex(proof.cti));
	if (!isOurs || !logged.every((one, n) => one && same(one, hashes[n]!)))
		contradicts('The log holds something else than what was sent.');
}

/** The hub's signing key of this id; where it is new, the hub's keys are read again. */
async function hubKey(db: Store, kid: Bytes): Promise<PublicKey> {
	const keys = await decodeKeySet((await read(db))!.keys);
	return find(keys.some((one) => same(one.key.kid, kid)) ? keys : await freshKeys(db), kid);
}

async function freshKeys(db: Store): Promise<NamedKey[]> {
	const reply = await hear(db, '/.well-known/cheongsa/keys?form=cose');
	const encoded = new Uint8Array(await reply.arrayBuffer());
	const fresh = await decodeKeySet(encoded);
	await change(db, (held) => (held.keys = encoded));
	return fresh;
}

async function refill(db: Store): Promise<void> {
	const held = await read(db);
	if (!held || held.ended) return;
	const now = Math.floor(Date.now() / 1000);
	const good = held.challenges.filter((one) => one.expiresAt > now + SOON_S);
	if (good.length >= FEW) return;
	const body = await ask.sign(held.key, 'challenges', now, good.length);
	const reply = await hear(db, '/api/v1/trips/challenges', 'POST', body);
	await take(db, new Uint8Array(await reply.arrayBuffer()));
}

/** Keep challenges, whether they came over the network or from a screen. */
export async function take(db: Store, encoded: Bytes): Promise<void> {
	const key = await hubKey(db, challenge.read(encoded).kid);
	const { device, issuedAt, expiresAt, values } = await challenge.verified(encoded, key);
	await change(db, (held) => {
		if (!same(device, held.key.public.kid)) contradicts('These are for another device.');
		const fresh = values.map((value) => ({ value, issuedAt, expiresAt }));
		const kept = held.challenges.filter((one) => !values.some((value) => same(value, one.value)));
		held.challenges = [...kept, ...fresh].slice(-2 * challenge.AT_ONCE);
	});
}

/** That the log of now begins with the log as it was last seen; then that of now is kept. */
async function compare(db: Store): Promise<void> {
	const held = await read(db);
	const old = held?.checkpoint ? checkpoint.read(held.checkpoint) : null;
	if (!held || !old) return;
	const way = old.size ? await wayFrom(db, old.size) : null;
	const told = way?.checkpoint ?? (await (await hear(db, '/api/v1/log/checkpoint')).text());
	let isSigned = false;
	try {
		const fresh = checkpoint.read(told);
		await signedByHub(db, fresh);
		if (fresh.origin !== old.origin) contradicts('Another log.');
		isSigned = true;
		if (way) await goesOn(old, fresh, way.proof);
		if (way || !old.size) await change(db, (now) => (now.checkpoint = told), held.key.public.kid);
		else if (fresh.size < old.size) await keepDiffers(db, seen(held, told, 'shorter'));
		// else it grew between the two questions: the next sync asks again
	} catch (error) {
		if (!(error instanceof TripProofError)) throw error;
		await keepDiffers(db, { ...seen(held, told, 'other'), said: error.message, isSigned });
	}
}

/**
 * The way from a log of `size` entries to that of now; null: the log of now is not that long.
 *
 * The hub signed one of that size for this phone, so it came back from an older backup, or what
 * followed was taken out. Its word alone is no evidence: what it signs as its log of now is.
 */
async function wayFrom(db: Store, size: number): Promise<Way | null> {
	try {
		return (await (await hear(db, `/api/v1/log/consistency?from=${size}`)).json()) as Way;
	} catch (error) {
		if (error instanceof Refused && error.kind === 'trip-no-such-size') return null;
		throw error;
	}
}

async function goesOn(old: checkpoint.Checkpoint, fresh: checkpoint.Checkpoint, way: string): Promise<void> {
	const proof = tree.decodeConsistency(fromBase64url(way));
	if (fresh.size !== proof.size || proof.old !== old.size) contradicts('Not the way between these two logs.');
	await tree.checkConsistency(old, fresh, proof.path);
}

function seen(held: Device, told: string, how: Differs['how']): Differs {
	const found = { at: Date.now(), who: held.who, how, said: '', before: held.checkpoint!, told };
	return { ...found, isSigned: true, savedAt: null, handedAt: null };
}

async function signedByHub(db: Store, note: checkpoint.Checkpoint): Promise<void> {
	const known = await decodeKeySet((await read(db))!.keys);
	if (await isSigned(note, known)) return;
	if (await isSigned(note, await freshKeys(db))) return; // by a key that is newer than ours
	throw new TripProofError('UnknownKey', 'The hub did not sign this checkpoint.');
}

async function isSigned(note: checkpoint.Checkpoint, keys: NamedKey[]): Promise<boolean> {
	for (const { key } of keys.filter((one) => one.use === HUB_SIGNS)) {
		const fits = await checkpoint.verify(note, key).then(() => true, () => false);
		if (fits) return true;
	}
	return false;
}

/** Ask the hub, without the session; with a body, in the device's name. What its clock says is kept. */
async function hear(db: Store, path: string, method = 'GET', body?: Bytes): Promise<Response> {
	const given: RequestInit = body ? { method, body, headers: { 'Content-Type': COSE } } : { method };
	const signal = AbortSignal.timeout(PATIENCE_MS);
	let reply: Response;
	try {
		reply = await fetch(path, { ...given, credentials: 'omit', cache: 'no-store', signal });
	} catch {
		throw new Away();
	}
	const hubMs = Date.parse(reply.headers.get('Date') ?? '');
	const offS = Math.round((hubMs - Date.now()) / 1000);
	if (Number.isFinite(offS)) await change(db, (held) => (held.clockOffS = offS));
	if (reply.ok) return reply;
	if (reply.status >= 500) throw new Away(); // the proxy or the hub is not well: as good as no network
	const problem = (await reply.json().catch(() => ({}))) as { type?: string };
	throw new Refused(problem.type?.split(':').at(-1) ?? `http-${reply.status}`);
}
