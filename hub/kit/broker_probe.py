"""Asks an MQTT broker, as a client would, what it lets this user do. Changes nothing there."""

import queue
import socket
import ssl
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

PATIENCE_S: Final = 4.0
ECHO_S: Final = 1.5


@dataclass(frozen=True, slots=True)
class Broker:
    """Where it is and who asks."""

    url: str
    password: str | None = None
    ca_file: Path | None = None

    @property
    def host(self) -> str:
        """Its name."""
        return urlsplit(self.url).hostname or "127.0.0.1"

    @property
    def port(self) -> int:
        """Its port: 1883, or 8883 with TLS, where none is named."""
        return urlsplit(self.url).port or (8883 if self.is_tls else 1883)

    @property
    def is_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return urlsplit(self.url).scheme == "mqtts"


class Refused(Exception):
    """The broker answered, and would not have this user."""


class Session:
    """One connection; to be used with `with`.

    Raises:
        OSError: nobody answers there, or the certificate is not believed.
        Refused: the user or the password is wrong.
    """

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._answers: queue.SimpleQueue[ReasonCode | None] = queue.SimpleQueue()
        self._heard: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._subscribed: queue.SimpleQueue[list[ReasonCode]] = queue.SimpleQueue()
        self._published: queue.SimpleQueue[ReasonCode] = queue.SimpleQueue()
        self.is_mqtt5 = True
        """Whether it speaks MQTT 5."""

    def __enter__(self) -> "Session":
        """Connect with MQTT 5, else with 3.1.1."""
        if self._broker.is_tls:
            handshake(self._broker)  # paho leaves its socket open where a certificate is bad
        for protocol in (MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311):
            self.is_mqtt5 = protocol == MQTTProtocolVersion.MQTTv5
            self._client = self._connected(protocol)
            reason = self._answer()
            if reason is not None and not reason.is_failure:
                return self
            self.__exit__()
            if reason is not None and "rotocol" not in str(reason):
                raise Refused(str(reason))
        raise TimeoutError("it takes the connection and says nothing")

    def __exit__(self, *_: object) -> None:
        """Say goodbye."""
        client = self._client
        client.disconnect()
        client.loop_stop()
        client.on_connect = client.on_subscribe = client.on_publish = client.on_message = None

    def _connected(self, protocol: MQTTProtocolVersion) -> Client:
        where = urlsplit(self._broker.url)
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"hub-doctor-{uuid.uuid4().hex[:12]}",
            protocol=protocol,
            reconnect_on_failure=False,
        )
        if where.username:
            password = self._broker.password or (
                unquote(where.password) if where.password else None
            )
            client.username_pw_set(unquote(where.username), password)
        if self._broker.is_tls:
            ca = self._broker.ca_file
            client.tls_set(ca_certs=str(ca) if ca else None, cert_reqs=ssl.CERT_REQUIRED)
        client.on_connect = lambda _c, _u, _f, reason, _p: self._answers.put(reason)
        client.on_subscribe = lambda _c, _u, _m, reasons, _p: self._subscribed.put(reasons)
        client.on_publish = lambda _c, _u, _m, reason, _p: self._published.put(reason)
        client.on_message = lambda _c, _u, message: self._heard.put(message.topic)
        client.connect_timeout = PATIENCE_S
        client.connect(self._broker.host, self._broker.port, keepalive=10)
        client.loop_start()
        return client

    def _answer(self) -> ReasonCode | None:
        try:
            return self._answers.get(timeout=PATIENCE_S / 2)
        except queue.Empty:
            return None

    def may_subscribe(self, topic: str) -> bool:
        """Whether the broker takes this subscription."""
        try:
            self._client.subscribe(topic, qos=1)
            return not any(r.is_failure for r in self._subscribed.get(timeout=PATIENCE_S))
        except (ValueError, queue.Empty):
            return False

    def may_publish(self, topic: str) -> bool | None:
        """Whether an empty message is taken; None: MQTT 3.1.1 does not say."""
        told: dict[str, Any] = {}
        if self.is_mqtt5:
            told["properties"] = Properties(PacketTypes.PUBLISH)
        self._client.publish(topic, b"", qos=1, retain=False, **told)
        try:
            reason = self._published.get(timeout=PATIENCE_S)
        except queue.Empty:
            return False
        return not reason.is_failure if self.is_mqtt5 else None

    def hears(self, topic: str) -> bool:
        """Whether a message on `topic` has come, or comes soon."""
        until_s = time.monotonic() + ECHO_S
        while (left_s := until_s - time.monotonic()) > 0:
            try:
                if self._heard.get(timeout=left_s) == topic:
                    return True
            except queue.Empty:
                break
        return False


def handshake(broker: Broker) -> dict[str, Any]:
    """The certificate that the broker shows, believed. Raises OSError, ssl.SSLError included."""
    context = ssl.create_default_context(cafile=str(broker.ca_file) if broker.ca_file else None)
    with (
        socket.create_connection((broker.host, broker.port), timeout=PATIENCE_S) as plain,
        context.wrap_socket(plain, server_hostname=broker.host) as secure,
    ):
        return secure.getpeercert() or {}
