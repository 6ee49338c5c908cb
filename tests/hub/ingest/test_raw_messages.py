"""What a well-behaved client cannot even send: raw MQTT, bodies too large, and a flood."""

import contextlib
import socket
import time

import psutil
import psycopg
import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from edge.wire.topics import TIME
from hub.kit.embedded.broker import HUB_USER, Broker
from tests.hub.ingest.conftest import Door, Node, Office, until
from tests.hub.ingest.garbage import ledger

PATIENCE_S = 90.0
LARGEST_BYTES = 256 * 1024
FLOOD = 900  # 225 MiB: more than the inbox takes, less than mosquitto keeps for one client
GROWS_AT_MOST = 0.75  # of the flood; without a bound the door would hold all of it


@pytest.fixture
def listening(door: Door, node: Node, broker: Broker) -> Door:
    """A door in a process of its own that hears, on mosquitto."""
    if broker.kind != "mosquitto":
        pytest.skip("mosquitto 2 is not installed: apt-get install mosquitto")
    door.start()
    until(lambda: node.on(TIME), PATIENCE_S)
    return door


def goes_on(door: Door, node: Node, office: Office, seq: int) -> None:
    """The door still stores what a good node says."""
    node.deliver(seq)
    until(lambda: seq in office.seqs(), PATIENCE_S)
    assert door.child.poll() is None


def text(raw: bytes) -> bytes:
    return len(raw).to_bytes(2, "big") + raw


def packet(first: int, body: bytes) -> bytes:
    """A packet of MQTT 3.1.1: its first byte, its length in sevens of bits, its body."""
    length, left = b"", len(body)
    while True:
        left, low = divmod(left, 128)
        length += bytes([low | (128 if left else 0)])
        if not left:
            return bytes([first]) + length + body


def is_hung_up_on(broker: Broker, *packets: bytes) -> bool:
    """Connect as the hub, who may say anything, and send bytes as they are; then a ping."""
    with socket.create_connection((broker.host, broker.port)) as raw:
        raw.settimeout(PATIENCE_S)
        who = text(b"raw") + text(HUB_USER.encode()) + text(broker.passwords[HUB_USER].encode())
        raw.sendall(packet(0x10, text(b"MQTT") + b"\x04\xc2\x00\x3c" + who))
        assert raw.recv(4) == b"\x20\x02\x00\x00"
        with contextlib.suppress(OSError):  # it may hang up in the middle of our words
            raw.sendall(b"".join(packets) + b"\xc0\x00")
            return raw.recv(2) != b"\xd0\x00"
        return True


def published(topic: bytes, payload: bytes = b"{}") -> bytes:
    return packet(0x30, text(topic) + payload)


@pytest.mark.parametrize(
    "topic",
    [
        b"cheongsa/v1/demo/cam-1/\xff\xfe",
        b"cheongsa/v1/demo/\xed\xa0\x80/health",  # half of a letter
        b"cheongsa/v1/demo/cam-1/he\x00alth",
        b"cheongsa/v1/+/cam-1/health",
        b"",
        b"/" * 60_000,
    ],
    ids=["no UTF-8", "surrogate", "null", "wildcard", "empty", "slashes"],
)
def test_a_topic_that_is_none_is_the_end_of_its_sender_and_of_nobody_else(
    listening: Door, node: Node, office: Office, broker: Broker, topic: bytes
):
    assert is_hung_up_on(broker, published(topic))
    goes_on(listening, node, office, 1)
    assert office.reasons() == []


@pytest.mark.parametrize("size_bytes", [LARGEST_BYTES * 2, 20_000_000])
def test_a_body_above_the_broker_s_limit_reaches_nobody(
    listening: Door, node: Node, office: Office, broker: Broker, size_bytes: int
):
    is_hung_up_on(broker, published(b"cheongsa/v1/demo/cam-1/health", b"x" * size_bytes))
    goes_on(listening, node, office, 1)
    assert office.reasons() == []


def test_a_flood_of_the_largest_bodies_waits_at_the_broker_and_not_in_the_door(
    listening: Door, node: Node, office: Office, broker: Broker
):
    program = psutil.Process(listening.child.pid)
    before_bytes = program.memory_info().rss
    with psycopg.connect(office.conn.info.dsn) as slow:
        slow.execute("LOCK TABLE dead_letter IN EXCLUSIVE MODE")  # the door cannot put any away
        most_bytes = _flood(broker, program)
    assert most_bytes - before_bytes < GROWS_AT_MOST * FLOOD * LARGEST_BYTES
    until(lambda: office.one(ledger.REFUSED) > 0, PATIENCE_S)
    goes_on(listening, node, office, 1)


def _flood(broker: Broker, program: psutil.Process) -> int:
    """Send it all, then look until the door reads no more; return the most memory it had."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(HUB_USER, broker.passwords[HUB_USER])
    client.max_queued_messages_set(0)
    client.connect(broker.host, broker.port)
    client.loop_start()
    body, most_bytes = b"x" * LARGEST_BYTES, 0
    for _ in range(FLOOD):
        said = client.publish("cheongsa/v1/demo/cam-1/health", body, qos=1)
        said.wait_for_publish(PATIENCE_S)
        most_bytes = max(most_bytes, program.memory_info().rss)
    client.disconnect()
    client.loop_stop()
    for _ in range(20):
        time.sleep(0.1)
        most_bytes = max(most_bytes, program.memory_info().rss)
    return most_bytes
