/** What this browser remembers. An iframe may be refused storage: then nothing is remembered. */

export type Remembered = 'lang' | 'scheme' | 'site' | 'only';

export function recall(key: Remembered): string | null {
	try {
		return localStorage.getItem(`cheongsa.${key}`);
	} catch {
		return null;
	}
}

export function remember(key: Remembered, value: string): void {
	try {
		localStorage.setItem(`cheongsa.${key}`, value);
	} catch {
		// Refused or full: the choice holds for this visit.
	}
}
