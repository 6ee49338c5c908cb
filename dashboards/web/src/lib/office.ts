/** What the pages of people, duties and the audit trail share: shapes, and how a search fits. */
import type { components } from './api/schema.d.ts';
import type { Role } from './session.svelte.ts';

type Schemas = components['schemas'];
export type Person = Schemas['PersonSeen'];
export type First = Schemas['FirstPassword'];
export type Duty = Schemas['DutySeen'];
export type Colleague = Schemas['Colleague'];
export type Entry = Schemas['EntrySeen'];
export type Verified = Schemas['Verified'];

/** In the order in which a page names them. */
export const ROLES: readonly Role[] = ['staff', 'facilities', 'field', 'editor', 'auditor', 'admin'];

/** Whether every word of `find` is somewhere in these. */
export function fits(find: string, ...among: (string | null | undefined)[]): boolean {
	const text = among.join(' ').toLowerCase();
	return find.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** The duties that somebody has. */
export function byDuty(duties: readonly Duty[], person_id: string): Duty[] {
	return duties.filter((duty) => duty.people.some((one) => one.person_id === person_id));
}
