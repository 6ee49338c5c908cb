/** Who is signed in, and how a page asks the hub for something in their name. */
import type { components } from './api/schema.d.ts';
import { door } from './door.svelte.ts';
import { speech } from './words/words.svelte.ts';

type Schemas = components['schemas'];
export type Me = Schemas['Me'];
export type Role = Me['roles'][number];

type Wrong = { where?: string; name: string; detail: string; pointer?: string | null };
type Told = Partial<Omit<Schemas['Problem'], 'errors'>> & { errors?: Wrong[] | null };

/** What the hub said instead of doing it (RFC 9457), or that it did not answer. */
export class Problem extends Error {
	readonly status: number;
	readonly kind: string;
	readonly title: string;
	readonly retryAfterS: number;
	/** What of the body was wrong: `day`, or in a line of a list `nights.0.paid_won`. */
	readonly errors: { name: string; detail: string }[];

	constructor(status: number, told: Told, retryAfterS = 0) {
		super(told.detail ?? '');
		this.status = status;
		this.kind = told.type?.split(':').at(-1) ?? 'unreachable';
		this.title = told.title ?? '';
		this.retryAfterS = retryAfterS;
		this.errors = (told.errors ?? []).map(({ name, detail, pointer }) => ({ name: pointer?.slice(2).replaceAll('/', '.') || name, detail }));
	}
}

class Session {
	/** undefined: not asked yet; null: nobody. */
	me = $state<Me | null | undefined>(undefined);

	may(...roles: Role[]): boolean {
		return roles.some((role) => this.me?.roles.includes(role));
	}

	/** Ask who is signed in. Without the hub it stays unknown. */
	async load(): Promise<void> {
		try {
			this.me = await this.ask<Me>('GET', '/api/v1/me');
		} catch (problem) {
			if (!(problem instanceof Problem)) throw problem;
		}
	}

	async signIn(login: string, password: string): Promise<void> {
		this.me = await this.ask<Me>('POST', '/api/v1/session', { login, password });
	}

	/** End the session. The page then leaves with a full load: nothing of `me` is kept. */
	async signOut(): Promise<void> {
		await this.ask('DELETE', '/api/v1/session');
	}

	async changePassword(old: string, fresh: string): Promise<void> {
		await this.ask('PUT', '/api/v1/me/password', { old, new: fresh });
		await this.load();
	}

	/** Ask the hub; a Blob is sent as it is, anything else as JSON. Throws Problem. */
	async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
		const headers: Record<string, string> = { 'Accept-Language': speech.lang };
		if (method !== 'GET') headers['X-CSRF-Token'] = this.me?.csrf_token ?? '';
		const isFile = body instanceof Blob;
		if (body !== undefined) headers['Content-Type'] = isFile ? body.type : 'application/json';
		let answer: Response;
		try {
			answer = await fetch(path, { method, headers, body: isFile ? body : JSON.stringify(body) });
		} catch {
			throw new Problem(0, {});
		}
		door.heard(answer);
		const told = answer.status === 204 ? undefined : await answer.json().catch(() => ({}));
		if (answer.ok) return told as T;
		const problem = new Problem(answer.status, told, Number(answer.headers.get('Retry-After') ?? 0));
		if (problem.kind === 'not-signed-in') this.me = null; // it has ended: the shell asks for it again
		throw problem;
	}
}

export const session = new Session();

/** A path of ours to go back to; anything else is the front page. */
export function ownPath(asked: string | null): string {
	return asked && /^\/(?![/\\])[^\\\s]{0,500}$/.test(asked) ? asked : '/';
}
