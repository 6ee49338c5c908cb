/**
 * Who holds a phone that several people use: the phone's own lock says so, through WebAuthn.
 *
 * A gate of this phone and nothing more: the hub never hears of it, and nothing in the log rests on
 * it (decision 0233). It works without a network.
 */
import { random, same, type Bytes } from './bytes.ts';

const USER_VERIFIED = 0x04;
const FLAGS_AT = 32; // after the hash of the address
const PATIENCE_MS = 60_000;
const ES256 = -7;
const RS256 = -257; // what Windows' own authenticator has

/** Whether this phone can ask its holder for fingerprint, face or PIN. */
export async function canGuard(): Promise<boolean> {
	const kind = globalThis.PublicKeyCredential;
	return !!kind && (await kind.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false));
}

/** Make what `who` unlocks from now on; its id, or null where nobody was verified. */
export async function makeGuard(who: string, person: string): Promise<Bytes | null> {
	const made = (await navigator.credentials
		.create({
			publicKey: {
				rp: { name: document.title },
				user: { id: random(16), name: who, displayName: person },
				challenge: random(16),
				pubKeyCredParams: [ES256, RS256].map((alg) => ({ type: 'public-key', alg })),
				authenticatorSelection: {
					authenticatorAttachment: 'platform',
					residentKey: 'discouraged',
					userVerification: 'required'
				},
				timeout: PATIENCE_MS
			}
		})
		.catch(() => null)) as PublicKeyCredential | null;
	const told = made?.response as AuthenticatorAttestationResponse | undefined;
	return told && isVerified(told.getAuthenticatorData()) ? new Uint8Array(made!.rawId) : null;
}

/** Ask the holder; whether it is the one who made `guard`. */
export async function passes(guard: Bytes): Promise<boolean> {
	const given = (await navigator.credentials
		.get({
			publicKey: {
				challenge: random(16),
				allowCredentials: [{ type: 'public-key', id: guard, transports: ['internal'] }],
				userVerification: 'required',
				timeout: PATIENCE_MS
			}
		})
		.catch(() => null)) as PublicKeyCredential | null;
	const told = given?.response as AuthenticatorAssertionResponse | undefined;
	return !!told && same(new Uint8Array(given!.rawId), guard) && isVerified(told.authenticatorData);
}

function isVerified(data: ArrayBuffer): boolean {
	return ((new Uint8Array(data)[FLAGS_AT] ?? 0) & USER_VERIFIED) !== 0;
}
