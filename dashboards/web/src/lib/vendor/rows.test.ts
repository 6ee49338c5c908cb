import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counts, linesOf, pasted, type Row } from './rows.ts';

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

test('what is pasted is a sheet: lines keep their number, and a comma in them is no column', async () => {
	assert.equal(await pasted('가나, 1\n\n"다라"').text(), '"가나, 1"\n""\n"""다라"""');
	assert.equal(await pasted('가나\t1').text(), '가나\t1');
});

test('a repetition is counted as such, whatever its answer', () => {
	const rows = [row(1, 'A', 'good'), row(2, null), { ...row(101, 'A', 'good'), same_as: 1 }];
	assert.deepEqual(counts(rows), { stop: 0, care: 0, good: 1, unknown: 0, wrong: 1, same: 1 });
});
