import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, Site, Zone } from './api/types.ts';
import { notReal, quicker, read, watch } from './reading.ts';

const NOW = Date.parse('2026-11-20T03:04:00Z');

const queue: Zone = {
	key: 'demo.cam-1.main',
	site: 'demo',
	node: 'cam-1',
	zone: 'main',
	kind: 'queue',
	name: '한식',
	name_en: 'Korean',
	place: '',
	place_en: '',
	state: 'ok',
	reason: null,
	level: 'busy',
	wait_s: 420,
	wait_low_s: 300,
	wait_high_s: 540,
	people: 23,
	served_per_min: 3.3,
	seats: null,
	observed_at: '2026-11-20T03:03:57Z',
	stale: false,
	usual_wait_s: 380,
	history_weeks: 6,
	advice: null
};
const camera: Node = {
	node: 'cam-1',
	name: '카메라',
	name_en: 'Camera',
	online: true,
	observing: 'ok',
	fault: null,
	source_kind: 'camera',
	source_name: null,
	detector: null
};
const site = (...zones: Zone[]): Site => ({
	site: 'demo',
	name: '식당',
	name_en: 'Cafeteria',
	open: true,
	opens_at: null,
	closes_at: null,
	levels_s: [180, 420, 720],
	closed_for: null,
	closed_for_en: null,
	meals: [],
	history_simulated: false,
	nodes: [camera],
	zones
});
const at = (zone: Zone, nowMs = NOW, reachable = true) =>
	read(zone, site(zone), nowMs, 30, reachable);

test('a fresh wait is told with its level and range', () => {
	const level = 'busy';
	assert.deepEqual(at(queue), { state: 'wait', level, waitS: 420, lowS: 300, highS: 540 });
});

test('a count becomes stale by itself when nothing new comes, and the usual stands in', () => {
	assert.equal(at(queue, NOW + 27_000).state, 'wait');
	assert.deepEqual(at(queue, NOW + 27_001), { state: 'stale', why: 'late', usualS: 380 });
});

test('when this page cannot reach the hub, it says that and not that the camera is late', () => {
	const later = at(queue, NOW + 60_000, false);
	assert.deepEqual(later, { state: 'stale', why: 'unreachable', usualS: 380 });
});

test('a stale count keeps the reason that the hub knows', () => {
	const zone: Zone = { ...queue, state: 'stale', stale: true, reason: 'camera_fault' };
	const now = at(zone);
	assert.equal(now.state === 'stale' && now.why, 'camera_fault');
});

test('a missing counter line is no reason for silence', () => {
	const zone: Zone = { ...queue, state: 'unknown', reason: 'no_counter_line', wait_s: null };
	const later = at(zone, NOW + 60_000);
	assert.equal(later.state === 'stale' && later.why, 'late');
});

test('a queue without a counter line has no wait, and zero is not invented', () => {
	const zone: Zone = {
		...queue,
		state: 'unknown',
		reason: 'no_counter_line',
		level: null,
		wait_s: null
	};
	assert.deepEqual(at(zone), { state: 'unknown', why: 'no_counter_line' });
});

test('a zone that was never counted is not stale but unknown', () => {
	const zone: Zone = { ...queue, state: 'unknown', reason: 'no_data_yet', observed_at: null };
	assert.deepEqual(at(zone), { state: 'unknown', why: 'no_data_yet' });
});

test('closed is closed, however old the last count is', () => {
	const zone: Zone = { ...queue, state: 'closed', level: null, wait_s: null };
	assert.equal(at(zone, NOW + 9e6).state, 'closed');
});

test('seats are told as a share, never above all of them', () => {
	const hall: Zone = { ...queue, kind: 'seating', level: null, wait_s: null, seats: 300, people: 320 };
	assert.deepEqual(at(hall), { state: 'seats', taken: 300, seats: 300, percent: 100 });
});

test('a seating zone without a number of seats says how many people are there', () => {
	const hall: Zone = { ...queue, kind: 'seating', level: null, wait_s: null, people: 12 };
	assert.deepEqual(at(hall), { state: 'people', people: 12 });
});

test('another queue is called quicker only when the intervals do not touch', () => {
	const other = (wait_s: number, wait_high_s: number | null): Zone => ({
		...queue,
		key: 'demo.cam-1.special',
		zone: 'special',
		wait_s,
		wait_high_s
	});
	const told = (zone: Zone) => quicker(queue, site(queue, zone), (one) => at(one))?.waitS ?? null;
	assert.equal(told(other(120, 200)), 120);
	assert.equal(told(other(120, 310)), null);
	assert.equal(told(other(310, 320)), null);
	assert.equal(told(other(120, null)), null);
});

test('a drawn scene is named before a recording, and a real camera needs no word', () => {
	const of = (...kinds: Node['source_kind'][]) =>
		notReal({ ...site(), nodes: kinds.map((source_kind) => ({ ...camera, source_kind })) });
	assert.equal(of('camera'), null);
	assert.equal(of('recording', 'simulated'), 'simulated');
	assert.equal(of('camera', 'recording'), 'recording');
});

test('a camera that is off, paused or faulty is counted as sick', () => {
	const sick: Node = { ...camera, observing: 'fault' };
	assert.equal(watch([camera, sick, { ...camera, online: false }]).sick.length, 2);
});
