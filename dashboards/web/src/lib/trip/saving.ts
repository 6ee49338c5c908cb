/** Hand somebody a file: it goes where their browser keeps downloads, and nowhere else. */
const KEPT_MS = 60_000; // a phone may ask first where to put it

export function saveAs(content: Blob, name: string): void {
	const address = URL.createObjectURL(content);
	const link = Object.assign(document.createElement('a'), { href: address, download: name });
	link.click();
	setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
