/** The code in a picture or in the pages of a PDF. What it says is never opened. */
import type { Scanner } from '#lib/trip/scanning.ts';
import { pagesOf } from './pdf.ts';

/**
 * The first code that `isOurs`; else the first of all; null: none.
 *
 * Throws what pdf.js throws: the file is no PDF, or is locked.
 */
export async function codeIn(
	file: Blob,
	scanner: Scanner,
	isOurs: (text: string) => boolean,
	progress: (number: number, of: number) => void = () => {}
): Promise<string | null> {
	const isPdf = (await file.slice(0, 5).text()) === '%PDF-';
	if (!isPdf) return scanner.readFile(file);
	let foreign: string | null = null;
	for await (const { page, number, of } of pagesOf(file)) {
		progress(number, of);
		const text = await scanner.read(page);
		if (text && isOurs(text)) return text;
		foreign ??= text;
	}
	return foreign;
}
