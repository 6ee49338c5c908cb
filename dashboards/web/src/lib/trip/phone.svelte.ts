/** The page of one touch: what it shows now, and what each press does. */
import type { components } from '../api/schema.d.ts';
import { backoffMs } from '../backoff.ts';
import { Problem, session } from '../session.svelte.ts';
import * as ask from './ask.ts';
import { base64url, fromBase64url, fromHex, hex, same, sha256, utf8, type Bytes } from './bytes.ts';
import { fingerprint, newKey } from './keys.ts';
import { bestFix, COARSE_M, type Found } from './position.ts';
import { send, take, type Outcome } from './sending.ts';
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
	| 'consent'
	| 'paper'
	| 'ready'
	| 'searching'
	| 'denied'
	| 'no-gps'
	| 'coarse'
	| 'full'
	| 'failed'
	| 'done';

const WRONG_CLOCK_S = 300;
const RECENT = 20;

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
	differs = $state<string | null>(null);
	kind = $state<Kind>('arrive');
	trip = $state('');
	note = $state('');
	#db: store.Store | null = null;
	#found: Found | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#tries = 0;

	/** How many minutes the phone's clock is behind the hub's (below zero: ahead); 0: it is right. */
	get clockOffMin(): number {
		const offS = this.device?.clockOffS ?? 0;
		return Math.abs(offS) > WRONG_CLOCK_S ? Math.round(offS / 60) : 0;
	}

	get hasNewAuditor(): boolean {
		if (!this.begun || !this.device) return false;
		return !same(fromBase64url(this.begun.auditor.fingerprint), this.device.auditor.fingerprint);
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
		if (this.mayTouch) {
			this.stage = 'ready';
			void this.send();
			void this.#begin().catch(() => undefined); // who is signed in may learn of a new auditor
		} else {
			await this.ask();
		}
	}

	/** Read again what is kept. */
	async look(): Promise<void> {
		const db = this.#db!;
		const [device, recent, waiting] = await Promise.all([
			store.device(db),
			store.newest(db, RECENT),
			store.waiting(db)
		]);
		this.device = device;
		this.recent = recent;
		this.unsent = waiting.length;
		this.differs = await store.logDiffers(db);
		if (this.shown) this.shown = recent.find((one) => one.cti === this.shown!.cti) ?? this.shown;
	}

	/** What it takes to enrol: the hub, a session, the role; then the consent is shown. */
	async ask(): Promise<void> {
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

	async #begin(): Promise<void> {
		if (!session.me) await session.load();
		if (session.me === null || session.me?.password_is_first) throw new Problem(401, {});
		this.begun = await session.ask<Begun>('GET', '/api/v1/trips/me');
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
			this.stage = 'ready';
			void this.send();
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			this.problem = error;
			if (error.kind === 'trip-consent-changed') await this.#begin();
		} finally {
			this.isBusy = false;
		}
	}

	/** What was shown, by its own hashes: never what the hub says that they are. */
	async #shown({ consent, auditor }: Begun) {
		const points = [auditor.seal, auditor.sign].map(fromBase64url) as [Bytes, Bytes];
		return {
			consent: base64url(await sha256(utf8(consent.text))),
			auditor: base64url(await fingerprint(auditor.quarter, ...points))
		};
	}

	async #enrol(begun: Begun, told: { consent: string; auditor: string }, name: string) {
		const db = this.#db!;
		const key = await newKey();
		const question = await ask.sign(key, 'challenges', Math.floor(Date.now() / 1000), 0);
		const phone = base64url(fromHex(await store.installation(db)));
		const body = { ...told, key: base64url(key.public.point), ask: base64url(question), phone, name };
		const given = await session.ask<Enrolled>('POST', '/api/v1/trips/devices', body);
		const { office, who, department, origin } = begun;
		await store.keep(db, {
			...{ key, office, who, department, origin, name },
			keys: fromBase64url(begun.keys),
			auditor: auditorOf(begun),
			until: Math.floor(Date.parse(given.until) / 1000),
			counter: 0,
			before: null,
			challenges: [],
			checkpoint: given.checkpoint,
			ended: null,
			clockOffS: null
		});
		await take(db, fromBase64url(given.challenges));
		await navigator.storage?.persist?.();
	}

	async #renew(begun: Begun, told: { consent: string; auditor: string }): Promise<void> {
		const given = await session.ask<{ until: string }>('POST', '/api/v1/trips/consent', told);
		await store.change(this.#db!, (held) => {
			held.until = Math.floor(Date.parse(given.until) / 1000);
			held.auditor = auditorOf(begun);
			held.ended = null;
		});
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
		const { kind, trip, note } = this;
		const given = { kind, trip, note, nowMs: Date.now(), queued: !navigator.onLine };
		performance.mark('trip:fix');
		try {
			this.shown = await touch(this.#db!, { ...given, fix: this.#found?.fix ?? null, search: this.#found?.search });
			this.note = '';
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
		if (this.outcome === 'ended' && this.stage === 'ready') await this.ask();
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
		this.shown = proof;
		this.stage = 'done';
	}

	back(): void {
		this.shown = null;
		this.stage = this.mayTouch ? 'ready' : 'paper';
	}

	get noneLeft(): boolean {
		const now = Date.now() / 1000;
		return !!this.device && !this.device.challenges.some((one) => one.expiresAt > now);
	}
}

function auditorOf({ auditor }: Begun): store.Auditor {
	return {
		quarter: auditor.quarter,
		seal: fromBase64url(auditor.seal),
		sign: fromBase64url(auditor.sign),
		fingerprint: fromBase64url(auditor.fingerprint)
	};
}

function stageOf(problem: Problem): Stage {
	if (!problem.status || problem.status >= 500) return 'away';
	if (problem.status === 401) return 'signed-out';
	return problem.status === 403 ? 'not-allowed' : 'not-ready';
}

export const phone = new Phone();
