"""MQTT 5 on a bare socket: as little as a publisher and a reader of QoS 1 need.

For measuring only. paho's publisher makes some 2,000 messages a second, far less than the door
takes, and a reader without a library is what the machine can read at all in Python.
"""

import socket
import struct
from collections.abc import Iterator
from typing import Final

CONNACK: Final = 0x20
PUBLISH: Final = 0x30
PUBACK: Final = 0x40
SUBACK: Final = 0x90
KIND: Final = 0xF0
CHUNK: Final = 256 * 1024
RECEIVE_MAX: Final = b"\x03\x21\x27\x10"  # properties: 10,000 unacknowledged, as the door
NO_PROPERTIES: Final = b"\x00"


class BrokenLink(Exception):
    """The broker hung up, or refused us."""


def connected(host: str, port: int, user: str, password: str) -> socket.socket:
    """A socket on which CONNECT was accepted. Raises BrokenLink."""
    link = socket.create_connection((host, port), timeout=30)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    head = _text("MQTT") + bytes((5, 0b1100_0010)) + struct.pack("!H", 0) + RECEIVE_MAX
    link.sendall(_packet(0x10, head + _text("") + _text(user) + _text(password)))
    _expect(link, CONNACK)
    return link


def subscribe(link: socket.socket, topic: str) -> None:
    """Subscribe with QoS 1. Raises BrokenLink."""
    link.sendall(_packet(0x82, struct.pack("!H", 1) + NO_PROPERTIES + _text(topic) + b"\x01"))
    _expect(link, SUBACK)


def publish(topic: str, payload: bytes, mid: int) -> bytes:
    """A PUBLISH of QoS 1."""
    return _packet(0x32, _text(topic) + struct.pack("!H", mid) + NO_PROPERTIES + payload)


def puback(mid: bytes) -> bytes:
    """The acknowledgement of the two bytes that name a message."""
    return b"\x40\x02" + mid


class Packets:
    """What comes over a link, cut into packets."""

    def __init__(self, link: socket.socket) -> None:
        self._link, self._rest = link, b""

    def read(self) -> Iterator[tuple[int, bytes]]:
        """Wait for something; the whole packets of it: first byte, body. Raises BrokenLink."""
        came = self._link.recv(CHUNK)
        if not came:
            raise BrokenLink
        held, at = self._rest + came, 0
        while (cut := _cut(held, at)) is not None:
            first, begin, at = held[at], *cut
            yield first, held[begin:at]
        self._rest = held[at:]


def told(body: bytes) -> tuple[bytes, bytes]:
    """Of a PUBLISH's body: the two bytes that name it, and the payload."""
    begin = 2 + (body[0] << 8 | body[1])
    return body[begin : begin + 2], body[begin + 3 + body[begin + 2] :]


def _cut(held: bytes, at: int) -> tuple[int, int] | None:
    """Where the body of the packet at `at` begins and ends; None where it is not whole."""
    length, shift, place = 0, 0, at + 1
    while place < len(held):
        byte = held[place]
        length |= (byte & 127) << shift
        shift, place = shift + 7, place + 1
        if byte < 128:
            return (place, place + length) if place + length <= len(held) else None
    return None


def _expect(link: socket.socket, kind: int) -> None:
    """Nothing else comes before it: what a broker says first is always alone."""
    for first, body in Packets(link).read():
        reason = body[1] if kind == CONNACK else body[-1]
        if first != kind or reason >= 0x80:
            raise BrokenLink(body.hex())


def _packet(first: int, body: bytes) -> bytes:
    head, length = bytearray((first,)), len(body)
    while length > 127:
        head.append(length & 127 | 128)
        length >>= 7
    head.append(length)
    return bytes(head) + body


def _text(text: str) -> bytes:
    return struct.pack("!H", len(text.encode())) + text.encode()
