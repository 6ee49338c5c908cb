import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cells, counts, joined, linesOf, parts, type Row } from './rows.ts';

const row = (at: number, number: string | null, tone?: 'stop' | 'good'): Row => ({
	row: at, given: number ?? 'x', number, wrong: number ? '' : '틀림', same_as: null, is_in_book: false,
	answer: tone
		? {
				headline: '답', tone, sure: '', name: '', address: '', opened_on: null, minds: ['살필 것'], sources: [],
				proof: null, tax_words: '', paste: ''
			}
		: null
});

test('blank lines are passed over and the others keep their number', () => {
	assert.deepEqual(linesOf('a\n\n  b \n'), [{ row: 1, text: 'a' }, { row: 3, text: 'b' }]);
});

test('parts hold a hundred each and lose nothing', () => {
	const lines = linesOf(Array.from({ length: 250 }, (_, n) => `n${n}`).join('\n'));
	assert.deepEqual(parts(lines).map((one) => one.length), [100, 100, 50]);
	assert.deepEqual(parts(lines).flat(), lines);
	assert.deepEqual(parts([]), []);
});

test('a number that an earlier part had says where', () => {
	const found = joined([row(1, 'A', 'good'), row(2, null), row(101, 'A', 'good')]);
	assert.deepEqual(found.map((one) => one.same_as), [null, null, 1]);
	assert.deepEqual(counts(found), { stop: 0, care: 0, good: 1, unknown: 0, wrong: 1, same: 1 });
});

test('a row has as many cells as the workbook has columns', () => {
	assert.equal(cells({ ...row(3, 'A', 'stop'), same_as: 1 }, (at) => `${at}번째`).length, 8);
	assert.equal(cells({ ...row(3, 'A', 'stop'), same_as: 1 }, (at) => `${at}번째`)[6], '1번째 살필 것');
});
