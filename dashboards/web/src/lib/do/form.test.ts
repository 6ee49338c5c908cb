import assert from 'node:assert/strict';
import { test } from 'node:test';
import { body, fresh, isUnfinished, missing, remembered, shownAt } from './form.ts';
import type { Field } from './tools.ts';

const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({
	name, kind, title: name, hint: '', unit: '', is_required: true, begins_today: kind === 'date', choices: [], fields: [], ...more
});
const FIELDS = [
	field('paid_won', 'number', { unit: '원' }),
	field('day', 'date'),
	field('is_crisis', 'yes', { is_required: false, default: false }),
	field('claimed_on', 'date', { is_required: false, begins_today: false }),
	field('nights', 'list', { is_required: false, fields: [field('paid_won', 'number')] })
];
const TODAY = '2026-11-21';

test('a fresh form has today and its defaults, and is not asked before it is full', () => {
	const typed = fresh(FIELDS, TODAY);
	assert.deepEqual(typed, { paid_won: '', day: TODAY, is_crisis: false, claimed_on: '', nights: [] });
	assert.equal(body(FIELDS, typed), null);
});

test('what is sent has no commas and leaves out what was not given', () => {
	const typed = { ...fresh(FIELDS, TODAY), paid_won: '300,000' };
	assert.deepEqual(body(FIELDS, typed), { paid_won: '300000', day: TODAY, is_crisis: false, nights: [] });
});

test('a line that was begun holds the question back', () => {
	const typed = { ...fresh(FIELDS, TODAY), paid_won: '1', nights: [{ paid_won: '' }] };
	assert.ok(isUnfinished(FIELDS, typed));
	assert.ok(!isUnfinished(FIELDS, { ...typed, nights: [{ paid_won: '5' }] }));
});

test('a reload keeps what still fits and forgets the rest', () => {
	const kept = JSON.stringify({ paid_won: '7', day: false, nights: 'x', other: 1 });
	assert.equal(remembered(kept, FIELDS, TODAY).paid_won, '7');
	assert.equal(remembered(kept, FIELDS, TODAY).day, TODAY);
	assert.deepEqual(remembered(kept, FIELDS, TODAY).nights, []);
	for (const broken of [null, '', '{', 'null', '[]']) assert.deepEqual(remembered(broken, FIELDS, TODAY), fresh(FIELDS, TODAY));
});

test('a nought is not in the way of what one types, and a year begins as this year', () => {
	const nought = field('fare_won', 'number', { unit: '원', is_required: false, default: '0' });
	const months = field('months', 'number', { is_required: false, default: 12 });
	const year = field('year', 'number', { begins_today: true });
	assert.deepEqual(fresh([nought, months, year], TODAY), { fare_won: '', months: '12', year: '2026' });
	assert.deepEqual(body([nought], { fare_won: '' }), {});
});

test('what is missing is named, down to the line of a list', () => {
	const typed = { ...fresh(FIELDS, TODAY), nights: [{ paid_won: '1' }, { paid_won: ' ' }] };
	assert.deepEqual(missing(FIELDS, typed), ['paid_won', 'nights.1.paid_won']);
	assert.deepEqual(missing(FIELDS, { ...typed, paid_won: '1', nights: [] }), []);
	const needed = [field('nights', 'list', { fields: [field('paid_won', 'number')] })];
	assert.deepEqual(missing(needed, { nights: [] }), ['nights']);
});

test('what is wrong in a line is shown at its field, else at the line, else at the list', () => {
	assert.equal(shownAt(FIELDS, 'nights.1.paid_won'), 'nights.1.paid_won');
	assert.equal(shownAt(FIELDS, 'nights.1'), 'nights.1');
	assert.equal(shownAt(FIELDS, 'nights.1.other'), 'nights.1');
	assert.equal(shownAt(FIELDS, 'nights'), 'nights');
	assert.equal(shownAt(FIELDS, 'day'), 'day');
	assert.equal(shownAt(FIELDS, 'other.1'), null);
});

test('an amount in words is sent as the number that is meant', () => {
	assert.deepEqual(body([FIELDS[0]!], { paid_won: '30만' }), { paid_won: '300000' });
});
