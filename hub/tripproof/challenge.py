"""Challenges: what a proof has to carry to show that it was not signed earlier.

The hub gives a device ten at a time; each is for that device and for one use. The lower bound of a
proof's time is when its challenge was given, the upper bound when the hub received it.
"""

from dataclasses import dataclass
from typing import Final

from hub.tripproof import cbor, sign1
from hub.tripproof.errors import MalformedProof
from hub.tripproof.fields import HASH16_BYTES, KID_BYTES, integer, items, octets
from hub.tripproof.keys import PublicKey
from hub.tripproof.provider import Signer

TYP: Final = "challenges"
VERSION: Final = 1
AT_ONCE: Final = 10


@dataclass(frozen=True, slots=True)
class Challenges:
    """Some for one device, with when they were given and until when they hold (s)."""

    device: bytes
    issued_at: int
    expires_at: int
    values: tuple[bytes, ...]

    def sign(self, signer: Signer) -> bytes:
        """As the hub hands them out, over the network or as a code to scan.

        Raises:
            MalformedProof: these are no challenges.
        """
        told = [VERSION, self.device, self.issued_at, self.expires_at, list(self.values)]
        payload = cbor.encode(told)
        if _read(payload) != self:
            raise MalformedProof("Not challenges that can be read back.")
        return sign1.sign(signer, payload, TYP)


def verified(encoded: bytes, key: PublicKey) -> Challenges:
    """The challenges, once the hub's signature was checked.

    Raises:
        MalformedProof: these bytes are none.
        BadSignature: `key` did not sign them.
    """
    return _read(sign1.read(encoded, TYP).verify(key))


def _read(payload: bytes) -> Challenges:
    version, device, issued_at, expires_at, values = items(cbor.decode(payload), 5, 5)
    integer(version, VERSION, VERSION)
    return Challenges(
        octets(device, KID_BYTES), integer(issued_at), integer(expires_at, issued_at),
        tuple(octets(value, HASH16_BYTES) for value in items(values, 1, AT_ONCE)),
    )  # fmt: skip
