/** What the zones page asks of the hub. A refusal is a sentence that the hub wrote. */
import type { components } from '../api/schema.d.ts';
import type { Drawing } from './shapes.ts';

type Schemas = components['schemas'];
export type Standing = Omit<Schemas['StandingSeen'], 'drawing'> & { drawing: Drawing };
export type Saved = Schemas['SavedSeen'];
export type Preview = Schemas['PreviewSeen'];
export type Command = Schemas['CommandSeen'];
export type Picture = Schemas['PictureSeen'];

export class Refused extends Error {
	readonly status: number;
	constructor(status: number, detail: string) {
		super(detail);
		this.status = status;
	}
}

export class Hub {
	private token = '';
	private readonly node: string;
	private readonly lang: () => string;

	constructor(site: string, node: string, lang: () => string) {
		this.node = `/api/v1/nodes/${encodeURIComponent(site)}/${encodeURIComponent(node)}`;
		this.lang = lang;
	}

	drawing = () => this.ask<Standing>('GET', `${this.node}/drawing`);
	history = () => this.ask<Saved[]>('GET', `${this.node}/drawing/history`);
	preview = () => this.ask<Preview>('GET', `${this.node}/preview`);
	command = (id: string) => this.ask<Command>('GET', `/api/v1/commands/${id}`);
	askPicture = () => this.ask<Schemas['PictureAsked']>('POST', `${this.node}/picture`);
	picture = (id: string, key: string) =>
		this.ask<Picture>('GET', `/api/v1/pictures/${id}`, undefined, { 'X-Picture-Key': key });
	watch = (lasts_s: number) =>
		this.ask<Command>('POST', `${this.node}/commands`, { kind: 'preview', lasts_s });
	save = (revision: number, drawing: Drawing) =>
		this.ask<Standing>('PUT', `${this.node}/drawing`, { revision, drawing });
	goBack = (revision: number, back_to: number) =>
		this.ask<Standing>('POST', `${this.node}/drawing/back`, { revision, back_to });

	private async ask<T>(
		method: string,
		path: string,
		body?: unknown,
		more: Record<string, string> = {}
	): Promise<T> {
		if (method !== 'GET' && !this.token) {
			this.token = (await this.ask<Schemas['Me']>('GET', '/api/v1/me')).csrf_token;
		}
		const headers: Record<string, string> = { 'Accept-Language': this.lang(), ...more };
		if (method !== 'GET') headers['X-CSRF-Token'] = this.token;
		if (body !== undefined) headers['Content-Type'] = 'application/json';
		const answer = await fetch(path, {
			method,
			headers,
			body: body === undefined ? undefined : JSON.stringify(body)
		});
		const told = await answer.json().catch(() => ({}));
		if (!answer.ok) throw new Refused(answer.status, told.detail ?? answer.statusText);
		return told as T;
	}
}
