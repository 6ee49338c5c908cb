/** What is asked of the hub about business numbers. */
import { session } from '#lib/session.svelte.ts';
import type { Certificate, Line, Rows } from './rows.ts';

export const NUMBERS = '/api/v1/automation/business-numbers';
export const VENDORS = '/api/v1/automation/vendors';

export const look = (lines: readonly Line[], certificate: Certificate | null = null): Promise<Rows> =>
	session.ask<Rows>('POST', `${NUMBERS}/lookup`, { lines, certificate });

/** Two files for the hub: a sheet, and the answer that was carried in. */
export const together = async (sheet: Blob, answer: Blob) => ({
	sheet: await inBase64(sheet),
	answer: await inBase64(answer)
});

async function inBase64(file: Blob): Promise<string> {
	const bytes = new Uint8Array(await file.arrayBuffer());
	let text = '';
	for (const byte of bytes) text += String.fromCharCode(byte);
	return btoa(text);
}

/** A file as the hub takes it, whatever the computer calls its kind. */
export const send = <T>(path: string, file: File): Promise<T> =>
	session.ask<T>('POST', path, new Blob([file], { type: 'application/octet-stream' }));
