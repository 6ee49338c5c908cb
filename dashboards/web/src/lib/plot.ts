/** From seconds and milliseconds to SVG paths. Pure geometry; nothing here knows words. */
import type { Band, Span, Value } from './curve.ts';

/** Seoul's offset, all year: round hours are round there, not in London. */
const SEOUL_MS = 9 * 3_600_000;

export interface Frame {
	left: number;
	right: number;
	top: number;
	bottom: number;
	span: Span;
	topS: number;
}

export function x(frame: Frame, ms: number): number {
	const { fromMs, toMs } = frame.span;
	return round(frame.left + ((ms - fromMs) / (toMs - fromMs)) * (frame.right - frame.left));
}

export function y(frame: Frame, s: number): number {
	const part = Math.min(1, Math.max(0, s / frame.topS));
	return round(frame.bottom - part * (frame.bottom - frame.top));
}

export function line(frame: Frame, points: readonly Value[]): string {
	return points.map((p, i) => `${i ? 'L' : 'M'}${x(frame, p.ms)} ${y(frame, p.s)}`).join('');
}

/** There along the high edge, back along the low one. */
export function area(frame: Frame, band: readonly Band[]): string {
	if (band.length < 2) return '';
	const high = band.map((p) => ({ ms: p.ms, s: p.highS }));
	const low = band.map((p) => ({ ms: p.ms, s: p.lowS })).reverse();
	return `${line(frame, [...high, ...low])}Z`;
}

/** Two to four even steps of whole minutes that people use, up to at least five minutes. */
export function ticksS(mostS: number): number[] {
	const minutes = Math.max(5, Math.ceil(mostS / 60));
	const step = [5, 10, 15, 20, 30, 60].find((s) => minutes / s <= 4) ?? 120;
	return Array.from({ length: Math.ceil(minutes / step) + 1 }, (_, i) => i * step * 60);
}

/** Round clock times along the axis: as many as fit in `room`. */
export function hoursMs(span: Span, room: number): number[] {
	const minutes = (span.toMs - span.fromMs) / 60_000;
	const step = [15, 30, 60, 120, 180, 240, 360].find((s) => minutes / s <= room) ?? 720;
	const stepMs = step * 60_000;
	const first = Math.ceil((span.fromMs + SEOUL_MS) / stepMs) * stepMs - SEOUL_MS;
	const count = Math.floor((span.toMs - first) / stepMs) + 1;
	return Array.from({ length: Math.max(0, count) }, (_, i) => first + i * stepMs);
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}
