import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextId } from './node-id.ts';

test('the next id is the first that nobody has', () => {
	assert.equal(nextId([]), 'cam-1');
	assert.equal(nextId(['cam-2', 'cam-1', 'door']), 'cam-3');
	assert.equal(nextId(['cam-1', 'cam-3']), 'cam-2');
});
