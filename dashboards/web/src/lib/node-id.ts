/** The next free id such as cam-3. */
export function nextId(taken: readonly string[]): string {
	for (let n = 1; ; n++) if (!taken.includes(`cam-${n}`)) return `cam-${n}`;
}
