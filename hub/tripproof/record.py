"""A record: what a leaf points to when it is more than a proof (an order, an enrolment, an access).

Signed by the hub, so its hash cannot be guessed; the hub may destroy it and the leaf still stands.
"""

import re
from dataclasses import dataclass
from typing import Final

from hub.tripproof import cbor, sign1
from hub.tripproof.errors import MalformedProof
from hub.tripproof.fields import blob, integer, items, text
from hub.tripproof.keys import SET_MAX_BYTES, PublicKey
from hub.tripproof.leaf import LeafType
from hub.tripproof.provider import Signer

TYP: Final = "record"
VERSION: Final = 1
FIELDS_MAX: Final = 32
VALUE_MAX_BYTES: Final = 1_792
MAX_BYTES: Final = SET_MAX_BYTES + 1_024
"""Of a key set; any other record is as small as everything that is signed."""

ITEMS_MAX: Final = 64
INT_MAX: Final = 2**53
NAME: Final = re.compile(r"[a-z0-9_]{1,24}")

Scalar = int | str | bytes
RecordValue = Scalar | list[Scalar]


@dataclass(frozen=True, slots=True)
class Record:
    """What a leaf of `type` records, by name. Which names: docs/trip-protocol.md, 5.2."""

    type: LeafType
    fields: dict[str, RecordValue]

    def sign(self, signer: Signer) -> bytes:
        """The record, signed by the hub.

        Raises:
            MalformedProof: a name or value that no record may hold, or too much.
        """
        payload = cbor.encode([VERSION, int(self.type), self.fields])
        if _read(payload) != self:
            raise MalformedProof("Not a record that can be read back.")
        return sign1.sign(signer, payload, TYP, max_bytes=_max_bytes(self.type))


def read(encoded: bytes) -> sign1.Signed:
    """Read a record without checking its signature."""
    return sign1.read(encoded, TYP, max_bytes=MAX_BYTES)


def verified(encoded: bytes, key: PublicKey) -> Record:
    """The record, once its signature was checked.

    Raises:
        MalformedProof: these bytes are no record.
        BadSignature: `key` did not sign them.
    """
    told = _read(read(encoded).verify(key))
    if len(encoded) > _max_bytes(told.type):
        raise MalformedProof(f"More than {cbor.MAX_BYTES} bytes: only a key set is larger.")
    return told


def _max_bytes(kind: LeafType) -> int:
    return MAX_BYTES if kind is LeafType.KEYS else cbor.MAX_BYTES


def _read(payload: bytes) -> Record:
    version, number, fields = items(cbor.decode(payload, max_bytes=MAX_BYTES), 3, 3)
    integer(version, VERSION, VERSION)
    if type(fields) is not dict or len(fields) > FIELDS_MAX:
        raise MalformedProof(f"A record has at most {FIELDS_MAX} named fields.")
    kind = LeafType(integer(number, 1, len(LeafType)))
    longest = SET_MAX_BYTES if kind is LeafType.KEYS else VALUE_MAX_BYTES
    return Record(kind, {_name(name): _value(told, longest) for name, told in fields.items()})


def _name(name: object) -> str:
    if type(name) is not str or not NAME.fullmatch(name):
        raise MalformedProof("A field's name has 1 to 24 of a-z, 0-9 and underscore.")
    return name


def _value(value: object, longest: int = VALUE_MAX_BYTES) -> RecordValue:
    if type(value) is list:
        return [_scalar(one) for one in items(value, 0, ITEMS_MAX)]
    return _scalar(value, longest)


def _scalar(value: object, longest: int = VALUE_MAX_BYTES) -> Scalar:
    if type(value) is int:
        return integer(value, -INT_MAX, INT_MAX)
    if type(value) is str:
        return text(value, 0, VALUE_MAX_BYTES)
    return blob(value, longest)
