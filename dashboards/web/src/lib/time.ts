/** Times as the office reads them: Asia/Seoul, whatever clock the computer has. */

const ZONE = 'Asia/Seoul';
const MINUTE_MS = 60_000;

const clockParts = new Intl.DateTimeFormat('en-GB', {
	timeZone: ZONE,
	hour: '2-digit',
	minute: '2-digit',
	hourCycle: 'h23'
});
const dayParts = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE });

/** `12:04`. */
export function clock(ms: number): string {
	return clockParts.format(ms);
}

/** `2026-11-20`, the day in Seoul. */
export function day(ms: number): string {
	return dayParts.format(ms);
}

/** 0 is today, 1 tomorrow; whole days in Seoul. */
export function daysAhead(ms: number, nowMs: number): number {
	return Math.round((Date.parse(day(ms)) - Date.parse(day(nowMs))) / 86_400_000);
}

/** `금요일`, `Friday`. */
export function weekday(ms: number, lang: string): string {
	return new Intl.DateTimeFormat(lang, { timeZone: ZONE, weekday: 'long' }).format(ms);
}

/** `11월 20일 금요일`, `Friday 20 November`. */
export function date(ms: number, lang: string): string {
	return new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, {
		timeZone: ZONE,
		month: 'long',
		day: 'numeric',
		weekday: 'long'
	}).format(ms);
}

/** The five minutes people would say ("12:20쯤"), never one that has passed. */
export function aboutFive(ms: number, nowMs: number): number {
	const five = 5 * MINUTE_MS;
	const nearest = Math.round(ms / five) * five;
	return nearest > nowMs ? nearest : nearest + five;
}

const monthDayParts = new Intl.DateTimeFormat('en-US', {
	timeZone: ZONE,
	month: 'numeric',
	day: 'numeric'
});

/** `11/20`: on an axis of days. */
export function monthDay(ms: number): string {
	return monthDayParts.format(ms);
}
