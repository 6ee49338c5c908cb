import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ahead, daysTo, dueOn, months, parted, runs, shortDay, type Dated, type Off } from './calendar.ts';

const duty = (last: string, safe: string | null = null): Dated => ({
	key: last, group: '회계', title: last, first: last, last, says: '', basis: [], ask: '', note: '',
	is_deadline: true, safe
});
const off = (day: string, is_ours = false): Off => ({ day, name: day, is_ours });

test('what is due next goes by the working day before a day off', () => {
	const early = duty('2026-11-01', '2026-10-29');
	const plain = duty('2026-10-30');
	assert.equal(dueOn(early), '2026-10-29');
	assert.deepEqual(ahead([plain, early], '2026-10-20'), [early, plain]);
	assert.deepEqual(ahead([plain, early], '2026-10-31'), [early]);
});

test('a duty stands in the month of its last day, and every month is there', () => {
	const year = months({ year: 2026, duties: [duty('2026-02-10')], off: [off('2026-03-01')] });
	assert.equal(year.length, 12);
	assert.equal(year[1]!.duties.length, 1);
	assert.equal(year[2]!.off.length, 1);
});

test('this year begins with this month, and another year with its first', () => {
	const parts = (year: number, today: string) => {
		const { past, rest } = parted({ year, duties: [], off: [] }, today);
		return [past.length, rest[0]!.month, rest.length];
	};
	assert.deepEqual(parts(2026, '2026-11-22'), [10, 11, 2]);
	assert.deepEqual(parts(2026, '2026-01-31'), [0, 1, 12]);
	assert.deepEqual(parts(2026, '2026-12-01'), [11, 12, 1]);
	for (const other of [2025, 2027]) assert.deepEqual(parts(other, '2026-11-22'), [0, 1, 12]);
});

test('days are written as an office writes them', () => {
	assert.equal(shortDay('2026-10-31'), '10. 31.(토)');
	assert.equal(daysTo('2026-12-31', '2027-01-02'), 2);
});

test('days off beside each other are one run', () => {
	const told = runs([off('2026-02-16'), off('2026-02-17'), off('2026-02-18'), off('2026-03-01')]);
	assert.deepEqual(told.map((one) => one.length), [3, 1]);
});
