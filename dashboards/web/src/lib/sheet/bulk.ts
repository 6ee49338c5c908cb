/** A sheet that goes to the hub and comes back: its lines of progress, and its file at the end. */
import { Problem, session } from '#lib/session.svelte.ts';
import { speech } from '#lib/words/words.svelte.ts';

export interface Progress {
	done: number;
	of: number;
}
export interface Done {
	worked: number;
	refused: number;
	name: string;
	/** The workbook, or papers with it. */
	file: Blob;
	/** What a page of its own shows of it. */
	seen?: unknown;
}
interface Piece {
	/** Some of the file, base64. */
	piece: string;
}
const ZIP = 'application/zip';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const NDJSON = 'application/x-ndjson';

export const sheetOf = (question: string) => `/api/v1/automation/${question}/sheet`;

/** Work a sheet out; `heard` is told how far it is. Throws Problem, or AbortError by `signal`. */
export async function workOut<Part extends Progress>(
	question: string,
	file: Blob,
	heard: (progress: Part) => void,
	signal: AbortSignal
): Promise<Done> {
	const answer = await sent(question, file, signal);
	if (!answer.ok) throw await refusal(answer);
	const pieces: Uint8Array<ArrayBuffer>[] = [];
	let done: Omit<Done, 'file'> | undefined;
	await eachLine<Part | Piece | Omit<Done, 'file'>>(answer, (line) => {
		if ('piece' in line) pieces.push(bytes(line.piece));
		else if ('worked' in line) done = line;
		else heard(line);
	}, signal);
	if (!done) throw new Problem(0, {}); // the hub went away on the way
	return { ...done, file: new Blob(pieces, { type: done.name.endsWith('.zip') ? ZIP : XLSX }) };
}

const bytes = (base64: string) => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));

async function sent(question: string, file: Blob, signal: AbortSignal): Promise<Response> {
	const headers = {
		Accept: NDJSON,
		'Accept-Language': speech.lang,
		'Content-Type': 'application/octet-stream',
		'X-CSRF-Token': session.me?.csrf_token ?? ''
	};
	try {
		return await fetch(sheetOf(question), { method: 'POST', headers, body: file, signal });
	} catch {
		signal.throwIfAborted();
		throw new Problem(0, {});
	}
}

async function refusal(answer: Response): Promise<Problem> {
	const told = await answer.json().catch(() => ({}));
	const problem = new Problem(answer.status, told, Number(answer.headers.get('Retry-After') ?? 0));
	if (problem.kind === 'not-signed-in') session.me = null;
	return problem;
}

async function eachLine<Line>(answer: Response, say: (line: Line) => void, signal: AbortSignal) {
	const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
	let held: string[] = [];
	try {
		for (let part = await reader.read(); !part.done; part = await reader.read()) {
			const [first, ...rest] = part.value.split('\n');
			held.push(first!);
			for (const next of rest) {
				say(JSON.parse(held.join('')) as Line);
				held = [next];
			}
		}
	} catch {
		signal.throwIfAborted();
		throw new Problem(0, {});
	}
}
