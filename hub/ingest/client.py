"""paho's client, reading ahead.

paho asks the system for each packet four times: is there something, its first byte, its length,
its rest. Each of them lets the other thread run and waits to go on, which costs more than parsing.
Here a read takes what there is, and paho is handed its bytes from that. The socket that does so is
of the form of paho's own WebSocket wrapper; nothing else of paho is touched.
"""

import socket
from typing import Any, Final

from paho.mqtt.client import Client
from paho.mqtt.enums import MQTTErrorCode

CHUNK_BYTES: Final = 256 * 1024
PACKETS_MAX: Final = 256  # read before what is to be sent has its turn


class ReadAhead:
    """A socket, plain or TLS, that reads in chunks; everything else is the socket's own."""

    def __init__(self, inner: socket.socket) -> None:
        self._inner = inner
        self._held, self._at = b"", 0

    def recv(self, most_bytes: int) -> bytes:
        """Up to that many bytes; b"" at the end of the connection. Raises as the socket does."""
        if self._at >= len(self._held):
            self._held, self._at = self._inner.recv(CHUNK_BYTES), 0
        part = self._held[self._at : self._at + most_bytes]
        self._at += len(part)
        return part

    def pending(self) -> int:
        """Bytes that are here already, so that nobody waits for the system to have some."""
        in_tls = getattr(self._inner, "pending", int)()
        return len(self._held) - self._at + in_tls

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class ReadingAhead(Client):
    """paho's client on such a socket."""

    def _create_socket(self) -> Any:
        return ReadAhead(super()._create_socket())  # type: ignore[arg-type]

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Handle the packets that are here, some at a time."""
        for _ in range(PACKETS_MAX):
            wrong = super().loop_read(max_packets)
            if wrong or not self._has_more():
                return wrong
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _has_more(self) -> bool:
        link: Any = self.socket()
        return link is not None and link.pending() > 0
