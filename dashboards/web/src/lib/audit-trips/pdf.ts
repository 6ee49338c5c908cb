/** The pages of a PDF as pictures, one after another; pdf.js is fetched when the first one comes. */
import worker from './pdf-worker.ts?worker&url';

const PAGES_MOST = 30;
const EDGE_PX = 2_300; // A4 at 200 dpi: a code of 8 cm has some 8 px a module

/** Throws what pdf.js throws: the file is none, or is locked. */
export async function* pagesOf(file: Blob): AsyncGenerator<{ page: ImageBitmap; number: number; of: number }> {
	const pdfjs = await import('pdfjs-dist');
	pdfjs.GlobalWorkerOptions.workerSrc = worker;
	const task = pdfjs.getDocument({ data: new Uint8Array(await file.arrayBuffer()) });
	try {
		const read = await task.promise;
		const of = Math.min(read.numPages, PAGES_MOST);
		for (let number = 1; number <= of; number++) {
			const page = await read.getPage(number);
			const size = page.getViewport({ scale: 1 });
			const viewport = page.getViewport({ scale: EDGE_PX / Math.max(size.width, size.height) });
			const canvas = document.createElement('canvas');
			[canvas.width, canvas.height] = [Math.round(viewport.width), Math.round(viewport.height)];
			await page.render({ canvas, viewport }).promise;
			yield { page: await createImageBitmap(canvas), number, of };
		}
	} finally {
		await task.destroy();
	}
}
