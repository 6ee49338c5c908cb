import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig, type Plugin } from 'vite';

const KIT_ANNOUNCER_STYLE = 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=';

/** Kit hashes the inline scripts it makes; the one we wrote into app.html is hashed here. */
function ownScriptHashes(): `sha256-${string}`[] {
	const shell = readFileSync(new URL('src/app.html', import.meta.url), 'utf8');
	const scripts = [...shell.matchAll(/<script>([\s\S]*?)<\/script>/g)];
	return scripts.map(([, text]) => {
		return `sha256-${createHash('sha256').update(text!).digest('base64')}` as const;
	});
}

/** Its package has no licence file: the notice of its source. */
const QR_NOTICE = `QR Code Generator for JavaScript

Copyright (c) 2009 Kazuhiko Arase, http://www.d-project.com/
Licensed under the MIT license: http://www.opensource.org/licenses/mit-license.php
The word 'QR Code' is registered trademark of DENSO WAVE INCORPORATED.`;

/** What the build carries of others goes with its licence: `licenses.txt`, beside the pages. */
function licenses(): Plugin {
	const of = {
		'Pretendard GOV': 'node_modules/pretendard-gov/dist/LICENSE.txt',
		Svelte: 'node_modules/svelte/LICENSE.md',
		SvelteKit: 'node_modules/@sveltejs/kit/LICENSE',
		idb: 'node_modules/idb/LICENSE',
		'zxing-wasm': 'node_modules/zxing-wasm/LICENSE',
		'pdf.js': 'node_modules/pdfjs-dist/LICENSE',
		Leaflet: 'node_modules/leaflet/LICENSE'
	};
	const texts = () =>
		Object.entries(of).map(([name, path]) => `${name}\n\n${readFileSync(path, 'utf8')}`);
	return {
		name: 'licenses',
		apply: 'build',
		applyToEnvironment: (environment) => environment.name === 'client',
		generateBundle() {
			this.emitFile({
				type: 'asset',
				fileName: 'licenses.txt',
				source: [...texts(), QR_NOTICE].join(`\n${'-'.repeat(80)}\n`)
			});
		}
	};
}

export default defineConfig({
	plugins: [
		licenses(),
		sveltekit({
			// `fallback` is what the hub answers for an address nobody knows.
			adapter: adapter({ precompress: true, fallback: '404.html' }),
			// The hub stands at the root; so an address with a stray slash at its end works too.
			paths: { relative: false },
			prerender: {
				// The shell asks for the board while the scripts load; the hub answers, not this build.
				handleHttpError: ({ path, message }) => {
					if (!path.startsWith('/api/')) throw new Error(message);
				}
			},
			// /trip registers it, for itself alone.
			serviceWorker: { register: false },
			csp: {
				mode: 'hash',
				// frame-ancestors cannot be said in a page; the hub says it in a header.
				directives: {
					'default-src': ['none'],
					'script-src': ['self', ...ownScriptHashes()],
					'style-src': ['self'],
					// The one style attribute there is: Kit hides its route announcer with it.
					'style-src-attr': ['unsafe-hashes', KIT_ANNOUNCER_STYLE],
					// Our own, and whoever serves map tiles: the hub's header says who, and both hold.
					'img-src': ['self', 'data:', 'https:', 'http:'],
					'font-src': ['self'],
					'connect-src': ['self'],
					'manifest-src': ['self'],
					'base-uri': ['none'],
					'form-action': ['none']
				}
			}
		})
	],
	// What reads codes and PDFs; the hub gives these files a CSP of their own.
	worker: { format: 'es' },
	// A font as data: would need a hole in the CSP.
	build: { assetsInlineLimit: 0 },
	// For work on the pages alone: `CHEONGSA_API=http://127.0.0.1:8000 npm run dev`.
	server: {
		host: '127.0.0.1',
		proxy: { '/api': process.env.CHEONGSA_API ?? 'http://127.0.0.1:8000' }
	}
});
