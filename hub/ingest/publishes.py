"""PUBLISH packets as they lie in what was read (MQTT 5 section 3.3, MQTT 3.1.1 section 3.3).

Only whole packets of QoS 0 or 1 are read, the ones that come by the thousand. Whatever is
otherwise, or wrong, is left where it is: paho reads it, and says what is wrong with it.
"""

import struct
from typing import Final, NamedTuple

_PUBLISH_OF_QOS_0_OR_1: Final = 0x30  # under the mask: DUP, the low bit of QoS, RETAIN may be set
_MASK: Final = 0b1111_0100
_LENGTH_BYTES_MAX: Final = 4
_two_bytes: Final = struct.Struct("!H").unpack_from


class Publish(NamedTuple):
    """What a message says. `mid` is 0 where nothing is to be acknowledged."""

    topic: str
    payload: bytes
    mid: int


def read(held: bytes, at: int, *, is_5: bool) -> tuple[list[Publish], int]:
    """The packets from `at` on, up to the first that is not read here, and where that begins."""
    found: list[Publish] = []
    try:
        while one := _one(held, at, is_5=is_5):
            message, at = one
            found.append(message)
    except (IndexError, struct.error, UnicodeDecodeError):  # not whole yet, or not well formed
        pass
    return found, at


def _one(held: bytes, at: int, *, is_5: bool) -> tuple[Publish, int] | None:
    command = held[at]
    if command & _MASK != _PUBLISH_OF_QOS_0_OR_1:
        return None
    length, start = _length(held, at + 1)
    end = start + length
    topic_at = start + 2
    at = topic_at + _two_bytes(held, start)[0]
    topic, mid = held[topic_at:at].decode(), 0
    if command & 0b10:
        mid, at = _two_bytes(held, at)[0], at + 2
        if not mid:
            return None
    if is_5:
        properties_bytes, at = _length(held, at)
        at += properties_bytes  # no node sends any; an alias is used only where one was offered
    if at > end or end > len(held) or not topic:
        return None
    return Publish(topic, held[at:end], mid), end


def _length(held: bytes, at: int) -> tuple[int, int]:
    """A number of one to four bytes, and where it ends. Raises IndexError."""
    value = held[at]
    if value < 0x80:
        return value, at + 1
    value &= 0x7F
    for nth in range(1, _LENGTH_BYTES_MAX):
        byte = held[at + nth]
        value |= (byte & 0x7F) << (7 * nth)
        if byte < 0x80:
            return value, at + nth + 1
    raise IndexError("a length of more than four bytes")
