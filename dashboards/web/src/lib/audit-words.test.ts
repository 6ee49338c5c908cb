import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUDIT_WORDS, say } from './audit-words.ts';
import type { Entry } from './office.ts';

const NAMES = new Map([['kim', '김하늘'], ['lee', '이보람']]);
const entry = (actor: string, action: string, subject = '', detail = {}): Entry => ({
	number: 1, at: '2026-11-21T03:00:00Z', actor, action, subject, address: '', detail, hash: ''
});

test('people are called by their names, and what changed is said', () => {
	assert.equal(say(entry('kim', 'session.begin'), 'ko', NAMES), '김하늘(kim) 님이 로그인했어요');
	const change = { roles: ['admin', 'staff'], were: ['field', 'staff'], retired: false, was_retired: false };
	assert.equal(
		say(entry('kim', 'person.change', 'lee', change), 'ko', NAMES),
		'김하늘(kim) 님이 이보람(lee) 님의 계정을 바꿨어요: 관리자 역할을 줌, 출장 역할을 거둠'
	);
	assert.equal(
		say(entry('kim', 'duty.add', 'x', { name: '여비', people: ['lee'] }), 'en', NAMES),
		'김하늘(kim) wrote down the duty “여비” (held by 이보람(lee))'
	);
	assert.equal(
		say(entry('system', 'person.add', 'han', { role: 'admin' }), 'ko', NAMES),
		'서버에서 han 님을 추가했어요 (관리자)'
	);
});

test('an act that nobody foresaw is told as it is', () => {
	assert.equal(say(entry('kim', 'soup.cook', 'pot'), 'ko', NAMES), '김하늘(kim): soup.cook pot');
});

test('both languages foresee the same acts', () => {
	assert.deepEqual(Object.keys(AUDIT_WORDS.ko.acts).sort(), Object.keys(AUDIT_WORDS.en.acts).sort());
});

test('whoever was marked as left by an entry of before is said so, and an old entry without names too', () => {
	const left = { roles: ['staff'], were: ['staff'], retired: true };
	assert.match(say(entry('kim', 'person.change', 'lee', left), 'ko', NAMES), /떠남으로 바꿈$/);
	assert.match(say(entry('kim', 'duty.retire', 'x'), 'ko', NAMES), /‘이름 모름’ 사무를/);
});
