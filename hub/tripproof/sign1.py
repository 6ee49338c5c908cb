"""COSE_Sign1 (RFC 9052) with ES256, in the one form used here.

Tag 18 always, an empty unprotected map, the payload attached, no external data. The protected
header is compared as bytes: it holds the algorithm, the key's id and, for all but a statement, a
type (RFC 9596), so that no signed object can be read as one of another kind.
"""

from functools import cache
from typing import Final, NamedTuple

from hub.tripproof import cbor, provider
from hub.tripproof.errors import MalformedProof
from hub.tripproof.fields import KID_BYTES
from hub.tripproof.keys import PublicKey
from hub.tripproof.provider import Signer

TAG: Final = 18
HEAD: Final = b"\xa2\x01\x26\x04\x48"  # {1: -7, 4: kid}
TYPED_HEAD: Final = b"\xa3\x01\x26\x04\x48"  # {1: -7, 4: kid, 16: typ}
TYP: Final = b"\x10"
START: Final = b"\xd2\x84"  # tag 18, an array of four
NO_UNPROTECTED: Final = b"\xa0"
SIGNATURE_HEAD: Final = b"\x58\x40"
SIG_STRUCTURE: Final = b"\x84\x6aSignature1"
EMPTY: Final = b"\x40"


class Signed(NamedTuple):
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


def sign(
    signer: Signer, payload: bytes, typ: str = "", *, max_bytes: int = cbor.MAX_BYTES
) -> bytes:
    """Sign `payload` as an object of type `typ` (a statement has none).

    Raises:
        MalformedProof: it would be larger than any reader takes.
    """
    kid = signer.public.kid
    before, after = _around(typ)
    signature = signer.sign(to_sign(protected(kid, typ), payload))
    whole = b"".join((before, kid, after, cbor.octets(payload), SIGNATURE_HEAD, signature))
    if len(whole) > max_bytes:
        raise MalformedProof(f"More than {max_bytes} bytes: no reader would take it.")
    return whole


def read(encoded: bytes, typ: str = "", *, max_bytes: int = cbor.MAX_BYTES) -> Signed:
    """Read a COSE_Sign1 of type `typ` without checking its signature.

    Nothing but the key's id, the payload and the signature is free, so all else is compared.

    Raises:
        MalformedProof: it is not exactly that.
    """
    before, after = _around(typ)
    start = len(before) + KID_BYTES
    kid, payload = encoded[len(before) : start], _payload(encoded[start + len(after) :])
    signature = encoded[-provider.SIGNATURE_BYTES :]
    whole = b"".join((before, kid, after, cbor.octets(payload), SIGNATURE_HEAD, signature))
    if whole != encoded or len(encoded) > max_bytes or not payload:
        raise MalformedProof(f"Not a COSE_Sign1 of a {typ or 'statement'}.")
    return Signed(kid, payload, signature, protected(kid, typ))


def protected(kid: bytes, typ: str) -> bytes:
    """The protected header."""
    if not typ:
        return HEAD + kid
    return TYPED_HEAD + kid + TYP + cbor.encode(typ)


def to_sign(head: bytes, payload: bytes) -> bytes:
    """The Sig_structure."""
    return SIG_STRUCTURE + cbor.octets(head) + EMPTY + cbor.octets(payload)


@cache
def _around(typ: str) -> tuple[bytes, bytes]:
    """What stands before the key's id, and between it and the payload."""
    mark = b"\x00" * KID_BYTES
    before, _, after = cbor.octets(protected(mark, typ)).partition(mark)
    return START + before, after + NO_UNPROTECTED


def _payload(rest: bytes) -> bytes:
    """The payload at the start of `rest`; whatever, where there is none: it is compared later."""
    head = {0x58: 2, 0x59: 3}.get(rest[0] if rest else 0, 1)
    return rest[head : -len(SIGNATURE_HEAD) - provider.SIGNATURE_BYTES]
