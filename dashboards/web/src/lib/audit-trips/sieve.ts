/** Which proofs the list shows, as a form holds it and as the hub is asked. */
export const NO_SIEVE = {
	since: '', until: '', who: '', department: '', trip: '',
	grade: '', kind: '', place: '', reason: '', appealed: false, unlinked: false
}; // prettier-ignore

const SEOUL = '+09:00';
const DAY_MS = 86_400_000;

export function queryOf(sieve: typeof NO_SIEVE): URLSearchParams {
	const given = new URLSearchParams();
	const { since, until, appealed, unlinked, ...rest } = sieve;
	if (since) given.set('since', `${since}T00:00:00${SEOUL}`);
	if (until) given.set('until', new Date(Date.parse(`${until}T00:00:00${SEOUL}`) + DAY_MS).toISOString());
	for (const [name, value] of Object.entries(rest)) if (value.trim()) given.set(name, value.trim());
	if (appealed) given.set('appealed', 'true');
	if (unlinked) given.set('unlinked', 'true');
	return given;
}
