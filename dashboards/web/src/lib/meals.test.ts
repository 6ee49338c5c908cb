import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysAfter, fromText, mondayOf, toText } from './meals.ts';

test('a day is typed as it is read', () => {
	const courses = [
		{ name: '', dishes: ['쌀밥', '미역국'] },
		{ name: 'B코스', dishes: ['카레라이스'] }
	];
	assert.deepEqual(fromText(toText(courses)), courses);
	assert.equal(toText(courses), '쌀밥\n미역국\n\n[B코스]\n카레라이스');
});

test('empty lines, commas and courses without a dish leave no trace', () => {
	assert.deepEqual(fromText(' [중식] \n\n쌀밥, 된장국 ,\n【석식】\n'), [
		{ name: '중식', dishes: ['쌀밥', '된장국'] }
	]);
	assert.deepEqual(fromText('  \n'), []);
});

test('a week begins on Monday, over the end of a year too', () => {
	assert.equal(mondayOf('2026-11-22'), '2026-11-16');
	assert.equal(mondayOf('2026-11-23'), '2026-11-23');
	assert.equal(mondayOf('2027-01-01'), '2026-12-28');
	assert.equal(daysAfter('2026-12-31', 1), '2027-01-01');
});
