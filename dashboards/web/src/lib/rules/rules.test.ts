import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byDay, concerned, fromTyped, paragraphOf, shortened, toTyped } from './rules.ts';

test('a rate is typed in percent and kept as a fraction of one', () => {
	for (const [kept, typed] of [['0.3', '30'], ['0.05', '5'], ['1', '100'], ['0.125', '12.5'], ['0.005', '0.5'], ['0', '0']]) {
		assert.equal(toTyped(kept!, 'rate'), typed);
		assert.equal(fromTyped(typed!, 'rate'), kept);
	}
});

test('every thousandth goes there and back', () => {
	for (let n = 0; n <= 1000; n++) {
		const kept = String(n / 1000);
		assert.equal(fromTyped(toTyped(kept, 'rate'), 'rate'), kept);
	}
});

test('amounts lose what people put between their digits', () => {
	assert.equal(fromTyped(' 25,000원', 'krw'), '25000');
	assert.equal(toTyped('25000', 'krw'), '25000');
	assert.equal(fromTyped('이만', 'krw'), '이만');
	assert.equal(fromTyped('삼십', 'rate'), '삼십');
});

test('changes of a day stand together', () => {
	const days = byDay([{ since: '2026-10-01' }, { since: '2026-10-01' }, { since: '2026-07-01' }]);
	assert.deepEqual(days.map(([day, all]) => [day, all.length]), [['2026-10-01', 2], ['2026-07-01', 1]]);
});

test('a rule shows its own paragraph of the article', () => {
	const words = '① 첫째.\n② 둘째.\n  1. 가\n  2. 나\n③ 셋째.';
	assert.equal(paragraphOf(words, '제15조제2항'), '② 둘째.\n  1. 가\n  2. 나');
	assert.equal(paragraphOf(words, '제15조제3항'), '③ 셋째.');
	assert.equal(paragraphOf(words, '제15조제2항제2호'), '② 둘째.\n  2. 나');
	assert.equal(paragraphOf(words, '제15조제2항제7호'), '② 둘째.\n  1. 가\n  2. 나');
	const deep = '① 각 호.\n  5. 다섯\n    가. 잔 것\n  5의2. 또\n  6. 여섯';
	assert.equal(paragraphOf(deep, '제25조제1항제5호'), '① 각 호.\n  5. 다섯\n    가. 잔 것');
	assert.equal(paragraphOf(deep, '제25조제1항제5호의2'), '① 각 호.\n  5의2. 또');
	for (const place of ['제15조', '제15조제4항', '별표 2', '제15조제0항', '제15조제99항'])
		assert.equal(paragraphOf(words, place), null);
});

test('what both texts have is shortened, what differs never', () => {
	const long = '가'.repeat(500);
	const parts = shortened([
		{ kind: 'same', words: long },
		{ kind: 'gone', words: long },
		{ kind: 'new', words: '나' },
		{ kind: 'same', words: '끝' }
	]);
	assert.ok(parts[0]!.words.length < 100 && parts[0]!.words.endsWith('가'));
	assert.deepEqual([parts[1]!.words, parts[2]!.words, parts[3]!.words], [long, '나', '끝']);
});

test('a rule leads to what it changes', () => {
	const questions = [
		{ name: 'overtime', title: '시간외근무수당', rules: ['overtime.day_cap_h'] },
		{ name: 'vat', title: '부가가치세', rules: ['vat.rate'] }
	];
	assert.deepEqual(concerned('overtime.day_cap_h', questions), [{ title: '시간외근무수당', href: '/do/ask?of=overtime' }]);
	assert.equal(concerned('contract.similar_months', questions)[0]?.href, '/do/splitting');
	assert.deepEqual(concerned('travel.false_times', questions), []);
});
