/** A checkpoint as it was signed, whatever way it came. */
const FOLDED = /^(\S+) (\d+) (\S+) (time \d+)((?: — \S+ \S+)+)$/;

/** The note as it was signed: an editor may have changed its line breaks, a QR code has one line. */
export function unfolded(given: string): string {
	const text = given.replaceAll('\r\n', '\n').trim();
	const told = FOLDED.exec(text.replaceAll(/\s+/g, ' '));
	if (!told) return text + '\n';
	const [, origin, size, root, time, lines] = told;
	return [origin, size, root, time, lines!.replaceAll(' — ', '\n— '), ''].join('\n');
}
