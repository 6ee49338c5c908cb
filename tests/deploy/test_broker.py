"""The broker's own files on a real mosquitto: only paths and ports are others."""

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from hub.kit.embedded import broker as brokers
from tests.deploy.conftest import ROOT
from tests.hub.ingest.conftest import until
from tests.web.conftest import free_port

BURST = 20_000
NOBODY_LISTENS = 0x10
pytestmark = pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed")


@dataclass
class Server:
    """The broker as the container runs it."""

    plain: int
    tls: int
    secrets: Path

    def word(self, user: str) -> str:
        name = {"hub": "broker", "demo/cam-1": "sim"}[user]
        return (self.secrets / f"{name}_password").read_text()


@pytest.fixture
def server(made: Path, tmp_path: Path) -> Iterator[Server]:
    text = (ROOT / "firmware-config/broker/mosquitto.conf").read_text()
    found = Server(free_port(), free_port(), made / "secrets")
    shutil.copytree(made / "secrets", tmp_path / "secrets")
    places = {
        "/mosquitto/secrets": tmp_path / "secrets" / "mosquitto",
        "/mosquitto/certs": tmp_path / "secrets" / "certs",
        "/mosquitto/config": ROOT / "firmware-config/broker",
        "listener 1883": f"listener {found.plain} 127.0.0.1",
        "listener 8883": f"listener {found.tls} 127.0.0.1",
    }
    for ours, here in places.items():
        assert ours in text
        text = text.replace(ours, str(here))
    conf = tmp_path / "mosquitto.conf"
    conf.write_text(text + "user root\n")
    child = subprocess.Popen([str(brokers.mosquitto()), "-c", conf])
    try:
        until(lambda: _answers(found.plain) and _answers(found.tls))
        yield found
    finally:
        child.terminate()
        child.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Speaker:
    """One MQTT 5 client, what it heard and what it was told."""

    server: Server
    user: str | None
    password: str | None = None
    tls: bool = False
    heard: list[MQTTMessage] = field(default_factory=list)
    acks: list[int] = field(default_factory=list)

    def __enter__(self) -> "Speaker":
        self.client = Client(
            CallbackAPIVersion.VERSION2,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        self.client.max_inflight_messages_set(1_000)
        if self.user is not None:
            self.client.username_pw_set(self.user, self.password or self.server.word(self.user))
        if self.tls:
            context = ssl.create_default_context(
                cafile=str(self.server.secrets / "certs" / "server.crt")
            )
            context.check_hostname = False
            self.client.tls_set_context(context)
        self.client.on_message = lambda _c, _u, message: self.heard.append(message)
        self.client.on_publish = lambda _c, _u, _mid, reason, _p: self.acks.append(reason.value)
        self.refused: int | None = None
        self.client.on_connect = self._on_connect
        port = self.server.tls if self.tls else self.server.plain
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        until(lambda: self.client.is_connected() or self.refused)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def _on_connect(self, _c: object, _u: object, _f: object, reason: object, _p: object) -> None:
        self.refused = reason.value if reason.is_failure else None  # type: ignore[attr-defined]

    def says(self, topic: str, payload: bytes = b"x", **more: object) -> int:
        """The broker's answer to one message; 0: taken."""
        seen = len(self.acks)
        self.client.publish(topic, payload, qos=1, **more)  # type: ignore[arg-type]
        until(lambda: len(self.acks) > seen or not self.client.is_connected())
        code = self.acks[-1] if len(self.acks) > seen else -1
        return 0 if code == NOBODY_LISTENS else code


@pytest.mark.parametrize(("user", "password"), [(None, None), ("hub", "guess"), ("x/y", "guess")])
def test_whoever_has_no_password_is_refused(server: Server, user: str | None, password: str | None):
    with Speaker(server, user, password) as stranger:
        assert stranger.refused in (0x86, 0x87)


def test_a_node_speaks_for_itself_only(server: Server):
    with Speaker(server, "hub") as hub, Speaker(server, "demo/cam-1", tls=True) as node:
        hub.client.subscribe("cheongsa/v1/+/+/+", qos=1)
        time.sleep(0.3)
        assert node.says("cheongsa/v1/demo/cam-1/counts", b"mine") == 0
        until(lambda: [m.payload for m in hub.heard] == [b"mine"])
        for topic in (
            "cheongsa/v1/demo/cam-2/counts",
            "cheongsa/v1/other/cam-1/counts",
            "cheongsa/v1/demo/cam-1/committed",
            "cheongsa/v1/time",
            "elsewhere",
        ):
            assert node.says(topic) == 0x87, topic  # not authorised
        assert len(hub.heard) == 1


def test_a_node_hears_what_is_meant_for_it_only(server: Server):
    with Speaker(server, "hub") as hub, Speaker(server, "demo/cam-1") as node:
        node.client.subscribe("cheongsa/v1/#", qos=1)
        time.sleep(0.3)
        for topic in ("demo/cam-2/committed", "demo/cam-1/counts", "other/cam-1/config/wanted"):
            hub.says(f"cheongsa/v1/{topic}")
        for topic in ("demo/cam-1/committed", "time"):
            hub.says(f"cheongsa/v1/{topic}")
        until(lambda: len(node.heard) >= 2)
        assert {m.topic for m in node.heard} == {
            "cheongsa/v1/demo/cam-1/committed",
            "cheongsa/v1/time",
        }


def test_what_is_too_large_goes_nowhere_and_the_largest_result_goes_through(server: Server):
    topic = "cheongsa/v1/demo/cam-1/counts"
    with Speaker(server, "hub") as hub, Speaker(server, "demo/cam-1") as node:
        hub.client.subscribe(topic, qos=1)
        time.sleep(0.3)
        node.client.publish(topic, bytes(288 * 1024), qos=1)
        until(lambda: len(hub.heard) == 1)
        node.client.publish(topic, bytes(400 * 1024), qos=1)
        with Speaker(server, "demo/cam-1") as again:
            assert again.says(topic, b"small") == 0
        until(lambda: hub.heard[-1].payload == b"small")
        assert len(hub.heard) == 2


def test_a_burst_to_a_slow_reader_is_kept_whole(server: Server):
    """The default, 1,000 queued messages, loses most of it without a word."""
    with Speaker(server, "demo/cam-1") as node, Speaker(server, "hub") as hub:

        def slowly(_c: Client, _u: object, message: MQTTMessage) -> None:
            hub.heard.append(message)
            time.sleep(5e-5)

        hub.client.on_message = slowly
        hub.client.subscribe("cheongsa/v1/demo/cam-1/counts", qos=1)
        time.sleep(0.3)
        for n in range(BURST):
            node.client.publish("cheongsa/v1/demo/cam-1/counts", str(n), qos=1)
        until(lambda: len(hub.heard) == BURST, patience_s=120)


def test_many_may_be_unacknowledged_at_once(server: Server):
    """`ingest` acknowledges after COMMIT: with the default of 20 it would wait for itself."""
    client = Client(
        CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5, manual_ack=True
    )
    heard: list[MQTTMessage] = []
    client.on_message = lambda _c, _u, message: heard.append(message)
    client.username_pw_set("hub", server.word("hub"))
    wish = Properties(PacketTypes.CONNECT)
    wish.ReceiveMaximum = 1_000
    client.connect("127.0.0.1", server.plain, properties=wish)
    client.loop_start()
    until(client.is_connected)
    client.subscribe("cheongsa/v1/demo/cam-1/counts", qos=1)
    time.sleep(0.3)
    with Speaker(server, "demo/cam-1") as node:
        for _ in range(1_500):
            node.client.publish("cheongsa/v1/demo/cam-1/counts", b"x", qos=1)
        until(lambda: len(heard) == 1_000)
    client.disconnect()
    client.loop_stop()


def test_every_topic_of_the_contract_has_its_line():
    from edge.wire.topics import FROM_NODE, TO_NODE

    text = (ROOT / "firmware-config/broker/acl").read_text()
    lines = set(re.findall(r"^pattern (write|read) cheongsa/v1/%u/(\S+)$", text, re.MULTILINE))
    assert lines == {
        *(("write", subject) for subject in (*FROM_NODE, "command/+/result")),
        *(("read", subject) for subject in (*TO_NODE, "command/+")),
    }
