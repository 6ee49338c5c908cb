/** What the pages of a department's trips share: shapes, months, and files that the hub makes. */
import type { components } from './api/schema.d.ts';
import { Problem, session } from './session.svelte.ts';
import { day } from './time.ts';
import { speech } from './words/words.svelte.ts';

type Schemas = components['schemas'];
export type Month = Schemas['MonthSeen'];
export type Trip = Schemas['TripSeen'];
export type Traveller = Schemas['TravellerOfTrip'];
export type Touch = Schemas['TouchSeen'];
export type Confirmation = Schemas['ConfirmationSeen'];
export type State = Trip['state'];
export type Row = Schemas['RowRead'];
export type Place = Schemas['KnownPlace'];
export type Order = Schemas['OrderGiven'];

/** In the order in which somebody looks after them. */
export const STATES: readonly State[] = ['nothing', 'partly', 'going', 'ahead', 'confirmed'];
export const TONES: Record<State, 'crowded' | 'busy' | 'plain' | 'relaxed'> = {
	nothing: 'crowded',
	partly: 'busy',
	going: 'plain',
	ahead: 'plain',
	confirmed: 'relaxed'
};

/** `2026-11`, so many months further. */
export function monthAfter(month: string, months: number): string {
	const [year, number] = month.split('-').map(Number) as [number, number];
	const count = year * 12 + number - 1 + months;
	return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}

/** The month that it is in Seoul. */
export const monthNow = (nowMs: number): string => day(nowMs).slice(0, 7);

/** `2026-11-21T09:00` as it is typed, in Seoul; and back. */
export const fromSeoul = (typed: string): string => `${typed}:00+09:00`;
export const toSeoul = (iso: string): string =>
	new Date(Date.parse(iso) + 9 * 3_600_000).toISOString().slice(0, 16);

/** Degrees as people type them, as the hub keeps them; null: no degrees. */
export function e7(typed: string, most: number): number | null {
	if (!/^\s*-?\d{1,3}(\.\d{1,12})?\s*$/.test(typed)) return null;
	const found = Math.round(Number(typed) * 1e7);
	return Math.abs(found) <= most * 1e7 ? found : null;
}
export const degrees = (value: number): string => (value / 1e7).toFixed(7).replace(/\.?0+$/, '');

/** SHA-256 of a file in hex, reckoned here: the file stays where it is. */
export async function fingerprint(file: Blob): Promise<string> {
	const hashed = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
	return Array.from(new Uint8Array(hashed), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A file that the hub makes, saved under `name`. Throws Problem. */
export async function bring(method: 'GET' | 'POST', path: string, name: string, body?: unknown): Promise<void> {
	const headers: Record<string, string> = { 'Accept-Language': speech.lang };
	if (method === 'POST') {
		headers['X-CSRF-Token'] = session.me?.csrf_token ?? '';
		headers['Content-Type'] = 'application/json';
	}
	let answer: Response;
	try {
		answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
	} catch {
		throw new Problem(0, {});
	}
	if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})));
	const url = URL.createObjectURL(await answer.blob());
	const link = Object.assign(document.createElement('a'), { href: url, download: name });
	link.click();
	URL.revokeObjectURL(url);
}
