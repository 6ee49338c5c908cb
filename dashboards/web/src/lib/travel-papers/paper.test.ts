import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proofSaid } from './handed.ts';
import { asked, blank, drawn, over, wrongOf } from './paper.ts';

const TODAY = '2026-11-23';
const TRIP = {
	order: '총무-2026-0412', begins: '2026-11-20T04:00:00Z', ends: '2026-11-20T08:30:00Z',
	destination: '도청', purpose: '예산 협의', names: ['김가'], proof: '원터치 1건'
};
const typed = () => over(blank(TODAY), TRIP);

test('a trip that is handed over fills the paper with the times of its order, in Seoul', () => {
	const said = drawn('settlement', typed());
	assert.equal(said?.begins, '2026-11-20T13:00+09:00');
	assert.equal(said?.ends, '2026-11-20T17:30+09:00');
	assert.equal(said?.order, '총무-2026-0412');
	assert.equal(said?.proof, '원터치 1건');
	assert.deepEqual(said?.near, { car: 'none' });
	assert.deepEqual(said?.travellers, [{ name: '김가' }]);
});

test('the calculator is asked by the order, and never of proofs', () => {
	assert.deepEqual(asked('settlement', typed()), {
		name: 'near-trip', body: { day: '2026-11-20', begins_at: '13:00', ends_at: '17:30', car: 'none' }
	});
	assert.equal(asked('request', typed()), null);
});

test('a far trip sends its nights, fares and days of an office car', () => {
	const far = { ...typed(), scope: 'far', fare_won: '96,000', office_car: [{ day: '2026-11-20' }] };
	const said = drawn('settlement', far);
	assert.deepEqual(said?.far, { nights: [], fare_won: '96000', office_car: ['2026-11-20'] });
	assert.ok(said && !('near' in said));
	assert.equal(asked('settlement', far)?.name, 'far-trip');
});

test('a request sends neither cars nor proofs', () => {
	const said = drawn('request', { ...typed(), remarks: '회의 자료 지참', signers: '팀장, 과장 ,' });
	assert.deepEqual([said?.remarks, said?.signers, said?.attachments], [['회의 자료 지참'], ['팀장', '과장'], []]);
	for (const name of ['near', 'far', 'proof', 'scope', 'car']) assert.ok(said && !(name in said), name);
});

test('an unfinished form is not sent', () => {
	assert.equal(drawn('request', blank(TODAY)), null);
	assert.equal(asked('settlement', blank(TODAY)), null);
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

test('a near trip is settled by the day: one of several days is asked nothing and says why', () => {
	const two = { ...typed(), last: '2026-11-21' };
	assert.equal(asked('settlement', two), null);
	assert.equal(wrongOf('settlement', two)?.name, 'last');
	assert.equal(wrongOf('settlement', typed()), null);
	assert.equal(wrongOf('settlement', { ...two, scope: 'far' }), null);
	assert.equal(wrongOf('request', two), null);
});

test('a trip of several days that is handed over is a far one', () => {
	const far = over(blank(TODAY), { ...TRIP, ends: '2026-11-21T08:30:00Z' });
	assert.equal(far.scope, 'far');
	assert.equal(typed().scope, 'near');
});
