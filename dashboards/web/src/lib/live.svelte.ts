/**
 * The board as it is now: a snapshot first, then the stream, polling where no stream gets through.
 *
 * Every event is the whole board, so nothing is replayed after a gap. A hidden page holds no
 * connection: an office leaves hundreds of tabs open. The clock is the hub's, carried on by this
 * computer's, so a wrong clock here does not make counts look old or new.
 */
import { backoffMs } from './backoff.ts';
import type { Board } from './api/types.ts';

const BOARD_URL = '/api/v1/density';
const STREAM_URL = '/api/v1/density/stream';
/** The hub speaks at least every 10 s, so this long a silence is a dead connection. */
const SILENCE_MS = 25_000;
const POLL_MS = 10_000;
const STREAM_FAILURES_BEFORE_POLLING = 3;
const STREAM_AGAIN_MS = 60_000;
const ANSWER_WITHIN_MS = 10_000;

export type Link = 'connecting' | 'live' | 'polling' | 'lost';

export class Live {
	board = $state.raw<Board | null>(null);
	link = $state<Link>('connecting');
	/** When the next try is, by `performance.now()`; null while one is under way. */
	retryAtMs = $state<number | null>(null);
	/** The hub's time, once a second. */
	nowMs = $state(0);
	/** This page's own second hand, for countdowns. */
	tickMs = $state(0);

	#heard = { hubMs: 0, dateMs: 0, upMs: 0 };
	#etag: string | null = null;
	#stream: EventSource | null = null;
	#streamFailures = 0;
	#failures = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#silence: ReturnType<typeof setTimeout> | undefined;
	#ticker: ReturnType<typeof setInterval> | undefined;
	#asking: AbortController | null = null;

	/** Begin, and return how to stop. Call it in the browser only. */
	start(): () => void {
		const onVisibility = () => (document.hidden ? this.#rest() : this.#wake());
		const onOnline = () => this.retry();
		document.addEventListener('visibilitychange', onVisibility);
		window.addEventListener('online', onOnline);
		window.addEventListener('pagehide', this.#rest);
		window.addEventListener('pageshow', onVisibility);
		onVisibility();
		return () => {
			document.removeEventListener('visibilitychange', onVisibility);
			window.removeEventListener('online', onOnline);
			window.removeEventListener('pagehide', this.#rest);
			window.removeEventListener('pageshow', onVisibility);
			this.#rest();
		};
	}

	/** Somebody does not want to wait for the countdown. */
	retry(): void {
		if (this.link !== 'lost' || document.hidden) return;
		this.#later(0, this.#connect);
	}

	#wake(): void {
		if (this.#ticker !== undefined) return;
		this.#tick();
		this.#ticker = setInterval(this.#tick, 1_000);
		void this.#connect();
	}

	#rest = (): void => {
		clearInterval(this.#ticker);
		clearTimeout(this.#timer);
		this.#ticker = undefined;
		this.#asking?.abort();
		this.#closeStream();
	};

	#tick = (): void => {
		this.tickMs = performance.now();
		if (this.board === null) return;
		// The larger of two clocks: `performance` stands still while some computers sleep.
		const passed = Math.max(
			Date.now() - this.#heard.dateMs,
			performance.now() - this.#heard.upMs
		);
		this.nowMs = this.#heard.hubMs + passed;
	};

	#connect = async (): Promise<void> => {
		this.retryAtMs = null;
		if (!(await this.#fetchBoard())) return this.#lose();
		this.#openStream();
	};

	/** Ask once. False: the hub did not answer, or not with a board. */
	async #fetchBoard(): Promise<boolean> {
		this.#asking?.abort();
		const asking = (this.#asking = new AbortController());
		const limit = setTimeout(() => asking.abort(), ANSWER_WITHIN_MS);
		try {
			const headers: HeadersInit = this.#etag ? { 'If-None-Match': this.#etag } : {};
			const answer = await fetch(BOARD_URL, { headers, signal: asking.signal });
			if (answer.status !== 304) {
				if (!answer.ok) return false;
				this.#etag = answer.headers.get('ETag');
				this.#accept((await answer.json()) as Board, answer.headers.get('Date'));
			}
			this.#failures = 0;
			return true;
		} catch {
			return false;
		} finally {
			clearTimeout(limit);
		}
	}

	/** `date`: of the answer. A snapshot may have been made some seconds before it was sent. */
	#accept(board: Board, date: string | null = null): void {
		const hubMs = Math.max(Date.parse(board.now), date === null ? 0 : Date.parse(date));
		this.#heard = { hubMs, dateMs: Date.now(), upMs: performance.now() };
		this.board = board;
		this.#tick();
	}

	#openStream(): void {
		this.#closeStream();
		if (document.hidden) return;
		const stream = (this.#stream = new EventSource(STREAM_URL));
		stream.addEventListener('density', (event) => {
			this.#streamFailures = 0;
			this.link = 'live';
			this.#listenForSilence();
			this.#accept(JSON.parse((event as MessageEvent<string>).data) as Board);
		});
		stream.onerror = () => this.#streamFailed();
		this.#listenForSilence();
	}

	#listenForSilence(): void {
		clearTimeout(this.#silence);
		this.#silence = setTimeout(() => this.#streamFailed(), SILENCE_MS);
	}

	#closeStream(): void {
		clearTimeout(this.#silence);
		this.#stream?.close();
		this.#stream = null;
	}

	#streamFailed(): void {
		this.#closeStream();
		this.#streamFailures += 1;
		const poll = this.#streamFailures >= STREAM_FAILURES_BEFORE_POLLING;
		if (poll) return void this.#poll(performance.now() + STREAM_AGAIN_MS);
		this.#later(backoffMs(this.#streamFailures, Math.random()), this.#connect);
	}

	/** A proxy may swallow streams while plain answers come through. */
	async #poll(streamAgainMs: number): Promise<void> {
		this.retryAtMs = null;
		if (!(await this.#fetchBoard())) return this.#lose();
		this.link = 'polling';
		if (performance.now() >= streamAgainMs) return this.#openStream();
		this.#later(POLL_MS, () => this.#poll(streamAgainMs));
	}

	#lose(): void {
		if (document.hidden) return;
		this.#closeStream();
		this.#failures += 1;
		this.link = 'lost';
		const waitMs = backoffMs(this.#failures, Math.random());
		this.retryAtMs = performance.now() + waitMs;
		this.#tick();
		this.#later(waitMs, this.#connect);
	}

	#later(ms: number, then: () => void | Promise<void>): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void then(), ms);
	}
}
