/** Reads QR codes beside the page, whose own CSP knows no WebAssembly. One picture in, one text out. */
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

prepareZXingModule({ overrides: { locateFile: () => self.name } }); // as the page named it

self.onmessage = async ({ data }: MessageEvent<ImageData>) => {
	try {
		const found = await readBarcodes(data, { formats: ['QRCode'], maxNumberOfSymbols: 1 });
		self.postMessage(found.find((one) => one.isValid)?.text ?? null);
	} catch (error) {
		reportError(error); // else whoever asked would wait for ever
	}
};
