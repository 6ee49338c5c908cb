"""Deterministic CBOR (RFC 8949 4.2.1), read strictly: one value has one encoding.

`cbor2` does the work. What is read is encoded again and compared, so that no two byte strings are
the same object; size and depth are bounded before anything is built.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, Final

import cbor2

from hub.tripproof.errors import MalformedProof

MAX_BYTES: Final = 2_048
MAX_DEPTH: Final = 4
ITEM_MAX_BYTES: Final = 8_192  # of a sequence

Value = int | bytes | str | None | list["Value"] | dict[int | str, "Value"] | cbor2.CBORTag


def encode(value: object) -> bytes:
    """Encode deterministically."""
    return cbor2.dumps(value, canonical=True)


def decode(encoded: bytes, *, max_bytes: int = MAX_BYTES) -> Value:
    """Read one deterministic CBOR item that fills `encoded`.

    Raises:
        MalformedProof: too large, too deep, not CBOR, not deterministic, or of a kind unused here.
    """
    if len(encoded) > max_bytes:
        raise MalformedProof(f"More than {max_bytes} bytes.")
    value = _plain(_loaded(encoded))
    if encode(value) != encoded:
        raise MalformedProof("Not deterministic CBOR: the same value has other bytes.")
    return value


def sequence(stream: BinaryIO, *, item_max_bytes: int = ITEM_MAX_BYTES) -> Iterator[Value]:
    """Read a CBOR sequence (RFC 8742), item by item.

    Raises:
        MalformedProof: as `decode`, at the item where it is wrong.
    """
    held = b""
    while held := held + stream.read(item_max_bytes - len(held)):
        one = io.BytesIO(held)
        value = _plain(_loaded_from(one))
        if encode(value) != held[: one.tell()]:
            raise MalformedProof("Not deterministic CBOR: the same value has other bytes.")
        yield value
        held = held[one.tell() :]


def _loaded(encoded: bytes) -> object:
    stream = io.BytesIO(encoded)
    value = _loaded_from(stream)
    if stream.tell() != len(encoded):
        raise MalformedProof("Something follows the end.")
    return value


def _loaded_from(stream: io.BytesIO) -> object:
    """One item; the decoder's own bounds stop nesting before it costs anything."""
    try:
        return cbor2.CBORDecoder(
            stream,
            read_size=1,
            max_depth=MAX_DEPTH + 2,  # cbor2 counts tag and leaf as levels of their own
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders={},
        ).decode()
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise MalformedProof(f"Not readable as CBOR: {error}") from error


def _plain(value: object, depth: int = 0) -> Value:
    """The value in lists and dicts, whatever cbor2 made of it; nothing but the kinds used here."""
    if depth > MAX_DEPTH:
        raise MalformedProof(f"Nested deeper than {MAX_DEPTH}.")
    if value is None or type(value) in (bytes, str):
        return value  # type: ignore[return-value]
    if type(value) is int and -(2**63) <= value < 2**63:  # beyond: a bignum tag was resolved
        return value
    if isinstance(value, cbor2.CBORTag):
        return cbor2.CBORTag(value.tag, _plain(value.value, depth))
    if isinstance(value, Mapping):
        return {_key(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item, depth + 1) for item in value]
    raise MalformedProof(f"A {type(value).__name__} has no place here.")


def _key(key: object) -> int | str:
    if type(key) not in (int, str):
        raise MalformedProof("A map's key is a number or a text.")
    return key  # type: ignore[return-value]
