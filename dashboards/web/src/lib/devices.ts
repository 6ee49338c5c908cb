/** What the pages of devices ask the hub, and what it answers when it will not. */
import type { components } from './api/schema.d.ts';

type Schemas = components['schemas'];
export type Devices = Schemas['DevicesSeen'];
export type Device = Schemas['DeviceSeen'];
export type DeviceWhole = Schemas['DeviceWhole'];
export type Finding = Schemas['FindingSeen'];
export type Alert = Schemas['AlertSeen'];
export type History = Schemas['HistorySeen'];
export type Fared = Schemas['Fared'];
export type Command = Schemas['CommandSeen'];
export type Quiet = Schemas['QuietSeen'];
export type Span = 'day' | 'week' | 'month';
export type Tone = 'crowded' | 'busy' | 'plain' | 'relaxed';

const BASE = '/api/v1';

/** The hub said no, in words; status 0: it could not be reached. */
export class Refused extends Error {
	readonly status: number;
	constructor(status: number, said: string) {
		super(said);
		this.status = status;
	}
}

export async function read<T>(path: string): Promise<T> {
	return (await send(path)).json() as Promise<T>;
}

/** Change something: with the token of the session. */
export async function act<T>(method: string, path: string, body?: unknown): Promise<T | null> {
	const me = await read<{ csrf_token: string }>('/me');
	const answer = await send(path, {
		method,
		headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf_token },
		body: body === undefined ? undefined : JSON.stringify(body)
	});
	return answer.status === 204 ? null : ((await answer.json()) as T);
}

async function send(path: string, given?: RequestInit): Promise<Response> {
	let answer: Response;
	try {
		answer = await fetch(BASE + path, given);
	} catch {
		throw new Refused(0, '');
	}
	if (answer.ok) return answer;
	const problem = (await answer.json().catch(() => null)) as { detail?: string } | null;
	throw new Refused(answer.status, problem?.detail ?? '');
}

export function toneOf(finding: Finding | null | undefined): Tone {
	if (!finding) return 'relaxed';
	return { down: 'crowded', sick: 'busy', note: 'plain' }[finding.severity] as Tone;
}

export function pageOf(of: { site: string; node: string }): string {
	return `/device?${new URLSearchParams({ site: of.site, node: of.node })}`;
}
