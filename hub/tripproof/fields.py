"""One field of a decoded object: of this type, within these bounds, or `MalformedProof`."""

import unicodedata
from typing import Any, Final

from hub.tripproof.errors import MalformedProof

UINT_MAX: Final = 2**32 - 1
HASH_BYTES: Final = 32
HASH16_BYTES: Final = 16
CTI_BYTES: Final = 8
KID_BYTES: Final = 8


def integer(value: object, low: int = 0, high: int = UINT_MAX) -> int:
    """An integer in `low..high`."""
    if type(value) is not int or not low <= value <= high:
        raise MalformedProof(f"Not a whole number in {low}..{high}.")
    return value


def octets(value: object, length: int) -> bytes:
    """A byte string of exactly `length` bytes."""
    if type(value) is not bytes or len(value) != length:
        raise MalformedProof(f"Not a byte string of {length} bytes.")
    return value


def blob(value: object, longest: int = 2_048) -> bytes:
    """A byte string of 1 to `longest` bytes."""
    if type(value) is not bytes or not 1 <= len(value) <= longest:
        raise MalformedProof(f"Not a byte string of 1 to {longest} bytes.")
    return value


def text(value: object, shortest: int, longest: int) -> str:
    """A text of `shortest..longest` UTF-8 bytes, in NFC, without control characters."""
    if type(value) is not str:
        raise MalformedProof("Not a text.")
    is_ascii = value.isascii()
    if not shortest <= (len(value) if is_ascii else len(_utf8(value))) <= longest:
        raise MalformedProof(f"Not a text of {shortest} to {longest} bytes.")
    if not is_ascii and not unicodedata.is_normalized("NFC", value):
        raise MalformedProof("Not in NFC: the same word has two spellings.")
    if not value.isprintable():
        raise MalformedProof("A character that cannot be shown.")
    return value


def _utf8(value: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        raise MalformedProof("Half a character.") from error


def items(value: object, shortest: int, longest: int) -> list[Any]:
    """An array of `shortest..longest` items."""
    if type(value) is not list or not shortest <= len(value) <= longest:
        raise MalformedProof(f"Not an array of {shortest} to {longest} items.")
    return value


def mapping(value: object, needed: frozenset[int], allowed: frozenset[int]) -> dict[Any, Any]:
    """A map with all of `needed` and nothing but `allowed`."""
    if type(value) is not dict or not needed <= value.keys() <= allowed:
        raise MalformedProof("Fields are missing, or there are some that do not belong.")
    return value
