/**
 * One touch: a statement is written, signed, sealed and stored, before anything is sent.
 *
 * Counter and chain are advanced in the same transaction that stores the proof, and only by who saw
 * the last one: two touches at once become two proofs in a row, in whichever tabs.
 */
import { hash16, hex, random, type Bytes } from './bytes.ts';
import { fitting, UINT_MAX } from './fields.ts';
import { publicKey } from './keys.ts';
import { drawAhead } from './qr.ts';
import { FOR_AUDITOR, seal } from './seal.ts';
import * as statement from './statement.ts';
import { add, device as read, Taken, type Device, type Proof, type Store } from './store.ts';

export interface Touch {
	/** Whose touch: never signed with the key of another who uses this phone. */
	who: string;
	kind: statement.Kind;
	trip: string;
	note: string;
	fix: statement.Fix | null;
	search?: statement.Search | undefined;
	photo?: Bytes | undefined;
	/** In ms since 1970. */
	nowMs: number;
	/** Whether there was no network. */
	queued: boolean;
}

/** No key on this phone, or one that signs no more. */
export class NoKey extends Error {}

/**
 * Sign and store; the proof as it was stored. `known`: the device as the page has it, which saves
 * reading it; one that is behind is found out when the proof is stored.
 */
export async function touch(db: Store, given: Touch, known: Device | null = null): Promise<Proof> {
	for (let device = known; ; device = null) {
		try {
			return await once(db, given, device ?? (await read(db)));
		} catch (error) {
			if (!(error instanceof Taken)) throw error; // another tab was first: again, one further
		}
	}
}

async function once(db: Store, given: Touch, device: Device | null): Promise<Proof> {
	if (!device || device.ended || device.who !== given.who) throw new NoKey();
	const at = Math.floor(given.nowMs / 1000);
	const used = fresh(device, at);
	const said = await saidBy(device, given, at, used ?? statement.NONE);
	const signed = await statement.sign(device.key, said);
	const sealed = await seal(await publicKey(device.auditor.seal), signed, FOR_AUDITOR);
	const proof: Proof = {
		cti: hex(said.cti),
		who: device.who,
		kid: hex(device.key.public.kid),
		counter: said.counter,
		at,
		kind: said.kind,
		trip: said.trip,
		note: said.note ?? '',
		accuracyM: given.fix?.accuracyM ?? null,
		state: 'waiting',
		statement: signed,
		before: device.before,
		sealed,
		photo: given.photo
	};
	await add(db, proof, used, () => drawAhead(sealed));
	return proof;
}

/** One that still holds; where the clock is wrong none may, and then any. null: none is left. */
function fresh(device: Device, at: number): Bytes | null {
	const hold = device.challenges.find((one) => one.expiresAt >= at);
	return (hold ?? device.challenges.at(-1))?.value ?? null;
}

async function saidBy(
	device: Device,
	given: Touch,
	at: number,
	challenge: Bytes
): Promise<statement.Statement> {
	const note = fitting(given.note, statement.NOTE_MAX_BYTES);
	return {
		office: device.office,
		signedAt: Math.min(at, UINT_MAX),
		cti: random(8),
		who: device.who,
		department: device.department,
		trip: fitting(given.trip, 30),
		fix: given.fix,
		counter: device.counter + 1,
		challenge,
		before: device.before ? await hash16(device.before) : statement.NONE,
		kind: statement.KINDS[given.kind],
		queued: given.queued,
		photo: given.photo,
		search: given.search,
		note: note || undefined
	};
}
