/**
 * A trip that goes from the department's trips into a travel paper. It is carried by this tab alone:
 * the hub's automations know nothing of trip proofs.
 */
export interface Handed {
	order: string;
	begins: string;
	ends: string;
	destination: string;
	purpose: string;
	names: string[];
	/** What its proofs said, in words. */
	proof: string;
}

const KEPT = 'cheongsa-trip-for-paper';

export const handOver = (trip: Handed): void => sessionStorage.setItem(KEPT, JSON.stringify(trip));

/** What was handed over, once; null: nothing was, or it cannot be read. */
export function taken(): Handed | null {
	const text = sessionStorage.getItem(KEPT);
	sessionStorage.removeItem(KEPT);
	try {
		const told = JSON.parse(text ?? 'null') as Handed | null;
		return told && [told.order, told.begins, told.ends].every((one) => typeof one === 'string') ? told : null;
	} catch {
		return null;
	}
}

export interface Evidence {
	minute: string;
	grade: number;
	/** 3: outside of the destination. */
	place: number;
}

const OUTSIDE = 3;
/** More names than these are a number alone: the paper has one line. */
const NAMES_MOST = 3;

/**
 * `원터치 2건(09:03~17:12), 가장 낮은 등급 B, 출장지 밖 1건, 종이·사진 확인 1건, 확인 없음 1명(김하늘)`;
 * empty: there is no proof at all. `without`: who has none.
 */
export function proofSaid(touches: readonly Evidence[], papers: number, without: readonly string[] = []): string {
	const parts: string[] = [];
	if (touches.length) {
		const minutes = touches.map(({ minute }) => minute).sort((a, b) => Date.parse(a) - Date.parse(b)).map(clock);
		const span = minutes.length > 1 ? `${minutes[0]}~${minutes.at(-1)}` : minutes[0];
		parts.push(`원터치 ${touches.length}건(${span})`);
		parts.push(`가장 낮은 등급 ${'?ABC'[Math.max(...touches.map(({ grade }) => grade))] ?? '?'}`);
	}
	const outside = touches.filter(({ place }) => place === OUTSIDE).length;
	if (outside) parts.push(`출장지 밖 ${outside}건`);
	if (papers) parts.push(`종이·사진 확인 ${papers}건`);
	if (parts.length && without.length) {
		const named = without.length > NAMES_MOST ? '' : `(${without.join('·')})`;
		parts.push(`확인 없음 ${without.length}명${named}`);
	}
	return parts.join(', ');
}

/** `2026-11-20T13:00`, as clocks in Seoul said. */
export const inSeoul = (iso: string): string =>
	new Date(Date.parse(iso) + 9 * 3_600_000).toISOString().slice(0, 16);

/** The minute in Seoul, with its day: a trip may be of several. */
function clock(iso: string): string {
	const seoul = inSeoul(iso);
	return `${Number(seoul.slice(5, 7))}. ${Number(seoul.slice(8, 10))}. ${seoul.slice(11)}`;
}
