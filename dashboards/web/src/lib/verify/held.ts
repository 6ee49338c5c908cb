/** What the reader holds beforehand. Without it a file can only agree with itself. */
import type { Bytes } from '../trip/bytes.ts';
import type { Checkpoint } from '../trip/checkpoint.ts';
import { TripProofError } from '../trip/errors.ts';
import type { AuditorKey } from '../trip/key-file.ts';
import { decodeKeySet, find, type NamedKey, type PublicKey } from '../trip/keys.ts';
import { KEYS } from '../trip/leaf.ts';
import * as record from '../trip/record.ts';
import type { Findings } from './report.ts';
import { said } from './words.ts';

/** The hub's keys, checkpoints from before, and, of an auditor, the key that opens. */
export interface Held {
	keys: readonly NamedKey[] | null;
	checkpoints: readonly Checkpoint[];
	auditor: AuditorKey | null;
}

export const NOTHING_HELD: Held = { keys: null, checkpoints: [], auditor: null };

/** What comes along cannot vouch for itself. */
export function lookedAtKeys(findings: Findings, { keys }: Held): void {
	if (keys) findings.add('keys_held', 'passed');
	else findings.add('keys_held', 'missing', NO_KEYS);
}

const NO_KEYS = said(
	'따로 받아 둔 서버 열쇠 목록이 있어야 함',
	"the hub's key set is needed, got separately"
);

/** The hub's keys as far as they are believed: those held, and those that they signed for. */
export class Trusted {
	keys: readonly NamedKey[];

	constructor(keys: readonly NamedKey[]) {
		this.keys = keys;
	}

	/** The hub's signing key of this id. Throws UnknownKey. */
	signer(kid: Bytes): PublicKey {
		return find(this.keys, kid);
	}

	/** Believe a newer key set too, where a key already believed signed its record. */
	async learn(body: Bytes): Promise<void> {
		try {
			const told = await record.verified(body, this.signer(record.read(body).kid));
			const keys = told.fields.get('keys');
			if (told.type === KEYS && keys instanceof Uint8Array)
				this.keys = [...this.keys, ...(await decodeKeySet(keys))];
		} catch (error) {
			// not believed: whatever it signs will be said to be unknown
			if (!(error instanceof TripProofError)) throw error;
		}
	}
}
