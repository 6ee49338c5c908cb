/** Challenges (section 8.1): what shows that a proof was not signed earlier. */
import type { Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import { HASH16_BYTES, integer, items, KID_BYTES, octets } from './fields.ts';
import type { PublicKey } from './keys.ts';
import * as sign1 from './sign1.ts';

const TYP = 'challenges';
export const AT_ONCE = 10;

/** Some for one device. Times in seconds since 1970, by the hub's clock. */
export interface Challenges {
	device: Bytes;
	issuedAt: number;
	expiresAt: number;
	values: Bytes[];
}

export function read(encoded: Bytes): sign1.Signed {
	return sign1.read(encoded, TYP);
}

export async function verified(encoded: Bytes, key: PublicKey): Promise<Challenges> {
	const payload = await sign1.checked(read(encoded), key);
	const [version, device, issued, expires, values] = items(cbor.decode(payload), 5, 5);
	integer(version, 1, 1);
	const issuedAt = integer(issued);
	return {
		device: octets(device, KID_BYTES),
		issuedAt,
		expiresAt: integer(expires, issuedAt),
		values: items(values, 1, AT_ONCE).map((one) => octets(one, HASH16_BYTES))
	};
}
