"""S: what a phone signs at one touch. A CWT (RFC 8392) whose trip claims are one private map."""

from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Any, Final, NamedTuple

from hub.tripproof import cbor, sign1
from hub.tripproof.errors import MalformedProof
from hub.tripproof.fields import (
    CTI_BYTES,
    HASH16_BYTES,
    HASH_BYTES,
    integer,
    items,
    mapping,
    octets,
    text,
)
from hub.tripproof.keys import PublicKey
from hub.tripproof.provider import Signer

TRIP: Final = -65537  # CWT's private range
VERSION: Final = 1
NO_CHALLENGE: Final = bytes(HASH16_BYTES)
FIRST: Final = bytes(HASH16_BYTES)
TEXTS_MAX_BYTES: Final = 48  # keeps X within 330 bytes
TRIP_MAX_BYTES: Final = 30
SMALL_MAX: Final = 65_535
LAT_MAX: Final = 900_000_000
LON_MAX: Final = 1_800_000_000

OUTER: Final = frozenset({1, 6, 7, TRIP})
PLACE: Final = frozenset({4, 5, 6, 7})
NEEDED: Final = frozenset({0, 1, 2, 3, 8, 9, 10, 11, 12})
ALLOWED: Final = NEEDED | PLACE | {13, 14, 15}


class Kind(IntEnum):
    """What the touch marks."""

    ARRIVE = 1
    DEPART = 2
    WAYPOINT = 3


KINDS: Final = tuple(Kind)


class Fix(NamedTuple):
    """Where the phone took itself to be: degrees x 1e7, metres, seconds since 1970."""

    lat_e7: int
    lon_e7: int
    accuracy_m: int
    at: int


@dataclass(frozen=True, slots=True)
class Search:
    """How the fix was found: how many fixes, their spread, for how long, the first's accuracy."""

    fixes: int
    spread_m: int
    took_s: int
    first_accuracy_m: int


class Statement(NamedTuple):
    """What one touch says. Times in seconds since 1970.

    A tuple, as `Fix` is: a frozen dataclass takes 2 microseconds longer to make, and the bar for
    verifying is set against bare ES256.
    """

    office: str
    signed_at: int
    cti: bytes
    who: str
    department: str
    trip: str
    fix: Fix | None
    counter: int
    challenge: bytes
    before: bytes
    kind: Kind
    queued: bool
    photo: bytes | None = None
    search: Search | None = None
    note: str | None = None

    @property
    def minute(self) -> int:
        """The minute of the signature, since 1970."""
        return self.signed_at // 60

    @property
    def payload(self) -> bytes:
        """The claims, encoded."""
        return cbor.encode(
            {1: self.office, 6: self.signed_at, 7: self.cti, TRIP: self._claims()},
        )

    def sign(self, signer: Signer) -> bytes:
        """S, unchecked: phones make these with code of their own, and readers refuse the rest."""
        return sign1.sign(signer, self.payload)

    def _claims(self) -> dict[int, Any]:
        claims: dict[int, Any] = {0: VERSION, 1: self.who, 2: self.department, 3: self.trip}
        if self.fix:
            fix = self.fix
            claims |= {4: fix.lat_e7, 5: fix.lon_e7, 6: fix.accuracy_m, 7: fix.at}
        claims |= {8: self.counter, 9: self.challenge, 10: self.before}
        claims |= {11: int(self.kind), 12: int(self.queued)}
        if self.search:
            found = self.search
            stat = [found.fixes, found.spread_m, found.took_s, found.first_accuracy_m]
            claims |= {14: stat}
        if self.photo is not None:
            claims[13] = self.photo
        if self.note is not None:
            claims[15] = self.note
        return claims


def read(encoded: bytes) -> sign1.Signed:
    """Read S without checking its signature: its `kid` tells which key to check with."""
    return sign1.read(encoded)


def verified(encoded: bytes, key: PublicKey) -> Statement:
    """The statement in S, once its signature was checked.

    Raises:
        MalformedProof: these bytes are no statement.
        BadSignature: `key` did not sign them.
    """
    signed = sign1.read(encoded)
    statement = read_payload(signed.verify(key))
    if signed.kid != key.kid:
        raise MalformedProof("The statement names another key.")
    return statement


def hash16(encoded: bytes) -> bytes:
    """How the next S of the same key names this one."""
    return sha256(encoded).digest()[:HASH16_BYTES]


def read_payload(payload: bytes) -> Statement:
    """Read the claims.

    Raises:
        MalformedProof: they are not what docs/trip-protocol.md says, section 2.
    """
    outer = mapping(cbor.decode(payload), OUTER, OUTER)
    claims = mapping(outer[TRIP], NEEDED, ALLOWED)
    integer(claims[0], VERSION, VERSION)
    office, who, department, trip = _texts(outer, claims)
    return Statement(
        office=office,
        signed_at=integer(outer[6]),
        cti=octets(outer[7], CTI_BYTES),
        who=who,
        department=department,
        trip=trip,
        fix=_fix(claims),
        counter=integer(claims[8], 1),
        challenge=octets(claims[9], HASH16_BYTES),
        before=octets(claims[10], HASH16_BYTES),
        kind=KINDS[integer(claims[11], 1, len(KINDS)) - 1],
        queued=bool(integer(claims[12], 0, 1)),
        photo=octets(claims[13], HASH_BYTES) if 13 in claims else None,
        search=_search(claims[14]) if 14 in claims else None,
        note=text(claims[15], 1, 120) if 15 in claims else None,
    )


def _texts(outer: dict[Any, Any], claims: dict[Any, Any]) -> tuple[str, str, str, str]:
    office, who = text(outer[1], 1, 16), text(claims[1], 1, 16)
    department, trip = text(claims[2], 0, 16), text(claims[3], 0, TRIP_MAX_BYTES)
    if len((office + who + department + trip).encode()) > TEXTS_MAX_BYTES:
        raise MalformedProof(f"Office, person, department, trip: over {TEXTS_MAX_BYTES} bytes.")
    return office, who, department, trip


def _fix(claims: dict[Any, Any]) -> Fix | None:
    present = (4 in claims) + (5 in claims) + (6 in claims) + (7 in claims)
    if not present:
        return None
    if present != len(PLACE):
        raise MalformedProof("A place has latitude, longitude, accuracy and time, or is absent.")
    lat_e7, lon_e7 = integer(claims[4], -LAT_MAX, LAT_MAX), integer(claims[5], -LON_MAX, LON_MAX)
    return Fix(lat_e7, lon_e7, integer(claims[6], 0, SMALL_MAX), integer(claims[7]))


def _search(value: object) -> Search:
    return Search(*(integer(one, 0, SMALL_MAX) for one in items(value, 4, 4)))
