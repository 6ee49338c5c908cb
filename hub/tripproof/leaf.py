"""What the log holds: one deterministic CBOR map for each thing that happened.

No person, place or trip stands in a leaf. Every hash in it is over something that holds a
signature, so that nobody can find what was hashed by trying.
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta, timezone
from enum import IntEnum
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from hub.tripproof import cbor
from hub.tripproof.errors import MalformedProof
from hub.tripproof.fields import HASH_BYTES, KID_BYTES, integer, mapping, octets


class LeafType(IntEnum):
    """What happened."""

    PROOF = 1
    UNCHECKED = 2
    ENROLMENT = 3
    REVOCATION = 4
    ORDER = 5
    POLICY = 6
    KEYS = 7
    APPEAL = 8
    ACCESS = 9
    DESTRUCTION = 10
    LINK = 11
    NEW_VERDICT = 12
    CONSENT = 13


class Revoked(IntEnum):
    """Why a device's key ended."""

    LOST = 1
    TRANSFERRED = 2
    LEFT = 3
    REPLACED = 4
    CONSENT_WITHDRAWN = 5
    BY_ADMINISTRATOR = 6


KOREA: Final = timezone(timedelta(hours=9))  # no summer time since 1988
REF, STATEMENT, SEALED, VERDICT, POLICY, RECORD, REASON, QUARTER = range(2, 10)
HELD: Final[dict[LeafType, frozenset[int]]] = {
    LeafType.PROOF: frozenset({REF, STATEMENT, SEALED, VERDICT, POLICY}),
    LeafType.UNCHECKED: frozenset({SEALED}),
    LeafType.ENROLMENT: frozenset({REF, RECORD}),
    LeafType.REVOCATION: frozenset({REF, REASON}),
    LeafType.ORDER: frozenset({RECORD}),
    LeafType.POLICY: frozenset({POLICY, RECORD}),
    LeafType.KEYS: frozenset({RECORD}),
    LeafType.APPEAL: frozenset({REF, RECORD}),
    LeafType.ACCESS: frozenset({REF, RECORD}),
    LeafType.DESTRUCTION: frozenset({RECORD, QUARTER}),
    LeafType.LINK: frozenset({REF, RECORD}),
    LeafType.NEW_VERDICT: frozenset({REF, VERDICT, POLICY}),
    LeafType.CONSENT: frozenset({REF, RECORD}),
}
"""The fields of each type, besides type and time."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry of the log. `at` is the hub's time (s); the others as their type has them.

    The order of the attributes is that of the keys in CBOR.
    """

    type: LeafType
    at: int
    ref: bytes | None = None
    statement: bytes | None = None
    sealed: bytes | None = None
    verdict: bytes | None = None
    policy: int | None = None
    record: bytes | None = None
    reason: int | None = None
    quarter: int | None = None

    @property
    def encoded(self) -> bytes:
        """The leaf's bytes.

        Raises:
            MalformedProof: a field of another type is set, or one of this type is not.
        """
        return _encoded(self)


NAMES: Final = tuple(field.name for field in fields(Leaf))


@lru_cache(maxsize=256)  # asked twice: for the log, and for whoever brought the proof
def _encoded(leaf: Leaf) -> bytes:
    values = ((number, getattr(leaf, name)) for number, name in enumerate(NAMES))
    encoded = cbor.encode({key: value for key, value in values if value is not None})
    if decoded(encoded) != leaf:
        raise MalformedProof("Not a leaf that can be read back.")
    return encoded


def decoded(encoded: bytes) -> Leaf:
    """Read a leaf.

    Raises:
        MalformedProof: it is none.
    """
    value = cbor.decode(encoded)
    number = value.get(0) if isinstance(value, dict) else None
    kind = LeafType(integer(number, 1, len(LeafType)))
    expected = HELD[kind] | {0, 1}
    held = mapping(value, expected, expected)
    rest: dict[str, Any] = {NAMES[key]: _field(key, held[key]) for key in HELD[kind]}
    return Leaf(kind, integer(held[1]), **rest)


def sha(encoded: bytes) -> bytes:
    """What leaves hold of S, X, verdicts and records: SHA-256 of their bytes."""
    return sha256(encoded).digest()


def _field(key: int, value: object) -> int | bytes:
    if key == REF:
        return octets(value, KID_BYTES)  # a cti is as long
    if key == REASON:
        return Revoked(integer(value, 1, len(Revoked)))
    if key == QUARTER:
        return quarter(value)
    return integer(value, 1) if key == POLICY else octets(value, HASH_BYTES)


def quarter_of(at: int) -> int:
    """The quarter in which this second (since 1970) lies, by Korea's calendar."""
    day = datetime.fromtimestamp(at, KOREA)
    return day.year * 10 + (day.month + 2) // 3


def quarter(value: object) -> int:
    """A quarter as `year x 10 + 1..4`."""
    number = integer(value, 20_201, 99_994)
    if not 1 <= number % 10 <= 4:
        raise MalformedProof("A year has four quarters.")
    return number
