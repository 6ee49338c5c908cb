/** What the pages of devices ask the hub. */
import type { components } from './api/schema.d.ts';
import { session } from './session.svelte.ts';

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
export type Deaf = Schemas['DeafSeen'];
export type HomeSwitch = Schemas['SwitchSeen'];
export type Span = 'day' | 'week' | 'month';
export type Tone = 'crowded' | 'busy' | 'plain' | 'relaxed';

const BASE = '/api/v1';

export const read = <T,>(path: string): Promise<T> => session.ask<T>('GET', BASE + path);

/** Change something: with the token of the session. Throws Problem. */
export async function act<T>(method: string, path: string, body?: unknown): Promise<T> {
	if (!session.me) await session.load();
	return session.ask<T>(method, BASE + path, body);
}

export function toneOf(finding: Finding | null | undefined): Tone {
	if (!finding) return 'relaxed';
	return { down: 'crowded', sick: 'busy', note: 'plain' }[finding.severity] as Tone;
}

export function pageOf(of: { site: string; node: string }): string {
	return `/device?${new URLSearchParams({ site: of.site, node: of.node })}`;
}
