import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carried, empty, excerpt, fileName, inOrder, kept, mended, moved, pieces, taken, type Finding } from './letter.ts';

const finding = (start: number, end: number, severity: Finding['severity'] = 'wrong'): Finding => ({
	rule: 'r', field: 'body', start, end, reason: '', severity, confidence: 'text', article: '', address: null, edits: []
});

test('a text is cut where findings begin and end, and the gravest is shown', () => {
	const cut = pieces('가나다라마', [finding(1, 4, 'advice'), finding(2, 3, 'wrong')]);
	assert.deepEqual(cut.map((one) => [one.text, one.severity]), [
		['가', null], ['나', 'advice'], ['다', 'wrong'], ['라', 'advice'], ['마', null]
	]);
	assert.equal(pieces('', []).length, 0);
});

test('positions count characters, also after one that JavaScript counts twice', () => {
	const text = '😀 2026-06-01';
	assert.equal(excerpt(text, finding(2, 12)), '2026-06-01');
	const letter = { ...empty(), body: text };
	const edits = [{ field: 'body', start: 2, end: 12, text: '2026. 6. 1.' }];
	assert.equal(mended(letter, edits).body, '😀 2026. 6. 1.');
});

test('edits of one finding are made together, in a list as in a text', () => {
	const letter = { ...empty(), body: '1) 가\n3) 나', to: ['가람시장 귀하'] };
	const marks = [
		{ field: 'body', start: 0, end: 2, text: '1.' },
		{ field: 'body', start: 5, end: 7, text: '2.' },
		{ field: 'to.0', start: 4, end: 7, text: '' }
	];
	assert.deepEqual([mended(letter, marks).body, mended(letter, marks).to], ['1. 가\n2. 나', ['가람시장']]);
});

test('a whole 기안문 that is pasted comes apart; a body alone stays whole', () => {
	const pasted = '가람시\r\n수신 : 나래시장(총무과장)\r\n(경유)\r\n제목 : 자료 제출\r\n\r\n1. 관련: 가\r\n2. 나  끝.\r\n';
	assert.deepEqual(taken(pasted), { to: ['나래시장(총무과장)'], title: '자료 제출', body: '1. 관련: 가\n2. 나  끝.' });
	assert.deepEqual(taken('수신  내부결재\n제목  계획\n시행합니다.  끝.')?.to, []);
	assert.equal(taken('1. 관련: 가\n2. 나  끝.'), null);
});

test('a draft is read as it was kept, and what is none is not', () => {
	const letter = { ...empty(), title: '제목', to: ['가'], issued_on: '2026-06-01' };
	assert.deepEqual(kept(JSON.stringify(letter)), letter);
	for (const wrong of [null, '', '{', '3', 'null', '{"to":3}', '{"body":{}}', '{"signers":[3]}']) {
		assert.equal(kept(wrong), null);
	}
});

test('a file is named after its title, without what systems refuse', () => {
	assert.equal(fileName('3/4분기 "자료": 제출'), '3 4분기 자료 제출');
	assert.equal(fileName(' '), '기안문');
});

test('a sign is shown with the words that it stands between', () => {
	assert.equal(excerpt('가. 일시 : 오후', finding(6, 7)), '일시 : 오후');
	assert.equal(excerpt('개최합니다\n다음', finding(3, 5)), '개최합니다');
});

test('what was found moves along with what is typed, and goes where it is typed over', () => {
	const letter = { ...empty(), body: '😀 2026-06-01 원장 : 가' };
	const day = { ...finding(2, 12), edits: [{ field: 'body', start: 2, end: 12, text: '2026. 6. 1.' }] };
	const colon = { ...finding(15, 18), edits: [{ field: 'body', start: 15, end: 18, text: ': ' }] };
	const typed = { ...letter, body: `앞에 ${letter.body}` };
	const [first, second] = moved([day, colon], letter, typed);
	assert.equal(mended(mended(typed, second!.edits), first!.edits).body, '앞에 😀 2026. 6. 1. 원장: 가');
	const over = { ...letter, body: letter.body.replace('06', '07') };
	assert.deepEqual(moved([day, colon], letter, over).map((one) => one.start), [15]);
	const beside = { ...letter, body: letter.body.replace('01', '012') };
	assert.deepEqual(moved([day], letter, beside), []);
	assert.deepEqual(moved([day, colon], letter, { ...letter }), [day, colon]);
});

test('a caret stays at its words when what stands around it is mended', () => {
	const [old, now] = ['2026-06-01 가\n원장 : 나다', '2026. 6. 1. 가\n원장: 나다'];
	for (const [at, then] of [[0, 0], [12, 13], [old.length, now.length], [old.length - 1, now.length - 1], [15, 16]] as const) {
		assert.equal(carried(old, now, at), then);
	}
	assert.equal(carried('가나다', '가나다  끝.', 3), 3);
	assert.equal(carried('가나다', '가나다\n끝.', 1), 1);
});

test('what is wrong with the text stands before what the form lacks, and advice stands last', () => {
	const of = (field: string, severity: Finding['severity'], rule = 'r') => ({ ...finding(0, 1, severity), field, rule });
	const given = [of('body', 'advice'), of('office', 'wrong'), of('title', 'wrong', 'title-missing'), of('body', 'check'), of('body', 'wrong')];
	assert.deepEqual(inOrder(given).map((one) => `${one.field} ${one.severity}`), ['body wrong', 'body check', 'office wrong', 'title wrong', 'body advice']);
});
