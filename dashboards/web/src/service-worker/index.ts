/// <reference types="@sveltejs/kit" />
/**
 * Keeps the shell of /trip, so that the first touch works without a network; sends what waits when
 * the browser says that there is one again (Background Sync).
 *
 * Of every other page and of the API it touches nothing: those are as fresh as without it. /trip is
 * shown as it was when this worker was installed; a new build brings a new worker, and with it the
 * new shell.
 */
import { self as worker } from '$app/service-worker';
import { version } from '$app/env';
import { open } from '#lib/trip/store.ts';
import { send } from '#lib/trip/sending.ts';

const CACHE = `trip-${version}`;
const SHELL = '/trip';
const BESIDE = ['/trip.webmanifest', '/icon.svg', '/icon-192.png'];
/** A worker is ours only under our own scope: what reads codes is asked for here, and kept as itself. */
const READER = '/trip/reader.js';
const WORKERS = '/_app/immutable/workers/';
/** What the page names: its scripts and styles, each with its content in its name. */
const NAMED = /\/_app\/immutable\/[^"'()\s]+/g;

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(clean()));
worker.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
	const reader = url.pathname === READER ? (url.searchParams.get('at') ?? '') : '';
	if (reader.startsWith(WORKERS)) event.respondWith(kept(new Request(reader), reader));
	else if (request.mode === 'navigate' ? url.pathname === SHELL : isKept(url.pathname))
		event.respondWith(kept(request, request.mode === 'navigate' ? SHELL : url.pathname));
});
worker.addEventListener('sync', (event) => (event as ExtendableEvent).waitUntil(sync()));

async function install(): Promise<void> {
	const cache = await caches.open(CACHE);
	const shell = await fetch(SHELL, { cache: 'no-store', credentials: 'omit' });
	if (!shell.ok) throw new Error(`no shell: ${shell.status}`);
	const named = (await shell.clone().text()).match(NAMED) ?? [];
	await cache.addAll([...new Set(named), ...BESIDE]);
	await cache.put(SHELL, shell);
	await worker.skipWaiting();
}

async function clean(): Promise<void> {
	const old = (await caches.keys()).filter((name) => name.startsWith('trip-') && name !== CACHE);
	await Promise.all(old.map((name) => caches.delete(name)));
	await worker.clients.claim();
}

function isKept(path: string): boolean {
	return path.startsWith('/_app/immutable/') || BESIDE.includes(path);
}

/** From the cache; what is not there yet, such as a font's part, goes in on its way. */
async function kept(request: Request, name: string): Promise<Response> {
	const cache = await caches.open(CACHE);
	const found = await cache.match(name);
	if (found) return found;
	const fresh = await fetch(request);
	if (fresh.ok && name !== SHELL) await cache.put(name, fresh.clone());
	return fresh;
}

/** Throws while something waits: the browser then tries again later. */
async function sync(): Promise<void> {
	const outcome = await send(await open());
	for (const client of await worker.clients.matchAll()) client.postMessage('sent');
	if (outcome === 'away' || outcome === 'later') throw new Error(outcome);
}
