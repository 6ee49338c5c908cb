import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proofSaid } from './handed.ts';
import { blank, drawn, fieldsOf, named, over, wrongOf } from './paper.ts';
import type { Line } from '#lib/do/form.ts';

const TODAY = '2026-11-23';
const TRIP = {
	order: '총무-2026-0412', begins: '2026-11-20T04:00:00Z', ends: '2026-11-20T08:30:00Z',
	destination: '도청', purpose: '예산 협의', names: ['김가'], proof: '원터치 1건'
};
const FAR = { ...TRIP, order: '총무-2026-0413', destination: '부산', begins: '2026-11-24T00:00:00Z', ends: '2026-11-25T09:00:00Z' };
const typed = (...more: (typeof TRIP)[]) =>
	[TRIP, ...more].reduce((before, trip) => over(before, trip, TODAY), blank(TODAY));
const lines = (said: Record<string, unknown> | null, of: 'near' | 'far') => said?.[of] as Line[];

test('a trip that is handed over fills a line with the times of its order, in Seoul', () => {
	const said = drawn('settlement', typed());
	assert.deepEqual(lines(said, 'near'), [{
		day: '2026-11-20', begins_at: '13:00', ends_at: '17:30', destination: '도청', purpose: '예산 협의',
		car: 'none', order: '총무-2026-0412', proof: '원터치 1건'
	}]);
	assert.deepEqual(said?.far, []);
	assert.deepEqual(said?.travellers, [{ name: '김가' }]);
});

test('a further trip of the same people stands beside the first; one of several days is a far one', () => {
	const both = typed(FAR);
	const said = drawn('settlement', both);
	assert.equal(lines(said, 'near').length, 1);
	assert.deepEqual(lines(said, 'far').map(({ destination, first, last }) => [destination, first, last]), [
		['부산', '2026-11-24', '2026-11-25']
	]);
	assert.equal(named('settlement', both), '도청 등 2건');
	assert.equal(named('settlement', typed()), '도청');
});

test('the same trip handed over again is not there twice, and what was typed to it stays', () => {
	const once = typed();
	(once.near as Line[])[0]!.car = 'office';
	const again = over(once, { ...TRIP, proof: '원터치 2건' }, TODAY);
	assert.deepEqual((again.near as Line[]).map(({ car, proof }) => [car, proof]), [['office', '원터치 2건']]);
});

test('a trip of other people begins a paper of its own', () => {
	const other = typed({ ...FAR, names: ['이나', '박다'] });
	assert.deepEqual(other.near, []);
	assert.equal((other.far as Line[]).length, 1);
	assert.deepEqual((other.travellers as Line[]).map(({ name }) => name), ['이나', '박다']);
});

test('nights, fares and days of an office car go along', () => {
	const far = over(blank(TODAY), FAR, TODAY);
	Object.assign((far.far as Line[])[0]!, { fare_won: '96,000', office_car: [{ day: '2026-11-24' }] });
	const line = lines(drawn('settlement', far), 'far')[0]!;
	assert.deepEqual([line.fare_won, line.nights, line.office_car], ['96000', [], [{ day: '2026-11-24' }]]);
});

test('how a day is reckoned is asked only where it has several near trips', () => {
	const twice = typed({ ...TRIP, order: '총무-2026-0414', begins: '2026-11-20T00:00:00Z', ends: '2026-11-20T01:00:00Z' });
	const asks = (line: Line) => fieldsOf('settlement', line).some(({ name }) => name === 'same_day');
	assert.deepEqual([asks(typed()), asks(typed(FAR)), asks(twice)], [false, false, true]);
	assert.ok(!('same_day' in drawn('settlement', twice)!));
	assert.equal(drawn('settlement', { ...twice, same_day: 'capped' })?.same_day, 'capped');
});

test('a request sends neither cars nor proofs', () => {
	const said = drawn('request', { ...typed(), remarks: '회의 자료 지참', signers: '팀장, 과장 ,' });
	assert.deepEqual([said?.remarks, said?.signers, said?.attachments], [['회의 자료 지참'], ['팀장', '과장'], []]);
	assert.deepEqual([said?.begins, said?.ends], ['2026-11-20T13:00+09:00', '2026-11-20T17:30+09:00']);
	for (const name of ['near', 'far', 'proof', 'same_day', 'account']) assert.ok(said && !(name in said), name);
});

test('an unfinished form is not sent, nor one without a trip', () => {
	assert.equal(drawn('request', blank(TODAY)), null);
	assert.equal(drawn('settlement', blank(TODAY)), null);
	const none = { ...typed(), near: [] };
	assert.equal(wrongOf('settlement', none)?.name, 'near');
	assert.equal(drawn('settlement', none), null);
	assert.equal(wrongOf('settlement', typed()), null);
	assert.equal(wrongOf('request', none), null);
});

test('what proofs said is counted, with the lowest grade and the minutes', () => {
	const touches = [
		{ minute: '2026-11-20T08:12:00Z', grade: 2, place: 1 }, { minute: '2026-11-20T00:03:00Z', grade: 1, place: 2 }
	];
	assert.equal(proofSaid(touches, 1), '원터치 2건(11. 20. 09:03~11. 20. 17:12), 가장 낮은 등급 B, 종이·사진 확인 1건');
	assert.equal(proofSaid([], 0), '');
	assert.equal(proofSaid([], 0, ['김하늘']), '');
	assert.equal(proofSaid([], 2), '종이·사진 확인 2건');
});

test('who has no proof and what lay outside of the destination is not hidden by the others', () => {
	const away = [{ minute: '2026-11-20T00:03:00Z', grade: 3, place: 3 }];
	assert.equal(
		proofSaid(away, 0, ['김하늘']),
		'원터치 1건(11. 20. 09:03), 가장 낮은 등급 C, 출장지 밖 1건, 확인 없음 1명(김하늘)'
	);
	assert.match(proofSaid(away, 0, ['가', '나', '다', '라']), /확인 없음 4명$/);
});
