import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inMyriads, ruleValue, withCommas, written } from './value.ts';

test('an amount is read in ten thousands', () => {
	for (const [won, said] of [
		[9_999, ''], [10_000, '1만원'], [300_000, '30만원'], [12_345_678, '1,234만 5,678원'],
		[100_000_000, '1억원'], [1_0000_0001, '1억 1원'], [10_000_000_000_000, '10조원']
	] as const)
		assert.equal(inMyriads(won), said);
});

test('commas come while one types, and nothing but digits stays', () => {
	assert.equal(withCommas('1234567'), '1,234,567');
	assert.equal(withCommas('금1,234원'), '1,234');
	assert.equal(withCommas('007'), '7');
	assert.equal(withCommas('0'), '0');
	assert.equal(withCommas(''), '');
});

test('days and rules are written as offices write them', () => {
	assert.equal(written('2026-01-02'), '2026. 1. 2.');
	assert.equal(ruleValue('20000', 'krw', '-'), '20,000원');
	assert.equal(ruleValue('0.1', 'rate', '-'), '10%');
	assert.equal(ruleValue('0.0008', 'rate', '-'), '1000분의 0.8');
	assert.equal(ruleValue('331', 'mmdd', '-'), '3월 31일');
	assert.equal(ruleValue(null, 'hours', '한도 없음'), '한도 없음');
});
