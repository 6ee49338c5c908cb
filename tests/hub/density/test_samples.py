"""Windows become rows: once, in the right table, under zones that are made as they are named."""

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg import Connection

from edge.wire.messages import CountObserved, ZoneCount
from edge.wire.topics import NodeName
from hub.density.store.samples import ZONES_MAX, Observed, TooManyZones, record
from hub.kit import db

NOW = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
NODE = NodeName("demo", "cam-1")
Conn = Connection[Any]


@pytest.fixture
def sync_conn(database: Any) -> Iterator[Conn]:
    with db.connect_sync(database.dsn, autocommit=True) as conn:
        conn.execute("INSERT INTO site VALUES ('demo', '시범', 'Demo')")
        conn.execute("INSERT INTO node VALUES ('demo', 'cam-1', 'n', 'n')")
        yield conn


def seen(
    seq: int, at: datetime = NOW, zones: tuple[str, ...] = ("queue",), **more: Any
) -> Observed:
    counts = tuple(
        ZoneCount(
            zone=z, people=3, people_max=5, served=1, entered=2, confidence=0.5, density_per_m2=1.5
        )
        for z in zones
    )
    told: dict[str, Any] = {
        "schema_version": 1,
        "node": str(NODE),
        "spool": uuid.UUID(int=1),
        "seq": seq,
        "oldest": 1,
        "boot_id": uuid.UUID(int=2),
        "window_start": at,
        "window_s": 5.0,
        "clock_synced": True,
        "zones": counts,
    }
    return Observed(NODE, 1, CountObserved.model_validate(told | more))


def rows(conn: Conn, query: Any = "SELECT seq FROM sample ORDER BY seq") -> list[Any]:
    return conn.execute(query).fetchall()


def put(conn: Conn, *observed: Observed) -> int:
    with conn.transaction():
        return record(conn, observed, NOW)


def test_a_window_becomes_a_row_a_zone(sync_conn: Conn):
    assert put(sync_conn, seen(1, zones=("queue", "hall"))) == 2
    assert rows(
        sync_conn,
        """
        SELECT zone, window_start, seq, spool_id, window_s, people, people_max, served, entered,
               density_per_m2, confidence
          FROM sample JOIN zone USING (zone_id)
         ORDER BY zone
        """,
    ) == [(zone, NOW, 1, 1, 5.0, 3, 5, 1, 2, 1.5, 0.5) for zone in ("hall", "queue")]


def test_rows_that_are_there_stay_and_new_ones_are_added(sync_conn: Conn):
    put(sync_conn, seen(1), seen(2))
    put(sync_conn, seen(2), seen(3))
    assert rows(sync_conn) == [(1,), (2,), (3,)]


def test_nothing_is_committed_here(sync_conn: Conn, database: Any):
    with sync_conn.transaction(force_rollback=True):
        record(sync_conn, [seen(1)], NOW)
        assert len(rows(sync_conn)) == 1
        with db.connect_sync(database.dsn) as other:
            assert rows(other) == []
    assert rows(sync_conn) == []


def test_a_backlog_of_any_day_finds_its_place(sync_conn: Conn):
    days = [seen(day + 1, NOW - timedelta(days=day)) for day in range(0, 90, 7)]
    assert put(sync_conn, *days) == len(days)
    assert len(rows(sync_conn)) == len(days)


def test_the_hours_around_a_seoul_midnight_find_their_place(sync_conn: Conn):
    midnight = datetime(2026, 11, 4, 15, 0, tzinfo=UTC)
    ats = [midnight + timedelta(hours=h, microseconds=-1) for h in range(-25, 26)]
    put(sync_conn, *(seen(seq, at) for seq, at in enumerate(ats, 1)))
    assert len(rows(sync_conn)) == len(ats)


def test_windows_without_a_clock_are_kept_apart(sync_conn: Conn):
    lost = seen(9, datetime(1970, 1, 1, tzinfo=UTC), clock_synced=False)
    put(sync_conn, seen(1), lost)
    put(sync_conn, lost)
    assert rows(sync_conn) == [(1,)]
    assert rows(sync_conn, "SELECT seq, boot_id, received_at FROM sample_unsynced") == [
        (9, uuid.UUID(int=2), NOW)
    ]


def test_a_node_that_makes_up_zones_is_stopped(sync_conn: Conn):
    for first in range(0, ZONES_MAX, 64):
        put(sync_conn, seen(first + 1, zones=tuple(f"z{first + i}" for i in range(64))))
    with pytest.raises(TooManyZones):
        put(sync_conn, seen(999, zones=("one-more",)))
    put(sync_conn, seen(1_000, zones=("z0",)))


def test_two_doors_that_need_the_same_new_day_make_it_once(database: Any, sync_conn: Conn):
    """The second waits for the first one's COMMIT, and then sees its table."""
    ahead = NOW + timedelta(days=400)
    with db.connect_sync(database.dsn) as first, ThreadPoolExecutor() as threads:
        made = [make_day(first, ahead)]
        other = threads.submit(make_day_elsewhere, database.dsn, ahead)
        if database.kind == "plain":
            wait_until_somebody_waits(sync_conn)
        first.commit()
        made.append(other.result(timeout=60))
    assert made == ([1, 0] if database.kind == "plain" else [0, 0])


def make_day(conn: Conn, at: datetime) -> int:
    row = conn.execute("SELECT sample_days(%s, %s)", (at, at)).fetchone()
    assert row is not None
    return row[0]


def make_day_elsewhere(dsn: str, at: datetime) -> int:
    with db.connect_sync(dsn) as conn:
        return make_day(conn, at)


def wait_until_somebody_waits(conn: Conn, patience_s: float = 50.0) -> None:
    until_s = time.monotonic() + patience_s
    while not conn.execute(
        "SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database"
        " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
    ).fetchall():
        assert time.monotonic() < until_s, "the second never came to wait"
        time.sleep(0.02)
