import assert from 'node:assert/strict';
import { test } from 'node:test';
import { body, fresh, isUnfinished, remembered } from './form.ts';
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
