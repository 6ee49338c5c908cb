"""What reads ahead hears what the broker says, however it comes, and all its answers arrive."""

import random
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from hub.ingest.client import ReadingAhead
from hub.ingest.publishes import Publish
from hub.kit.embedded import broker as brokers
from hub.kit.embedded.broker import HUB_USER, Broker
from tests.hub.ingest.conftest import until

pytestmark = pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed")
V5, V311 = MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311
TOPIC = "cheongsa/v1/demo/cam-1/counts"
RECEIVE_MAX = 20


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    running = brokers.start(tmp_path_factory.mktemp("broker"), ["demo/cam-1"], kind="mosquitto")
    yield running
    running.stop()


class Hub:
    """A client that subscribed, and what it heard."""

    def __init__(
        self,
        broker: Broker,
        protocol: MQTTProtocolVersion,
        port: int | None = None,
        name: str = "",
    ) -> None:
        self.heard: list[Publish] = []
        self.by_paho = 0
        self.client = ReadingAhead(
            self.heard.append,
            CallbackAPIVersion.VERSION2,
            client_id=name or uuid.uuid4().hex,
            protocol=protocol,
            manual_ack=True,
        )
        self.client.on_message = self._on_message
        self.client.username_pw_set(HUB_USER, broker.passwords[HUB_USER])
        self._connect(broker.host, port or broker.port, is_5=protocol == V5)

    def _on_message(self, _client: object, _userdata: object, message: MQTTMessage) -> None:
        self.by_paho += 1
        self.heard.append(Publish(message.topic, bytes(message.payload), message.mid))

    def _connect(self, host: str, port: int, *, is_5: bool) -> None:
        told: dict[str, Any] = {}
        if is_5:
            wish = Properties(PacketTypes.CONNECT)
            wish.ReceiveMaximum, wish.SessionExpiryInterval = RECEIVE_MAX, 60
            told = {"clean_start": False, "properties": wish}
        subscribed = threading.Event()
        self.client.on_subscribe = lambda *_: subscribed.set()
        self.client.connect(host, port, 30, **told)
        self.client.loop_start()
        until(self.client.is_connected)
        if is_5:
            self.client.subscribe(TOPIC, options=SubscribeOptions(qos=1))
        else:
            self.client.subscribe(TOPIC, qos=1)
        assert subscribed.wait(10)

    def acknowledge(self, some: list[Publish]) -> None:
        self.client.ack_all(one.mid for one in some if one.mid)

    def settle(self) -> None:
        """Wait until the broker has read all that was said."""
        self.client.publish("cheongsa/v1/time", b"", qos=1).wait_for_publish(10)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()
        self.client.on_message = self.client.on_subscribe = None


@contextmanager
def publisher(broker: Broker) -> Iterator[Client]:
    client = Client(CallbackAPIVersion.VERSION2, protocol=V5)
    client.username_pw_set("demo/cam-1", broker.passwords["demo/cam-1"])
    client.connect(broker.host, broker.port)
    client.loop_start()
    yield client
    client.disconnect()
    client.loop_stop()


def say(client: Client, payloads: list[bytes]) -> None:
    """Now with one quality of service and now with another, some with properties."""
    expires = Properties(PacketTypes.PUBLISH)
    expires.MessageExpiryInterval = 3600
    expires.UserProperty = [("a", "b" * 200)]
    for nth, payload in enumerate(payloads):
        client.publish(TOPIC, payload, qos=1, properties=expires if nth % 3 else None)


@contextmanager
def dribbling(broker: Broker, seed: int) -> Iterator[int]:
    """A way to the broker that brings its words in pieces of any size; its port."""
    pick, door = random.Random(seed), socket.create_server(("127.0.0.1", 0))

    def carry(here: socket.socket, there: socket.socket, most: Callable[[], int]) -> None:
        with here, suppress(OSError):
            while came := here.recv(most()):
                there.sendall(came)
                time.sleep(0.0002)
            there.shutdown(socket.SHUT_WR)

    def let_in() -> None:
        inside, _ = door.accept()
        inside.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        outside = socket.create_connection((broker.host, broker.port))
        pieces = lambda: pick.choice((1, 2, 3, 700, 4_000, 65_536))  # noqa: E731
        for args in ((inside, outside, lambda: 4096), (outside, inside, pieces)):
            threading.Thread(target=carry, args=args, daemon=True).start()

    threading.Thread(target=let_in, daemon=True).start()
    yield door.getsockname()[1]
    door.close()


@pytest.mark.parametrize("protocol", [V5, V311])
def test_every_message_is_heard_once_and_in_order(broker: Broker, protocol: MQTTProtocolVersion):
    hub = Hub(broker, protocol)
    payloads = [str(nth).encode() * (1 + nth % 400) for nth in range(900)]
    payloads[::100] = [bytes(200_000) + str(nth).encode() for nth in range(9)]
    done = 0
    with publisher(broker) as client:
        say(client, payloads)
        while done < len(payloads):
            until(lambda done=done: len(hub.heard) > done)
            some = hub.heard[done:]
            hub.acknowledge(some)
            done += len(some)
    assert [one.payload for one in hub.heard] == payloads
    assert hub.by_paho < len(payloads) / 4  # or nothing is won
    hub.close()


def test_what_was_not_acknowledged_comes_again_and_nothing_else(broker: Broker):
    hub = Hub(broker, V5, name="the same")
    with publisher(broker) as client:
        say(client, [b"%d" % nth for nth in range(RECEIVE_MAX)])
        until(lambda: len(hub.heard) == RECEIVE_MAX)
    hub.acknowledge(hub.heard[::2])
    hub.settle()
    hub.close()
    again = Hub(broker, V5, name="the same")
    until(lambda: len(again.heard) >= RECEIVE_MAX / 2)
    again.settle()
    assert [one.payload for one in again.heard] == [one.payload for one in hub.heard[1::2]]
    again.close()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("protocol", [V5, V311])
def test_pieces_of_any_size_make_the_same_messages(
    broker: Broker, protocol: MQTTProtocolVersion, seed: int
):
    payloads = [bytes([nth]) * length for nth, length in enumerate((0, 1, 90, 130, 17_000) * 3)]
    with dribbling(broker, seed) as port, publisher(broker) as client:
        hub = Hub(broker, protocol, port)
        say(client, payloads)
        client.publish(TOPIC, b"last", qos=0)
        until(lambda: len(hub.heard) == len(payloads) + 1)
        assert [one.payload for one in hub.heard] == [*payloads, b"last"]
        assert hub.client.is_connected()
        hub.close()


def test_a_link_whose_other_end_is_gone_is_told_as_lost(tmp_path: Path):
    running = brokers.start(tmp_path / "broker", ["demo/cam-1"], kind="mosquitto")
    hub, lost = Hub(running, V5), threading.Event()
    hub.client.on_disconnect = lambda *_: lost.set()
    running.stop()
    assert lost.wait(10)
    hub.close()
    hub.client.on_disconnect = None
