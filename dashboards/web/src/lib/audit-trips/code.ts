/** What was scanned or pasted: one of our codes, or one sentence why not. It is never opened. */
import type { Bytes } from '#lib/trip/bytes.ts';
import * as codes from '#lib/trip/codes.ts';

const SEALED = 0x83; // section 7: the first byte tells the two kinds of TP3 apart

export type Scanned =
	| { kind: 'proof'; text: string; bytes: Bytes }
	| { kind: 'pointer'; text: string; bytes: Bytes }
	| { kind: 'carried'; text: string; bytes: Bytes }
	| { kind: 'challenges' }
	| { kind: 'damaged' }
	| { kind: 'foreign' };

/** A space is a letter of base45, so only line breaks are taken out. */
export function scanned(raw: string): Scanned {
	const text = raw.replace(/[\r\n\t]/g, '').replace(/^ +/, '');
	if (!codes.CODES.some((one) => text.startsWith(one))) return { kind: 'foreign' };
	try {
		const [code, bytes] = codes.read(text);
		if (!bytes.length) return { kind: 'damaged' };
		if (code === 'TP1:') return { kind: 'proof', text, bytes };
		if (code === 'TP2:') return { kind: 'pointer', text, bytes };
		return bytes[0] === SEALED ? { kind: 'carried', text, bytes } : { kind: 'challenges' };
	} catch {
		return { kind: 'damaged' };
	}
}
