/** The page of one touch: what it shows now, and what each press does. */
import type { components } from '../api/schema.d.ts';
import { backoffMs } from '../backoff.ts';
import { Problem, session } from '../session.svelte.ts';
import * as ask from './ask.ts';
import { led, read as auditorOf } from './auditors.ts';
import { base64url, fromBase64url, fromHex, hex, sha256, utf8, type Bytes } from './bytes.ts';
import * as codes from './codes.ts';
import { check as checkEnrolment } from './enrolment.ts';
import { TripProofError } from './errors.ts';
import { canGuard, makeGuard, passes } from './guard.ts';
import { isApple, isInstalled } from './installing.ts';
import { decodeKeySet, hubOpens, newKey } from './keys.ts';
import { bestFix, COARSE_M, type Found } from './position.ts';
import { FOR_HUB, seal } from './seal.ts';
import { alone, send, take, type Outcome } from './sending.ts';
import * as upload from './upload.ts';
import type { Kind } from './statement.ts';
import * as store from './store.ts';
import { NoKey, touch } from './touch.ts';

type Begun = components['schemas']['TripBegun'];
type Enrolled = components['schemas']['TripEnrolled'];

export type Stage =
	| 'opening'
	| 'closed'
	| 'away'
	| 'signed-out'
	| 'not-allowed'
	| 'not-ready'
	| 'install'
	| 'consent'
	| 'paper'
	| 'doubtful'
	| 'ended'
	| 'differs'
	| 'clock'
	| 'who'
	| 'guard'
	| 'no-guard'
	| 'not-you'
	| 'ready'
	| 'scan'
	| 'searching'
	| 'denied'
	| 'no-gps'
	| 'coarse'
	| 'full'
	| 'failed'
	| 'done';

/** What the hub says may change these at any moment: nobody is in the middle of something. */
const FOLLOWS: Stage[] = ['ready', 'clock', 'ended'];
const WRONG_CLOCK_S = 300;
const RECENT = 20;
/** A photo is read whole to hash it. */
export const PHOTO_MAX_BYTES = 64 * 2 ** 20;
/** Who showed who they are may choose and touch for so long. */
const VERIFIED_MS = 120_000;

/** A photo of the place: its hash is signed, the photo itself stays in this page. */
export interface Photo {
	file: File;
	hash: Bytes;
}

class Phone {
	stage = $state<Stage>('opening');
	device = $state.raw<store.Device | null>(null);
	recent = $state.raw<store.Proof[]>([]);
	unsent = $state(0);
	/** The proof whose code is shown. */
	shown = $state.raw<store.Proof | null>(null);
	begun = $state.raw<Begun | null>(null);
	problem = $state.raw<Problem | null>(null);
	outcome = $state<Outcome | null>(null);
	isSending = $state(false);
	isBusy = $state(false);
	accuracyM = $state<number | null>(null);
	/** Each time that the log was another than before; the newest first. */
	differing = $state.raw<store.Differs[]>([]);
	/** The one that is looked at. */
	differs = $state.raw<store.Differs | null>(null);
	others = $state.raw<store.Device[]>([]);
	kind = $state<Kind>('arrive');
	trip = $state('');
	note = $state('');
	photo = $state.raw<Photo | null>(null);
	/** The photo of the proof that is shown: to be saved, or gone with this page. */
	taken = $state.raw<Photo | null>(null);
	/** Whether what is shown was made just now. */
	wasNow = $state(false);
	/** Whether what the scanned challenges were worth could be kept; null: none were scanned. */
	scanned = $state<boolean | null>(null);
	#db: store.Store | null = null;
	#found: Found | null = null;
	#verifiedMs = 0;
	#told = { differs: false, clock: false };
	#timer: ReturnType<typeof setTimeout> | undefined;
	#tries = 0;

	/** How many minutes the phone's clock is behind the hub's (below zero: ahead); 0: it is right. */
	get clockOffMin(): number {
		const offS = this.device?.clockOffS ?? 0;
		return Math.abs(offS) > WRONG_CLOCK_S ? Math.round(offS / 60) : 0;
	}

	/** A log that is not the one it was, until the auditors have what shows it. */
	get alarming(): store.Differs | null {
		return this.differing.find((one) => !one.handedAt) ?? null;
	}

	/** Who is signed in, where that is neither whose key this is nor one of the others here. */
	get newcomer(): string | null {
		const known = [this.device, ...this.others].some((one) => one?.who === this.begun?.who);
		return this.begun && this.device && !known ? this.begun.name : null;
	}

	get isShared(): boolean {
		return this.others.length > 0;
	}

	/** Whether the key of this phone may sign: the hub takes it, and consent holds. */
	get mayTouch(): boolean {
		return !!this.device && !this.device.ended && this.device.until * 1000 > Date.now();
	}

	async start(): Promise<void> {
		try {
			if (!globalThis.crypto?.subtle) throw new Error('not a secure address');
			this.#db = await store.open();
			await this.look();
		} catch {
			this.stage = 'closed';
			return;
		}
		if (!this.device) return this.ask();
		this.#go();
		void this.send();
		void this.#begin().catch(() => undefined); // who is signed in may be somebody new here
	}

	/** Where a phone with a key goes: to what must be told or asked first, else to the button. */
	#go(): void {
		this.stage = this.#first();
	}

	#first(): Stage {
		if (this.isShared && !this.#isVerified()) return 'who';
		if (!this.device) return 'paper';
		if (this.alarming && !this.#told.differs) {
			this.differs = this.alarming;
			return 'differs';
		}
		if (!this.mayTouch) return 'ended';
		if (this.clockOffMin && !this.#told.clock) return 'clock';
		return 'ready';
	}

	#isVerified(): boolean {
		return Date.now() - this.#verifiedMs < VERIFIED_MS;
	}

	/** It was read; go on. */
	heard(what: 'differs' | 'clock'): void {
		this.#told[what] = true;
		this.#go();
	}

	lookAt(found: store.Differs): void {
		this.differs = found;
		this.stage = 'differs';
	}

	/** Both were saved, to be given to the auditors. */
	async savedBoth(found: store.Differs): Promise<void> {
		await store.savedDiffers(this.#db!, found, Date.now());
		await this.look();
	}

	/** The auditors have them: it becomes a line of the records; another one is told anew. */
	async handedOver(found: store.Differs): Promise<void> {
		await store.handDiffers(this.#db!, found, Date.now());
		await this.look();
		this.#told.differs = false;
		this.#go();
	}

	/** Read again what is kept. */
	async look(): Promise<void> {
		const db = this.#db!;
		const device = await store.device(db);
		const [own, waiting, others, differing] = await Promise.all([
			store.newest(db, device?.who ?? '', RECENT),
			store.waiting(db),
			store.others(db),
			store.differing(db, device?.who ?? '')
		]);
		this.device = device;
		this.others = others;
		this.recent = lately(own, device?.proved ?? [], device?.who ?? '');
		this.unsent = waiting.filter((one) => one.who === device?.who).length;
		this.differing = differing;
		if (this.differs) this.differs = differing.find((one) => one.at === this.differs!.at) ?? null;
		if (this.shown) this.shown = this.recent.find((one) => one.cti === this.shown!.cti) ?? this.shown;
	}

	/** The orders that a touch may be for: the one of now first. */
	get orders(): store.Order[] {
		const now = Date.now() / 1000;
		const isNow = (one: store.Order) => Number(one.beginsAt <= now && now <= one.endsAt);
		return [...(this.device?.orders ?? [])].sort((a, b) => isNow(b) - isNow(a) || a.beginsAt - b.beginsAt);
	}

	/** Where exactly one order is for now, it is chosen; nobody is asked. */
	#chooseOrder(): void {
		const now = Date.now() / 1000;
		const open = this.orders.filter((one) => one.beginsAt <= now && now <= one.endsAt);
		if (!this.trip && open.length === 1) this.trip = open[0]!.trip;
	}

	/** What it takes to enrol: the hub, a session, the role; then the consent is shown. */
	async ask(): Promise<void> {
		if (isApple() && !isInstalled() && !this.device && !this.#mayStay) {
			this.stage = 'install';
			return;
		}
		this.stage = 'opening';
		try {
			await this.#begin();
			this.stage = 'consent';
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			this.problem = error;
			this.stage = stageOf(error);
		}
	}

	#mayStay = false;

	/** Enrol in the browser all the same, although its data do not reach the installed app. */
	stay(): Promise<void> {
		this.#mayStay = true;
		return this.ask();
	}

	async #begin(): Promise<void> {
		if (!session.me) await session.load();
		if (session.me === null || session.me?.password_is_first) throw new Problem(401, {});
		const begun = await session.ask<Begun>('GET', '/api/v1/trips/me');
		if (this.device?.who === begun.who) {
			const found = await led(this.device.auditor, begun.auditor);
			await store.change(this.#db!, (held) => Object.assign(held, found), this.device.key.public.kid);
			await this.look();
		}
		this.begun = begun;
	}

	/** Agree: a key for this phone, or another year for the one that it has. */
	async agree(name: string): Promise<void> {
		const begun = this.begun!;
		this.isBusy = true;
		this.problem = null;
		try {
			const told = await this.#shown(begun);
			const holds = this.device && begun.device?.kid === hex(this.device.key.public.kid);
			await (holds ? this.#renew(begun, told) : this.#enrol(begun, told, name));
			await this.look();
			this.#verifiedMs = Date.now();
			this.#go();
			if (this.isShared && !this.device?.guard) this.stage = 'guard';
			void this.send();
		} catch (error) {
			if (error instanceof TripProofError) this.stage = 'doubtful';
			else if (!(error instanceof Problem)) throw error;
			else this.problem = error;
			if (this.problem?.kind === 'trip-consent-changed') await this.#begin();
		} finally {
			this.isBusy = false;
		}
	}

	/** What was shown, by its own hashes: never what the hub says that they are. */
	async #shown({ consent, auditor }: Begun) {
		return {
			consent: base64url(await sha256(utf8(consent.text))),
			auditor: base64url((await auditorOf(auditor)).fingerprint)
		};
	}

	async #enrol(begun: Begun, told: { consent: string; auditor: string }, name: string) {
		const db = this.#db!;
		const key = await newKey();
		const question = await ask.sign(key, 'challenges', Math.floor(Date.now() / 1000), 0);
		const phone = base64url(fromHex(await store.installation(db)));
		const body = { ...told, key: base64url(key.public.point), ask: base64url(question), phone, name };
		const given = await session.ask<Enrolled>('POST', '/api/v1/trips/devices', body);
		const keys = fromBase64url(begun.keys);
		const { office, who, department, origin, name: person } = begun;
		const brought = { key: key.public, who, phone: fromBase64url(phone) };
		const hashes = { consent: fromBase64url(told.consent), auditor: fromBase64url(told.auditor) };
		await checkEnrolment(given, { ...brought, ...hashes }, await decodeKeySet(keys));
		await store.enrol(db, {
			...{ key, office, who, person, department, origin, name, keys },
			auditor: await auditorOf(begun.auditor),
			until: Math.floor(Date.parse(given.until) / 1000),
			counter: 0,
			before: null,
			challenges: [],
			// the log that was seen first is what all later ones are held against
			checkpoint: this.device?.checkpoint ?? given.checkpoint,
			ended: null,
			why: null,
			offered: null,
			orders: [],
			proved: [],
			guard: null,
			clockOffS: null
		});
		await take(db, fromBase64url(given.challenges));
		await navigator.storage?.persist?.();
	}

	async #renew(begun: Begun, told: { consent: string; auditor: string }): Promise<void> {
		const given = await session.ask<{ until: string }>('POST', '/api/v1/trips/consent', told);
		const auditor = await auditorOf(begun.auditor);
		await store.change(this.#db!, (held) => {
			held.until = Math.floor(Date.parse(given.until) / 1000);
			Object.assign(held, { auditor, offered: null, ended: null });
		});
	}

	/** Another's turn on this phone; they show first who they are. */
	async turn(who: string): Promise<void> {
		this.problem = null;
		if (who !== this.device?.who) {
			await alone(() => store.turn(this.#db!, who));
			Object.assign(this, { trip: '', note: '', photo: null, shown: null, differs: null });
			this.#told.differs = false;
			await this.look();
		}
		if (!this.device!.guard) this.stage = (await canGuard()) ? 'guard' : 'no-guard';
		else if (await this.#verify()) this.#go();
	}

	/** Let the phone's own lock say who holds it; false: `stage` says why not. */
	async #verify(): Promise<boolean> {
		if (this.#isVerified()) return true;
		const isThem = await passes(this.device!.guard!);
		if (isThem) this.#verifiedMs = Date.now();
		else this.stage = 'not-you';
		return isThem;
	}

	/** Make the guard of this person's key: whoever is signed in as them may, nobody else. */
	async guard(): Promise<void> {
		if (!(await canGuard())) {
			this.stage = 'no-guard';
			return;
		}
		this.isBusy = true;
		try {
			await this.#begin();
			if (this.begun!.who !== this.device!.who) throw new Problem(401, {});
			const made = await makeGuard(this.device!.who, this.device!.person);
			if (made) await store.change(this.#db!, (held) => (held.guard = made), this.device!.key.public.kid);
			if (made) this.#verifiedMs = Date.now();
			await this.look();
			if (made) this.#go();
			else this.stage = 'not-you';
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			this.stage = stageOf(error);
		} finally {
			this.isBusy = false;
		}
	}

	/** Somebody else signs in here, to enrol too. */
	async leave(): Promise<void> {
		await session.signOut().catch(() => undefined);
		session.me = null;
		this.begun = null;
		this.stage = 'signed-out';
	}

	/** Withdraw: the key ends, on the hub and here. */
	async withdraw(): Promise<void> {
		this.isBusy = true;
		this.problem = null;
		try {
			if (!session.me) await session.load();
			await session.ask('DELETE', '/api/v1/trips/consent');
			await store.change(this.#db!, (held) => (held.ended = 'trip-no-consent'));
			await this.look();
			this.stage = 'paper';
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			this.problem = error;
		} finally {
			this.isBusy = false;
		}
	}

	/** The one touch: the best fix, then what can honestly be made of it. */
	async touch(): Promise<void> {
		if (this.isShared && !this.device?.guard) return this.turn(this.device!.who);
		if (this.isShared && !(await this.#verify())) return;
		this.stage = 'searching';
		this.accuracyM = null;
		const found = await bestFix(navigator.geolocation, (m) => (this.accuracyM = m));
		if (typeof found === 'string') {
			this.#found = null;
			this.stage = found;
			return;
		}
		this.#found = found;
		if (found.fix.accuracyM > COARSE_M) this.stage = 'coarse';
		else await this.write();
	}

	/** Sign and store what was found, or the time alone; then the code, then the network. */
	async write(): Promise<void> {
		const { kind, trip, note, photo } = this;
		const about = { kind, trip, note, photo: photo?.hash, who: this.device!.who };
		const given = { ...about, nowMs: Date.now(), queued: !navigator.onLine };
		performance.mark('trip:fix');
		try {
			const found = { fix: this.#found?.fix ?? null, search: this.#found?.search };
			this.shown = await touch(this.#db!, { ...given, ...found }, this.device);
			Object.assign(this, { note: '', photo: null, taken: photo, wasNow: true });
			this.stage = 'done';
			await this.look();
			void this.send();
		} catch (error) {
			if (error instanceof NoKey) return this.ask();
			this.stage = (error as Error).name === 'QuotaExceededError' ? 'full' : 'failed';
		}
	}

	async send(): Promise<void> {
		if (this.isSending || !this.#db || !this.device) return;
		this.isSending = true;
		try {
			this.outcome = await send(this.#db, () => void this.look());
		} catch {
			this.outcome = 'later';
		} finally {
			this.isSending = false;
			await this.look();
			if (this.unsent) this.#later();
			else this.#tries = 0;
		}
		this.#chooseOrder();
		if (FOLLOWS.includes(this.stage)) this.#go();
	}

	/** A weak signal comes and goes without a word: while the page is open it is tried again. */
	#later(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.send(), backoffMs(++this.#tries, Math.random()));
		void this.#askTheBrowser();
	}

	/** Background Sync, where there is one: the browser wakes the service worker when it is online. */
	async #askTheBrowser(): Promise<void> {
		const worker = await navigator.serviceWorker?.getRegistration('/trip');
		const sync = (worker as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync;
		await sync?.register('proofs').catch(() => undefined);
	}

	show(proof: store.Proof): void {
		this.wasNow = false;
		this.shown = proof;
		this.stage = 'done';
	}

	back(): void {
		this.shown = this.taken = this.scanned = null;
		this.#go();
	}

	/** Take a photo's hash, to be signed with the next touch; null: none. Throws where it is too large. */
	async choose(file: File | null): Promise<void> {
		this.photo = null;
		if (!file) return;
		if (file.size > PHOTO_MAX_BYTES) throw new RangeError('too large');
		this.photo = { file, hash: await sha256(new Uint8Array(await file.arrayBuffer())) };
	}

	/** What one says to a grade of one's own. It takes a session. Throws Problem. */
	async appeal(cti: string, text: string): Promise<void> {
		if (!session.me) await session.load();
		await session.ask('POST', `/api/v1/trips/proofs/${cti}/appeal`, { text });
		await store.change(this.#db!, (held) => {
			for (const one of held.proved) if (one.cti === cti) one.appealed = true;
		});
		await this.look();
	}

	/** A proof that waits, sealed to the hub's key: what an office PC scans (TP3). */
	async carried(proof: store.Proof): Promise<Bytes> {
		const keys = await decodeKeySet(this.device!.keys);
		const { statement, sealed, before } = proof;
		const body = upload.encode({ statement: statement!, sealed: sealed!, before });
		return seal(hubOpens(keys, Date.now() / 1000), body, FOR_HUB);
	}

	/** Somebody says that the PC took it. It is sent again all the same, once there is a network. */
	async arrived(proof: store.Proof): Promise<void> {
		await store.settle(this.#db!, { ...proof, carriedAt: Math.floor(Date.now() / 1000) });
		await this.look();
	}

	/** Challenges from an office PC's screen. */
	async took(text: string): Promise<void> {
		try {
			const [code, content] = codes.read(text);
			if (code !== 'TP3:') throw new TripProofError('MalformedProof', 'Another code.');
			await take(this.#db!, content);
			await this.look();
			this.scanned = true;
		} catch (error) {
			if (!(error instanceof TripProofError)) throw error;
			this.scanned = false;
		}
	}

	get noneLeft(): boolean {
		const now = Date.now() / 1000;
		return !!this.device && !this.device.challenges.some((one) => one.expiresAt > now);
	}
}

/** What this phone made, as the hub judges it now, and what other phones of the same person made. */
function lately(own: store.Proof[], proved: store.Proved[], who: string): store.Proof[] {
	const told = new Map(proved.map((one) => [one.cti, one]));
	const here = own.map((one) => {
		const row = one.state === 'waiting' ? undefined : told.get(one.cti);
		return row ? { ...one, grade: row.grade, reasons: row.reasons, appealed: row.appealed } : one;
	});
	const known = new Set(own.map((one) => one.cti));
	const elsewhere = proved.filter((one) => !known.has(one.cti)).map((one) => from(one, who));
	return [...here, ...elsewhere].sort((a, b) => b.at - a.at).slice(0, RECENT);
}

/** One that another phone made: no code of it is here. */
function from({ cti, trip, kind, at, grade, reasons, appealed }: store.Proved, who: string): store.Proof {
	const nothing = { statement: null, before: null, sealed: null, accuracyM: null, note: '' };
	return { ...nothing, ...{ cti, who, kid: '', counter: 0, at, kind, trip }, state: 'stored', grade, reasons, appealed };
}

function stageOf(problem: Problem): Stage {
	if (!problem.status || problem.status >= 500) return 'away';
	if (problem.status === 401) return 'signed-out';
	return problem.status === 403 ? 'not-allowed' : 'not-ready';
}

export const phone = new Phone();
