/** What can be wrong with a proof, as one family: the same names as on the hub. */
export type Wrong =
	| 'MalformedProof'
	| 'BadSignature'
	| 'CannotOpen'
	| 'UnknownKey'
	| 'LogContradicts';

export class TripProofError extends Error {
	readonly wrong: Wrong;

	constructor(wrong: Wrong, message: string) {
		super(message);
		this.name = wrong;
		this.wrong = wrong;
	}
}

export function malformed(message: string): never {
	throw new TripProofError('MalformedProof', message);
}

export function badSignature(): never {
	throw new TripProofError('BadSignature', 'The signature does not fit.');
}

export function contradicts(message: string): never {
	throw new TripProofError('LogContradicts', message);
}
