/**
 * Every page, who may open it, and what the menu calls it. One line a page, in the menu's order.
 *
 * A page that is not here opens for everybody. One without words is not in the menu; `under` says
 * which entry is lit while it is open. What the hub answers is decided by the hub (docs/access.md):
 * this list only spares people a door that would not open.
 */
import type { Role } from './session.svelte.ts';

export type Who = 'anyone' | 'signed-in' | readonly Role[];

export interface Page {
	path: string;
	who: Who;
	ko?: string;
	en?: string;
	under?: string;
	/** It opens without the hub, for whoever was let in before: the page itself sees to that. */
	isOpen?: boolean;
}

export const PAGES: readonly Page[] = [
	{ path: '/', who: 'anyone', ko: '구내식당', en: 'Cafeteria' },
	{ path: '/devices', who: ['facilities', 'admin'], ko: '기기', en: 'Devices' },
	{ path: '/device', who: ['facilities', 'admin'], under: '/devices' },
	{ path: '/devices/add', who: ['facilities', 'admin'], under: '/devices' },
	{ path: '/zones', who: ['facilities', 'admin'], under: '/devices' },
	{ path: '/site', who: ['facilities', 'admin'], ko: '식당 정보', en: 'Details' },
	{ path: '/trip', who: ['field'], ko: '출장 증빙', en: 'Trip proof', isOpen: true },
	{ path: '/trip/carry', who: ['field'], under: '/trip', isOpen: true },
	{ path: '/trips', who: ['staff'], ko: '출장', en: 'Trips' },
	{ path: '/trips/orders', who: ['staff'], under: '/trips' },
	{ path: '/trips/places', who: ['staff'], under: '/trips' },
	{ path: '/do', who: 'signed-in', ko: '업무 도우미', en: 'Paperwork' },
	{ path: '/do/ask', who: 'signed-in', under: '/do' },
	{ path: '/do/calendar', who: 'signed-in', under: '/do' },
	{ path: '/do/letter', who: 'signed-in', under: '/do' },
	{ path: '/do/business-number', who: 'signed-in', under: '/do' },
	{ path: '/do/splitting', who: 'signed-in', under: '/do' },
	{ path: '/do/travel-papers', who: 'signed-in', under: '/do' },
	{ path: '/do/business-number/book', who: 'signed-in', under: '/do' },
	{ path: '/do/rules', who: 'signed-in', under: '/do' },
	{ path: '/do/changes', who: 'signed-in', under: '/do' },
	{ path: '/do/ordinances', who: 'signed-in', under: '/do' },
	{ path: '/do/budget-codes', who: 'signed-in', under: '/do' },
	{ path: '/duties', who: ['staff'], ko: '사무', en: 'Duties' },
	{ path: '/people', who: ['admin', 'auditor'], ko: '사람', en: 'People' },
	{ path: '/audit', who: ['auditor', 'admin'], ko: '감사 기록', en: 'Audit trail' },
	{ path: '/audit/trips', who: ['auditor'], ko: '출장 감사', en: 'Trip audit' },
	{ path: '/audit/trips/key', who: ['auditor'], under: '/audit/trips' },
	{ path: '/audit/trips/checkpoint', who: ['auditor'], under: '/audit/trips' },
	{ path: '/letters', who: ['admin'], ko: '읽지 못한 기록', en: 'Refused messages' },
	{ path: '/me', who: 'signed-in' }
];

const OPEN: Page = { path: '', who: 'anyone' };

/** The page at an address; a slash at its end is forgiven. */
export function pageAt(pathname: string): Page {
	const path = pathname.replace(/(.)\/+$/, '$1');
	return PAGES.find((page) => page.path === path) ?? OPEN;
}

/** Whether somebody with these roles (null: nobody) may open it. */
export function opensFor(who: Who, roles: readonly Role[] | null): boolean {
	if (who === 'anyone') return true;
	if (roles === null) return false;
	return who === 'signed-in' || who.some((role) => roles.includes(role));
}

/** The entries of the menu for these roles; `only`: the one part that this door has, '' where all. */
export function menuFor(roles: readonly Role[] | null, only = ''): Page[] {
	const here = only ? PAGES.filter((page) => page.path === `/${only}`) : PAGES;
	return here.filter((page) => page.ko && opensFor(page.who, roles));
}

/** The board and what hangs on a wall or in another page have no shell around them. */
export function standsAlone(pathname: string): boolean {
	return /^\/(wall\/?|embed\/.*)?$/.test(pathname);
}

/** Where to sign in, and then come back to `here`. */
export function signInFor(here: string): string {
	return `/sign-in?back_to=${encodeURIComponent(here).replaceAll('%2F', '/')}`;
}
