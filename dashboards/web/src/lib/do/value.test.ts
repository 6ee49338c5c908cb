import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grouped, inMyriads, plainNumber, ruleValue, unbroken, withCommas, written } from './value.ts';

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

test('an amount of a sheet keeps its point, and one in words stays while it is typed', () => {
	for (const [typed, shown] of [['1,234.00', '1,234.00'], ['1700.5', '1,700.5'], ['１２３４', '1,234'], ['30만', '30만'], ['30ㅁ', '30ㅁ'], ['1.', '1.']] as const)
		assert.equal(withCommas(typed), shown);
});

test('what is sent is the number that was meant', () => {
	for (const [typed, sent] of [
		['300,000', '300000'], ['1,234.00', '1234'], ['1,700.5', '1700.5'], ['30만', '300000'], ['30만원', '300000'],
		['1억 2천만', '120000000'], ['1억2천3백만 5천원', '123005000'], ['1.5억', '150000000'], ['천만', '10000000'],
		['금3만5천원', '35000'], ['３００', '300'], ['9.5', '9.5'], ['12만3,456', '123456'], ['5천', '5000'], ['만', '10000']
	] as const)
		assert.equal(plainNumber(typed), sent);
});

test('what is no amount goes to the hub as it was typed, to be refused there', () => {
	for (const typed of ['두 명', '3만2억', '만만', '1만개', '1.2.3만', '약 30만']) assert.ok(Number.isNaN(Number(plainNumber(typed))), typed);
});

test('days do not break over lines', () => {
	assert.equal(unbroken('2026. 11. 26.(목)까지 3일'), '2026.\u00a011.\u00a026.(목)까지 3일');
});

test('a bound that the hub names is read as an amount', () => {
	assert.equal(grouped('1000000000000보다 클 수 없어요. 2027년'), '1,000,000,000,000보다 클 수 없어요. 2027년');
});

test('days and rules are written as offices write them', () => {
	assert.equal(written('2026-01-02'), '2026. 1. 2.');
	assert.equal(ruleValue('20000', 'krw', '-'), '20,000원');
	assert.equal(ruleValue('0.1', 'rate', '-'), '10%');
	assert.equal(ruleValue('0.0008', 'rate', '-'), '1000분의 0.8');
	assert.equal(ruleValue('331', 'mmdd', '-'), '3월 31일');
	assert.equal(ruleValue(null, 'hours', '한도 없음'), '한도 없음');
});
