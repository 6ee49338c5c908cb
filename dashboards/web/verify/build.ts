/**
 * Builds `verify.html`: one file with everything in it, to be opened from a USB stick.
 *
 * Vite bundles script and style; here they go into the page, and their hashes into its CSP. Nothing
 * else may run or load there, so the page cannot send anything anywhere.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type Rolldown } from 'vite';

const HERE = new URL('./', import.meta.url);
const TO = new URL('../build/', HERE);

async function bundled(): Promise<{ script: string; style: string }> {
	const made = await build({
		root: HERE.pathname,
		configFile: false,
		logLevel: 'warn',
		plugins: [svelte({ configFile: false })],
		build: {
			write: false,
			cssCodeSplit: false,
			modulePreload: false,
			rolldownOptions: { input: new URL('main.ts', HERE).pathname, output: { format: 'iife' } }
		}
	});
	const { output } = [made].flat()[0] as Rolldown.RolldownOutput;
	const scripts = output.flatMap((one) => (one.type === 'chunk' ? [one.code] : []));
	const styles = output.flatMap((one) => (one.type === 'asset' ? [String(one.source)] : []));
	if (scripts.length !== 1 || styles.length !== 1) throw new Error('Not one script and one style.');
	return { script: scripts[0]!.replaceAll('</script', '<\\/script').trim(), style: styles[0]!.trim() };
}

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const { script, style } = await bundled();
const parts: Record<string, string> = {
	csp: `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`,
	script,
	style
};
const page = readFileSync(new URL('index.html', HERE), 'utf8');
const whole = page.replace(/%(csp|script|style)%/g, (_, name: string) => parts[name]!);
const licence = readFileSync(new URL('../node_modules/svelte/LICENSE.md', HERE), 'utf8').trim();
mkdirSync(TO, { recursive: true });
writeFileSync(new URL('verify.html', TO), `${whole}<!-- Svelte is in it: ${licence} -->\n`);
