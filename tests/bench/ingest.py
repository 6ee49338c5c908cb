"""The door's figures: from a node's MQTT message of QoS 1 to a committed, marked, acknowledged row.

A publisher without a library (its own process) sends as fast as the broker acknowledges; a real
`python -m hub ingest` takes it. Beside it, in turns and on the same machine: the same rows straight
into the same database by COPY and merge; a bare reader that only reads; and one that stores too,
but does nothing else of what the door does. The clock runs until the last row is committed.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from edge.wire.messages import CountObserved, ZoneCount
from edge.wire.topics import NodeName
from hub.kit import db, migrate
from hub.kit.embedded import broker as brokers
from hub.kit.embedded import postgres
from hub.kit.embedded.broker import Broker
from tests.bench import mqtt
from tests.bench.mqtt_worker import merge
from tests.bench.row import Row, as_line, at_least, known, skipped
from tests.hub.ingest.conftest import Door, settings_of

NODES: Final = 50
ROUNDS: Final = 3
SHAPES: Final = ((5, 20_000), (1, 40_000))  # zones a message, messages a round
FLOOR: Final = 0.3
AT_ONCE: Final = 5_000  # messages a transaction of the COPY, as the door's
WINDOW_S: Final = 5.0
PATIENCE_S: Final = 120.0
SERVER: Final = {"shared_buffers": "512MB", "max_wal_size": "4GB"}
COUNTS: Final = "cheongsa/v1/+/+/counts"
SITE: Final = "bench"


def rows() -> Iterator[Row]:
    """Every figure, on each kind of database."""
    if brokers.mosquitto() is None:
        yield skipped("ingest", "mosquitto 2 is not installed: apt-get install mosquitto")
        return
    with ExitStack() as stack:
        bench = stack.enter_context(opened(stack.enter_context(embedded()).dsn()))
        for zones, messages in SHAPES:
            yield from _measured(bench, zones, messages, "PostgreSQL")
    dsn = os.environ.get("TEST_TIMESCALE_DSN")
    if not dsn:
        yield skipped("ingest: TimescaleDB", "TEST_TIMESCALE_DSN is not set")
        return
    with ExitStack() as stack:
        bench = stack.enter_context(opened(stack.enter_context(_database_of(dsn))))
        for zones, messages in SHAPES:
            yield from _measured(bench, zones, messages, "TimescaleDB")


@dataclass
class Bench:
    """A broker, a database with the schema, and a folder for what is to be sent."""

    broker: Broker
    dsn: str
    conn: psycopg.Connection[Any]
    folder: Path

    def door(self) -> Door:
        """The real door, not started yet."""
        return Door(settings_of(self.dsn, self.broker))

    @contextmanager
    def worker(self, way: str, *told: str) -> Iterator["Worker"]:
        """An end of the wire (tests/bench/mqtt_worker.py)."""
        where = (self.broker.host, str(self.broker.port))
        env = {**os.environ, "BROKER_PASSWORD": self.broker.passwords[brokers.HUB_USER]}
        command = [sys.executable, "-m", "tests.bench.mqtt_worker", way, *where, *told]
        child = subprocess.Popen(
            command, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            worker = Worker(child)
            worker.wait_for("ready")
            yield worker
        finally:
            child.kill()
            child.communicate()


@dataclass
class Worker:
    """A process that waits for `go`."""

    child: subprocess.Popen[str]

    def go(self) -> None:
        assert self.child.stdin is not None
        self.child.stdin.write("go\n")
        self.child.stdin.flush()

    def wait_for(self, word: str) -> None:
        assert self.child.stdout is not None
        assert self.child.stdout.readline().strip() == word, "the worker broke"


# One round of each.


def _measured(bench: Bench, zones: int, messages: int, database: str) -> Iterator[Row]:
    found: dict[str, list[float]] = {}
    ways = {"door": through_door, "copy": _by_copy, "read": _read, "store": _store}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            counts = windows(zones, messages)
            found.setdefault(name, []).append(messages / way(bench, counts))
    middle = {name: statistics.median(rates) for name, rates in found.items()}
    yield from _rows(middle, _ratios(found), zones, database)


def _ratios(found: dict[str, list[float]]) -> dict[str, float]:
    """The door's share of each other way: the median of the rounds' own ratios."""
    return {
        name: statistics.median(a / b for a, b in zip(found["door"], rates, strict=True))
        for name, rates in found.items()
    }


def _rows(
    rate: dict[str, float], ratio: dict[str, float], zones: int, database: str
) -> Iterator[Row]:
    zones_words = f"{zones} zone{'s' if zones > 1 else ''} a message, {database}"
    name, copied = f"ingest: rows committed, {zones_words}", rate["copy"] * zones
    told = f"COPY and merge of the same rows: {copied:,.0f} rows/s"
    if zones > 1:
        made = at_least(
            name, rate["door"] * zones, "rows/s", told, floor=FLOOR, ratio=ratio["copy"]
        )
        yield made
    else:
        yield known(name, rate["door"], "rows/s", told, ratio["copy"])
    for way, words in (
        ("store", "a bare reader that stores without looking"),
        ("read", "a bare reader that only reads"),
    ):
        told = f"{words}: {rate[way]:,.0f} messages/s"
        yield known(
            f"ingest: messages, {zones_words}, beside {words}",
            rate["door"],
            "messages/s",
            told,
            ratio[way],
        )


def through_door(bench: Bench, counts: list[CountObserved]) -> float:
    """Seconds from the first message to the last row's COMMIT."""
    door = bench.door()
    door.start()
    try:
        _until_it_takes(bench)
        expected = stored(bench.conn) + len(counts)
        return timed(bench, counts, lambda: stored(bench.conn) >= expected)
    finally:
        door.child.terminate()
        door.child.wait(20)


def timed(bench: Bench, counts: list[CountObserved], is_done: Callable[[], bool]) -> float:
    """Send them; seconds until `is_done`."""
    with bench.worker("publish", packed(bench, counts), str(len(counts))) as publisher:
        began_s = time.monotonic()
        publisher.go()
        while not is_done():
            assert time.monotonic() - began_s < PATIENCE_S, "not all windows came"
            time.sleep(0.05)
        return time.monotonic() - began_s


def stored(conn: psycopg.Connection[Any]) -> int:
    """Windows that are held, by the outboxes: counting the samples would cost the door."""
    row = conn.execute(
        "SELECT coalesce(sum(upper(r) - lower(r)), 0)::bigint FROM spool, unnest(held) AS r"
    ).fetchone()
    assert row is not None
    return row[0]


def _until_it_takes(bench: Bench) -> None:
    """A door that has just started is not subscribed yet: say a window until it is stored."""
    first = windows(1, 1)
    before, until_s = stored(bench.conn), time.monotonic() + PATIENCE_S
    while stored(bench.conn) == before:
        assert time.monotonic() < until_s, "the door takes nothing"
        with bench.worker("publish", packed(bench, first), "1") as publisher:
            publisher.go()
            publisher.wait_for("done")
        time.sleep(0.5)


def _by_copy(bench: Bench, counts: list[CountObserved]) -> float:
    """Seconds for the same rows by COPY and merge, with nothing to read, check or mark."""
    made = [list(_as_rows(counts[at : at + AT_ONCE])) for at in range(0, len(counts), AT_ONCE)]
    _empty(bench)
    began_s = time.monotonic()
    for some in made:
        merge(bench.conn, some)
    return time.monotonic() - began_s


def _as_rows(counts: list[CountObserved]) -> Iterator[tuple[Any, ...]]:
    for one in counts:
        node = int(one.node.rpartition("-")[2])
        for nth, zone in enumerate(one.zones):
            people = (zone.people, zone.people_max, zone.served, zone.entered)
            measured = (one.window_s, zone.density_per_m2, zone.confidence)
            yield (one.window_start, one.seq, node * 100 + nth, node, *measured, *people)


def _read(bench: Bench, counts: list[CountObserved]) -> float:
    return _by_worker(bench, counts, "read")


def _store(bench: Bench, counts: list[CountObserved]) -> float:
    _empty(bench)
    return _by_worker(bench, counts, "store", bench.dsn)


def _by_worker(bench: Bench, counts: list[CountObserved], way: str, *more: str) -> float:
    file, messages = packed(bench, counts), str(len(counts))
    with (
        bench.worker(way, COUNTS, messages, *more) as reader,
        bench.worker("publish", file, messages) as publisher,
    ):
        reader.go()
        began_s = time.monotonic()
        publisher.go()
        reader.wait_for("done")
        return time.monotonic() - began_s


# What is sent.


def windows(zones: int, messages: int) -> list[CountObserved]:
    """Windows of `NODES` nodes in turn, up to now, each node with a new outbox."""
    spools, boot = [uuid.uuid4() for _ in range(NODES)], uuid.uuid4()
    began = datetime.now(UTC) - timedelta(seconds=WINDOW_S * (messages // NODES + 2))
    return [
        CountObserved(
            schema_version=1,
            node=str(_node(nth % NODES)),
            spool=spools[nth % NODES],
            seq=nth // NODES + 1,
            oldest=1,
            boot_id=boot,
            window_start=began + timedelta(seconds=WINDOW_S * (nth // NODES)),
            window_s=WINDOW_S,
            clock_synced=True,
            zones=tuple(_zone(zone, nth) for zone in range(zones)),
        )
        for nth in range(messages)
    ]


def _zone(zone: int, nth: int) -> ZoneCount:
    people = (nth * 7 + zone) % 40
    return ZoneCount(
        zone=f"zone-{zone}",
        people=people,
        people_max=people + 2,
        served=nth % 3,
        entered=nth % 2,
        density_per_m2=people / 30,
        confidence=0.87,
    )


def _node(nth: int) -> NodeName:
    return NodeName(SITE, f"cam-{nth}")


def packed(bench: Bench, counts: list[CountObserved]) -> str:
    """A file with the packets, and beside it how long each is."""
    file = bench.folder / "packets"
    packets = [
        mqtt.publish(f"cheongsa/v1/{one.node}/counts", one.encode(), nth % 60_000 + 1)
        for nth, one in enumerate(counts)
    ]
    file.write_bytes(b"".join(packets))
    Path(f"{file}.sizes").write_text(" ".join(str(len(packet)) for packet in packets))
    return str(file)


# Where it goes.


@contextmanager
def embedded() -> Iterator[postgres.Postgres]:
    """A database server of our own, which writes to disk like a real one."""
    folder = Path(tempfile.mkdtemp(prefix="cheongsa-bench-"))
    running = postgres.start(folder / "data", SERVER)
    try:
        yield running
    finally:
        running.forget()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def opened(dsn: str) -> Iterator[Bench]:
    """The schema, the nodes, a broker."""
    folder = Path(tempfile.mkdtemp(prefix="cheongsa-bench-"))
    broker = brokers.start(folder / "broker", [str(_node(nth)) for nth in range(NODES)])
    try:
        with db.connect_sync(dsn, autocommit=True) as conn:
            _prepare(conn)
            yield Bench(broker, dsn, conn, folder)
    finally:
        broker.stop()
        shutil.rmtree(broker.place.files, ignore_errors=True)
        shutil.rmtree(broker.place.sockets, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(conn: psycopg.Connection[Any]) -> None:
    migrate.migrate(conn)
    conn.execute("INSERT INTO site (site, name, name_en) VALUES (%s, 'b', 'b')", (SITE,))
    conn.cursor().executemany(
        "INSERT INTO node (site, node, name, name_en) VALUES (%s, %s, 'n', 'n')",
        [(SITE, _node(nth).node) for nth in range(NODES)],
    )
    conn.execute("CREATE TABLE bare (LIKE sample INCLUDING ALL)")


def _empty(bench: Bench) -> None:
    bench.conn.execute("TRUNCATE bare")


@contextmanager
def _database_of(admin_dsn: str) -> Iterator[str]:
    name = sql.Identifier(f"bench_{uuid.uuid4().hex[:12]}")
    with psycopg.connect(admin_dsn, autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield make_conninfo(admin_dsn, dbname=name.as_string(conn).strip('"'))
        finally:
            conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


if __name__ == "__main__":
    for each in rows():
        print(as_line(each), flush=True)
