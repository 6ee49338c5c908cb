/** Today of one zone: its history and forecast, asked again every minute while it is looked at. */
import type { Forecast, History, Site, Zone } from './api/types.ts';
import { curveOf, spanOf, stepS, type Curve, type Span } from './curve.ts';

const AGAIN_MS = 60_000;
const AFTER_FAILURE_MS = 10_000;

export class Day {
	key = $state<string | null>(null);
	curve = $state.raw<Curve | null>(null);
	forecast = $state.raw<Forecast | null>(null);
	failed = $state(false);

	#nextMs = 0;
	#asking = false;

	/** Call it every second: it asks only when it is time, or when zone or hours changed. */
	keep(zone: Zone, site: Site, nowMs: number): void {
		if (zone.key !== this.key) this.#forget(zone.key);
		const span = spanOf(site, nowMs);
		if (this.#asking || document.hidden) return;
		if (performance.now() >= this.#nextMs) void this.#ask(zone.key, span, nowMs);
	}

	#forget(key: string): void {
		this.key = key;
		this.curve = null;
		this.forecast = null;
		this.failed = false;
		this.#nextMs = 0;
	}

	async #ask(key: string, span: Span, nowMs: number): Promise<void> {
		this.#asking = true;
		try {
			const [history, forecast] = await Promise.all([
				span.fromMs < nowMs ? getHistory(key, span, nowMs) : NOTHING_YET,
				get<Forecast>(`${encodeURIComponent(key)}/forecast`)
			]);
			if (key === this.key) this.#take(curveOf(span, history, forecast, nowMs), forecast);
		} catch {
			if (key === this.key) this.failed = true;
			this.#nextMs = performance.now() + AFTER_FAILURE_MS;
		} finally {
			this.#asking = false;
		}
	}

	#take(curve: Curve, forecast: Forecast): void {
		this.curve = curve;
		this.forecast = forecast;
		this.failed = false;
		this.#nextMs = performance.now() + AGAIN_MS;
	}
}

/** Before opening there is nothing to ask for. */
const NOTHING_YET: Pick<History, 'points'> = { points: [] };

function getHistory(key: string, span: Span, nowMs: number): Promise<History> {
	return get(`${encodeURIComponent(key)}/history?${range(span, nowMs)}`);
}

function range(span: Span, nowMs: number): URLSearchParams {
	return new URLSearchParams({
		from: new Date(span.fromMs).toISOString(),
		to: new Date(Math.min(span.toMs, nowMs)).toISOString(),
		step: String(stepS(span))
	});
}

async function get<T>(path: string): Promise<T> {
	const answer = await fetch(`/api/v1/density/${path}`);
	if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
	return (await answer.json()) as T;
}
