"""A receipt (RFC 9942, RFC9162_SHA256): the hub's signature over the root that a leaf leads to.

It is checked without the log: the reader computes the root from leaf and path, and that root is
what the hub signed. RFC 9942 leaves the tree size outside the signature, and one path can fit
several sizes; so the size stands in the protected claims too, and both have to be the same.
"""

from dataclasses import dataclass
from typing import Final

from cbor2 import CBORTag

from hub.tripproof import cbor, provider, sign1, tree
from hub.tripproof.checkpoint import named
from hub.tripproof.errors import MalformedProof
from hub.tripproof.fields import KID_BYTES, blob, integer, items, mapping, octets
from hub.tripproof.keys import PublicKey
from hub.tripproof.provider import Signer

VDS, VDP, INCLUSION, RFC9162_SHA256 = 395, 396, -1, 1
PROTECTED: Final = frozenset({1, 4, 15, VDS})
SIZE: Final = -65537  # CWT's private range
CLAIMS: Final = frozenset({1, 6, SIZE})


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was read of a receipt and not yet believed: `root` of a leaf checks it."""

    origin: str
    kid: bytes
    signed_at: int
    size: int
    index: int
    path: tuple[bytes, ...]
    signature: bytes
    protected: bytes

    def root(self, leaf: bytes, key: PublicKey) -> bytes:
        """The root that the hub signed, to which `leaf` (its bytes) leads.

        Raises:
            LogContradicts: the path cannot belong to this size and index.
            BadSignature: the hub did not sign the root of this leaf.
        """
        found = tree.root_of(tree.leaf_hash(leaf), self.index, self.size, self.path)
        provider.verify(key, sign1.to_sign(self.protected, found), self.signature)
        return found


def sign(signer: Signer, origin: str, at: int, index: int, size: int, node: tree.Node) -> bytes:
    """The receipt of entry `index` in the log of the first `size` entries."""
    claims = {1: named(origin), 6: at, SIZE: size}
    head = cbor.encode({1: -7, 4: signer.public.kid, 15: claims, VDS: RFC9162_SHA256})
    proof = cbor.encode([size, index, tree.inclusion(index, size, node)])
    signature = signer.sign(sign1.to_sign(head, tree.root(size, node)))
    return cbor.encode(CBORTag(sign1.TAG, [head, {VDP: {INCLUSION: [proof]}}, None, signature]))


def read(encoded: bytes) -> Receipt:
    """Read a receipt without checking it.

    Raises:
        MalformedProof: it is none.
    """
    value = cbor.decode(encoded)
    if not isinstance(value, CBORTag) or value.tag != sign1.TAG:
        raise MalformedProof("Not a COSE_Sign1.")
    head, unprotected, payload, signature = items(value.value, 4, 4)
    if payload is not None:
        raise MalformedProof("A receipt carries no root: the leaf leads to it.")
    fields = _protected(head)
    size, index, path = _proof(unprotected)
    integer(fields[15][SIZE], size, size)
    return Receipt(
        named(fields[15][1]), octets(fields[4], KID_BYTES), integer(fields[15][6]),
        size, index, path, octets(signature, provider.SIGNATURE_BYTES), head,
    )  # fmt: skip


def _protected(head: object) -> dict[int, dict[int, object]]:
    fields = mapping(cbor.decode(blob(head)), PROTECTED, PROTECTED)
    integer(fields[1], -7, -7)
    integer(fields[VDS], RFC9162_SHA256, RFC9162_SHA256)
    mapping(fields[15], CLAIMS, CLAIMS)
    return fields


def _proof(unprotected: object) -> tuple[int, int, tuple[bytes, ...]]:
    only = frozenset({VDP}), frozenset({INCLUSION})
    proofs = mapping(mapping(unprotected, only[0], only[0])[VDP], only[1], only[1])[INCLUSION]
    size, index, path = items(cbor.decode(blob(items(proofs, 1, 1)[0])), 3, 3)
    integer(size, 1, tree.SIZE_MAX)
    return size, integer(index, 0, size - 1), tuple(tree.hashes(path))
