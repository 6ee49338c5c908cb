"""One MQTT connection: a paho client of its own, driven by one thread.

A connection is made, used and thrown away. So nothing that paho queued in memory outlives it:
what is unheld comes from the outbox again. What is said on it is the business of `edge.uplink`.
"""

import logging
import select
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge import trust
from edge.settings import Broker
from edge.trust import EndedCertificateError, Tls

log = logging.getLogger(__name__)

Version = Literal["5", "3.1.1"]
Heard = Callable[[str, bytes, bool], None]
"""topic, payload, live (False: the broker had it stored)."""

KEEPALIVE_S: Final = 15  # the broker sends the will after one and a half of these
CONNECT_S: Final = 5.0
ACK_PATIENCE_S: Final = (
    30.0  # the broker may answer pings and take nothing: 20 unanswered fill paho
)
_UNSUPPORTED_VERSION: Final = frozenset({0x84, 0x01})  # MQTT 5, and 3.1.1's return code


class NoConnectionError(Exception):
    """The broker cannot be reached or refuses. The message says how.

    `other_version`: it may be that the broker speaks another MQTT version.
    """

    def __init__(self, message: str, *, other_version: bool = False) -> None:
        super().__init__(message)
        self.other_version = other_version


@dataclass(frozen=True, slots=True)
class Said:
    """One message."""

    topic: str
    payload: bytes
    retain: bool = False
    expires_s: int | None = None
    """MQTT 5 only: the broker forgets it after so long."""


class Connection:
    """An open connection. Every method is for the thread that made it.

    `unacked` holds the message ids that the broker has not acknowledged.
    """

    def __init__(
        self, broker: Broker, tls: Tls, client_id: str, version: Version, will: Said, heard: Heard
    ) -> None:
        self._version, self._heard, self._broker = version, heard, broker
        self._least = tls.least
        self._answer: ReasonCode | None = None
        self.unacked: set[int] = set()
        self._acked_at_s = 0.0  # or when the first of `unacked` was said
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=MQTTv5 if version == "5" else MQTTv311,
            clean_session=None if version == "5" else True,
            reconnect_on_failure=False,
        )
        self._client.connect_timeout = CONNECT_S
        self._client.max_queued_messages_set(0)
        if broker.user is not None:
            self._client.username_pw_set(broker.user, broker.password)
        if broker.tls:
            self._client.tls_set_context(_context(tls))
        self._client.will_set(will.topic, will.payload, qos=1, retain=will.retain)
        self._client.on_connect = self._on_connect
        self._client.on_publish = self._on_publish
        self._client.on_message = self._on_message
        self._client.on_disconnect = self._on_disconnect

    def open(self, topics: list[tuple[str, int]], *, answer_s: float = CONNECT_S) -> None:
        """Connect, wait `answer_s` for the broker's answer, subscribe to (topic, QoS).

        Raises NoConnectionError.
        """
        try:
            extra: dict[str, Any] = {"clean_start": True} if self._version == "5" else {}
            self._client.connect(self._broker.host, self._broker.port, KEEPALIVE_S, **extra)
            trust.check_end(self._client.socket(), self._least)
        except (OSError, ValueError, EndedCertificateError) as error:
            self.drop()
            raise NoConnectionError(f"{type(error).__name__}: {error}") from error
        self._wait_for_answer(answer_s)
        self._client.subscribe(topics)

    def say(self, message: Said) -> int:
        """Hand a message to the broker with QoS 1. Returns its id, in `unacked` until answered."""
        properties = None
        if self._version == "5" and message.expires_s is not None:
            properties = Properties(PacketTypes.PUBLISH)
            properties.MessageExpiryInterval = message.expires_s
        told = self._client.publish(
            message.topic, message.payload, qos=1, retain=message.retain, properties=properties
        )
        if not self.unacked:
            self._acked_at_s = time.monotonic()
        self.unacked.add(told.mid)
        return told.mid

    def mention(self, topic: str, payload: bytes) -> None:
        """Say something with QoS 0: it does not matter if nobody hears it."""
        self._client.publish(topic, payload, qos=0)

    def fileno(self) -> int:
        """Of its socket, for a `select` over many; -1 where it is closed."""
        sock = self._client.socket()
        return -1 if sock is None else sock.fileno()

    def turn(self, wait_s: float) -> bool:
        """Let the network work for up to `wait_s`. False: the connection is lost, or stuck."""
        if self._is_stuck():
            log.warning("broker acknowledges nothing", extra={"unacknowledged": len(self.unacked)})
            return False
        sock = self._client.socket()
        if sock is None:
            return False
        ready = self._ready(sock, wait_s)
        done = MQTTErrorCode.MQTT_ERR_SUCCESS
        if ready & ~select.POLLOUT:  # also where it is broken: reading says so
            done = self._client.loop_read()
        if ready & select.POLLOUT and done == MQTTErrorCode.MQTT_ERR_SUCCESS:
            done = self._client.loop_write()
        if done != MQTTErrorCode.MQTT_ERR_SUCCESS or self._client.socket() is None:
            return False
        return self._client.loop_misc() == MQTTErrorCode.MQTT_ERR_SUCCESS

    def _ready(self, sock: Any, wait_s: float) -> int:
        """What can be done with the socket, as of poll(2): select(2) knows 1,024 files only."""
        if isinstance(sock, ssl.SSLSocket) and sock.pending():
            return select.POLLIN
        asked = select.POLLIN | (select.POLLOUT if self._client.want_write() else 0)
        poll = select.poll()
        poll.register(sock, asked)
        return next((event for _, event in poll.poll(wait_s * 1e3)), 0)

    def _is_stuck(self) -> bool:
        return bool(self.unacked) and time.monotonic() - self._acked_at_s > ACK_PATIENCE_S

    def close(self, patience_s: float) -> None:
        """Wait for what is unacknowledged, say goodbye (so no will is sent), hang up."""
        until_s = time.monotonic() + patience_s
        while self.unacked and time.monotonic() < until_s and self.turn(0.05):
            pass
        self._client.disconnect()
        self.turn(0.05)
        self.drop()

    def drop(self) -> None:
        """Hang up without a word; the broker sends the will."""
        if sock := self._client.socket():
            sock.close()
        self._client.loop(0.0)

    def _wait_for_answer(self, answer_s: float) -> None:
        until_s = time.monotonic() + answer_s
        while self._answer is None and time.monotonic() < until_s and self.turn(0.1):
            pass
        if self._answer is None:
            self.drop()
            raise NoConnectionError(
                f"The broker does not answer to MQTT {self._version}.", other_version=True
            )
        if self._answer.is_failure:
            self.drop()
            raise NoConnectionError(
                f"The broker refuses: {self._answer}.",
                other_version=self._answer.value in _UNSUPPORTED_VERSION,
            )

    def _on_connect(
        self, _c: Client, _u: Any, _f: ConnectFlags, reason: ReasonCode, _p: Properties | None
    ) -> None:
        self._answer = reason

    def _on_disconnect(
        self, _c: Client, _u: Any, _f: DisconnectFlags, reason: ReasonCode, _p: Properties | None
    ) -> None:
        log.info("broker connection ended", extra={"reason": str(reason)})

    def _on_publish(
        self, _c: Client, _u: Any, mid: int, reason: ReasonCode, _p: Properties | None
    ) -> None:
        self.unacked.discard(mid)
        self._acked_at_s = time.monotonic()
        if reason.is_failure:
            log.warning("broker refused a message", extra={"reason": str(reason), "mid": mid})

    def _on_message(self, _c: Client, _u: Any, message: MQTTMessage) -> None:
        self._heard(message.topic, bytes(message.payload), not message.retain)


def _context(tls: Tls) -> ssl.SSLContext:
    try:
        return trust.context(tls)
    except OSError as error:  # the card, or a certificate that is none
        raise NoConnectionError(f"The certificates cannot be used: {error}") from error
