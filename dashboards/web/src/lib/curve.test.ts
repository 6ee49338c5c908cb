import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Forecast, Site } from './api/types.ts';
import { backoffMs } from './backoff.ts';
import { curveOf, growsTo, peak, spanOf, stepS, usualPeak, type Curve } from './curve.ts';
import { area, hoursMs, line, ticksS, x, y } from './plot.ts';

const OPEN = Date.parse('2026-11-20T02:30:00Z'); // 11:30 in Seoul
const MIN = 60_000;
const span = { fromMs: OPEN, toMs: OPEN + 90 * MIN };
const NOW = OPEN + 34 * MIN;
const iso = (ms: number) => new Date(ms).toISOString();

const point = (minute: number, wait_s: number | null) => ({
	at: iso(OPEN + minute * MIN),
	people: 1,
	people_max: 1,
	served_per_min: 1,
	wait_s
});
const ahead = (minute: number, wait_s: number, wait_low_s = wait_s) => ({
	at: iso(OPEN + minute * MIN),
	wait_s,
	wait_low_s,
	wait_high_s: wait_s + 60
});
const forecast = (...points: Forecast['points']): Forecast => ({
	key: 'demo.cam-1.main',
	made_at: null,
	method: 'profile',
	history_days: 42,
	history_simulated: false,
	usual: [],
	points
});
const curve = (points: Forecast['points'], history = [point(0, 60)]): Curve =>
	curveOf(span, { points: history }, forecast(...points), NOW);

test('unknown cuts the line and is never drawn as zero', () => {
	const drawn = curve([], [point(0, 60), point(1, null), point(2, 90), point(3, 80)]);
	assert.deepEqual(
		drawn.today.map((piece) => piece.map((p) => p.s)),
		[[60], [90, 80]]
	);
	assert.equal(peak(drawn)?.s, 90);
});

test('nothing after now is drawn as today, nothing before it as forecast', () => {
	const drawn = curve([ahead(30, 100), ahead(40, 200)], [point(33, 60), point(35, 600)]);
	assert.deepEqual(drawn.today.flat().map((p) => p.s), [60]);
	assert.deepEqual(drawn.forecast.map((p) => p.midS), [200]);
});

test('going now is advised only when nothing ahead is shorter and even the low end is longer', () => {
	assert.equal(growsTo(curve([ahead(40, 300, 200)]), 60)?.s, 300);
	assert.equal(growsTo(curve([ahead(40, 300, 50)]), 60), null);
	assert.equal(growsTo(curve([ahead(40, 300, 200), ahead(60, 20)]), 60), null);
	assert.equal(growsTo(curve([ahead(40, 150, 100)]), 60), null);
	assert.equal(growsTo(curve([]), 60), null);
});

test('the span is the opening, or the hours around now where it never closes', () => {
	const site = { open: true, opens_at: iso(OPEN), closes_at: iso(span.toMs) } as Site;
	assert.deepEqual(spanOf(site, NOW), span);
	const always = spanOf({ ...site, opens_at: null, closes_at: null }, NOW);
	assert.ok(always.fromMs < NOW && always.toMs > NOW);
});

test('a long day is asked for in quarter hours, a meal in minutes', () => {
	assert.equal(stepS(span), 60);
	assert.equal(stepS({ fromMs: OPEN, toMs: OPEN + 10 * 60 * MIN }), 900);
});

test('the usual peak needs a usual', () => {
	assert.equal(usualPeak(curve([])), null);
});

test('the plot puts its ends at its edges and keeps what is too high inside', () => {
	const frame = { left: 40, right: 240, top: 10, bottom: 110, span, topS: 600 };
	assert.equal(x(frame, span.fromMs), 40);
	assert.equal(x(frame, span.toMs), 240);
	assert.equal(y(frame, 0), 110);
	assert.equal(y(frame, 900), 10);
	assert.equal(line(frame, [{ ms: span.fromMs, s: 300 }]), 'M40 60');
	assert.equal(area(frame, []), '');
});

test('ticks are even, begin at zero and reach over the longest wait', () => {
	for (const mostS of [0, 59, 301, 840, 1_900, 7_300]) {
		const ticks = ticksS(mostS);
		assert.equal(ticks[0], 0);
		assert.ok(ticks.at(-1)! >= mostS && ticks.length <= 6, `${mostS}: ${ticks}`);
	}
});

test('hours on the axis are round in Seoul and inside the span', () => {
	const day = { fromMs: Date.parse('2026-11-19T22:10:00Z'), toMs: Date.parse('2026-11-20T12:00:00Z') };
	const hours = hoursMs(day, 5).map((ms) => new Date(ms + 9 * 60 * MIN).getUTCHours());
	assert.deepEqual(hours, [9, 12, 15, 18, 21]);
});

test('waiting to try again doubles, is capped, and spreads over as long as itself', () => {
	assert.equal(backoffMs(1, 0), 1_000);
	assert.equal(backoffMs(1, 1), 3_000);
	assert.equal(backoffMs(3, 0.5), 8_000);
	assert.equal(backoffMs(30, 1), 45_000);
});
