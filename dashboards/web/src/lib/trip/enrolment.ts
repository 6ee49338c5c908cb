/** What the hub answers to an enrolment is checked before the key is kept: leaf, record, receipt, checkpoint. */
import { fromBase64url, same, sha256, type Bytes } from './bytes.ts';
import * as checkpoint from './checkpoint.ts';
import { contradicts } from './errors.ts';
import { encodeKey, find, type NamedKey, type PublicKey } from './keys.ts';
import * as leaf from './leaf.ts';
import * as receipt from './receipt.ts';
import * as record from './record.ts';

export interface Answer {
	leaf: string;
	record: string;
	receipt: string;
	checkpoint: string;
}

/** What was brought to be enrolled. */
export interface Brought {
	key: PublicKey;
	who: string;
	consent: Bytes;
	auditor: Bytes;
	phone: Bytes;
}

/** Throws TripProofError where the log holds something else than what was brought. */
export async function check(answer: Answer, brought: Brought, keys: readonly NamedKey[]): Promise<void> {
	const [entry, body, held] = [answer.leaf, answer.record, answer.receipt].map(fromBase64url) as [Bytes, Bytes, Bytes];
	const said = leaf.decode(entry);
	const isOurs = said.type === leaf.ENROLMENT && same(said.ref!, brought.key.kid);
	if (!isOurs || !same(said.record!, await sha256(body))) contradicts('The log enrolled another key.');
	await fits(body, brought, keys);
	const told = receipt.read(held);
	const root = await receipt.root(told, entry, find(keys, told.kid));
	const note = checkpoint.read(answer.checkpoint);
	await checkpoint.verify(note, find(keys, told.kid));
	if (note.size !== told.size || !same(note.root, root)) contradicts('Another root than the receipt.');
}

async function fits(body: Bytes, brought: Brought, keys: readonly NamedKey[]): Promise<void> {
	const { fields } = await record.verified(body, find(keys, record.read(body).kid));
	const { auditor, consent, phone } = brought;
	const expected = { key: encodeKey(brought.key), auditor, consent, phone };
	const isSame = Object.entries(expected).every(([name, bytes]) => {
		const told = fields.get(name);
		return told instanceof Uint8Array && same(told, bytes);
	});
	if (!isSame || fields.get('who') !== brought.who) contradicts('The record is of another enrolment.');
}
