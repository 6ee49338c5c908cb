"""Public keys: P-256 points, their ids, and sets of them as COSE_KeySet and JWKS."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hub.tripproof import cbor
from hub.tripproof.errors import MalformedProof, UnknownKey
from hub.tripproof.fields import HASH_BYTES, KID_BYTES, integer, items, mapping, octets

COORDINATE_BYTES: Final = 32
SET_MAX: Final = 128  # ten years of quarters, twice a year the hub's own, and a few second offices
SET_MAX_BYTES: Final = 16_384
USE, NOT_BEFORE, NOT_AFTER = -65537, -65538, -65539
POINT_FIELDS: Final = frozenset({1, -1, -2, -3})
SET_FIELDS: Final = POINT_FIELDS | {2, 3, USE, NOT_BEFORE, NOT_AFTER}


class Use(IntEnum):
    """What a key of the set is for."""

    HUB_SIGNS = 1
    HUB_OPENS = 2
    AUDITOR_OPENS = 3
    AUDITOR_SIGNS = 4
    COSIGNER = 5

    @property
    def signs(self) -> bool:
        """Whether such a key signs; else it is sealed to."""
        return self not in (Use.HUB_OPENS, Use.AUDITOR_OPENS)


@dataclass(frozen=True)
class PublicKey:
    """A P-256 point with its ids. Equal where the point is."""

    point: ec.EllipticCurvePublicKey

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and self.xy == other.xy

    def __hash__(self) -> int:
        return hash(self.xy)

    @property
    def xy(self) -> tuple[bytes, bytes]:
        """Both coordinates, 32 bytes each."""
        numbers = self.point.public_numbers()
        return numbers.x.to_bytes(COORDINATE_BYTES), numbers.y.to_bytes(COORDINATE_BYTES)

    @property
    def cose(self) -> dict[int, Any]:
        """The COSE_Key of the bare point."""
        x, y = self.xy
        return {1: 2, -1: 1, -2: x, -3: y}

    @property
    def thumbprint(self) -> bytes:
        """SHA-256 of the deterministic COSE_Key (RFC 9679)."""
        return hashlib.sha256(cbor.encode(self.cose)).digest()

    @cached_property
    def kid(self) -> bytes:
        """The first 8 bytes of the thumbprint."""
        return self.thumbprint[:KID_BYTES]

    @property
    def uncompressed(self) -> bytes:
        """`04 ‖ x ‖ y`, 65 bytes."""
        return self.point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def spki(self) -> bytes:
        """DER SubjectPublicKeyInfo."""
        return self.point.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def encoded(self) -> bytes:
        """The COSE_Key as bytes."""
        return cbor.encode(self.cose)

    @classmethod
    def decoded(cls, encoded: bytes) -> "PublicKey":
        """Read a bare COSE_Key."""
        return cls.of(mapping(cbor.decode(encoded), POINT_FIELDS, POINT_FIELDS))

    @classmethod
    def of(cls, fields: dict[int, Any]) -> "PublicKey":
        """The key in a COSE_Key map; other labels are the caller's to read."""
        if fields[1] != 2 or fields[-1] != 1:
            raise MalformedProof("Not a P-256 key.")
        x, y = (octets(fields[label], COORDINATE_BYTES) for label in (-2, -3))
        return cls.uncompressed_point(b"\x04" + x + y)

    @classmethod
    def uncompressed_point(cls, encoded: bytes) -> "PublicKey":
        """Read `04 ‖ x ‖ y`."""
        if len(encoded) != 1 + 2 * COORDINATE_BYTES or encoded[0] != 4:
            raise MalformedProof("Not an uncompressed P-256 point.")
        try:
            return cls(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), encoded))
        except ValueError as error:
            raise MalformedProof("Not a point of P-256.") from error


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A key of the set: what it is for, and from when to when (s)."""

    key: PublicKey
    use: Use
    not_before: int
    not_after: int

    @property
    def cose(self) -> dict[int, Any]:
        """The COSE_Key with id, use and dates."""
        alg = {3: -7} if self.use.signs else {}
        dates = {USE: int(self.use), NOT_BEFORE: self.not_before, NOT_AFTER: self.not_after}
        return {**self.key.cose, 2: self.key.kid, **alg, **dates}

    @property
    def jwk(self) -> dict[str, Any]:
        """The same as a JWK."""
        x, y = self.key.xy
        signing = {"use": "sig", "alg": "ES256"} if self.use.signs else {"use": "enc"}
        return {
            "kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y),
            "kid": base64url(self.key.kid), **signing,
            "nbf": self.not_before, "exp": self.not_after, "cheongsa_use": int(self.use),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys that a reader knows, by id."""

    keys: tuple[NamedKey, ...]

    def find(self, kid: bytes, use: Use) -> PublicKey:
        """The key with this id and use.

        Raises:
            UnknownKey: there is none.
        """
        for named in self.keys:
            if named.use == use and named.key.kid == kid:
                return named.key
        raise UnknownKey(f"No key {kid.hex()} for {use.name.lower()} is known here.")

    def of(self, use: Use) -> list[PublicKey]:
        """All keys of one use."""
        return [named.key for named in self.keys if named.use == use]

    @property
    def encoded(self) -> bytes:
        """The COSE_KeySet."""
        ordered = sorted(self.keys, key=lambda named: (named.key.kid, named.use))
        return cbor.encode([named.cose for named in ordered])

    @property
    def jwks(self) -> dict[str, Any]:
        """The same as a JWKS."""
        return {"keys": [named.jwk for named in self.keys]}

    @classmethod
    def decoded(cls, encoded: bytes) -> "KeySet":
        """Read a COSE_KeySet.

        Raises:
            MalformedProof: it is none, or not in its one encoding.
        """
        read = cls(tuple(_named(one) for one in items(_array(encoded), 1, SET_MAX)))
        if read.encoded != encoded:
            raise MalformedProof("The keys are not in their order.")
        return read


def _array(encoded: bytes) -> object:
    return cbor.decode(encoded, max_bytes=SET_MAX_BYTES)


def keyset(keys: Iterable[NamedKey]) -> KeySet:
    """A set in its one order, without doubles."""
    return KeySet(tuple(sorted(set(keys), key=lambda named: (named.key.kid, named.use))))


def _named(value: object) -> NamedKey:
    fields = mapping(value, SET_FIELDS - {3}, SET_FIELDS)
    key = PublicKey.of(fields)
    use = Use(integer(fields[USE], 1, len(Use)))
    if fields[2] != key.kid or fields.get(3) != (-7 if use.signs else None):
        raise MalformedProof("The key's id or algorithm is not its own.")
    return NamedKey(key, use, integer(fields[NOT_BEFORE]), integer(fields[NOT_AFTER]))


def fingerprint(quarter: int, seal: PublicKey, sign: PublicKey) -> bytes:
    """The auditor's fingerprint, 32 bytes: what phones pin and the consent prints."""
    told = ["cheongsa/tripproof/v1/auditor", quarter, seal.thumbprint, sign.thumbprint]
    return hashlib.sha256(cbor.encode(told)).digest()


def in_groups(fingerprint: bytes) -> str:
    """The first 16 bytes as people compare them: eight groups of four."""
    octets(fingerprint, HASH_BYTES)
    digits = fingerprint[:16].hex().upper()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def base64url(value: bytes) -> str:
    """Without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
