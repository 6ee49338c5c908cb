/**
 * What the phone keeps, in IndexedDB: its key, the counter and the chain, challenges, the last
 * checkpoint, and every proof until and after it was sent. Used by pages and by the service worker.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { hex, random, same, type Bytes } from './bytes.ts';
import type { OwnKey } from './keys.ts';

export interface Auditor {
	quarter: number;
	seal: Bytes;
	sign: Bytes;
	/** The pin: what the consent showed. */
	fingerprint: Bytes;
}

export interface Challenge {
	value: Bytes;
	issuedAt: number;
	expiresAt: number;
}

/** The enrolled key of this phone, and all that it needs to sign without a network. */
export interface Device {
	key: OwnKey;
	office: string;
	who: string;
	department: string;
	name: string;
	origin: string;
	/** COSE_KeySet of the hub, as last seen. */
	keys: Bytes;
	auditor: Auditor;
	/** Until when consent holds, in seconds since 1970. */
	until: number;
	counter: number;
	/** The last S, whole: the next one names it. */
	before: Bytes | null;
	challenges: Challenge[];
	/** The last checkpoint that was seen, as a note. */
	checkpoint: string | null;
	/** Why the hub takes no more from this key: a problem's type. */
	ended: string | null;
	/** How much later the hub's clock is than ours, in seconds; null: never compared. */
	clockOffS: number | null;
}

/** `waiting`: the hub has not said that it holds it. `refused`: it never will take it. */
export type State = 'waiting' | 'stored' | 'refused' | 'doubtful';

export interface Proof {
	/** In hex: what it is known by, everywhere. */
	cti: string;
	counter: number;
	/** In seconds since 1970. */
	at: number;
	kind: number;
	trip: string;
	note: string;
	accuracyM: number | null;
	state: State;
	/** S and the S before it. Gone once the hub holds the proof. */
	statement: Bytes | null;
	before: Bytes | null;
	sealed: Bytes;
	/** Why it was refused or is doubtful. */
	why?: string;
	receipt?: Bytes;
	leaf?: Bytes;
	verdict?: Bytes;
	grade?: number;
	reasons?: number[];
}

interface Kept extends DBSchema {
	phone: { key: string; value: Device | string };
	proofs: { key: string; value: Proof; indexes: { state: State; counter: number } };
}

export type Store = IDBPDatabase<Kept>;

/** Throws where the browser keeps nothing for us. */
export function open(): Promise<Store> {
	return openDB<Kept>('cheongsa-trip', 1, {
		upgrade(db) {
			db.createObjectStore('phone');
			const proofs = db.createObjectStore('proofs', { keyPath: 'cti' });
			proofs.createIndex('state', 'state');
			proofs.createIndex('counter', 'counter');
		},
		blocking: (_now, _then, event) => (event.target as IDBDatabase).close()
	});
}

export async function device(db: Store): Promise<Device | null> {
	return ((await db.get('phone', 'device')) as Device | undefined) ?? null;
}

export async function keep(db: Store, device: Device): Promise<void> {
	await db.put('phone', device, 'device');
}

/** Change what is kept of the device, in one transaction: a tab and the worker may both do. */
export async function change(db: Store, by: (device: Device) => void): Promise<Device | null> {
	const step = db.transaction('phone', 'readwrite');
	const held = (await step.store.get('device')) as Device | undefined;
	if (held) {
		by(held);
		await step.store.put(held, 'device');
	}
	await step.done;
	return held ?? null;
}

/** The id of this installation: the same for whoever enrols on it. 8 bytes in hex. */
export async function installation(db: Store): Promise<string> {
	const step = db.transaction('phone', 'readwrite');
	const held = (await step.store.get('installation')) as string | undefined;
	const id = held ?? hex(random(8));
	if (!held) await step.store.put(id, 'installation');
	await step.done;
	return id;
}

/**
 * A new proof, and the device one further: both or neither. `used`: the challenge that is spent.
 * Throws Taken, and where there is no room.
 */
export async function add(db: Store, proof: Proof, used: Bytes | null): Promise<void> {
	const step = db.transaction(['phone', 'proofs'], 'readwrite', { durability: 'strict' });
	try {
		const held = (await step.objectStore('phone').get('device')) as Device | undefined;
		if (held?.counter !== proof.counter - 1) throw new Taken();
		held.counter = proof.counter;
		held.before = proof.statement;
		held.challenges = held.challenges.filter((one) => !used || !same(one.value, used));
		await step.objectStore('phone').put(held, 'device');
		await step.objectStore('proofs').add(proof);
	} catch (error) {
		aborted(step);
		throw error;
	}
	await step.done;
}

/** What was written so far is as if it never was. */
function aborted(step: { abort(): void; done: Promise<void> }): void {
	step.done.catch(() => undefined); // it fails because we say so
	try {
		step.abort();
	} catch {
		// the browser was first, as where there is no room
	}
}

/** Another tab signed in between: the counter is taken. */
export class Taken extends Error {}

/** Those that the hub does not hold yet, the oldest first. */
export async function waiting(db: Store): Promise<Proof[]> {
	const found = await db.getAllFromIndex('proofs', 'state', 'waiting');
	return found.sort((a, b) => a.counter - b.counter);
}

/** The newest first. */
export async function newest(db: Store, most: number): Promise<Proof[]> {
	const found: Proof[] = [];
	let cursor = await db.transaction('proofs').store.index('counter').openCursor(null, 'prev');
	for (; cursor && found.length < most; cursor = await cursor.continue()) found.push(cursor.value);
	return found;
}

export async function settle(db: Store, proof: Proof): Promise<void> {
	await db.put('proofs', proof);
}

/** That the log is not the one it was, once this was seen: in words, or null. */
export async function logDiffers(db: Store): Promise<string | null> {
	return ((await db.get('phone', 'log-differs')) as string | undefined) ?? null;
}
