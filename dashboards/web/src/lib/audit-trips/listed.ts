/** The hub's lists are rows that whoever owns its database can change; the signed verdict holds. */
import { hex } from '#lib/trip/bytes.ts';
import type { Verdict } from '#lib/trip/verdict.ts';
import type { ProofWhole } from './ask.ts';

/** What a row here says that the verdict says too. */
export type Listed = Pick<
	ProofWhole,
	'cti' | 'kind' | 'minute' | 'place' | 'band' | 'grade' | 'reasons' | 'received_at'
>;

/** Whether a row says what was signed. */
export function saysTheSame(listed: Listed, signed: Verdict): boolean {
	const minute = Date.parse(listed.minute) / 60_000;
	const both = [
		[listed.cti, hex(signed.cti)],
		[listed.kind, signed.kind],
		[minute, signed.minute],
		[listed.place, signed.place],
		[listed.band, signed.band],
		[listed.grade, signed.grade],
		[listed.reasons.join(), signed.reasons.join()],
		[Date.parse(listed.received_at) / 1000, signed.receivedAt]
	];
	return both.every(([here, there]) => here === there);
}
