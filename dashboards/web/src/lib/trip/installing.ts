/** Adding the page to the home screen: asked by the browser where it can, told in words where not. */

/** Chromium's own question, kept until somebody presses. */
export interface Asking extends Event {
	prompt(): Promise<unknown>;
}

export function isInstalled(): boolean {
	const own = navigator as Navigator & { standalone?: boolean };
	return !!own.standalone || matchMedia('(display-mode: standalone)').matches;
}

/** iPhone or iPad; the latter calls itself a Mac, but has a screen to touch. */
export function isApple(): boolean {
	const { userAgent, maxTouchPoints } = navigator;
	return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}
