/** Values as people read them: amounts in words, rules with their units, days with points. */
const WORDS = ['', '만', '억', '조'];

/** `12000000` as `1,200만원`: what one checks a long number by. Empty below ten thousand. */
export function inMyriads(won: number): string {
	if (!Number.isSafeInteger(won) || won < 10_000) return '';
	const parts: string[] = [];
	for (let left = won, nth = 0; left > 0; left = Math.floor(left / 10_000), nth++)
		if (left % 10_000) parts.unshift(`${(left % 10_000).toLocaleString('ko')}${WORDS[nth]}`);
	return `${parts.join(' ')}원`;
}

/** What was typed, with commas while one types. Words of amounts (`30만`) stay until the field is left. */
export function withCommas(text: string): string {
	const bare = text.normalize('NFKC').replace(/^금|원$|[₩,\s]/g, '');
	if (/\p{Script=Hangul}/u.test(bare)) return text;
	const [whole = '', ...parts] = bare.replace(/[^\d.]/g, '').split('.');
	const digits = whole.replace(/^0+(?=\d)/, '').slice(0, 15).replace(/\B(?=(\d{3})+$)/g, ',');
	return parts.length ? `${digits}.${parts.join('').slice(0, 3)}` : digits;
}

const MYRIADS: Record<string, number> = { 조: 1e12, 억: 1e8, 만: 1e4 };
const SMALL: Record<string, number> = { 천: 1000, 백: 100, 십: 10 };

/** The number that was meant by `1,700.50`, `３００`, `30만` or `1억 2천만`; else the text itself, for the hub to refuse. */
export function plainNumber(text: string): string {
	const bare = text.normalize('NFKC').replace(/^금|원$|[₩,\s]/g, '');
	if (/^\d+\.0*$/.test(bare)) return bare.replace(/\.0*$/, '');
	return /^[\d.]*[조억만천백십]/.test(bare) ? inWords(bare) ?? text : bare;
}

/** Each part with its unit, the units falling: `1억2천만`. */
function inWords(text: string): string | null {
	let [sum, last] = [0, Infinity];
	for (const [part, many = '', unit = ''] of text.matchAll(/([\d.천백십]*)([조억만]|$)/g)) {
		if (!part) break;
		const worth = MYRIADS[unit] ?? 1;
		const small = many ? inHundreds(many) : 1;
		if (small === null || worth >= last) return null;
		[sum, last] = [sum + small * worth, worth];
	}
	return /^[\d.천백십조억만]+$/.test(text) && Number.isSafeInteger(Math.round(sum)) ? String(Math.round(sum)) : null;
}

function inHundreds(text: string): number | null {
	let sum = 0;
	for (const [part, many, unit = ''] of text.matchAll(/([\d.]*)([천백십]|$)/g))
		if (part) sum += (many ? Number(many) : 1) * (SMALL[unit] ?? 1);
	return Number.isFinite(sum) ? sum : null;
}

/** `2026-11-02` as offices write it. */
export function written(day: string): string {
	const [year, month, date] = day.split('-').map(Number);
	return `${year}. ${month}. ${date}.`;
}

/** A day never breaks over two lines. */
export const unbroken = (text: string): string => text.replace(/(\d)\. (?=\d)/g, '$1.\u00a0');

/** Long numbers in a sentence of the hub, read as amounts. */
export const grouped = (text: string): string => text.replace(/\d{5,}/g, (digits) => withCommas(digits));

const UNITS: Record<string, string> = {
	krw: '원', days: '일', 'working-days': '일(평일)', hours: '시간', weeks: '주', months: '개월', age: '세',
	times: '회', people: '명', km: 'km'
};

/** A rule's value with its unit; null is no limit. */
export function ruleValue(value: string | null, unit: string, noLimit: string): string {
	if (value === null) return noLimit;
	if (unit === 'rate') return percent(Number(value));
	if (unit === 'mmdd') return `${Math.floor(Number(value) / 100)}월 ${Number(value) % 100}일`;
	return `${Number(value).toLocaleString('ko')}${UNITS[unit] ?? ''}`;
}

function percent(rate: number): string {
	return rate < 0.01 && rate > 0 ? `1000분의 ${round(rate * 1000)}` : `${round(rate * 100)}%`;
}
const round = (value: number) => Number(value.toFixed(6));
