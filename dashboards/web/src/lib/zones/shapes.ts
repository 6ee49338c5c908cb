/** What is drawn on a picture, as fractions of it: pure geometry, slips in kinds, undo. */

export type Point = [number, number];
export type ZoneKind = 'queue' | 'seating' | 'counter';
export interface Zone {
	zone: string;
	name: string;
	kind: ZoneKind;
	near: boolean;
	polygon: Point[];
}
export interface Line {
	line: string;
	zone: string;
	counts: 'served' | 'entered';
	a: Point;
	b: Point;
}
export interface Floor {
	image_points: [Point, Point, Point, Point];
	floor_m: [Point, Point, Point, Point];
	fifth_image: Point | null;
	fifth_m: Point | null;
}
export interface Drawing {
	zones: Zone[];
	lines: Line[];
	floor: Floor | null;
}
export type Box = [number, number, number, number];
export type Slip =
	| { kind: 'crossing' | 'small' | 'unnamed'; name: string }
	| { kind: 'short' | 'stray-line' }
	| { kind: 'in-line-picture' | 'in-line-floor' };

export const LEAST_AREA = 0.002;
export const LEAST_LENGTH = 0.02;
export const LEAST_FLATNESS = 0.02;
export const POINTS_MOST = 24;

export const clamp = (value: number) => Math.min(1, Math.max(0, Math.round(value * 1e4) / 1e4));

export function area(polygon: readonly Point[]): number {
	let twice = 0;
	polygon.forEach(([x0, y0], i) => {
		const [x1, y1] = polygon[(i + 1) % polygon.length]!;
		twice += x0 * y1 - x1 * y0;
	});
	return Math.abs(twice) / 2;
}

export function crossesItself(polygon: readonly Point[]): boolean {
	const edges = polygon.map((p, i) => [p, polygon[(i + 1) % polygon.length]!] as const);
	const last = edges.length - 1;
	return edges.some((one, i) =>
		edges.some((other, j) => j - i > 1 && !(i === 0 && j === last) && meet(...one, ...other))
	);
}

export function isInside([x, y]: Point, polygon: readonly Point[]): boolean {
	return polygon.reduce((within, [x0, y0], i) => {
		const [x1, y1] = polygon[(i + 1) % polygon.length]!;
		const cut = y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0;
		return cut ? !within : within;
	}, false);
}

/** How many stand in the polygon: a person belongs where the feet are. */
export function countIn(boxes: readonly Box[], polygon: readonly Point[]): number {
	return boxes.filter(([l, , r, b]) => isInside([(l + r) / 2, Math.min(b, 1 - 1e-6)], polygon))
		.length;
}

/** The first thing nobody can count with; the hub says the same, and decides. */
export function firstSlip(drawing: Drawing): Slip | null {
	for (const { name, zone, polygon } of drawing.zones) {
		if (!name.trim()) return { kind: 'unnamed', name: zone };
		if (crossesItself(polygon)) return { kind: 'crossing', name };
		if (area(polygon) < LEAST_AREA) return { kind: 'small', name };
	}
	for (const { zone, a, b } of drawing.lines) {
		if (!drawing.zones.some((each) => each.zone === zone)) return { kind: 'stray-line' };
		if (distance(a, b) < LEAST_LENGTH) return { kind: 'short' };
	}
	if (drawing.floor && isFlat(drawing.floor.image_points)) return { kind: 'in-line-picture' };
	if (drawing.floor && isFlat(drawing.floor.floor_m)) return { kind: 'in-line-floor' };
	return null;
}

/** Where the arrow of a line points: to the right of a > b, by which walking counts. */
export function arrow(a: Point, b: Point, ratio: number, length: number): [Point, Point] {
	const [dx, dy] = [b[0] - a[0], (b[1] - a[1]) / ratio];
	const long = Math.hypot(dx, dy) || 1;
	const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
	return [middle, [middle[0] - (dy / long) * length, middle[1] + (dx / long) * length * ratio]];
}

/** How far the fifth point lies from where the four put it, in metres; null: cannot be told. */
export function fifthError(floor: Floor): number | null {
	if (!floor.fifth_image || !floor.fifth_m) return null;
	const h = homography(floor.image_points, floor.floor_m);
	if (!h) return null;
	const [x, y] = floor.fifth_image;
	const depth = h[6]! * x + h[7]! * y + 1;
	if (Math.abs(depth) < 1e-9) return null;
	const u = (h[0]! * x + h[1]! * y + h[2]!) / depth;
	const v = (h[3]! * x + h[4]! * y + h[5]!) / depth;
	return Math.hypot(u - floor.fifth_m[0], v - floor.fifth_m[1]);
}

export function newId(prefix: string, taken: readonly string[]): string {
	for (let n = 1; ; n++) if (!taken.includes(`${prefix}-${n}`)) return `${prefix}-${n}`;
}

export const distance = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]);

function isFlat(points: readonly Point[]): boolean {
	return points.some((_, left) => {
		const [p, q, r] = points.filter((__, i) => i !== left) as [Point, Point, Point];
		const longest = Math.max(distance(p, q), distance(q, r), distance(r, p)) ** 2;
		const room = Math.abs((q[0] - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (q[1] - p[1])) / 2;
		return longest === 0 || room < LEAST_FLATNESS * longest;
	});
}

function turn(a: Point, b: Point, c: Point): number {
	return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

function liesOn(a: Point, b: Point, c: Point): boolean {
	return [0, 1].every(
		(k) => Math.min(a[k]!, b[k]!) <= c[k]! && c[k]! <= Math.max(a[k]!, b[k]!)
	);
}

function meet(a: Point, b: Point, c: Point, d: Point): boolean {
	const turns = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
	if (turns[0] !== turns[1] && turns[2] !== turns[3]) return true;
	const ends: [Point, Point, Point][] = [[a, b, c], [a, b, d], [c, d, a], [c, d, b]];
	return ends.some((end, i) => turns[i] === 0 && liesOn(...end));
}

/** Eight entries of the 3x3 matrix, the ninth is 1; by Gauss with pivoting. */
function homography(from: readonly Point[], to: readonly Point[]): number[] | null {
	const rows = from.flatMap(([x, y], i) => {
		const [u, v] = to[i]!;
		return [
			[x, y, 1, 0, 0, 0, -u * x, -u * y, u],
			[0, 0, 0, x, y, 1, -v * x, -v * y, v]
		];
	});
	for (let k = 0; k < 8; k++) {
		const best = rows.slice(k).reduce((at, row, i) => {
			return Math.abs(row[k]!) > Math.abs(rows[at]![k]!) ? i + k : at;
		}, k);
		[rows[k], rows[best]] = [rows[best]!, rows[k]!];
		if (Math.abs(rows[k]![k]!) < 1e-12) return null;
		for (let i = 0; i < 8; i++) {
			if (i === k) continue;
			const times = rows[i]![k]! / rows[k]![k]!;
			rows[i] = rows[i]!.map((value, j) => value - times * rows[k]![j]!);
		}
	}
	return rows.map((row, k) => row[8]! / row[k]!);
}

/** Steps back and forward over whole drawings. */
export class Undo<T> {
	private readonly past: string[] = [];
	private future: string[] = [];
	private now: string;

	constructor(first: T) {
		this.now = JSON.stringify(first);
	}
	/** Something was done; the same again is nothing. */
	did(state: T): void {
		const next = JSON.stringify(state);
		if (next === this.now) return;
		this.past.push(this.now);
		this.now = next;
		this.future = [];
	}
	back(): T | null {
		return this.step(this.past, this.future);
	}
	forward(): T | null {
		return this.step(this.future, this.past);
	}
	get canBack(): boolean {
		return this.past.length > 0;
	}
	get canForward(): boolean {
		return this.future.length > 0;
	}
	private step(from: string[], to: string[]): T | null {
		const next = from.pop();
		if (next === undefined) return null;
		to.push(this.now);
		this.now = next;
		return JSON.parse(next) as T;
	}
}
