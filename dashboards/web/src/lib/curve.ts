/** The day's curve as points on a time axis. Pure: what to ask for, and what it means. */
import type { Forecast, History, Site } from './api/types.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Around a place that never closes, the hours that matter to somebody standing up now. */
const BEFORE_MS = 2 * HOUR_MS;
const AFTER_MS = 1.5 * HOUR_MS;
const LONG_MS = 6 * HOUR_MS;

export interface Span {
	fromMs: number;
	toMs: number;
}
export interface Value {
	ms: number;
	s: number;
}
export interface Band {
	ms: number;
	lowS: number;
	midS: number;
	highS: number;
}
export interface Curve {
	span: Span;
	/** Pieces of today; between two pieces nothing was observed, which is not zero. */
	today: Value[][];
	usual: Band[];
	forecast: Band[];
}

/** From opening to closing, the next ones while closed; around now where it never closes. */
export function spanOf(site: Site, nowMs: number): Span {
	if (site.opens_at && site.closes_at) {
		return { fromMs: Date.parse(site.opens_at), toMs: Date.parse(site.closes_at) };
	}
	const nowMinute = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
	return { fromMs: nowMinute - BEFORE_MS, toMs: nowMinute + AFTER_MS };
}

/** Bucket width, of those the hub keeps: minutes for a meal, quarter hours for a long day. */
export function stepS(span: Span): 60 | 900 {
	return span.toMs - span.fromMs <= LONG_MS ? 60 : 900;
}

export function curveOf(span: Span, history: Pick<History, 'points'>, forecast: Forecast, nowMs: number): Curve {
	const within = ({ ms }: { ms: number }) => ms >= span.fromMs && ms <= span.toMs;
	const usual = forecast.usual.map((p) => ({
		ms: Date.parse(p.at),
		lowS: p.wait_p25_s,
		midS: p.wait_p50_s,
		highS: p.wait_p75_s
	}));
	const ahead = forecast.points.map((p) => ({
		ms: Date.parse(p.at),
		lowS: p.wait_low_s,
		midS: p.wait_s,
		highS: p.wait_high_s
	}));
	return {
		span,
		today: pieces(history, span, nowMs),
		usual: usual.filter(within),
		forecast: ahead.filter((p) => within(p) && p.ms > nowMs)
	};
}

/** Cut today's line wherever a bucket has no wait. A lone point is kept: it is drawn as a dot. */
function pieces(history: Pick<History, 'points'>, span: Span, nowMs: number): Value[][] {
	const found: Value[][] = [];
	let open: Value[] | null = null;
	for (const point of history.points) {
		const ms = Date.parse(point.at);
		const outside = ms < span.fromMs || ms > Math.min(span.toMs, nowMs);
		if (point.wait_s === null || outside) {
			open = null;
			continue;
		}
		if (open === null) found.push((open = []));
		open.push({ ms, s: point.wait_s });
	}
	return found;
}

/** When it is usually longest, in the span that is drawn. */
export function usualPeak(curve: Curve): Value | null {
	if (curve.usual.length < 2) return null;
	const top = curve.usual.reduce((most, p) => (p.midS > most.midS ? p : most));
	return { ms: top.ms, s: top.midS };
}

export function peak(curve: Curve): Value | null {
	const all = curve.today.flat();
	return all.length === 0 ? null : all.reduce((most, p) => (p.s > most.s ? p : most));
}

/** A rise worth hurrying for: two minutes, as for the hub's own advice. */
const WORTH_S = 120;

/**
 * The moment to which the wait will have grown, if going now is the best that can be advised:
 * nothing ahead is shorter, and even the forecast's low end becomes clearly longer. Else null.
 */
export function growsTo(curve: Curve, waitS: number): Value | null {
	if (curve.forecast.length === 0) return null;
	if (curve.forecast.some((p) => p.midS < waitS - 30)) return null;
	const most = curve.forecast.reduce((top, p) => (p.midS > top.midS ? p : top));
	return most.midS - waitS >= WORTH_S && most.lowS > waitS ? { ms: most.ms, s: most.midS } : null;
}
