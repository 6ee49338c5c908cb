import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../trip/bytes.ts';
import * as codes from '../trip/codes.ts';
import { scanned } from './code.ts';
import { csv } from './csv.ts';
import { unfolded } from './unfolded.ts';
import type { Verdict } from '../trip/verdict.ts';
import { distanceM, nearest, targets, windOf } from './geo.ts';
import { saysTheSame } from './listed.ts';
import { strengthOf, suggested } from './passphrase.ts';
import { patterns, type Opened } from './patterns.ts';
import { NO_SIEVE, queryOf } from './sieve.ts';

const HALL = { latE7: 352_279_000, lonE7: 1_286_811_000 };
const NOON = Date.parse('2026-11-20T03:00:00Z') / 1000;
let made = 0;
function opened(changes: Partial<Opened> = {}): Opened {
	made++;
	const usual = { cti: `c${made}`, kid: 'k1', who: 'han', name: '한', trip: 'a', destination: '시청', accuracyM: 10 };
	return { ...usual, latE7: HALL.latE7 + made * 1_000, lonE7: HALL.lonE7, at: NOON + made * 3_600, ...changes };
}
const whys = (all: Opened[]) => patterns(all).map((one) => one.why);

test('only our three codes are taken, and nothing is made of an address', () => {
	const acts = ['javascript:alert(1)//TP1:', 'data:text/html,TP1:', '\u202eTP1:A', '\ufeffTP1:A', '\0TP1:A', 'x'.repeat(100_000)];
	for (const foreign of [...acts, 'https://example.com', 'tp1:ABC', 'WIFI:T:WPA;S:x;;', '', 'HC1:6BF', 'TP4:AA'])
		assert.equal(scanned(foreign).kind, 'foreign', foreign);
	for (const damaged of ['lower case', 'https://example.com', '<img onerror=alert(1)>', '\0', '', 'A'.repeat(1_000_000)])
		assert.equal(scanned(`TP1:${damaged}`).kind, 'damaged', damaged.slice(0, 30));
	assert.equal(scanned(`TP1:${'A'.repeat(9_999)}`).kind, 'damaged');
	assert.equal(scanned(codes.text('TP1:', utf8('x'))).kind, 'proof');
	assert.equal(scanned(codes.text('TP2:', utf8('x'))).kind, 'pointer');
	assert.equal(scanned(codes.text('TP3:', Uint8Array.of(0x83, 1))).kind, 'carried');
	assert.equal(scanned(codes.text('TP3:', Uint8Array.of(0xd2, 1))).kind, 'challenges');
});

test('a row that says other than the signed verdict is told', () => {
	const signed: Verdict = {
		cti: new Uint8Array(8), trip: '', kind: 1, minute: 29_388_180, place: 3, band: 4, grade: 3, reasons: [15, 20], policy: 1, receivedAt: 1_763_290_860
	}; // prettier-ignore
	const row = {
		cti: '0000000000000000', kind: 1, minute: '2025-11-16T11:00:00Z', place: 3, band: 4, grade: 3, reasons: [15, 20], received_at: '2025-11-16T11:01:00Z'
	}; // prettier-ignore
	assert.equal(saysTheSame(row, signed), true);
	const others = { cti: '0000000000000001', kind: 2, minute: '2025-11-16T11:01:00Z', place: 1, band: 1, grade: 1, reasons: [15], received_at: '2025-11-16T11:00:00Z' };
	for (const [name, other] of Object.entries(others))
		assert.equal(saysTheSame({ ...row, [name]: other }, signed), false, name);
});

test('a pasted code may be broken into lines, and its spaces are letters', () => {
	const bytes = Uint8Array.from({ length: 40 }, (_, n) => n * 5);
	const text = codes.text('TP1:', bytes);
	const broken = `  ${text.slice(0, 9)}\r\n${text.slice(9)}\n`;
	const read = scanned(broken);
	assert.deepEqual(read, { kind: 'proof', text, bytes });
});

test('distance and wind are those of the ground', () => {
	const kilometre = { latE7: HALL.latE7 + 89_932, lonE7: HALL.lonE7 };
	assert.ok(Math.abs(distanceM(HALL, kilometre) - 1_000) < 1);
	assert.equal(windOf(HALL, kilometre), 0);
	assert.equal(windOf(HALL, { ...HALL, lonE7: HALL.lonE7 + 1_000 }), 2);
	assert.equal(windOf(HALL, { latE7: HALL.latE7 - 1_000, lonE7: HALL.lonE7 - 1_224 }), 5);
	assert.equal(nearest(HALL, []), null);
	const among = targets([HALL.latE7 + 9_000, HALL.lonE7, 50, HALL.latE7 + 100, HALL.lonE7, 200]);
	assert.equal(nearest(HALL, among)?.spot.radiusM, 200);
});

test('ordinary trips are not asked about', () => {
	assert.deepEqual(whys([]), []);
	assert.deepEqual(whys(Array.from({ length: 6 }, (_, n) => opened({ trip: `t${n}` }))), []);
});

test('the same coordinates to the digit on another device or day are asked about', () => {
	const spot = { ...HALL };
	assert.deepEqual(whys([opened(spot), opened({ ...spot, kid: 'k2', who: 'lim' })]), ['same_spot']);
	const day = 86_400;
	assert.deepEqual(whys([opened({ ...spot, at: NOON }), opened({ ...spot, at: NOON + day })]), ['same_spot']);
	assert.deepEqual(whys([opened({ ...spot, at: NOON }), opened({ ...spot, at: NOON + 60 })]), []);
});

test('a distance that nothing on the ground goes is asked about, noise is not', () => {
	const seoul = { latE7: 375_665_000, lonE7: 1_269_780_000 };
	const [far] = patterns([opened({ at: NOON }), opened({ ...seoul, at: NOON + 1_200 })]);
	assert.equal(far?.why, 'too_far');
	assert.ok(far!.km! > 280 && far!.km! < 320 && far!.minutes === 20);
	assert.deepEqual(whys([opened({ at: NOON }), opened({ ...seoul, at: NOON + 3 * 3_600 })]), []);
	const jump = { latE7: HALL.latE7 + 200_000, accuracyM: 500, at: NOON + 1 };
	assert.deepEqual(whys([opened({ at: NOON }), opened(jump)]), []);
});

test('several destinations, all proved from one place, are asked about', () => {
	const trips = ['a', 'b', 'c'].map((trip, n) => opened({ trip, destination: `곳${n}`, latE7: HALL.latE7 + n * 100 }));
	assert.deepEqual(whys(trips), ['one_place']);
	assert.deepEqual(whys(trips.map((one) => ({ ...one, destination: '시청' }))), []);
});

test('no cell of a CSV is taken for a formula', () => {
	const text = csv([['=1+2', '+1', '-1', '@x', 'a"b', 'c,d', -3.5]]);
	assert.equal(text, `\ufeff'=1+2,'+1,'-1,'@x,"a""b","c,d",-3.5\r\n`);
});

test('a passphrase is long and not of a few letters', () => {
	assert.equal(strengthOf('짧은 암호'), 'short');
	assert.equal(strengthOf('aaaaaaaaaaaaaaaaaaaa'), 'dull');
	assert.equal(strengthOf('붉은 소나무 아래 열두 마리 학'), 'strong');
	const one = suggested();
	assert.match(one, /^([A-HJKMNP-TV-Z2-9]{4}-){5}[A-HJKMNP-TV-Z2-9]{4}$/);
	assert.equal(strengthOf(one), 'strong');
	assert.notEqual(one, suggested());
});

test('the list asks for whole days in Korea', () => {
	assert.equal(queryOf(NO_SIEVE).size, 0);
	const query = queryOf({ ...NO_SIEVE, since: '2026-11-01', until: '2026-11-30', who: ' 한 ', unlinked: true });
	assert.equal(query.get('since'), '2026-11-01T00:00:00+09:00');
	assert.equal(query.get('until'), '2026-11-30T15:00:00.000Z');
	assert.deepEqual([query.get('who'), query.get('unlinked'), query.get('grade')], ['한', 'true', null]);
});

test('a checkpoint is the same text from a file, an editor and a code of one line', () => {
	const note = 'trip.city.example\n7\ncm9vdA==\ntime 1795293032\n\n— trip.city.example c2ln\n— gam.other.example bW9yZQ==\n';
	for (const given of [note, note.replaceAll('\n', '\r\n'), note.trim(), `  ${note}\n\n`]) assert.equal(unfolded(given), note);
	assert.equal(unfolded(note.split('\n').filter(Boolean).join(' ')), note);
	assert.equal(unfolded('something else'), 'something else\n');
});
