"""What the hub says of a proof, signed, readable without the place."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from hub.tripproof import cbor, sign1
from hub.tripproof.errors import MalformedProof
from hub.tripproof.fields import CTI_BYTES, integer, items, mapping, octets, text
from hub.tripproof.keys import PublicKey
from hub.tripproof.provider import Signer
from hub.tripproof.statement import TRIP_MAX_BYTES, Kind

TYP: Final = "verdict"
VERSION: Final = 1
FIELDS: Final = frozenset(range(11))
REASONS_MAX: Final = 32
BANDS: Final = 6


class Place(IntEnum):
    """Where the statement's place lies, seen from the order's destination."""

    UNKNOWN = 0
    INSIDE = 1
    NEAR = 2
    OUTSIDE = 3


class Grade(IntEnum):
    """How strong the evidence is, by the checks. Not whether somebody was there."""

    A = 1
    B = 2
    C = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """The hub's word on one proof. `minute` is minutes, `received_at` seconds since 1970."""

    cti: bytes
    trip: str
    kind: Kind
    minute: int
    place: Place
    band: int
    grade: Grade
    reasons: tuple[int, ...]
    policy: int
    received_at: int

    @property
    def payload(self) -> bytes:
        """The fields, encoded."""
        told = [
            VERSION, self.cti, self.trip, int(self.kind), self.minute, int(self.place),
            self.band, int(self.grade), list(self.reasons), self.policy, self.received_at,
        ]  # fmt: skip
        return cbor.encode(dict(enumerate(told)))

    def sign(self, signer: Signer) -> bytes:
        """The verdict, signed by the hub.

        Raises:
            MalformedProof: this says what no verdict may say.
        """
        payload = self.payload
        if read_payload(payload) != self:
            raise MalformedProof("Not a verdict that can be read back.")
        return sign1.sign(signer, payload, TYP)


def read(encoded: bytes) -> sign1.Signed:
    """Read a verdict without checking its signature."""
    return sign1.read(encoded, TYP)


def verified(encoded: bytes, key: PublicKey) -> Verdict:
    """The verdict, once its signature was checked.

    Raises:
        MalformedProof: these bytes are no verdict.
        BadSignature: `key` did not sign them.
    """
    return read_payload(read(encoded).verify(key))


def read_payload(payload: bytes) -> Verdict:
    """Read the fields.

    Raises:
        MalformedProof: they are not what docs/trip-protocol.md says, section 4.
    """
    said = mapping(cbor.decode(payload), FIELDS, FIELDS)
    integer(said[0], VERSION, VERSION)
    return Verdict(
        cti=octets(said[1], CTI_BYTES),
        trip=text(said[2], 0, TRIP_MAX_BYTES),
        kind=Kind(integer(said[3], 1, len(Kind))),
        minute=integer(said[4]),
        place=Place(integer(said[5], 0, len(Place) - 1)),
        band=integer(said[6], 0, BANDS - 1),
        grade=Grade(integer(said[7], 1, len(Grade))),
        reasons=_reasons(said[8]),
        policy=integer(said[9]),
        received_at=integer(said[10]),
    )


def _reasons(value: object) -> tuple[int, ...]:
    numbers = tuple(integer(one, 1, 255) for one in items(value, 0, REASONS_MAX))
    if list(numbers) != sorted(set(numbers)):
        raise MalformedProof("Reasons ascend, and none stands twice.")
    return numbers
