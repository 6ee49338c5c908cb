import threading

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.kit.embedded.broker import Broker


class Client:
    """A blocking MQTT 3.1.1 client: both brokers speak it."""

    def __init__(self, broker: Broker, user: str, password: str | None = None) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.connected = threading.Event()
        self.subscribed = threading.Event()
        self.refused = threading.Event()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self.client.username_pw_set(user, password or broker.passwords[user])
        self.client.on_connect = self._on_connect
        self.client.on_subscribe = lambda *_: self.subscribed.set()
        self.client.on_message = lambda _c, _u, m: self.heard.append((m.topic, bytes(m.payload)))
        self.client.connect(broker.host, broker.port)
        self.client.loop_start()

    def _on_connect(self, _c, _u, _f, reason, _p) -> None:
        (self.refused if reason.is_failure else self.connected).set()

    def subscribe(self, topic: str) -> None:
        self.subscribed.clear()
        self.client.subscribe(topic, qos=1)
        assert self.subscribed.wait(5)

    def say(self, topic: str, payload: bytes) -> None:
        self.client.publish(topic, payload, qos=1).wait_for_publish(5)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def test_a_node_is_heard_by_the_hub_on_its_own_topics_and_on_no_other(each_broker: Broker):
    hub, node = Client(each_broker, "hub"), Client(each_broker, "demo/cam-1")
    assert hub.connected.wait(5)
    assert node.connected.wait(5)
    hub.subscribe("cheongsa/v1/#")
    node.say("cheongsa/v1/other/cam-1/counts", b"not mine")
    node.say("cheongsa/v1/demo/cam-1/committed", b"not mine to say")
    node.say("cheongsa/v1/demo/cam-1/counts", b"mine")
    _until(lambda: hub.heard)
    node.close()
    hub.close()
    assert hub.heard == [("cheongsa/v1/demo/cam-1/counts", b"mine")]


def test_a_node_hears_what_is_said_to_it_and_nothing_said_to_another(each_broker: Broker):
    hub, node = Client(each_broker, "hub"), Client(each_broker, "demo/cam-1")
    assert node.connected.wait(5)
    assert hub.connected.wait(5)
    for topic in (
        "cheongsa/v1/demo/cam-1/committed",
        "cheongsa/v1/time",
        "cheongsa/v1/other/cam-1/committed",
    ):
        node.subscribe(topic)
    hub.say("cheongsa/v1/other/cam-1/committed", b"for another")
    hub.say("cheongsa/v1/time", b"noon")
    hub.say("cheongsa/v1/demo/cam-1/committed", b"for you")
    _until(lambda: len(node.heard) >= 2)
    node.close()
    hub.close()
    assert sorted(p for _, p in node.heard) == [b"for you", b"noon"]


@pytest.mark.parametrize(("user", "password"), [("hub", "wrong"), ("stranger", "x"), ("", "x")])
def test_nobody_comes_in_without_the_password(each_broker: Broker, user: str, password: str):
    client = Client(each_broker, user, password)
    refused = client.refused.wait(5)
    came_in = client.connected.is_set()
    client.close()
    assert not came_in
    assert refused or each_broker.kind == "amqtt"  # amqtt may just close the connection


def test_a_restarted_broker_has_the_same_port_and_passwords(each_broker: Broker):
    each_broker.stop()
    each_broker.restart()
    client = Client(each_broker, "hub")
    assert client.connected.wait(5)
    client.close()


def _until(condition, patience_s: float = 5.0) -> None:
    waited = threading.Event()
    for _ in range(int(patience_s / 0.05)):
        if condition():
            waited.wait(0.3)
            return
        waited.wait(0.05)
    pytest.fail("it did not happen in time")
