"""What a device asks the hub in its own name, so that an expired session blocks nothing."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from hub.tripproof import cbor, sign1
from hub.tripproof.errors import MalformedProof
from hub.tripproof.fields import integer, items, octets
from hub.tripproof.keys import PublicKey
from hub.tripproof.provider import Signer
from hub.tripproof.tree import SIZE_MAX

TYP: Final = "ask"
VERSION: Final = 1
NONCE_BYTES: Final = 8


class Purpose(IntEnum):
    """What is asked for. Other numbers are not used: the log is anyone's to ask."""

    CHALLENGES = 1
    OWN_PROOFS = 3
    STANDING = 5


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. `have`: challenges left; else 0."""

    purpose: Purpose
    asked_at: int
    nonce: bytes
    have: int = 0

    def sign(self, signer: Signer) -> bytes:
        """Signed by the device.

        Raises:
            MalformedProof: this is no question.
        """
        payload = cbor.encode([VERSION, int(self.purpose), self.asked_at, self.nonce, self.have])
        if _read(payload) != self:
            raise MalformedProof("Not a question that can be read back.")
        return sign1.sign(signer, payload, TYP)


def read(encoded: bytes) -> sign1.Signed:
    """Read a question without checking it: its `kid` tells whose key to check with."""
    return sign1.read(encoded, TYP)


def verified(encoded: bytes, key: PublicKey) -> Ask:
    """The question, once its signature was checked. Whether it is fresh is the caller's to look at.

    Raises:
        MalformedProof: these bytes are none.
        BadSignature: `key` did not sign them.
    """
    return _read(read(encoded).verify(key))


def _read(payload: bytes) -> Ask:
    version, purpose, asked_at, nonce, have = items(cbor.decode(payload), 5, 5)
    integer(version, VERSION, VERSION)
    if integer(purpose) not in tuple(Purpose):
        raise MalformedProof("Nothing that a device may ask for.")
    return Ask(
        Purpose(integer(purpose)), integer(asked_at),
        octets(nonce, NONCE_BYTES), integer(have, 0, SIZE_MAX),
    )  # fmt: skip
