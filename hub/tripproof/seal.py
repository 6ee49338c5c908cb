"""Sealing to one reader: X, a statement for the auditor; TP3, an upload for the hub.

HPKE (RFC 9180) in base mode in a profile of our own, because COSE-HPKE is a draft whose rules for
`info` and `aad` moved between versions. The header is bound through `info`.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from hub.tripproof import cbor, provider
from hub.tripproof.errors import CannotOpen, MalformedProof
from hub.tripproof.fields import KID_BYTES, blob, integer, items, octets
from hub.tripproof.keys import PublicKey
from hub.tripproof.provider import BOX_OVERHEAD_BYTES, Opener

LABEL: Final = "cheongsa/tripproof/v1/seal"


class For(IntEnum):
    """Who opens it."""

    AUDITOR = 1
    HUB = 3


@dataclass(frozen=True, slots=True)
class Sealed:
    """What can be read without a key: for whom it is, and which key opens it."""

    type: For
    kid: bytes
    box: bytes


def seal(key: PublicKey, plaintext: bytes, to: For) -> bytes:
    """Seal `plaintext` to `key`."""
    box = provider.seal(key, plaintext, _info(to, key.kid))
    return cbor.encode([int(to), key.kid, box])


def read(encoded: bytes, to: For) -> Sealed:
    """Read what is sealed to `to`, without opening it.

    Raises:
        MalformedProof: it is not that.
    """
    number, kid, box = items(cbor.decode(encoded), 3, 3)
    integer(number, to, to)
    if len(blob(box)) <= BOX_OVERHEAD_BYTES:
        raise MalformedProof("Nothing is in it.")
    return Sealed(to, octets(kid, KID_BYTES), box)


def opened(encoded: bytes, opener: Opener, to: For) -> bytes:
    """What was sealed.

    Raises:
        MalformedProof: not a sealed object for `to`.
        CannotOpen: sealed to another key, or changed.
    """
    sealed = read(encoded, to)
    if sealed.kid != opener.public.kid:
        raise CannotOpen(f"It is for the key {sealed.kid.hex()}, not this one.")
    return opener.open(sealed.box, _info(to, sealed.kid))


def _info(to: For, kid: bytes) -> bytes:
    return cbor.encode([LABEL, int(to), kid])
