/** Whose key a phone seals to: the pinned one, until that one itself names the next (section 9.3). */
import { fromBase64url, same } from './bytes.ts';
import { TripProofError } from './errors.ts';
import * as handover from './handover.ts';
import { fingerprint, publicKey } from './keys.ts';
import type { Auditor } from './store.ts';

/** As the hub tells it. */
export interface AuditorTold {
	quarter: number;
	seal: string;
	sign: string;
	handover: string | null;
}

/** The keys as told, with the fingerprint that they have: never the one that the hub says. */
export async function read(told: AuditorTold): Promise<Auditor> {
	const [seal, sign] = [fromBase64url(told.seal), fromBase64url(told.sign)];
	return { quarter: told.quarter, seal, sign, fingerprint: await fingerprint(told.quarter, seal, sign) };
}

/**
 * Where the pinned key leads: `auditor` is to be sealed to from now on; `offered` is one that only
 * fresh consent can pin, or null.
 */
export async function led(
	pinned: Auditor,
	told: AuditorTold
): Promise<{ auditor: Auditor; offered: Auditor | null }> {
	const next = await read(told);
	if (same(next.fingerprint, pinned.fingerprint)) return { auditor: pinned, offered: null };
	const isNamed = !!told.handover && (await names(pinned, told.handover, next));
	return isNamed ? { auditor: next, offered: null } : { auditor: pinned, offered: next };
}

/** Whether the pinned key's own signature names the next one. */
async function names(pinned: Auditor, encoded: string, next: Auditor): Promise<boolean> {
	try {
		const said = await handover.verified(fromBase64url(encoded), await publicKey(pinned.sign));
		return same(said.old, pinned.fingerprint) && same(await handover.next(said), next.fingerprint);
	} catch (error) {
		if (!(error instanceof TripProofError)) throw error;
		return false;
	}
}
