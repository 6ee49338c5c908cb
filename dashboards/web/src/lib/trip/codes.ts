/** What the QR codes say: `TP1:`, `TP2:` or `TP3:` and base45. Anything else is refused unread. */
import * as base45 from './base45.ts';
import type { Bytes } from './bytes.ts';
import { malformed } from './errors.ts';

export const CODES = ['TP1:', 'TP2:', 'TP3:'] as const;
export type Code = (typeof CODES)[number];
const MAX_CHARS = 4 + Math.floor((2_048 + 1) / 2) * 3;

export function text(code: Code, content: Uint8Array): string {
	return code + base45.encode(content);
}

export function read(scanned: string): [Code, Bytes] {
	if (scanned.length > MAX_CHARS) malformed('Too long for a code of ours.');
	const code = CODES.find((one) => scanned.startsWith(one));
	if (!code) return malformed('Not a code of ours.');
	return [code, base45.decode(scanned.slice(code.length))];
}
