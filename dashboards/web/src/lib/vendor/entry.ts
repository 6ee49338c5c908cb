/** A business that was looked up, on its way into the book's form. It stays in this tab. */
export interface Entry {
	number: string;
	name: string;
	address: string;
	opened_on: string;
}

const PLACE = 'cheongsa-vendor-entry';

export function handOver(entry: Entry): void {
	sessionStorage.setItem(PLACE, JSON.stringify(entry));
}

/** What was handed over, once. */
export function handedOver(): Entry | null {
	const text = sessionStorage.getItem(PLACE);
	sessionStorage.removeItem(PLACE);
	try {
		return text ? (JSON.parse(text) as Entry) : null;
	} catch {
		return null;
	}
}
