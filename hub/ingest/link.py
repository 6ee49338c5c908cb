"""One connection to the broker: what it hears goes into an inbox, what it says goes out.

MQTT 5 with shared subscriptions and Receive Maximum where the broker speaks it, else 3.1.1.
Nothing here knows what a message means or where it is stored.
"""

import hashlib
import logging
import ssl
import threading
import time
import uuid
from queue import SimpleQueue
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urlsplit

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from edge.wire.topics import EVERY_RESULT, FROM_NODE, RETAINED, everyone
from hub.ingest.client import ReadingAhead
from hub.ingest.publishes import Publish
from hub.kit.settings import Settings

log = logging.getLogger(__name__)

RECEIVE_MAX: Final = 10_000  # unacknowledged at the door; two batches
INBOX_MAX_BYTES: Final = 64 * 2**20  # of payloads, with those in hand
INBOX_MAX: Final = 20_000  # a broker without Receive Maximum is left waiting here
FULL_S: Final = 0.01  # how long it waits between looks at a full inbox
CONNACK_PATIENCE_S: Final = 2.0  # amqtt leaves an MQTT 5 CONNECT without an answer
KEEPALIVE_S: Final = 30
LAST_WORDS_S: Final = 2.0


class Letter(NamedTuple):
    """A message as the broker brought it, and who can acknowledge it."""

    client: ReadingAhead
    message: Publish


class Inbox(SimpleQueue[Letter]):
    """What was heard and is not stored yet: bounded in letters and in bytes.

    Each number is written by one thread alone, so neither needs a lock.
    """

    def __init__(self) -> None:
        self.heard_bytes = 0  # by the thread that hears
        self.done_bytes = 0  # by the thread that stores

    @property
    def is_full(self) -> bool:
        """Whether the broker is to wait."""
        held_bytes = self.heard_bytes - self.done_bytes
        return self.qsize() >= INBOX_MAX or held_bytes >= INBOX_MAX_BYTES


class Link:
    """One connection to the broker, from CONNECT to its end; a new one is another Link."""

    def __init__(
        self,
        settings: Settings,
        protocol: MQTTProtocolVersion,
        inbox: Inbox,
        stop: threading.Event,
    ) -> None:
        self.protocol = protocol
        self.up = threading.Event()
        """Subscribed: what nodes say from now on is heard."""
        self.lost = threading.Event()
        self.refusal: str | None = None
        """Why the broker would not have us, in its words."""
        self.opened_at_s = time.monotonic()
        self._inbox, self._stop = inbox, stop
        self._share = share_of(settings)
        self._client = self._make_client(settings)
        self._connect(settings)

    def publish(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> None:
        """Say something; not heard where the broker is gone meanwhile."""
        self._client.publish(topic, payload, qos=qos, retain=retain)

    def close(self) -> None:
        """Say goodbye, for `LAST_WORDS_S` at most: a dead broker does not listen."""
        self.lost.set()
        self._client.disconnect()
        ending = threading.Thread(target=self._end, daemon=True)
        ending.start()
        ending.join(LAST_WORDS_S)

    def _end(self) -> None:
        self._client.loop_stop()
        self._let_go()

    def _let_go(self) -> None:
        """Break the circle of references, so that the client closes its sockets at once."""
        client = self._client
        client.on_connect = client.on_disconnect = client.on_subscribe = client.on_message = None

    @property
    def has_failed(self) -> bool:
        """Lost, or never answered."""
        silent_s = time.monotonic() - self.opened_at_s
        return self.lost.is_set() or (not self.up.is_set() and silent_s > CONNACK_PATIENCE_S)

    def _make_client(self, settings: Settings) -> ReadingAhead:
        client = ReadingAhead(
            self._hear,
            CallbackAPIVersion.VERSION2,
            client_id=f"hub-ingest-{uuid.uuid4().hex[:12]}",
            protocol=self.protocol,
            clean_session=True if self.protocol != MQTTProtocolVersion.MQTTv5 else None,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        introduce(client, settings)
        client.connect_timeout = CONNACK_PATIENCE_S
        client.max_inflight_messages_set(1_000)
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_subscribe, client.on_message = self._on_subscribe, self._on_message
        return client

    def _connect(self, settings: Settings) -> None:
        told: dict[str, Any] = {}
        if self.protocol == MQTTProtocolVersion.MQTTv5:
            wish = Properties(PacketTypes.CONNECT)
            wish.ReceiveMaximum = RECEIVE_MAX
            told = {"clean_start": True, "properties": wish}
        try:
            self._client.connect(*address_of(settings), KEEPALIVE_S, **told)
        except OSError:
            self._let_go()
            raise
        self._client.loop_start()

    def _on_connect(
        self,
        client: Client,
        _userdata: object,
        _flags: ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self.refusal = f"it refused the connection: {reason}"
            self.lost.set()
            return
        shares = self.protocol == MQTTProtocolVersion.MQTTv5
        shares = shares and getattr(properties, "SharedSubscriptionAvailable", 1) == 1
        self._subscribe(client, shared=shares)

    def _subscribe(self, client: Client, *, shared: bool) -> None:
        """Retained topics plainly: of a shared subscription nobody gets what is retained."""
        self._shared = shared
        share = self._share if shared else ""
        filters = [
            ("" if subject in RETAINED else share) + everyone(subject) for subject in FROM_NODE
        ]
        filters.append(share + EVERY_RESULT)
        client.subscribe(
            [(each, SubscribeOptions(qos=1) if self._is_5 else 1) for each in filters]  # type: ignore[arg-type]
        )

    @property
    def _is_5(self) -> bool:
        return self.protocol == MQTTProtocolVersion.MQTTv5

    def _on_subscribe(
        self,
        client: Client,
        _userdata: object,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused and self._shared:
            log.warning("broker shares no subscriptions", extra={"reasons": refused})
            self._subscribe(client, shared=False)
        elif refused:
            self.refusal = f"it refused the subscriptions: {', '.join(refused)}"
            self.lost.set()
        else:
            self.up.set()

    def _on_disconnect(
        self,
        _client: Client,
        _userdata: object,
        _flags: DisconnectFlags,
        _reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self.lost.set()

    def _on_message(self, client: Client, _userdata: object, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:  # no node has such a name, and no broker should let it pass
            client.ack(message.mid, message.qos)
        else:
            self._hear(Publish(topic, bytes(message.payload), message.mid))

    def _hear(self, message: Publish) -> None:
        while self._inbox.is_full and not self._stop.is_set():
            time.sleep(FULL_S)
        self._inbox.heard_bytes += len(message.payload)
        self._inbox.put(Letter(self._client, message))


def introduce(client: Client, settings: Settings) -> None:
    """Tell a client as whom it comes, and over mqtts:// whom it must meet."""
    where, password = urlsplit(settings.broker_url), settings.broker_password
    if where.username:
        secret = password.get_secret_value() if password else None
        client.username_pw_set(unquote(where.username), secret)
    if where.scheme == "mqtts":
        ca = settings.broker_ca_file
        client.tls_set(ca_certs=str(ca) if ca else None, cert_reqs=ssl.CERT_REQUIRED)


def address_of(settings: Settings) -> tuple[str, int]:
    """Host and port of the broker."""
    where = urlsplit(settings.broker_url)
    return where.hostname or "127.0.0.1", where.port or (8883 if where.scheme == "mqtts" else 1883)


def share_of(settings: Settings) -> str:
    """The shared subscription of this hub's `ingest`, named so that nobody else can join it.

    A broker's access list cannot refuse `$share/hub/...`; whoever joined would take counts away.
    """
    secret = settings.broker_password.get_secret_value() if settings.broker_password else ""
    return f"$share/hub-{hashlib.sha256(secret.encode()).hexdigest()[:32]}/"
