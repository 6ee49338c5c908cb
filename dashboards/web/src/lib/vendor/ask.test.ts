import { expect, test } from 'vitest';
import { cells, counts, joined, linesOf, parts, type Row } from './ask.ts';

const row = (at: number, number: string | null, tone?: 'stop' | 'good'): Row => ({
	row: at, given: number ?? 'x', number, wrong: number ? '' : '틀림', same_as: null, is_in_book: false,
	answer: tone
		? {
				headline: '답', tone, name: '', address: '', opened_on: null, minds: ['살필 것'], sources: [],
				proof: null, tax_words: '', paste: ''
			}
		: null
});

test('blank lines are passed over and the others keep their number', () => {
	expect(linesOf('a\n\n  b \n')).toEqual([{ row: 1, text: 'a' }, { row: 3, text: 'b' }]);
});

test('parts hold a hundred each and lose nothing', () => {
	const lines = linesOf(Array.from({ length: 250 }, (_, n) => `n${n}`).join('\n'));
	expect(parts(lines).map((one) => one.length)).toEqual([100, 100, 50]);
	expect(parts(lines).flat()).toEqual(lines);
	expect(parts([])).toEqual([]);
});

test('a number that an earlier part had says where', () => {
	const found = joined([row(1, 'A', 'good'), row(2, null), row(101, 'A', 'good')]);
	expect(found.map((one) => one.same_as)).toEqual([null, null, 1]);
	expect(counts(found)).toEqual({ stop: 0, care: 0, good: 1, unknown: 0, wrong: 1, same: 1 });
});

test('a row has as many cells as the workbook has columns', () => {
	expect(cells({ ...row(3, 'A', 'stop'), same_as: 1 }, (at) => `${at}번째`)).toHaveLength(8);
	expect(cells({ ...row(3, 'A', 'stop'), same_as: 1 }, (at) => `${at}번째`)[6]).toBe('1번째 살필 것');
});
