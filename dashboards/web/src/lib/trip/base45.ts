/** Base45 (RFC 9285): bytes in the alphabet that a QR code packs tightest. */
import type { Bytes } from './bytes.ts';
import { malformed } from './errors.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

export function encode(plain: Uint8Array): string {
	let letters = '';
	for (let at = 0; at < plain.length; at += 2) {
		const isPair = at + 1 < plain.length;
		let value = isPair ? plain[at]! * 256 + plain[at + 1]! : plain[at]!;
		for (let n = isPair ? 3 : 2; n > 0; n--) {
			letters += ALPHABET[value % 45];
			value = Math.floor(value / 45);
		}
	}
	return letters;
}

/** Throws MalformedProof. */
export function decode(text: string): Bytes {
	const bytes: number[] = [];
	for (let at = 0; at < text.length; at += 3) {
		const group = [...text.slice(at, at + 3)].map((letter) => ALPHABET.indexOf(letter));
		const value = group.reduce((sum, digit, place) => sum + digit * 45 ** place, 0);
		const length = group.length - 1;
		if (group.includes(-1) || length === 0 || value >= 256 ** length) malformed('Not base45.');
		bytes.push(...(length === 2 ? [value >> 8, value & 255] : [value]));
	}
	return Uint8Array.from(bytes);
}
