// Reads HWPX files named on the command line; says as JSON what is in each: its text, its pages.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FULL = 0x2e80; // from here on letters are as wide as they are high
globalThis.measureTextWidth = (font, text) => {
	const px = Number(/([\d.]+)px/.exec(font)?.[1] ?? 13);
	return [...text].reduce((sum, one) => sum + px * (one.codePointAt(0) >= FULL ? 1 : 0.5), 0);
};

const rhwp = await import("@rhwp/core");
const wasm = fileURLToPath(import.meta.resolve("@rhwp/core/rhwp_bg.wasm"));
await rhwp.default({ module_or_path: readFileSync(wasm) });

const read = (path) => {
	const document = new rhwp.HwpDocument(new Uint8Array(readFileSync(path)));
	const pages = Array.from({ length: document.pageCount() }, (_, n) => document.renderPageSvg(n));
	return { text: JSON.parse(document.getTextFileUnicode()), pages };
};
console.log(JSON.stringify(process.argv.slice(2).map(read)));
