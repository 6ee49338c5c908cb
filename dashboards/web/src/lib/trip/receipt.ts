/** A receipt (RFC 9942): the hub's signature over the root that a leaf leads to. */
import type { Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import { isName } from './checkpoint.ts';
import { malformed } from './errors.ts';
import { blob, integer, items, KID_BYTES, mapping, octets, SIZE_MAX } from './fields.ts';
import { verify, type PublicKey } from './keys.ts';
import * as sign1 from './sign1.ts';
import * as tree from './tree.ts';

const [VDS, VDP, INCLUSION, RFC9162_SHA256, CLAIMS] = [395, 396, -1, 1, 15];
const SIZE = -65537;

/** What was read of a receipt and not yet believed: `root` of a leaf checks it. */
export interface Receipt {
	origin: string;
	kid: Bytes;
	signedAt: number;
	size: number;
	index: number;
	path: Bytes[];
	signature: Bytes;
	protected: Bytes;
}

/** Read a receipt. Throws MalformedProof. */
export function read(encoded: Bytes): Receipt {
	const [head, unprotected, payload, signature] = sign1.parts(encoded);
	if (payload !== null) malformed('A receipt carries no root: the leaf leads to it.');
	const fields = mapping(cbor.decode(blob(head)), [1, 4, CLAIMS, VDS]);
	integer(fields.get(1), -7, -7);
	integer(fields.get(VDS), RFC9162_SHA256, RFC9162_SHA256);
	const claims = mapping(fields.get(CLAIMS), [1, 6, SIZE]);
	const proof = proofIn(unprotected);
	integer(claims.get(SIZE), proof.size, proof.size);
	return {
		origin: isName(claims.get(1)) ? claims.get(1) as string : malformed("Not a log's name."),
		kid: octets(fields.get(4), KID_BYTES),
		signedAt: integer(claims.get(6)),
		...proof,
		signature: octets(signature, 64),
		protected: blob(head)
	};
}

function proofIn(unprotected: cbor.Value | undefined) {
	const proofs = mapping(mapping(unprotected, [VDP]).get(VDP), [INCLUSION]).get(INCLUSION);
	const [size, index, path] = items(cbor.decode(blob(items(proofs, 1, 1)[0])), 3, 3);
	const entries = integer(size, 1, SIZE_MAX);
	return { size: entries, index: integer(index, 0, entries - 1), path: tree.hashes(path) };
}

/** The root that the hub signed, to which `leaf` leads. Throws LogContradicts, BadSignature. */
export async function root(receipt: Receipt, leaf: Bytes, key: PublicKey): Promise<Bytes> {
	const { index, size, path } = receipt;
	const found = await tree.rootOf(await tree.leafHash(leaf), index, size, path);
	await verify(key, sign1.toSign(receipt.protected, found), receipt.signature);
	return found;
}
