"""TP2: what is printed on the travel report, and leads to a trip's proofs in the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from hub.tripproof import cbor, sign1
from hub.tripproof.errors import MalformedProof
from hub.tripproof.fields import HASH16_BYTES, integer, items, octets, text
from hub.tripproof.keys import PublicKey
from hub.tripproof.provider import Signer
from hub.tripproof.statement import TRIP_MAX_BYTES
from hub.tripproof.verdict import Grade

TYP: Final = "tp2"
LABEL: Final = b"cheongsa/tripproof/v1/trip"
COUNT_MAX: Final = 999


@dataclass(frozen=True, slots=True)
class Pointer:
    """One trip's proofs: how many, the worst grade, a hash over their leaves."""

    trip: str
    count: int
    worst: Grade
    leaves: bytes
    issued_at: int

    def sign(self, signer: Signer) -> bytes:
        """TP2, at most 150 bytes.

        Raises:
            MalformedProof: this says what no pointer may say.
        """
        told = [self.trip, self.count, int(self.worst), self.leaves, self.issued_at]
        payload = cbor.encode(told)
        if _read(payload) != self:
            raise MalformedProof("Not a pointer that can be read back.")
        return sign1.sign(signer, payload, TYP)


def read(encoded: bytes) -> sign1.Signed:
    """Read TP2 without checking its signature."""
    return sign1.read(encoded, TYP)


def verified(encoded: bytes, key: PublicKey) -> Pointer:
    """The pointer, once its signature was checked.

    Raises:
        MalformedProof: these bytes are no pointer.
        BadSignature: `key` did not sign them.
    """
    return _read(read(encoded).verify(key))


def over(leaf_hashes: Iterable[bytes]) -> bytes:
    """16 bytes over the hashes of a trip's proof leaves, in the log's order."""
    return sha256(LABEL + b"".join(leaf_hashes)).digest()[:HASH16_BYTES]


def _read(payload: bytes) -> Pointer:
    trip, count, worst, leaves, issued_at = items(cbor.decode(payload), 5, 5)
    return Pointer(
        text(trip, 1, TRIP_MAX_BYTES), integer(count, 1, COUNT_MAX),
        Grade(integer(worst, 1, len(Grade))), octets(leaves, HASH16_BYTES), integer(issued_at),
    )  # fmt: skip
