/** What a phone hands the hub (section 3): S, its X, and the S before it for the look at speed. */
import type { Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import { blob, items } from './fields.ts';

export interface Upload {
	statement: Bytes;
	sealed: Bytes;
	before: Bytes | null;
}

export function encode({ statement, sealed, before }: Upload): Bytes {
	return cbor.encode([statement, sealed, before]);
}

export function decode(encoded: Bytes): Upload {
	const [statement, sealed, before] = items(cbor.decode(encoded), 3, 3);
	return {
		statement: blob(statement),
		sealed: blob(sealed),
		before: before === null ? null : blob(before)
	};
}
