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

/** Digits of what was typed, with commas: what a field shows while one types. */
export function withCommas(text: string): string {
	const digits = text.replace(/[^\d]/g, '').replace(/^0+(?=\d)/, '').slice(0, 15);
	return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `2026-11-02` as offices write it. */
export function written(day: string): string {
	const [year, month, date] = day.split('-').map(Number);
	return `${year}. ${month}. ${date}.`;
}

const UNITS: Record<string, string> = {
	krw: '원', days: '일', 'working-days': '일(평일)', hours: '시간', months: '개월', years: '년',
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
