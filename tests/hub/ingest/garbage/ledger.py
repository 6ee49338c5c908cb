"""Send them through a real broker to a real door, and hold the database to the ledger."""

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any, Final

import psutil
import psycopg
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from hub.devices.store import letters
from hub.kit.embedded.broker import HUB_USER, Broker
from tests.hub.ingest.garbage.messages import Maker, Message

IN_FLIGHT: Final = 500
AHEAD: Final = letters.KEPT - 2 * IN_FLIGHT
WRITTEN: Final = """
CREATE TABLE written (topic text, sha256 bytea, reason text, times bigint);
CREATE FUNCTION write_down() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO written VALUES (NEW.topic, NEW.sha256, NEW.reason,
    NEW.times - CASE WHEN TG_OP = 'UPDATE' THEN OLD.times ELSE 0 END);
  RETURN NULL;
END $$;
CREATE TRIGGER write_down AFTER INSERT OR UPDATE ON dead_letter
  FOR EACH ROW EXECUTE FUNCTION write_down();
"""
"""Letters are bounded: the test's own copy of each as it is written."""
STORED: Final = """
SELECT count(*) FROM (SELECT DISTINCT spool_id, seq FROM sample
                      UNION SELECT DISTINCT spool_id, seq FROM sample_unsynced) AS windows
"""
REFUSED: Final = """
SELECT coalesce((SELECT sum(times) FROM dead_letter), 0)::bigint
     + coalesce((SELECT sum(times) FROM dead_letter_forgotten), 0)::bigint
"""


@dataclass
class Sent:
    """What was sent, and how the door was meanwhile."""

    messages: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By kind and fate."""
    refused: Counter[tuple[str, bytes]] = field(default_factory=Counter)
    """By topic and SHA-256 of what must be refused."""
    good_seqs: int = 0
    took_s: float = 0.0
    rss_mib: list[float] = field(default_factory=list)

    def of(self, fate: str) -> int:
        return sum(times for (_, each), times in self.messages.items() if each == fate)


def send(broker: Broker, office: Any, door: psutil.Process, times: int, seed: int) -> Sent:
    """Send `times` messages as the hub's own user, who may say anything; wait for the last."""
    office.conn.execute(WRITTEN)
    sent, maker = Sent(), Maker(Random(seed), datetime.now(UTC) - timedelta(hours=30))
    client = _client(broker)
    began_s = time.monotonic()
    for n, message in enumerate(maker.all(times)):
        told = client.publish(message.topic, message.payload, qos=1)
        _note(sent, message)
        if n % IN_FLIGHT == 0:
            told.wait_for_publish(120)
            sent.rss_mib.append(door.memory_info().rss / 2**20)
            _keep_pace(office, n, began_s)
    sent.good_seqs = maker.seq
    _settle(office, times, sent)
    sent.took_s = time.monotonic() - began_s
    client.disconnect()
    client.loop_stop()
    return sent


def _client(broker: Broker) -> Client:
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(HUB_USER, broker.passwords[HUB_USER])
    client.max_inflight_messages_set(IN_FLIGHT)
    client.connect(broker.host, broker.port)
    client.loop_start()
    until_s = time.monotonic() + 20
    while not client.is_connected():
        assert time.monotonic() < until_s, "the broker lets nobody in"
        time.sleep(0.02)
    return client


def _note(sent: Sent, message: Message) -> None:
    sent.messages[message.kind, message.fate] += 1
    if message.fate == "refused":
        sent.refused[message.topic[:300], sha256(message.payload).digest()] += 1


def _done(office: Any) -> int:
    return office.one(STORED) + office.one(REFUSED)


def _keep_pace(office: Any, n: int, began_s: float) -> None:
    """Not further ahead than one burial writes: beyond `letters.KEPT` a batch is only counted."""
    until_s = time.monotonic() + 300
    while _done(office) < n - AHEAD:
        assert time.monotonic() < until_s, f"the door stands still after {_done(office)}"
        time.sleep(0.02)


def _settle(office: Any, times: int, sent: Sent) -> None:
    until_s = time.monotonic() + 180
    while (done := _done(office)) < times:
        assert time.monotonic() < until_s, (done, times, missing(office, sent)[:5])
        time.sleep(0.1)
    time.sleep(0.5)  # one too many would come now


def missing(office: Any, sent: Sent) -> list[tuple[str, str, int, int]]:
    """What must be in the letters and is not as often as it was sent: topic, hash, sent, found."""
    found: Counter[tuple[str, bytes]] = Counter()
    for topic, digest, times in office.rows(
        "SELECT topic, sha256, sum(times)::bigint FROM written GROUP BY 1, 2"
    ):
        found[topic, bytes(digest)] = times
    return [
        (topic, digest.hex(), times, found[topic, digest])
        for (topic, digest), times in sent.refused.items()
        if found[topic, digest] != times
    ]


def letters_bytes(conn: psycopg.Connection[Any]) -> int:
    """The whole room of the letters on the disk."""
    row = conn.execute("SELECT pg_total_relation_size('dead_letter')").fetchone()
    assert row is not None
    return row[0]
