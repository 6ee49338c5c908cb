/** Whether a passphrase will do for a quarter's key, and one that nobody chose. */
import { PASSPHRASE_MIN_CHARS, passphraseChars } from '#lib/trip/key-file.ts';

const LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'; // none that looks like another
const GROUPS = 6;
const IN_GROUP = 4;
const DISTINCT_MIN = 8;

export type Strength = 'short' | 'dull' | 'strong';

export function strengthOf(passphrase: string): Strength {
	if (passphraseChars(passphrase) < PASSPHRASE_MIN_CHARS) return 'short';
	return new Set(passphrase.normalize('NFC')).size < DISTINCT_MIN ? 'dull' : 'strong';
}

/** Some 117 bits, in groups that can be read out. */
export function suggested(): string {
	const letters = Array.from({ length: GROUPS * IN_GROUP }, letter);
	return Array.from({ length: GROUPS }, (_, n) => letters.slice(n * IN_GROUP, (n + 1) * IN_GROUP).join('')).join('-');
}

/** Each as likely as any other: bytes that would favour some are thrown away. */
function letter(): string {
	const most = 256 - (256 % LETTERS.length);
	for (;;) {
		const byte = crypto.getRandomValues(new Uint8Array(1))[0]!;
		if (byte < most) return LETTERS[byte % LETTERS.length]!;
	}
}
