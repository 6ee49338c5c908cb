import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	area,
	arrow,
	countIn,
	crossesItself,
	fifthError,
	firstSlip,
	Undo,
	type Drawing,
	type Floor,
	type Point
} from './shapes.ts';

const SQUARE: Point[] = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]];
const BOW: Point[] = [[0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.9]];
const FLOOR: Floor = {
	image_points: [[0.1, 0.9], [0.9, 0.9], [0.7, 0.4], [0.3, 0.4]],
	floor_m: [[0, 0], [4, 0], [4, 6], [0, 6]],
	fifth_image: null,
	fifth_m: null
};
const drawn = (polygon: Point[]): Drawing => ({
	zones: [{ zone: 'main', name: '줄', kind: 'queue', near: false, polygon }],
	lines: [],
	floor: null
});

test('a bow tie crosses itself, a square does not', () => {
	assert.ok(crossesItself(BOW));
	assert.ok(!crossesItself(SQUARE));
	assert.ok(Math.abs(area(SQUARE) - 0.64) < 1e-9);
});

test('each slip is named', () => {
	assert.equal(firstSlip(drawn(SQUARE)), null);
	assert.equal(firstSlip(drawn(BOW))?.kind, 'crossing');
	assert.equal(firstSlip(drawn([[0, 0], [0.01, 0], [0, 0.01]]))?.kind, 'small');
	const stray = { line: 'a', zone: 'gone', counts: 'served', a: [0, 0], b: [1, 1] } as const;
	assert.equal(
		firstSlip({ ...drawn(SQUARE), lines: [{ ...stray, a: [0, 0], b: [1, 1] }] })?.kind,
		'stray-line'
	);
});

test('people are counted where their feet are', () => {
	assert.equal(countIn([[0.4, 0, 0.6, 0.5], [0.4, 0, 0.6, 0.95]], SQUARE), 1);
});

test('the arrow of a line from left to right points down, to its right', () => {
	const [from, to] = arrow([0.2, 0.5], [0.8, 0.5], 1, 0.1);
	assert.ok(to[1] > from[1] && Math.abs(to[0] - from[0]) < 1e-9);
});

test('the fifth point is right where the four put it', () => {
	for (const [i, point] of FLOOR.image_points.entries()) {
		const at = { ...FLOOR, fifth_image: point, fifth_m: FLOOR.floor_m[i]! };
		assert.ok(fifthError(at)! < 1e-9);
	}
	const off = { ...FLOOR, fifth_image: FLOOR.image_points[0], fifth_m: [0, 0.5] as Point };
	assert.ok(Math.abs(fifthError(off)! - 0.5) < 1e-9);
});

test('undo goes back and forward, and a new step forgets what was forward', () => {
	const undo = new Undo(1);
	undo.did(2);
	undo.did(2);
	undo.did(3);
	assert.deepEqual([undo.back(), undo.back(), undo.back()], [2, 1, null]);
	assert.equal(undo.forward(), 2);
	undo.did(9);
	assert.equal(undo.forward(), null);
});
