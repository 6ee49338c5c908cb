import assert from 'node:assert/strict';
import { test } from 'node:test';
import { menuFor, opensFor, pageAt, PAGES, signInFor, standsAlone } from './menu.ts';

const paths = (pages: { path: string }[]) => pages.map((page) => page.path);

test('nobody sees only the board, staff their duties, an admin people and devices', () => {
	assert.deepEqual(paths(menuFor(null)), ['/']);
	assert.deepEqual(paths(menuFor(['staff'])), ['/', '/trips', '/do', '/duties']);
	assert.deepEqual(paths(menuFor(['field'])), ['/', '/trip', '/do']);
	const admin = paths(menuFor(['admin', 'staff']));
	for (const path of ['/devices', '/people', '/audit']) assert.ok(admin.includes(path), path);
});

test('a door with one part has that one entry, for whoever may', () => {
	assert.deepEqual(paths(menuFor(['field', 'staff', 'admin'], 'trip')), ['/trip']);
	assert.deepEqual(menuFor(null, 'trip'), []);
	assert.deepEqual(menuFor(['staff'], 'trip'), []);
});

test('a slash at the end is the same page, and an unknown page is open', () => {
	assert.equal(pageAt('/people/').path, '/people');
	assert.equal(pageAt('/').path, '/');
	assert.ok(opensFor(pageAt('/no/such/page').who, null));
	assert.ok(!opensFor(pageAt('/people').who, ['staff']));
	assert.ok(opensFor(pageAt('/me').who, []));
});

test('the board, the wall and what is embedded stand alone', () => {
	for (const path of ['/', '/wall', '/wall/', '/embed/density']) assert.ok(standsAlone(path), path);
	for (const path of ['/me', '/wallpaper', '/devices']) assert.ok(!standsAlone(path), path);
});

test('every entry is named in both languages, and what is under another is under an entry', () => {
	for (const page of PAGES) assert.equal(!!page.ko, !!page.en, page.path);
	const entries = PAGES.filter((page) => page.ko).map((page) => page.path);
	for (const { under } of PAGES) if (under) assert.ok(entries.includes(under), under);
});

test('the way back survives its own questions', () => {
	assert.equal(signInFor('/me'), '/sign-in?back_to=/me');
	const back = new URL(signInFor('/device?site=a&node=b#c'), 'http://x').searchParams.get('back_to');
	assert.equal(back, '/device?site=a&node=b#c');
});
