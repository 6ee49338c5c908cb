/** What the auditor's pages of trips ask the hub. */
import type { components } from '#lib/api/schema.d.ts';
import { fromBase64url, type Bytes } from '#lib/trip/bytes.ts';
import { Problem, session } from '#lib/session.svelte.ts';
import { speech } from '#lib/words/words.svelte.ts';

type Schemas = components['schemas'];
export type Proof = Schemas['ProofReviewed'];
export type ProofWhole = Schemas['ProofWhole'];
export type Order = Schemas['OrderReviewed'];
export type TripWhole = Schemas['TripReviewed'];
export type Questions = Schemas['Questions'];
export type Question = Schemas['TripQuestionSeen'];
export type Auditors = Schemas['AuditorsSeen'];
export type Place = Schemas['KnownPlace'];
export type Kept = Schemas['AuditorKept'];

const TRIPS = '/api/v1/trips';
export const PAGE = 100; // what the hub gives at once

export const proofs = (sieve: URLSearchParams) =>
	session.ask<Proof[]>('GET', `${TRIPS}/audit/proofs?${sieve}`);
export const proof = (cti: string) => session.ask<ProofWhole>('GET', `${TRIPS}/audit/proofs/${cti}`);
export const trip = (number: string) =>
	session.ask<TripWhole>('GET', `${TRIPS}/audit/trip?${new URLSearchParams({ trip: number })}`);
export const questions = (sieve: URLSearchParams) =>
	session.ask<Questions>('GET', `${TRIPS}/audit/questions?${sieve}`);
export const auditors = () => session.ask<Auditors>('GET', `${TRIPS}/auditor`);
export const places = () => session.ask<Place[]>('GET', `${TRIPS}/places`);

export async function publish(body: Schemas['AuditorGiven']): Promise<Kept> {
	if (!session.me) await session.load();
	return session.ask<Kept>('PUT', `${TRIPS}/auditor`, body);
}

/** A code's bytes as they are: `sealed`, an X that came alone; `carried`, a phone's TP3. */
export async function bring(to: 'sealed' | 'carried', bytes: Bytes): Promise<{ index: number; cti?: string }> {
	if (!session.me) await session.load();
	return session.ask('POST', `${TRIPS}/${to}`, new Blob([bytes], { type: 'application/cose' }));
}

/** The bundle of a proof. That it was asked for is an entry of the log: `why` stands there. */
export function bundle(cti: string, why: string, held: number | null): Promise<Bytes> {
	const given = new URLSearchParams({ why });
	if (held) given.set('held', String(held));
	return bytes(`${TRIPS}/proofs/${cti}/bundle?${given}`);
}

export const keySet = () => bytes('/.well-known/cheongsa/keys?form=cose');
export const checkpoint = async () => new TextDecoder().decode(await bytes('/api/v1/log/checkpoint'));
/** The consistency proof (5.3) from one size to another. */
export async function consistency(from: number, to: number): Promise<Bytes> {
	const given = new URLSearchParams({ from: String(from), to: String(to) });
	const told = await session.ask<Schemas['Consistent']>('GET', `/api/v1/log/consistency?${given}`);
	return fromBase64url(told.proof);
}

/** The newest that a second office signed; null: none did. */
export async function cosigned(): Promise<string | null> {
	try {
		return new TextDecoder().decode(await bytes('/api/v1/log/checkpoint?cosigned=true'));
	} catch (error) {
		if (error instanceof Problem && error.kind === 'trip-no-such-size') return null;
		throw error;
	}
}

export const exported = async () => (await got('/api/v1/log/export')).blob();

async function bytes(path: string): Promise<Bytes> {
	return new Uint8Array(await (await got(path)).arrayBuffer());
}

async function got(path: string): Promise<Response> {
	let answer: Response;
	try {
		answer = await fetch(path, { headers: { 'Accept-Language': speech.lang } });
	} catch {
		throw new Problem(0, {});
	}
	if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})));
	return answer;
}
