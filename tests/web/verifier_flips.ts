/** Not one bit of what was signed, sealed or locked can be turned without it showing. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromBase64url, fromHex, joined, utf8, type Bytes } from '../../dashboards/web/src/lib/trip/bytes.ts';
import * as checkpoint from '../../dashboards/web/src/lib/trip/checkpoint.ts';
import { TripProofError } from '../../dashboards/web/src/lib/trip/errors.ts';
import * as handover from '../../dashboards/web/src/lib/trip/handover.ts';
import * as keyFile from '../../dashboards/web/src/lib/trip/key-file.ts';
import { decodeKey, publicKey } from '../../dashboards/web/src/lib/trip/keys.ts';
import * as pointer from '../../dashboards/web/src/lib/trip/pointer.ts';
import * as receipt from '../../dashboards/web/src/lib/trip/receipt.ts';
import * as record from '../../dashboards/web/src/lib/trip/record.ts';
import * as seal from '../../dashboards/web/src/lib/trip/seal.ts';
import * as statement from '../../dashboards/web/src/lib/trip/statement.ts';
import * as verdict from '../../dashboards/web/src/lib/trip/verdict.ts';

const GOOD = new URL('../vectors/tripproof/good/', import.meta.url);

function vector(name: string): Record<string, string> {
	return JSON.parse(readFileSync(new URL(`${name}.json`, GOOD), 'utf8'));
}

function* flipped(bytes: Bytes): Generator<Bytes> {
	for (let at = 0; at < bytes.length * 8; at++) {
		const changed = bytes.slice();
		changed[at >> 3]! ^= 1 << (at & 7);
		yield changed;
	}
}

/** How many turned bits pass; the untouched bytes have to. */
async function passing(bytes: Bytes, read: (told: Bytes) => unknown): Promise<number> {
	await read(bytes);
	let passed = 0;
	for (const one of flipped(bytes)) {
		try {
			await read(one);
			passed++;
		} catch (error) {
			if (!(error instanceof TripProofError)) throw error;
		}
	}
	return passed;
}

async function opener({ secret }: Record<string, string>): Promise<(told: Bytes) => unknown> {
	const pkcs8 = joined(fromHex('3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420'), fromHex(secret!));
	const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
	const { x, y } = await crypto.subtle.exportKey('jwk', key);
	const own = await publicKey(joined(Uint8Array.of(4), fromBase64url(x!), fromBase64url(y!)));
	return (told) => seal.opened(told, key, own, seal.FOR_AUDITOR);
}

for (const [name, codec] of Object.entries({ statement, verdict, record, pointer, handover }))
	test(`every turned bit of a ${name} is refused`, async () => {
		const one = vector(name);
		const key = await decodeKey(fromHex(one.key!));
		assert.equal(await passing(fromHex(one.hex!), (told) => codec.verified(told, key)), 0);
	});

test('every turned bit of X is refused', async () => {
	const one = vector('sealed');
	assert.equal(await passing(fromHex(one.hex!), await opener(one)), 0);
});

test('every turned bit of a leaf and of its receipt is refused', async () => {
	const one = vector('receipt-of-3-in-7');
	const [leaf, told, key] = [fromHex(one.leaf!), fromHex(one.hex!), await decodeKey(fromHex(one.key!))];
	assert.equal(await passing(told, (turned) => receipt.root(receipt.read(turned), leaf, key)), 0);
	assert.equal(await passing(leaf, (turned) => receipt.root(receipt.read(told), turned, key)), 0);
});

test('every turned bit of a checkpoint is refused', async () => {
	const one = vector('checkpoint');
	const key = await decodeKey(fromHex(one.key!));
	const read = (told: Bytes) => {
		const note = new TextDecoder('utf-8', { ignoreBOM: true }).decode(told);
		return checkpoint.verify(checkpoint.read(note), key);
	};
	assert.equal(await passing(utf8(one.text!), read), 0);
});

/**
 * A million rounds for each of 6,000 bits would take an hour. So: every turned bit is refused as it is
 * read, or changes a field; each field is the secret, or bound to it, or makes its key. Of each field
 * one is opened.
 */
test('every turned bit of a key file is refused, or changes what is bound to its secret', async () => {
	const { text, passphrase } = vector('key-file');
	const whole = JSON.parse(text!);
	const opened = new Set<string>();
	for (const one of flipped(utf8(text!))) {
		const turned = new TextDecoder().decode(one);
		const isRead = await keyFile.announced(turned).then(() => true, isOurs);
		if (!isRead) continue;
		const told = JSON.parse(turned);
		const changed = Object.keys(whole).filter((name) => told[name] !== whole[name]);
		assert.equal(changed.length, 1, turned);
		if (opened.has(changed[0]!)) continue;
		opened.add(changed[0]!);
		await assert.rejects(keyFile.opened(turned, passphrase!), { wrong: 'CannotOpen' });
	}
	const bound = ['fingerprint', 'iv', 'quarter', 'salt', 'secret'];
	assert.deepEqual(bound.filter((name) => !opened.has(name)), []);
});

function isOurs(error: unknown): false {
	assert.ok(error instanceof TripProofError);
	return false;
}
