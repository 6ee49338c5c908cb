// Reads the code in each JPEG of a folder with zxing-wasm, as the web app does; prints the texts as
// JSON, by name of the file, null where none was read. Run by tests/bench/scan.py.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../dashboards/web/package.json', import.meta.url));
const { prepareZXingModule, readBarcodes } = require('zxing-wasm/reader');
const wasmBinary = readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: wasmBinary.buffer } });

const folder = process.argv[2];
const texts = [];
for (const name of readdirSync(folder).sort()) {
	const found = await readBarcodes(readFileSync(`${folder}/${name}`), { formats: ['QRCode'], maxNumberOfSymbols: 1 });
	texts.push(found.find((one) => one.isValid)?.text ?? null);
}
console.log(JSON.stringify(texts));
