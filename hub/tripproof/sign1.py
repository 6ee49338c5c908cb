"""COSE_Sign1 (RFC 9052) with ES256, in the one form used here.

Tag 18 always, an empty unprotected map, the payload attached, no external data. The protected
header is compared as bytes: it holds the algorithm, the key's id and, for all but a statement, a
type (RFC 9596), so that no signed object can be read as one of another kind.
"""

from dataclasses import dataclass
from typing import Final

from cbor2 import CBORTag

from hub.tripproof import cbor, provider
from hub.tripproof.errors import MalformedProof
from hub.tripproof.fields import KID_BYTES, blob, items, octets
from hub.tripproof.keys import PublicKey
from hub.tripproof.provider import Signer

TAG: Final = 18
HEAD: Final = b"\xa2\x01\x26\x04\x48"  # {1: -7, 4: kid}
TYPED_HEAD: Final = b"\xa3\x01\x26\x04\x48"  # {1: -7, 4: kid, 16: typ}


@dataclass(frozen=True, slots=True)
class Signed:
    """What was read of a COSE_Sign1 and not yet believed: `verify` before use."""

    kid: bytes
    payload: bytes
    signature: bytes
    protected: bytes

    def verify(self, key: PublicKey) -> bytes:
        """The payload, once the signature was checked.

        Raises:
            BadSignature: it was not made by `key` over these bytes.
        """
        provider.verify(key, to_sign(self.protected, self.payload), self.signature)
        return self.payload


def sign(signer: Signer, payload: bytes, typ: str = "") -> bytes:
    """Sign `payload` as an object of type `typ` (a statement has none)."""
    head = protected(signer.public.kid, typ)
    return cbor.encode(CBORTag(TAG, [head, {}, payload, signer.sign(to_sign(head, payload))]))


def read(encoded: bytes, typ: str = "") -> Signed:
    """Read a COSE_Sign1 of type `typ` without checking its signature.

    Raises:
        MalformedProof: it is not exactly that.
    """
    value = cbor.decode(encoded)
    if not isinstance(value, CBORTag) or value.tag != TAG:
        raise MalformedProof("Not a COSE_Sign1.")
    head, unprotected, payload, signature = items(value.value, 4, 4)
    if type(unprotected) is not dict or unprotected:
        raise MalformedProof("The unprotected header is not an empty map.")
    kid = _kid(head, typ)
    return Signed(kid, blob(payload), octets(signature, provider.SIGNATURE_BYTES), head)


def protected(kid: bytes, typ: str) -> bytes:
    """The protected header."""
    if not typ:
        return HEAD + kid
    return TYPED_HEAD + kid + b"\x10" + cbor.encode(typ)


def to_sign(head: bytes, payload: bytes) -> bytes:
    """The Sig_structure."""
    return cbor.encode(["Signature1", head, b"", payload])


def _kid(head: object, typ: str) -> bytes:
    kid = head[len(TYPED_HEAD) :][:KID_BYTES] if type(head) is bytes else b""
    if len(kid) != KID_BYTES or protected(kid, typ) != head:
        raise MalformedProof(f"Not signed as a {typ or 'statement'}.")
    return kid
