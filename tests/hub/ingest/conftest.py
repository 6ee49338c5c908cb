"""A hub's MQTT door and a node's side of it, both on a real broker and a real database."""

import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from edge.wire.messages import Committed, CountObserved, ZoneCount
from edge.wire.topics import TIME, NodeName
from hub.ingest import door as ingest_door
from hub.kit.embedded.broker import Broker
from hub.kit.settings import Settings

PATIENCE_S = 20.0
NODE = NodeName("demo", "cam-1")


def until(true: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """Wait for something to become true and return it."""
    end_s = time.monotonic() + patience_s
    while not (found := true()):
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.02)
    return found


@dataclass
class Node:
    """A node's outbox without a camera: it says windows and listens to its mark."""

    broker: Broker
    name: NodeName = NODE
    spool: uuid.UUID = field(default_factory=uuid.uuid4)
    boot_id: uuid.UUID = field(default_factory=uuid.uuid4)
    began: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(hours=26))
    marks: list[Committed] = field(default_factory=list)
    heard: list[MQTTMessage] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = Client(CallbackAPIVersion.VERSION2)
        self.client.username_pw_set(str(self.name), self.broker.passwords[str(self.name)])
        self.client.on_message = self._on_message
        self.client.on_connect = self._on_connect
        self.client.reconnect_delay_set(0, 1)
        self.client.max_inflight_messages_set(1_000)
        self.client.connect(self.broker.host, self.broker.port)
        self.client.loop_start()
        until(self.client.is_connected)

    def _on_connect(self, client: Client, *_: object) -> None:
        hears = [self.name.topic("committed"), self.name.topic("config/wanted"), TIME]
        client.subscribe([(topic, 1) for topic in hears])

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        self.heard.append(message)
        if message.topic.endswith("/committed") and message.payload:
            self.marks.append(Committed.model_validate_json(message.payload))

    def window(self, seq: int, *, oldest: int = 1, **more: Any) -> CountObserved:
        told: dict[str, Any] = {
            "schema_version": 1,
            "node": str(self.name),
            "spool": self.spool,
            "seq": seq,
            "oldest": oldest,
            "boot_id": self.boot_id,
            "window_start": self.began + timedelta(seconds=5 * seq),
            "window_s": 5.0,
            "clock_synced": True,
            "zones": (ZoneCount(zone="queue", people=3, people_max=4, served=1, confidence=0.9),),
        }
        return CountObserved.model_validate(told | more)

    def say(self, payload: bytes, subject: Any = "counts", *, retain: bool = False) -> None:
        self.client.publish(self.name.topic(subject), payload, qos=1, retain=retain)

    def count(self, *seqs: int, **more: Any) -> None:
        for seq in seqs:
            self.say(self.window(seq, **more).encode())

    def deliver(self, *seqs: int, **more: Any) -> None:
        """Say them until the mark has passed them, as an outbox does."""
        next_s = 0.0
        while self.mark() < max(seqs):
            if time.monotonic() > next_s:
                self.count(*(seq for seq in seqs if seq > self.mark()), **more)
                next_s = time.monotonic() + 2.0
            time.sleep(0.02)

    def mark(self) -> int:
        of_spool = [mark.seq for mark in self.marks if mark.spool == self.spool]
        return of_spool[-1] if of_spool else 0

    def on(self, subject: Any) -> list[bytes]:
        topic = subject if subject == TIME else self.name.topic(subject)
        return [bytes(message.payload) for message in self.heard if message.topic == topic]

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()
        self.client.on_message = self.client.on_connect = None  # or its sockets wait for the gc


class Office:
    """The database as the tests look at it."""

    def __init__(self, dsn: str) -> None:
        self.conn = psycopg.connect(dsn, autocommit=True)
        self.conn.execute(
            "INSERT INTO site VALUES ('demo', '시범', 'Demo'), ('other', '딴', 'Other')"
        )
        for site, node in (("demo", "cam-1"), ("demo", "cam-2")):
            self.conn.execute("INSERT INTO node VALUES (%s, %s, 'n', 'n')", (site, node))

    def rows(self, query: Any) -> list[Any]:
        return self.conn.execute(query).fetchall()

    def one(self, query: Any) -> Any:
        return self.rows(query)[0][0]

    def seqs(self) -> list[int]:
        return [row[0] for row in self.rows("SELECT seq FROM sample ORDER BY seq")]

    def reasons(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT reason FROM dead_letter ORDER BY 1")]


def settings_of(dsn: str, broker: Broker) -> Settings:
    return Settings.model_validate(
        {
            "database_dsn": dsn,
            "broker_url": broker.url(),
            "broker_password": broker.passwords["hub"],
        }
    )


@pytest.fixture
def office(database: Any) -> Iterator[Office]:
    looking = Office(database.dsn)
    yield looking
    looking.conn.close()


@pytest.fixture
def settings(database: Any, broker: Broker) -> Settings:
    return settings_of(database.dsn, broker)


@pytest.fixture
def ingest(office: Office, settings: Settings) -> Iterator[threading.Thread]:
    """The door, running in this process."""
    stop = threading.Event()
    thread = threading.Thread(target=ingest_door.run, args=(settings, stop))
    thread.start()
    until(lambda: ingest_door.CONNECTED._value.get() == 1)
    yield thread
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def node(broker: Broker) -> Iterator[Node]:
    made = Node(broker)
    yield made
    made.close()


@dataclass
class Door:
    """The door in a process of its own, which can be killed."""

    settings: Settings
    child: Any = None

    def start(self) -> None:
        env = {
            **os.environ,
            "HUB_DATABASE_DSN": self.settings.database_dsn,
            "HUB_BROKER_URL": self.settings.broker_url,
            "HUB_BROKER_PASSWORD": str(
                self.settings.broker_password and self.settings.broker_password.get_secret_value()
            ),
        }
        self.child = subprocess.Popen([sys.executable, "-m", "hub", "ingest"], env=env)

    def kill(self) -> None:
        self.child.kill()
        self.child.wait()


@pytest.fixture
def door(office: Office, settings: Settings) -> Iterator[Door]:
    made = Door(settings)
    yield made
    if made.child is not None:
        made.kill()
