"""Deterministic CBOR (RFC 8949 4.2.1), read strictly: one value has one encoding.

`cbor2` does the work. What is read is encoded again and compared, so that no two byte strings are
the same object; size and depth are bounded before anything is built.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, BinaryIO, Final

import cbor2

from hub.tripproof.errors import MalformedProof

MAX_BYTES: Final = 2_048
MAX_DEPTH: Final = 4
ITEM_MAX_BYTES: Final = 20_480  # of a sequence: a full key set and what signs it
KEYS_MAX: Final = 64
ERRORS: Final = (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError)

Value = int | bytes | str | None | list["Value"] | dict[int | str, "Value"] | cbor2.CBORTag
SCALARS: Final = frozenset({int, bytes, str, type(None)})


def encode(value: object) -> bytes:
    """Encode deterministically."""
    return cbor2.dumps(_ordered(value))


def octets(value: bytes) -> bytes:
    """A byte string, encoded: what a COSE_Sign1 is mostly made of."""
    length = len(value)
    if length < 24:
        return bytes((0x40 | length,)) + value
    if length < 256:
        return bytes((0x58, length)) + value
    return b"\x59" + length.to_bytes(2) + value


def decode(encoded: bytes, *, max_bytes: int = MAX_BYTES) -> Value:
    """Read one deterministic CBOR item that fills `encoded`.

    Raises:
        MalformedProof: too large, too deep, not CBOR, not deterministic, or of a kind unused here.
    """
    if len(encoded) > max_bytes:
        raise MalformedProof(f"More than {max_bytes} bytes.")
    try:
        loaded = cbor2.loads(encoded)  # twice a key, an open length: it would encode otherwise
    except ERRORS as error:
        raise MalformedProof(f"Not readable as CBOR: {error}") from error
    return _same(loaded, encoded)


def sequence(stream: BinaryIO, *, item_max_bytes: int = ITEM_MAX_BYTES) -> Iterator[Value]:
    """Read a CBOR sequence (RFC 8742), item by item.

    Raises:
        MalformedProof: as `decode`, at the item where it is wrong.
    """
    held = b""
    while held := held + stream.read(item_max_bytes - len(held)):
        one = io.BytesIO(held)
        try:
            loaded = cbor2.CBORDecoder(one, read_size=1).decode()
        except ERRORS as error:
            raise MalformedProof(f"Not readable as CBOR: {error}") from error
        yield _same(loaded, held[: one.tell()])
        held = held[one.tell() :]


def _same(loaded: object, encoded: bytes) -> Value:
    """What was loaded, if these are the only bytes that say it."""
    value = _plain(loaded)
    if cbor2.dumps(value) != encoded:
        raise MalformedProof("Not deterministic CBOR: the same value has other bytes.")
    return value


def _plain(value: object, depth: int = 0) -> Value:
    """The value in lists and dicts, whatever cbor2 made of it; nothing but the kinds used here.

    A map's keys have to stand in their order already, because only their encoding is compared.
    """
    if type(value) in SCALARS:
        return value  # type: ignore[return-value]
    if depth == MAX_DEPTH:
        raise MalformedProof(f"Nested deeper than {MAX_DEPTH}.")
    if type(value) is dict or isinstance(value, Mapping):
        _check_keys(value)
        return {
            key: item if type(item) in SCALARS else _plain(item, depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, cbor2.CBORTag):
        return cbor2.CBORTag(value.tag, _plain(value.value, depth))
    if isinstance(value, Sequence):
        return [_plain(item, depth + 1) for item in value]
    raise MalformedProof(f"A {type(value).__name__} has no place here.")


def _check_keys(value: Mapping[Any, object]) -> None:
    if len(value) > KEYS_MAX or not _in_order(*value):
        raise MalformedProof("A map's keys are numbers and texts, in their order.")


@lru_cache(256, typed=True)  # typed: 1 and true are one key in Python and two in CBOR
def _in_order(*keys: object) -> bool:
    """Whether these are a map's keys as they have to stand. There are few maps, read often."""
    if not all(type(key) in (int, str) for key in keys):
        return False
    return list(keys) == sorted(keys, key=_order)  # type: ignore[arg-type]


def _ordered(value: Any) -> Any:
    """The value with each map's keys in their order."""
    if type(value) in SCALARS:
        return value
    if type(value) is dict:
        keys = value if _in_order(*value) else sorted(value, key=_order)
        return {key: _ordered(value[key]) for key in keys}
    if type(value) is list:
        return [_ordered(item) for item in value]
    if isinstance(value, cbor2.CBORTag):
        return cbor2.CBORTag(value.tag, _ordered(value.value))
    return value


def _order(key: int | str) -> tuple[int, int, bytes]:
    """Where a key stands: as its encoding does, byte by byte."""
    if type(key) is str:
        told = key.encode("utf-8", "surrogatepass")
        return 2, len(told), told
    return (0, key, b"") if key >= 0 else (1, -key, b"")  # type: ignore[operator]
