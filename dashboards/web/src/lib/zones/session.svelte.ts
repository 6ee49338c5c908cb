/** One visit to the zones page: the drawing, its undo, the picture, and what the node sees now. */
import { Hub, type Preview, type Saved, type Standing } from './ask.ts';
import {
	clamp,
	countIn,
	firstSlip,
	newId,
	Undo,
	type Box,
	type Drawing,
	type Point,
	type Slip,
	type ZoneKind
} from './shapes.ts';

export type Stage = 'loading' | 'ready' | 'no-node' | 'lost';
type Taking = { command: string; key: string; since: number };
export interface Shown {
	url: string;
	ratio: number;
	blurred: number;
	forgotten_at: string;
}

const WATCH_S = 30;
const IDLE_MS = 10 * 60_000; // nobody has drawn for so long: nobody draws
export const STILL_S = 35;

export class Session {
	stage = $state<Stage>('loading');
	problem = $state('');
	standing = $state<Standing | null>(null);
	drawing = $state<Drawing>({ zones: [], lines: [], floor: null });
	history = $state<Saved[]>([]);
	seen = $state<Preview | null>(null);
	taking = $state<Taking | null>(null);
	picture = $state<Shown | null>(null);
	said = $state<'gone' | 'silent' | 'saved' | ''>('');
	pictureProblem = $state('');
	isSaving = $state(false);
	nowMs = $state(Date.now());
	canUndo = $state(false);
	canRedo = $state(false);

	readonly slip = $derived<Slip | null>(firstSlip(this.drawing));
	readonly isChanged = $derived(
		JSON.stringify(this.drawing) !== JSON.stringify(this.standing?.drawing)
	);
	readonly boxes = $derived((this.seen?.at ? this.seen.boxes : []) as Box[]);
	readonly ratio = $derived(this.picture?.ratio ?? 4 / 3);

	private undo = new Undo<Drawing>(this.drawing);
	private touchedMs = Date.now();
	private watchedMs = 0;
	private readonly hub: Hub;
	private readonly kept: string;

	constructor(site: string, node: string, lang: () => string) {
		this.hub = new Hub(site, node, lang);
		this.kept = `picture:${site}/${node}`;
		if (!site || !node) this.stage = 'no-node';
	}

	/** Begin; returns how to end. */
	start(): () => void {
		if (this.stage === 'no-node') return () => {};
		const kept = sessionStorage.getItem(this.kept);
		if (kept) this.taking = JSON.parse(kept) as Taking;
		void this.load();
		const timer = setInterval(() => void this.tick(), 1000);
		return () => clearInterval(timer);
	}

	async load(): Promise<void> {
		try {
			this.take(await this.hub.drawing(), true);
			this.history = await this.hub.history();
			this.stage = 'ready';
			this.problem = '';
		} catch (error) {
			this.fail(error);
		}
	}

	edit(next: Drawing): void {
		this.drawing = next;
		this.said = '';
		this.touchedMs = Date.now();
	}
	done(): void {
		this.undo.did($state.snapshot(this.drawing) as Drawing);
		this.note();
	}
	change(change: (next: Drawing) => void): void {
		const next = $state.snapshot(this.drawing) as Drawing;
		change(next);
		this.edit(next);
		this.done();
	}
	back(): void {
		const before = this.undo.back();
		if (before) this.edit(before);
		this.note();
	}
	forward(): void {
		const after = this.undo.forward();
		if (after) this.edit(after);
		this.note();
	}

	addZone(kind: ZoneKind, name: string): void {
		this.change((next) => {
			const zone = newId(kind, [...next.zones.map((z) => z.zone), ...this.everUsed()]);
			const aside = 0.06 * (next.zones.length % 5); // not one right upon the other
			const square: Point[] = [[0.35, 0.4], [0.65, 0.4], [0.65, 0.7], [0.35, 0.7]];
			const polygon = square.map(([x, y]): Point => [clamp(x + aside), clamp(y + aside)]);
			const number = next.zones.filter((z) => z.kind === kind).length + 1;
			const shown = number > 1 ? `${name} ${number}` : name;
			next.zones.push({ zone, name: shown, kind, near: false, polygon });
		});
	}
	addLine(): void {
		this.change((next) => {
			const line = newId('line', next.lines.map((l) => l.line));
			const zone = (next.zones.find((z) => z.kind === 'queue') ?? next.zones[0])?.zone ?? '';
			next.lines.push({ line, zone, counts: 'served', a: [0.35, 0.55], b: [0.65, 0.55] });
		});
	}
	addFloor(): void {
		this.change((next) => {
			next.floor ??= {
				image_points: [[0.25, 0.85], [0.75, 0.85], [0.65, 0.5], [0.35, 0.5]],
				floor_m: [[0, 0], [2, 0], [2, 3], [0, 3]],
				fifth_image: null,
				fifth_m: null
			};
		});
	}

	peopleIn(polygon: readonly Point[]): number | null {
		return this.seen?.at ? countIn(this.boxes, polygon) : null;
	}

	async save(): Promise<void> {
		await this.write(() =>
			this.hub.save(this.standing!.revision, $state.snapshot(this.drawing) as Drawing)
		);
	}
	async goBack(to: number): Promise<void> {
		await this.write(() => this.hub.goBack(this.standing!.revision, to));
	}

	async ask(): Promise<void> {
		this.picture = null;
		this.said = '';
		this.pictureProblem = '';
		try {
			const asked = await this.hub.askPicture();
			this.taking = { ...asked, since: Date.now() };
			sessionStorage.setItem(this.kept, JSON.stringify(this.taking));
		} catch (error) {
			this.pictureProblem = (error as Error).message;
		}
	}

	private async write(write: () => Promise<Standing>): Promise<void> {
		this.isSaving = true;
		this.problem = '';
		try {
			this.take(await write(), true);
			this.said = 'saved';
			this.history = await this.hub.history();
		} catch (error) {
			this.problem = (error as Error).message;
		} finally {
			this.isSaving = false;
		}
	}

	private everUsed(): string[] {
		return this.standing?.drawing.zones.map((z) => z.zone) ?? [];
	}

	private take(standing: Standing, wholly: boolean): void {
		this.standing = standing;
		if (!wholly) return;
		this.drawing = structuredClone($state.snapshot(standing.drawing)) as Drawing;
		this.undo = new Undo(this.drawing);
		this.note();
	}

	private note(): void {
		this.canUndo = this.undo.canBack;
		this.canRedo = this.undo.canForward;
	}

	private fail(error: unknown): void {
		this.stage = 'lost';
		this.problem = (error as Error).message;
	}

	private async tick(): Promise<void> {
		this.nowMs = Date.now();
		if (this.stage !== 'ready' || document.hidden) return;
		try {
			await Promise.all([this.lookAtPicture(), this.lookAtNode(), this.watch()]);
		} catch {
			// the next second asks again
		}
	}

	private async watch(): Promise<void> {
		const idle = this.nowMs - this.touchedMs > IDLE_MS;
		if (idle || !this.standing?.online) return void (this.seen = null);
		if (this.nowMs - this.watchedMs > (WATCH_S - 5) * 1000) {
			this.watchedMs = this.nowMs;
			await this.hub.watch(WATCH_S);
		}
		this.seen = await this.hub.preview();
	}

	private async lookAtNode(): Promise<void> {
		const standing = await this.hub.drawing();
		const answered = standing.reported?.revision !== this.standing?.reported?.revision;
		// somebody else's save is told when this one is refused: what is being drawn stays
		if (standing.revision === this.standing?.revision) this.take(standing, false);
		if (answered) this.history = await this.hub.history();
	}

	private async lookAtPicture(): Promise<void> {
		if (this.picture && this.nowMs > Date.parse(this.picture.forgotten_at)) this.forget('gone');
		if (!this.taking || this.picture) return;
		const { command, key } = this.taking;
		const told = await this.hub.command(command);
		if (told.is_silent) return this.forget('silent');
		if (told.done === false) {
			this.pictureProblem = told.detail;
			return this.forget('');
		}
		if (!told.done) return;
		try {
			const shown = await this.hub.picture(command, key);
			this.picture = {
				url: `data:image/jpeg;base64,${shown.jpeg}`,
				ratio: shown.width_px / shown.height_px,
				blurred: shown.blurred,
				forgotten_at: shown.forgotten_at
			};
		} catch {
			this.forget('gone');
		}
	}

	private forget(why: 'gone' | 'silent' | ''): void {
		this.picture = this.taking = null;
		this.said = why;
		sessionStorage.removeItem(this.kept);
	}
}
