import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestFix, found } from './position.ts';

const fix = (accuracy: number, latitude = 35.2279, timestamp = 1_795_240_800_900) =>
	({ coords: { latitude, longitude: 128.6811, accuracy }, timestamp }) as GeolocationPosition;

/** A phone that says these, one after another, and then no more. */
function saying(...said: (GeolocationPosition | { code: number })[]) {
	const cleared: number[] = [];
	const watchPosition: Geolocation['watchPosition'] = (heard, refused) => {
		for (const one of said)
			queueMicrotask(() =>
				'coords' in one ? heard(one) : refused?.({ ...one, PERMISSION_DENIED: 1 } as GeolocationPositionError)
			);
		return 7;
	};
	return { watchPosition, clearWatch: (id: number) => cleared.push(id), cleared };
}

test('a good fix ends the search, and the watch with it', async () => {
	const phone = saying(fix(900), fix(18.2));
	const best = await bestFix(phone, undefined, 60_000);
	assert.ok(typeof best === 'object');
	assert.deepEqual(best.fix, { latE7: 352_279_000, lonE7: 1_286_811_000, accuracyM: 19, at: 1_795_240_800 });
	assert.equal(best.search.fixes, 2);
	assert.equal(best.search.firstAccuracyM, 900);
	assert.deepEqual(phone.cleared, [7]);
});

test('when the time is over the best so far is taken', async () => {
	const heard: number[] = [];
	const best = await bestFix(saying(fix(300), fix(80), fix(200)), (m) => heard.push(m), 50);
	assert.ok(typeof best === 'object');
	assert.equal(best.fix.accuracyM, 80);
	assert.deepEqual(heard, [300, 80, 80]);
});

test('no permission ends it at once, no signal when the time is over', async () => {
	assert.equal(await bestFix(saying({ code: 1 }), undefined, 60_000), 'denied');
	assert.equal(await bestFix(saying({ code: 2 }), undefined, 20), 'no-gps');
	assert.equal(await bestFix(undefined), 'no-gps');
});

test('what is too much for its field is cut, and the spread is in metres', () => {
	const { fix: at, search } = found([fix(9e9), fix(5e9, 35.2289)], 12_300);
	assert.equal(at.accuracyM, 65_535);
	assert.equal(search.tookS, 13);
	assert.ok(Math.abs(search.spreadM - 112) <= 1, `${search.spreadM}`);
});
