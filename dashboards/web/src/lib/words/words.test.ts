import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from './en.ts';
import { ko } from './ko.ts';

const NOON = Date.parse('2026-11-20T03:04:00Z'); // Friday 12:04 in Seoul
const HOUR = 3_600_000;

test('under a minute is never called zero', () => {
	assert.equal(ko.about(0), '1분 안');
	assert.equal(ko.about(59), '1분 안');
	assert.equal(ko.about(60), '약 1분');
	assert.equal(en.about(20), 'under a minute');
});

test('more than an hour is said in hours', () => {
	assert.equal(ko.about(3_600), '약 1시간');
	assert.equal(ko.about(3_900), '약 1시간 5분');
});

test('the range never promises more than the interval: down for the low end, up for the high', () => {
	assert.equal(ko.range(310, 539), '5~9분');
	assert.equal(ko.range(30, 130), '길어도 3분쯤');
	assert.equal(ko.range(0, 50), null);
	assert.equal(ko.range(300, 300), null);
});

test('without an upper bound only the lower one is said', () => {
	assert.equal(ko.range(310, null), '적어도 5분');
	assert.equal(ko.range(30, null), null);
});

test('advice names a round time that has not passed', () => {
	assert.equal(ko.goAt(NOON + 16.5 * 60_000, NOON), '12:20쯤');
	assert.equal(ko.goAt(NOON + 30_000, NOON), '12:05쯤');
	assert.equal(ko.goAt(NOON + 70_000, NOON + 69_000), '12:10쯤');
});

test('the next opening is said as people say days', () => {
	const opening = Date.parse('2026-11-20T08:30:00Z');
	assert.equal(ko.opens(opening, NOON), '오늘 17:30에 열어요');
	assert.equal(ko.opens(opening + 24 * HOUR, NOON), '내일 17:30에 열어요');
	assert.equal(ko.opens(opening + 72 * HOUR, NOON), '월요일 17:30에 열어요');
	assert.equal(ko.opens(opening + 240 * HOUR, NOON), '11월 30일 월요일 17:30에 열어요');
});

test('age grows through seconds, minutes, hours and days', () => {
	const said = [1, 8, 59.9, 61, 7_200, 200_000].map(ko.ago);
	assert.deepEqual(said, ['방금', '8초 전', '59초 전', '1분 전', '2시간 전', '2일 전']);
});

test('the curve is said in whole sentences', () => {
	const peak = { ms: NOON - 6 * 60_000, s: 540 };
	const fall = { ms: NOON + 16 * 60_000, s: 180 };
	assert.equal(
		ko.chartSays({ nowMs: NOON, peak, nowS: 420, fall, rise: null }),
		'11:58에 9분으로 가장 길었고, 지금은 7분이에요. 12:20쯤 3분으로 짧아질 것 같아요.'
	);
	assert.equal(
		ko.chartSays({ nowMs: NOON, peak: null, nowS: null, fall: null, rise: null }),
		''
	);
});

test('both languages say every word', () => {
	const empty = (words: object): string[] =>
		Object.entries(words).flatMap(([key, value]) =>
			value === '' ? [key] : typeof value === 'object' ? empty(value) : []
		);
	assert.deepEqual([...empty(ko), ...empty(en)], []);
});
