"""paho's client, reading ahead and answering at once.

paho asks the system for each packet four times (is there something, its first byte, its length,
its rest), makes an object of each property it may have, and acknowledges each by two writes of its
own. Each of those lets the other thread run and waits to go on, which costs more than the work.
Here a read takes what there is; messages that are whole are read out of that (`publishes`), and
paho is handed everything else. Many acknowledgements are one write.
"""

import socket
import struct
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from paho.mqtt.client import PUBACK, Client
from paho.mqtt.enums import MQTTErrorCode, MQTTProtocolVersion

from hub.ingest import publishes
from hub.ingest.publishes import Publish

CHUNK_BYTES: Final = 256 * 1024
ROUNDS_MAX: Final = 256  # of reading before what is to be sent has its turn
_puback: Final = struct.Struct("!BBH").pack


class ReadAhead:
    """A socket, plain or TLS, that reads in chunks; everything else is the socket's own.

    It is of the form of paho's own WebSocket wrapper: `recv` and `pending`.
    """

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

    def messages(self, *, is_5: bool) -> list[Publish]:
        """The whole messages that come next in what is here."""
        self._read_on()
        found, self._at = publishes.read(self._held, self._at, is_5=is_5)
        return found

    def _read_on(self) -> None:
        try:
            came = self._inner.recv(CHUNK_BYTES)
        except OSError:  # nothing has come, or it is broken: the next `recv` says which
            return
        self._held, self._at = self._held[self._at :] + came, 0

    def pending(self) -> int:
        """Bytes that are here already, so that nobody waits for the system to have some."""
        in_tls = getattr(self._inner, "pending", int)()
        return len(self._held) - self._at + in_tls

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class ReadingAhead(Client):
    """paho's client on such a socket. What it does not hear by `on_message` goes to `hear`."""

    def __init__(self, hear: Callable[[Publish], None], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hear = hear

    def ack_all(self, mids: Iterable[int]) -> None:
        """Acknowledge these messages of QoS 1."""
        if packets := b"".join(_puback(PUBACK, 2, mid) for mid in mids):
            self._packet_queue(PUBACK, packets, 0, 1)

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Handle the packets that are here: messages as they lie, whatever else by paho."""
        for _ in range(ROUNDS_MAX):
            self._hear_messages()
            wrong = super().loop_read(max_packets)
            if wrong or not self._has_more():
                return wrong
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _hear_messages(self) -> None:
        link: Any = self.socket()
        if link is None or self._in_packet["command"]:  # paho is in the midst of one
            return
        for message in link.messages(is_5=self.protocol == MQTTProtocolVersion.MQTTv5):
            self._hear(message)
            self._last_bytes_received = time.monotonic()  # so that paho does not miss an answer

    def _has_more(self) -> bool:
        link: Any = self.socket()
        return link is not None and link.pending() > 0

    def _create_socket(self) -> Any:
        return ReadAhead(super()._create_socket())  # type: ignore[arg-type]
