import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy, toolsOf, type Question } from './tools.ts';

const question = (group: Question['group'], name: string, title: string, says = ''): Question => ({ group, name, title, says, fields: [], rules: [] });
const ASKED = [
	question('회계', 'withholding', '원천징수', '강사료·사례금·인건비에서 뗄 소득세와 지방소득세'),
	question('회계', 'receipt', '증빙 찾기', '과세유형에 따라 무엇을 받는지'),
	question('회계', 'delay', '지연배상금', '늦은 계약에서 받을 배상금'),
	question('복무', 'annual-leave', '연가 일수', '올해 쓸 수 있는 연가'),
	question('복무', 'overtime', '시간외근무수당', '한 달의 시간과 수당'),
	question('복무', 'family-event', '경조사휴가', '결혼·출산·사망에 며칠, 언제까지'),
	question('복무', 'public-leave', '공가', '공가가 되는 일인지'),
	question('출장', 'own-car', '자가용 운임', '거리와 연비로 셈한 연료비와 통행료'),
	question('출장', 'far-trip', '관외 출장 여비', '일비·식비·숙박비·운임과 정산 기한')
];
const TOOLS = toolsOf(ASKED);
const first = (find: string) => foundBy(find, TOOLS)[0]?.href;

test('things are found by what people call them, written apart or together', () => {
	for (const [said, href] of [
		['강사료', '/do/ask?of=withholding'], ['3.3%', '/do/ask?of=withholding'], ['야근수당', '/do/ask?of=overtime'],
		['야근 수당', '/do/ask?of=overtime'], ['초과근무', '/do/ask?of=overtime'], ['반차', '/do/ask?of=annual-leave'],
		['유류비', '/do/ask?of=own-car'], ['기름값', '/do/ask?of=own-car'], ['애경사', '/do/ask?of=family-event'],
		['계약 쪼개기', '/do/splitting'], ['쪼개기', '/do/splitting'], ['법카', '/do/ask?of=receipt'],
		['지체상금', '/do/ask?of=delay'], ['예비군', '/do/ask?of=public-leave'], ['KTX', '/do/ask?of=far-trip'],
		['폐업', '/do/business-number'], ['기안', '/do/letter'], ['예산과목', '/do/budget-codes']
	] as const)
		assert.equal(first(said), href, said);
});

test('a title that fits stands before what only says so', () => {
	assert.equal(first('연가'), '/do/ask?of=annual-leave');
	assert.equal(first('공가'), '/do/ask?of=public-leave');
});

test('nothing typed shows all, and nonsense nothing', () => {
	assert.equal(foundBy('  ', TOOLS).length, TOOLS.length);
	assert.deepEqual(foundBy('우주선', TOOLS), []);
});
