/** The same vectors that the hub's codecs are tested with, read by these. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { verifyLog, verifyProof, heldCheckpoint, keySet, type Held } from '../verify/verify.ts';
import * as ask from './ask.ts';
import { base64url, fromHex, hex, utf8, type Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import * as challenge from './challenge.ts';
import * as checkpoint from './checkpoint.ts';
import * as codes from './codes.ts';
import { TripProofError } from './errors.ts';
import * as handover from './handover.ts';
import * as keyFile from './key-file.ts';
import { decodeKey, decodeKeySet, publicKey } from './keys.ts';
import * as leaf from './leaf.ts';
import * as pointer from './pointer.ts';
import * as receipt from './receipt.ts';
import * as record from './record.ts';
import * as seal from './seal.ts';
import * as statement from './statement.ts';
import * as tree from './tree.ts';
import * as upload from './upload.ts';
import * as verdict from './verdict.ts';

const FOLDER = new URL('../../../../../tests/vectors/tripproof/', import.meta.url);
interface Case {
	what: string;
	hex: string;
	text: string;
	key: string;
	secret: string;
	leaf: string;
	old_root: string;
	new_root: string;
	gives?: string | Record<string, string | number>;
	error: string;
	keys: string;
	checkpoint?: string;
	passphrase: string;
}

const told = (one: Case) => fromHex(one.hex);
const key = (one: Case) => decodeKey(fromHex(one.key));

async function open(one: Case, to: seal.For): Promise<Bytes> {
	const scalar = fromHex(one.secret);
	// PKCS #8 of the bare scalar; what comes out as JWK also tells the public half
	const pkcs8 = Uint8Array.from([...fromHex('3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420'), ...scalar]);
	const ecdh = { name: 'ECDH', namedCurve: 'P-256' };
	const secret = await crypto.subtle.importKey('pkcs8', pkcs8, ecdh, true, ['deriveBits']);
	const { x, y } = await crypto.subtle.exportKey('jwk', secret);
	const point = Uint8Array.from([4, ...Buffer.from(x!, 'base64url'), ...Buffer.from(y!, 'base64url')]);
	assert.equal(base64url(point.slice(1, 33)), x);
	return seal.opened(told(one), secret, await publicKey(point), to);
}

const READ: Record<string, (one: Case) => unknown> = {
	statement: async (one) => statement.verified(told(one), await key(one)),
	sealed: (one) => open(one, seal.FOR_AUDITOR),
	carried: (one) => open(one, seal.FOR_HUB),
	upload: (one) => upload.decode(told(one)),
	verdict: async (one) => verdict.verified(told(one), await key(one)),
	leaf: (one) => leaf.decode(told(one)),
	receipt: async (one) => receipt.root(receipt.read(told(one)), fromHex(one.leaf), await key(one)),
	checkpoint: async (one) => checkpoint.verify(checkpoint.read(one.text), await key(one)),
	consistency: (one) => {
		const { old, size, path } = tree.decodeConsistency(told(one));
		const roots = [fromHex(one.old_root), fromHex(one.new_root)] as const;
		return tree.checkConsistency({ size: old, root: roots[0] }, { size, root: roots[1] }, path);
	},
	challenges: async (one) => challenge.verified(told(one), await key(one)),
	ask: async (one) => ask.verified(told(one), await key(one)),
	keys: (one) => decodeKeySet(told(one)),
	code: (one) => codes.read(one.text),
	record: async (one) => record.verified(told(one), await key(one)),
	pointer: async (one) => pointer.verified(told(one), await key(one)),
	handover: async (one) => handover.verified(told(one), await key(one)),
	'key file': (one) => keyFile.opened(one.text, one.passphrase),
	bundle: async (one) => (await verifyProof(told(one), await held(one))).answer,
	export: async (one) => (await verifyLog(told(one), await held(one))).answer
};
const ANSWERED = ['bundle', 'export'];

async function held({ keys, checkpoint: note }: Case): Promise<Held> {
	const checkpoints = note ? [heldCheckpoint(utf8(note))] : [];
	return { keys: await keySet(fromHex(keys)), checkpoints, auditor: null };
}

function vectors(folder: string): [string, Case][] {
	const names = readdirSync(new URL(folder, FOLDER)).filter((name) => name.endsWith('.json'));
	return names.map((name): [string, Case] => {
		return [name, JSON.parse(readFileSync(new URL(folder + name, FOLDER), 'utf8'))];
	});
}

for (const [name, one] of vectors('good/'))
	test(`good: ${name}`, async () => {
		const read = await READ[one.what]!(one);
		if (typeof one.gives === 'string')
			assert.equal(ANSWERED.includes(one.what) ? read : hex(read as Bytes), one.gives);
		for (const [field, value] of Object.entries(typeof one.gives === 'object' ? one.gives : {})) {
			const found = (read as Record<string, unknown>)[field];
			assert.equal(found instanceof Uint8Array ? hex(found) : found, value);
		}
	});

for (const [name, one] of vectors('bad/'))
	test(`bad: ${name}`, async () => {
		if (one.gives) return assert.equal(await READ[one.what]!(one), one.gives);
		await assert.rejects(
			async () => READ[one.what]!(one),
			(error) => error instanceof TripProofError && error.wrong === one.error
		);
	});

for (const [name, one] of vectors('good/').filter(([, { hex, what }]) => hex && what !== 'export'))
	test(`written again: ${name}`, () => {
		const bytes = told(one);
		assert.equal(hex(cbor.encode(cbor.decode(bytes, 65_536))), one.hex);
	});

function* flipped(bytes: Bytes): Generator<Bytes> {
	for (let bit = 0; bit < bytes.length * 8; bit++) {
		const changed = Uint8Array.from(bytes);
		changed[bit >> 3]! ^= 1 << (bit & 7);
		yield changed;
	}
}

/** What of a vector is turned; a leaf is believed by its receipt, so both are, against each other. */
const TURNED: [what: string, field: 'hex' | 'leaf' | 'text'][] = [
	...['statement', 'sealed', 'verdict', 'receipt', 'record'].map((what) => [what, 'hex'] as [string, 'hex']),
	...['challenges', 'ask', 'pointer', 'handover', 'consistency'].map((what) => [what, 'hex'] as [string, 'hex']),
	['receipt', 'leaf'],
	['checkpoint', 'text']
];
const COSIGNED = 'checkpoint-cosigned.json'; // the log's key says nothing of a cosigner's line

/** Between which sizes: those of the two checkpoints whose roots these are. */
function sizesOf(one: Case): string {
	const { old, size } = tree.decodeConsistency(told(one));
	return `${old} to ${size}`;
}

/** As a reader of a note gets it; null: these bytes are no text. */
function text(bytes: Bytes): string | null {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return null;
	}
}

async function passes(one: Case, whole: Case): Promise<boolean> {
	try {
		await READ[one.what]!(one);
		return one.what !== 'consistency' || sizesOf(one) === sizesOf(whole);
	} catch (error) {
		assert.ok(error instanceof TripProofError, String(error));
		return false;
	}
}

for (const [what, field] of TURNED)
	for (const [name, one] of vectors('good/').filter(([file, each]) => each.what === what && file !== COSIGNED))
		test(`no turned bit passes: ${field} of ${name}`, async () => {
			const whole = field === 'text' ? utf8(one.text) : fromHex(one[field]);
			const taken: number[] = [];
			let bit = 0;
			for (const changed of flipped(whole)) {
				const told = field === 'text' ? text(changed) : hex(changed);
				if (told !== null && (await passes({ ...one, [field]: told }, one))) taken.push(bit);
				bit++;
			}
			assert.deepEqual(taken, []);
		});

test('each kind has a vector', () => {
	const kinds = new Set(vectors('good/').map(([, one]) => one.what));
	assert.deepEqual([...kinds].sort(), Object.keys(READ).sort());
});

test('a tower of tags or arrays is refused, however high', () => {
	for (const one of [0xc0, 0x81])
		assert.throws(() => cbor.decode(new Uint8Array(65_536).fill(one), 65_536), { wrong: 'MalformedProof' });
});
