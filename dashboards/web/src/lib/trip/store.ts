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

/** A trip order that names this person. Times in seconds since 1970. */
export interface Order {
	trip: string;
	beginsAt: number;
	endsAt: number;
	place: string;
	purpose: string;
}

/** What the hub holds of this person, whichever phone signed it. */
export interface Proved {
	cti: string;
	trip: string;
	kind: number;
	at: number;
	grade: number;
	reasons: number[];
	appealed: boolean;
}

/** The enrolled key of this phone, and all that it needs to sign without a network. */
export interface Device {
	key: OwnKey;
	office: string;
	who: string;
	/** Whose key it is, as people say it. */
	person: string;
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
	/** As the log says it (docs/trip-protocol.md, 5.1): lost, transferred, left, … */
	why: number | null;
	/** An auditor's key that the hub tells of, and that the pinned one does not lead to. */
	offered: Auditor | null;
	orders: Order[];
	proved: Proved[];
	/** What this person unlocks on a phone that others use too: the id of a WebAuthn credential. */
	guard: Bytes | null;
	/** How much later the hub's clock is than ours, in seconds; null: never compared. */
	clockOffS: number | null;
}

/** `waiting`: the hub has not said that it holds it. `refused`: it never will take it. */
export type State = 'waiting' | 'stored' | 'refused' | 'doubtful';

export interface Proof {
	/** In hex: what it is known by, everywhere. */
	cti: string;
	/** Whose, and by which key (in hex). */
	who: string;
	kid: string;
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
	/** X; null: another phone of this person made it. */
	sealed: Bytes | null;
	/** SHA-256 of the photo that was signed along; the photo is not kept. */
	photo?: Bytes | undefined;
	/** Somebody took it to an office PC, and says that it arrived there. Seconds since 1970. */
	carriedAt?: number;
	appealed?: boolean;
	/** Why it was refused or is doubtful. */
	why?: string;
	receipt?: Bytes;
	leaf?: Bytes;
	verdict?: Bytes;
	grade?: number;
	reasons?: number[];
}

/** The log of now does not begin with the log as it was seen before: both, as notes. */
export interface Differs {
	/** When it was found, in ms since 1970. */
	at: number;
	/** Whose key found it: each key has the last checkpoint that it saw. */
	who: string;
	/** `shorter`: it ends before the one that was seen. */
	how: 'shorter' | 'other';
	said: string;
	before: string;
	told: string;
	/** Whether `told` is a checkpoint of this log that the hub signed. */
	isSigned: boolean;
	/** When its owner saved both, and when they said that the auditors have them. null: not yet. */
	savedAt: number | null;
	handedAt: number | null;
}

interface Kept extends DBSchema {
	phone: { key: string; value: Device | Differs[] | string };
	/** Keys of the others who use this phone, by their number. */
	aside: { key: string; value: Device };
	proofs: { key: string; value: Proof; indexes: { state: State; at: number } };
}

export type Store = IDBPDatabase<Kept>;

/** Throws where the browser keeps nothing for us. */
export function open(): Promise<Store> {
	return openDB<Kept>('cheongsa-trip', 2, {
		upgrade(db) {
			for (const name of db.objectStoreNames) db.deleteObjectStore(name); // 1 was never released
			db.createObjectStore('phone');
			db.createObjectStore('aside');
			const proofs = db.createObjectStore('proofs', { keyPath: 'cti' });
			proofs.createIndex('state', 'state');
			proofs.createIndex('at', 'at');
		},
		blocking: (_now, _then, event) => (event.target as IDBDatabase).close()
	});
}

export async function device(db: Store): Promise<Device | null> {
	return ((await db.get('phone', 'device')) as Device | undefined) ?? null;
}

/** Another person's turn: their key comes forward, the one of now steps aside. */
export async function turn(db: Store, who: string): Promise<void> {
	const step = db.transaction(['phone', 'aside'], 'readwrite');
	const [phone, aside] = [step.objectStore('phone'), step.objectStore('aside')];
	const next = await aside.get(who);
	const held = (await phone.get('device')) as Device | undefined;
	if (next) {
		if (held) await aside.put(held, held.who);
		await phone.put(next, 'device');
		await aside.delete(who);
	}
	await step.done;
}

/** A key of somebody new; the one of another person steps aside, one's own before is gone. */
export async function enrol(db: Store, device: Device): Promise<void> {
	const step = db.transaction(['phone', 'aside'], 'readwrite');
	const [phone, aside] = [step.objectStore('phone'), step.objectStore('aside')];
	const held = (await phone.get('device')) as Device | undefined;
	if (held && held.who !== device.who) await aside.put(held, held.who);
	await aside.delete(device.who);
	await phone.put(device, 'device');
	await step.done;
}

/** The others whose keys are on this phone. */
export function others(db: Store): Promise<Device[]> {
	return db.getAll('aside');
}

/**
 * Change what is kept of the device, in one transaction: a tab and the worker may both do. With
 * `of`, a kid: only while it is still this key's turn.
 */
export async function change(
	db: Store,
	by: (device: Device) => void,
	of?: Bytes
): Promise<Device | null> {
	const step = db.transaction('phone', 'readwrite');
	const held = (await step.store.get('device')) as Device | undefined;
	if (held && (!of || same(of, held.key.public.kid))) {
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
 * A new proof, and the device one further: both or neither. `used`: the challenge that is spent;
 * `meanwhile`: done while the browser writes it down. Throws Taken, and where there is no room.
 */
export async function add(
	db: Store,
	proof: Proof,
	used: Bytes | null,
	meanwhile: () => void = () => undefined
): Promise<void> {
	const step = db.transaction(['phone', 'proofs'], 'readwrite', { durability: 'strict' });
	try {
		const held = (await step.objectStore('phone').get('device')) as Device | undefined;
		const isNext = held?.counter === proof.counter - 1 && hex(held.key.public.kid) === proof.kid;
		if (!held || held.ended || !isNext) throw new Taken();
		held.counter = proof.counter;
		held.before = proof.statement;
		held.challenges = held.challenges.filter((one) => !used || !same(one.value, used));
		for (const one of [step.objectStore('phone').put(held, 'device'), step.objectStore('proofs').add(proof)])
			one.catch(() => undefined); // the transaction says why
		step.commit(); // without waiting for this page, which is about to be busy
		meanwhile();
		await step.done;
	} catch (error) {
		aborted(step);
		throw error;
	}
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

/** Another tab signed in between, or the key ended: the device is to be read again. */
export class Taken extends Error {}

/** Those that the hub does not hold yet, the oldest first. */
export async function waiting(db: Store): Promise<Proof[]> {
	const found = await db.getAllFromIndex('proofs', 'state', 'waiting');
	return found.sort((a, b) => a.at - b.at || a.counter - b.counter);
}

/** One person's, the newest first. */
export async function newest(db: Store, who: string, most: number): Promise<Proof[]> {
	const found: Proof[] = [];
	let cursor = await db.transaction('proofs').store.index('at').openCursor(null, 'prev');
	for (; cursor && found.length < most; cursor = await cursor.continue())
		if (cursor.value.who === who) found.push(cursor.value);
	return found;
}

export async function settle(db: Store, proof: Proof): Promise<void> {
	await db.put('proofs', proof);
}

/** Each time that the log was not the one it had been, as this person's key saw it; newest first. */
export async function differing(db: Store, who: string): Promise<Differs[]> {
	const all = ((await db.get('phone', 'log-differs')) as Differs[] | undefined) ?? [];
	return all.filter((one) => one.who === who).reverse();
}

/** The first one stays until the auditors have it: what comes meanwhile follows from it. */
export async function keepDiffers(db: Store, found: Differs): Promise<void> {
	const step = db.transaction('phone', 'readwrite');
	const all = ((await step.store.get('log-differs')) as Differs[] | undefined) ?? [];
	const isOpen = all.some((one) => one.who === found.who && !one.handedAt);
	if (!isOpen) await step.store.put([...all, found], 'log-differs');
	await step.done;
}

/** Both were saved, to be given away. */
export function savedDiffers(db: Store, found: Differs, nowMs: number): Promise<void> {
	return mark(db, found, (one) => (one.savedAt ??= nowMs));
}

/**
 * The auditors have both. From here on the log is held against what the hub signed then, so that
 * whatever is taken out next is found as this was; the two stay.
 */
export function handDiffers(db: Store, found: Differs, nowMs: number): Promise<void> {
	return mark(db, found, (one, device) => {
		one.handedAt ??= nowMs;
		const isStill = device?.who === one.who && device.checkpoint === one.before;
		if (isStill && one.isSigned) device.checkpoint = one.told;
	});
}

async function mark(
	db: Store,
	found: Differs,
	by: (one: Differs, device: Device | undefined) => void
): Promise<void> {
	const step = db.transaction('phone', 'readwrite');
	const all = ((await step.store.get('log-differs')) as Differs[] | undefined) ?? [];
	const held = (await step.store.get('device')) as Device | undefined;
	for (const one of all) if (one.at === found.at && one.who === found.who) by(one, held);
	await step.store.put(all, 'log-differs');
	if (held) await step.store.put(held, 'device');
	await step.done;
}
