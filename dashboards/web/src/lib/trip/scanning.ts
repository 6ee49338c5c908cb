/** QR codes out of the camera or a picture: zxing-wasm from our own address, loaded when it is needed. */
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';
import worker from './scan-worker.ts?worker&url';

/** Where the service worker answers for it, so that it starts without a network, too. */
const KEPT = '/trip/reader.js?at=';
const EDGE_MAX_PX = 2_400; // of a picture: what more a phone has is blur

/** What reads codes could not be had: it was never kept, and there is no network. */
export class NoReader extends Error {}

/** What reads; `end` it when the page has no more use for it. After NoReader take a new one. */
export class Scanner {
	readonly #worker = new Worker(address(), { type: 'module', name: wasm });
	readonly #canvas = document.createElement('canvas');
	/** The readings before, whatever came of them: a camera and a picture may want the same reader. */
	#before: Promise<unknown> = Promise.resolve();
	#isBroken = false;
	/** Told what was read last, or that nothing ever will be. */
	#told: (text: string | null) => void = () => undefined;
	#failed: (error: Error) => void = () => undefined;

	constructor() {
		this.#worker.onmessage = ({ data }: MessageEvent<string | null>) => this.#told(data);
		this.#worker.onerror = () => {
			this.#isBroken = true; // also before anybody asked for anything
			this.#failed(new NoReader());
		};
	}

	/** The text of a code in it, or null; each waits for its turn. Throws NoReader. */
	read(picture: HTMLVideoElement | ImageBitmap): Promise<string | null> {
		const turn = this.#before.then(() => this.#read(picture));
		this.#before = turn.catch(() => undefined);
		return turn;
	}

	async #read(picture: HTMLVideoElement | ImageBitmap): Promise<string | null> {
		if (this.#isBroken) throw new NoReader();
		const image = this.#drawn(picture);
		if (!image) return null;
		return new Promise((resolve, reject) => {
			[this.#told, this.#failed] = [resolve, reject];
			this.#worker.postMessage(image, [image.data.buffer]);
		});
	}

	/** The text of a code in a picture file, or null. */
	async readFile(file: Blob): Promise<string | null> {
		const picture = await createImageBitmap(file).catch(() => null);
		return picture && this.read(picture);
	}

	end(): void {
		this.#worker.terminate();
	}

	#drawn(picture: HTMLVideoElement | ImageBitmap): ImageData | null {
		const isVideo = picture instanceof HTMLVideoElement;
		const [width, height] = isVideo ? [picture.videoWidth, picture.videoHeight] : [picture.width, picture.height];
		if (!width || !height) return null;
		const scale = Math.min(1, EDGE_MAX_PX / Math.max(width, height));
		[this.#canvas.width, this.#canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
		const pen = this.#canvas.getContext('2d', { willReadFrequently: true })!;
		pen.drawImage(picture, 0, 0, this.#canvas.width, this.#canvas.height);
		return pen.getImageData(0, 0, this.#canvas.width, this.#canvas.height);
	}
}

function address(): string {
	return navigator.serviceWorker?.controller ? KEPT + encodeURIComponent(worker) : worker;
}

/** Fetch what reads codes, so that the service worker has it where there is no network. */
export async function keepScanner(): Promise<void> {
	if (!navigator.serviceWorker?.controller) return;
	await Promise.all([worker, wasm].map((address) => fetch(address))).catch(() => undefined);
}
