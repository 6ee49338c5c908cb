/** A proof's QR code, drawn on the phone: alphanumeric, error correction M. */
import { correction, generate, mode } from 'lean-qr';
import type { Bytes } from './bytes.ts';
import * as codes from './codes.ts';

const QUIET = 4; // modules around it that stay white
const LEVEL = { minCorrectionLevel: correction.M, maxCorrectionLevel: correction.M };

export interface Drawn {
	/** Of the picture with its white edge, in modules. */
	size: number;
	/** An SVG path of the dark modules. */
	path: string;
	text: string;
}

/** What was drawn of a sealed statement while it was written down. */
const ahead = new WeakMap<Bytes, Drawn>();

/** Draw the `TP1:` now: whoever shows it later has it at once. */
export function drawAhead(sealed: Bytes): void {
	ahead.set(sealed, draw(sealed, 'TP1:'));
}

/** The `TP1:` of a sealed statement, or another code of it. */
export function drawn(sealed: Bytes, code: codes.Code = 'TP1:'): Drawn {
	return (code === 'TP1:' && ahead.get(sealed)) || draw(sealed, code);
}

function draw(sealed: Bytes, code: codes.Code): Drawn {
	const text = codes.text(code, sealed);
	const made = generate(mode.alphaNumeric(text), LEVEL);
	const count = made.size;
	let path = '';
	for (let row = 0; row < count; row++)
		for (let from = 0; from < count; from++) {
			let to = from;
			while (to < count && made.get(to, row)) to++;
			if (to > from) path += `M${from + QUIET} ${row + QUIET}h${to - from}v1h${from - to}z`;
			from = to;
		}
	return { size: count + 2 * QUIET, path, text };
}
