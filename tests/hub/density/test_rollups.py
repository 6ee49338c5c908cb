"""The three widths say the same on every kind of database, whenever a row comes."""

import math
import random
import threading
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg import Connection

from edge.wire.messages import CountObserved, ZoneCount
from edge.wire.topics import NodeName
from hub.density.store import rollups, samples
from hub.density.store.samples import Observed
from hub.kit import db

NODE = NodeName("demo", "cam-1")
ORIGIN = datetime(1999, 12, 31, 15, 0, tzinfo=UTC)  # midnight in Seoul
WIDTHS = {
    "density_1m": timedelta(minutes=1),
    "density_15m": timedelta(minutes=15),
    "density_1d": timedelta(days=1),
}
COLUMNS = (
    "people_avg, people_max, served, entered, density_avg, confidence_avg, observed_s, samples"
)
Conn = Connection[Any]


@dataclass
class World:
    conn: Conn
    kind: str

    def put(self, observed: Sequence[Observed]) -> None:
        with self.conn.transaction():
            samples.record(self.conn, observed, datetime.now(UTC))

    def view(self, name: str) -> dict[tuple[datetime, str], tuple[Any, ...]]:
        rows = self.conn.execute(
            f"SELECT bucket, zone, {COLUMNS} FROM {name} JOIN zone USING (zone_id)"  # type: ignore[arg-type]
        )
        return {(row[0], row[1]): row[2:] for row in rows}


@pytest.fixture
def world(database: Any) -> Iterator[World]:
    with db.connect_sync(database.dsn, autocommit=True) as conn:
        conn.execute("INSERT INTO site VALUES ('demo', '시범', 'Demo')")
        conn.execute("INSERT INTO node VALUES ('demo', 'cam-1', 'n', 'n')")
        yield World(conn, database.kind)


def windows(first: datetime, count: int, *, step_s: int = 5, seed: int = 5) -> list[Observed]:
    """Windows of changing length, with two zones of which one has no homography."""
    chance = random.Random(seed)
    made: list[Observed] = []
    for seq in range(1, count + 1):
        zones = (
            _zone(chance, "queue", chance.choice([None, round(chance.random() * 4, 2)])),
            _zone(chance, "hall", None),
        )
        told = {
            "schema_version": 1,
            "node": str(NODE),
            "spool": uuid.UUID(int=seed),
            "seq": seq,
            "oldest": 1,
            "boot_id": uuid.UUID(int=2),
            "window_start": first + timedelta(seconds=step_s * seq),
            "window_s": chance.choice([2.5, 5.0]),
            "clock_synced": True,
            "zones": zones,
        }
        made.append(Observed(NODE, seed, CountObserved.model_validate(told)))
    return made


def _zone(chance: random.Random, zone: str, density: float | None) -> ZoneCount:
    people = chance.randrange(40)
    return ZoneCount(
        zone=zone,
        people=people,
        people_max=people + chance.randrange(3),
        served=chance.randrange(3),
        entered=chance.randrange(3),
        density_per_m2=density,
        confidence=round(chance.random(), 3),
    )


def truth(observed: Sequence[Observed], width: timedelta) -> dict[tuple[datetime, str], Any]:
    """The same buckets, computed the slow and obvious way."""
    found: defaultdict[tuple[datetime, str], list[tuple[float, ZoneCount]]] = defaultdict(list)
    for one in observed:
        at = one.count.window_start
        bucket = at - (at - ORIGIN) % width
        for zone in one.count.zones:
            found[bucket, zone.zone].append((one.count.window_s, zone))
    return {key: _bucket(rows) for key, rows in found.items()}


def _bucket(rows: list[tuple[float, ZoneCount]]) -> tuple[Any, ...]:
    dense = [(s, z.density_per_m2) for s, z in rows if z.density_per_m2 is not None]
    return (
        _mean([(s, z.people) for s, z in rows]),
        max(z.people_max for _, z in rows),
        sum(z.served for _, z in rows),
        sum(z.entered for _, z in rows),
        _mean(dense) if dense else None,
        _mean([(s, z.confidence) for s, z in rows]),
        sum(s for s, _ in rows),
        len(rows),
    )


def _mean(weighted: list[tuple[float, float]]) -> float:
    return sum(s * value for s, value in weighted) / sum(s for s, _ in weighted)


def agree(world: World, observed: Sequence[Observed]) -> None:
    for name, width in WIDTHS.items():
        said, meant = world.view(name), truth(observed, width)
        assert said.keys() == meant.keys(), name
        for key, row in said.items():
            assert all(map(_same, row, meant[key])), (name, key, row, meant[key])


def _same(a: float | None, b: float | None) -> bool:
    """Equal but for the digits of a real."""
    return a is b if a is None or b is None else math.isclose(a, b, rel_tol=1e-4)


def hour() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def test_the_newest_rows_are_in_all_three_widths_at_once(world: World):
    new = windows(hour() - timedelta(minutes=20), 300)
    world.put(new)
    agree(world, new)


def test_the_three_widths_say_the_truth_after_a_refresh_too(world: World):
    all_of_it = windows(hour() - timedelta(hours=50), 50 * 30, step_s=120)
    world.put(all_of_it)
    rollups.refresh(world.conn)
    agree(world, all_of_it)


def test_a_node_that_comes_back_after_26_hours_is_in_all_three_widths(world: World):
    away = windows(hour() - timedelta(hours=26), 26 * 60, step_s=60, seed=1)
    other = windows(hour() - timedelta(hours=26), 26 * 60, step_s=60, seed=2)
    world.put(other)
    rollups.refresh(world.conn)
    chance = random.Random(3)
    late = chance.sample(away, len(away))
    for start in range(0, len(late), 200):
        world.put(late[start : start + 200])
    if world.kind == "plain":
        agree(world, [*other, *away])  # without waiting for a refresh
    rollups.refresh(world.conn)
    agree(world, [*other, *away])


def test_a_row_that_comes_between_two_refreshes_is_in_both(world: World):
    first = windows(hour() - timedelta(hours=3), 100, seed=1)
    second = windows(hour() - timedelta(hours=3), 100, seed=2)
    world.put(first)
    rollups.refresh(world.conn)
    agree(world, first)
    world.put(second)
    rollups.refresh(world.conn)
    agree(world, [*first, *second])


def test_days_begin_at_midnight_in_seoul(world: World):
    midnight = hour().replace(hour=15) - timedelta(days=2)
    around = windows(midnight - timedelta(minutes=5), 120)
    world.put(around)
    rollups.refresh(world.conn)
    days = {bucket for bucket, _ in world.view("density_1d")}
    assert days == {midnight - timedelta(days=1), midnight}


def test_rows_that_come_while_a_refresh_runs_are_never_lost(world: World, database: Any):
    all_of_it = windows(hour() - timedelta(hours=5), 2_000)
    done = threading.Event()
    doors = 2 if world.kind == "plain" else 1  # TimescaleDB locks its own jobs against each other

    def refresh_all_the_time() -> None:
        with db.connect_sync(database.dsn, autocommit=True) as conn:
            while not done.is_set():
                rollups.refresh(conn)

    refreshing = [threading.Thread(target=refresh_all_the_time) for _ in range(doors)]
    for each in refreshing:
        each.start()
    for start in range(0, len(all_of_it), 50):
        world.put(all_of_it[start : start + 50])
    done.set()
    for each in refreshing:
        each.join()
    if world.kind == "plain":
        agree(world, all_of_it)
    rollups.refresh(world.conn)
    if world.kind == "plain":
        assert world.conn.execute("SELECT count(*) FROM rollup_dirty").fetchone() == (0,)
    agree(world, all_of_it)


def test_upkeep_makes_room_for_the_days_to_come_and_drops_what_is_too_old(world: World):
    now = hour()
    if world.kind == "timescale":
        upkeep_by_timescale(world, now)
        return
    old, new = windows(now - timedelta(days=80), 50, seed=1), windows(now, 50, seed=2)
    world.put([*old, *new])
    rollups.upkeep(world.conn, now)
    agree(world, [*old, *new])
    rollups.upkeep(world.conn, now + timedelta(days=12))
    assert world.conn.execute("SELECT count(*) FROM sample").fetchone() == (100,)
    agree(world, [*old, *new])  # the widths outlive the samples
    parts = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'sample'::regclass"
    before = world.conn.execute(parts).fetchone()
    rollups.upkeep(world.conn, now + timedelta(days=12))
    assert world.conn.execute(parts).fetchone() == before
    rollups.upkeep(world.conn, now + timedelta(days=12 + rollups.MINUTES_KEPT.days))
    assert world.view("density_1m") == {}
    assert len(world.view("density_1d")) >= 2


def upkeep_by_timescale(world: World, now: datetime) -> None:
    """Its clock is the server's: days are squeezed after two, and take late rows all the same."""
    days, late = (
        windows(now - timedelta(days=5), 200, seed=1),
        windows(now - timedelta(days=5), 200, seed=2),
    )
    old = windows(now - timedelta(days=92), 20, seed=3)
    world.put([*days, *old])
    rollups.upkeep(world.conn, now)
    squeezed = world.conn.execute(
        "SELECT count(*) FROM timescaledb_information.chunks WHERE is_compressed"
    ).fetchone()
    assert squeezed != (0,)
    assert world.conn.execute("SELECT count(*) FROM sample").fetchone() == (400,)
    world.put([*late, *days])
    agree(world, [*days, *late])
    rollups.refresh(world.conn)
    agree(world, [*days, *late])


def test_minutes_turned_into_columns_are_the_same_and_take_a_late_row(world: World):
    if world.kind == "plain":
        pytest.skip("plain PostgreSQL keeps rows only")
    first = hour() - timedelta(days=25)
    old, late = windows(first, 200, seed=1), windows(first, 100, seed=2)
    world.put([*old])
    refresh_all_widths(world, first)
    rollups.upkeep(world.conn, hour())
    squeezed = world.conn.execute(
        """
        SELECT count(*)
          FROM timescaledb_information.chunks c
          JOIN timescaledb_information.continuous_aggregates a
            ON a.materialization_hypertable_name = c.hypertable_name
         WHERE c.is_compressed AND a.view_name = 'rollup_1m'
        """
    ).fetchone()
    assert squeezed is not None
    assert squeezed[0] >= 1
    agree(world, old)
    world.put([*late])
    refresh_all_widths(world, first)
    agree(world, [*old, *late])


def refresh_all_widths(world: World, first: datetime) -> None:
    for width in ("rollup_1m", "rollup_15m", "rollup_1d"):
        world.conn.execute(
            "CALL refresh_continuous_aggregate(%s, %s, %s)",
            (width, first - timedelta(days=2), datetime.now(UTC)),
        )


def test_upkeep_forgets_old_windows_without_a_clock(world: World):
    now = hour()
    unsynced = windows(now, 1)[0]
    count = unsynced.count.model_copy(update={"clock_synced": False})
    world.put([Observed(NODE, 1, count)])
    rollups.upkeep(world.conn, now + timedelta(days=89))
    assert world.conn.execute("SELECT count(*) FROM sample_unsynced").fetchone() == (2,)
    rollups.upkeep(world.conn, now + timedelta(days=91))
    assert world.conn.execute("SELECT count(*) FROM sample_unsynced").fetchone() == (0,)
