/** What the hub says of a proof (section 4): signed, and readable without the place. */
import type { Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import { malformed } from './errors.ts';
import { CTI_BYTES, integer, items, mapping, octets, text } from './fields.ts';
import type { PublicKey } from './keys.ts';
import * as sign1 from './sign1.ts';

const TYP = 'verdict';
const FIELDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** `minute` is minutes, `receivedAt` seconds since 1970; `grade` 1 A, 2 B, 3 C. */
export interface Verdict {
	cti: Bytes;
	trip: string;
	kind: number;
	minute: number;
	place: number;
	band: number;
	grade: number;
	reasons: number[];
	policy: number;
	receivedAt: number;
}

export function read(encoded: Bytes): sign1.Signed {
	return sign1.read(encoded, TYP);
}

export async function verified(encoded: Bytes, key: PublicKey): Promise<Verdict> {
	const said = mapping(cbor.decode(await sign1.checked(read(encoded), key)), FIELDS);
	integer(said.get(0), 1, 1);
	return {
		cti: octets(said.get(1), CTI_BYTES),
		trip: text(said.get(2), 0, 30),
		kind: integer(said.get(3), 1, 3),
		minute: integer(said.get(4)),
		place: integer(said.get(5), 0, 3),
		band: integer(said.get(6), 0, 5),
		grade: integer(said.get(7), 1, 3),
		reasons: reasonsIn(said.get(8)),
		policy: integer(said.get(9)),
		receivedAt: integer(said.get(10))
	};
}

function reasonsIn(value: cbor.Value | undefined): number[] {
	const numbers = items(value, 0, 32).map((one) => integer(one, 1, 255));
	if (numbers.some((one, at) => at > 0 && numbers[at - 1]! >= one))
		malformed('Reasons ascend, and none stands twice.');
	return numbers;
}
