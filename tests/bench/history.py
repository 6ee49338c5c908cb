"""The pages of the past over a year of 50 zones: how large, how long, how quick.

On plain PostgreSQL (the embedded one) and, where TEST_TIMESCALE_DSN names one, on TimescaleDB.
Each page is asked for over HTTP from a real `web` process, by one reader, zones and days by
chance; beside it the same query alone, on a connection of its own. What the year is made of is
told by `tests.bench.year`.
"""

import asyncio
import contextlib
import http.client
import os
import random
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, LiteralString, cast
from urllib.parse import urlencode

import numpy as np
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from hub.density import history
from hub.density.store import series
from hub.devices.hearing import KEPT_FOR
from hub.kit import clock, db, migrate
from hub.kit.embedded import postgres
from tests.bench import year as years
from tests.bench.row import Row, as_line, at_most, known, skipped
from tests.bench.year import DAY, Year
from tests.web.conftest import web_process

ASKED = 200  # for each page; the 95th percentile then rests on ten
FLOOR_MS = 50.0
MB, GB = 1e6, 1e9
NEEDED = 25 * GB  # of disk, for a while: 14 stay until the end, the rest is the write-ahead log
SEED = 20_261_121
KIND_WORDS: Final = {"plain": "PostgreSQL", "timescale": "TimescaleDB"}
SERVER = {"shared_buffers": "512MB", "max_wal_size": "4GB"}


@dataclass(frozen=True)
class View:
    """A page of the past: how many days it shows, and by which step it is drawn."""

    name: str
    days: int
    step_s: int | None = None


VIEWS = (
    View("a day by the minute", 1),
    View("a week by quarter hours", 7),
    View("two weeks by quarter hours", 14, 900),
    View("a month by days", 31),
    View("a year by days", 365),
)


def rows() -> Iterator[Row]:
    """Every figure, of one kind of database after the other."""
    random.seed(SEED)
    plain: dict[str, float] = {}
    with _embedded() as server:
        free = shutil.disk_usage(server.data_dir).free
        if free < NEEDED:
            told = f"a year takes {NEEDED / GB:.0f} GB, and {free / GB:.0f} GB are free"
            yield skipped("history: PostgreSQL", told)
        else:
            yield from _measured(server.dsn(), plain, {})
    dsn = os.environ.get("TEST_TIMESCALE_DSN")
    if not dsn:
        yield skipped("history: TimescaleDB", "TEST_TIMESCALE_DSN is not set")
        return
    with _database_of(dsn) as made:
        yield from _measured(made, {}, plain)


def _measured(dsn: str, found: dict[str, float], plain: dict[str, float]) -> Iterator[Row]:
    """The rows of one database; fills `found`, compares with `plain` where that is known."""
    with db.connect_sync(dsn, autocommit=True) as conn:
        year = years.make(conn, clock.now())
        yield from _sizes(conn, year, found, plain)
    yield from _pages(dsn, year, found, plain)


@contextlib.contextmanager
def _embedded() -> Iterator[postgres.Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="cheongsa-bench-"))
    running = postgres.start(folder / "data", SERVER)
    try:
        yield running
    finally:
        running.forget()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _database_of(admin_dsn: str) -> Iterator[str]:
    name = f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(admin_dsn, autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield make_conninfo(admin_dsn, dbname=name)
        finally:
            conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


# How much it is.


def _sizes(
    conn: psycopg.Connection[Any], year: Year, found: dict[str, float], plain: dict[str, float]
) -> Iterator[Row]:
    words = KIND_WORDS[year.kind]
    windows, windows_bytes = _size(conn, year, "sample")
    minutes, minutes_bytes = _size(conn, year, "rollup_1m")
    wide_bytes = sum(_size(conn, year, table)[1] for table in years.TABLES[1:])
    a_year = years.SITES * years.NODES * years.ZONES * years.WINDOWS_A_DAY * years.DAYS
    yield _size_row(
        f"history: {windows / 1e6:.1f} M windows of 5 s, {KEPT_FOR.days} days, {words}",
        windows_bytes,
        f"{windows_bytes / windows:.0f} bytes each; the whole year's {a_year / 1e6:.0f} M, which "
        f"nothing keeps, would be {windows_bytes / windows * a_year / GB:.1f} GB (extrapolated)",
        found,
        plain,
    )
    yield _size_row(
        f"history: {minutes / 1e6:.1f} M minutes of zones, a year, {words}",
        minutes_bytes,
        f"{minutes_bytes / minutes:.0f} bytes each; "
        f"quarter hours and days {wide_bytes / MB:.0f} MB",
        found,
        plain,
    )
    yield from _times(year, windows)


def _size_row(
    name: str, size: float, words: str, found: dict[str, float], plain: dict[str, float]
) -> Row:
    key = name.rpartition(", ")[0].split(" ", 3)[-1]
    found[key] = size
    beside = plain.get(key)
    if beside is None:
        return known(name, size / GB, "GB", words)
    return known(name, size / GB, "GB", f"PostgreSQL: {beside / GB:.2f} GB; {words}", size / beside)


def _times(year: Year, windows: int) -> Iterator[Row]:
    words = KIND_WORDS[year.kind]
    took_s = year.took_s
    lately_s = (year.now - year.yesterday).total_seconds()
    zone_minutes = lately_s / 60 * years.SITES * years.NODES * years.ZONES
    yield known(
        f"history: made at full resolution, {words}",
        took_s["windows"],
        "s",
        f"{windows / took_s['windows'] / 1e3:.0f} thousand windows/s with their minutes; the days "
        f"of which only minutes are left took {took_s['old minutes'] + took_s['wide']:.0f} s",
    )
    yield known(
        f"history: rolled up by the product, {zone_minutes / 1e3:.0f} thousand minutes of zones, "
        f"{words}",
        took_s["roll up"],
        "s",
        f"{took_s['roll up'] / lately_s * 60 * 1e3:.1f} ms of work for each minute of the office",
    )


SIZE: Final[dict[migrate.Kind, LiteralString]] = {
    "plain": """
        SELECT coalesce(sum(pg_total_relation_size(relid)), pg_total_relation_size(%(table)s))
          FROM pg_partition_tree(%(table)s)""",
    "timescale": "SELECT hypertable_size(%(table)s)",
}


def _size(conn: psycopg.Connection[Any], year: Year, table: str) -> tuple[int, int]:
    """Rows, and bytes with all indexes."""
    stored = years.stored(conn, year, table)
    counted = conn.execute(cast("LiteralString", f"SELECT count(*) FROM {stored}")).fetchone()
    sized = conn.execute(SIZE[year.kind], {"table": stored}).fetchone()
    assert counted is not None
    assert sized is not None
    return int(counted[0]), int(sized[0])


# How quick it is.


def _pages(dsn: str, year: Year, found: dict[str, float], plain: dict[str, float]) -> Iterator[Row]:
    with web_process(dsn) as web, contextlib.closing(_Reader(web.port)) as reader:
        for view in VIEWS:
            asked = [_asked(view, year) for _ in range(ASKED)]
            http_ms = _p95([reader.ms(_path(*each, view.step_s)) for each in asked])
            alone_ms = _p95(asyncio.run(_alone(dsn, view, asked)))
            beside = f"the query alone: {alone_ms:.1f} ms"
            yield _page_row(view.name, year, http_ms, beside, found, plain)
        keys = years.zone_keys()
        for name, path in OTHERS:
            http_ms = _p95([reader.ms(path(random.choice(keys))) for _ in range(ASKED)])
            yield _page_row(name, year, http_ms, "", found, plain)


OTHERS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("today so far (the board's curve)", lambda key: f"/api/v1/density/{key}/history"),
    ("usual day and forecast", lambda key: f"/api/v1/density/{key}/forecast"),
    ("the whole board, 50 zones", lambda _: "/api/v1/density"),
    ("badge", lambda key: f"/api/v1/density/{key}/badge.svg"),
)


def _page_row(
    name: str, year: Year, ms: float, beside: str, found: dict[str, float], plain: dict[str, float]
) -> Row:
    found[name] = ms
    if name in plain:
        beside = "; ".join(filter(None, (f"PostgreSQL: {plain[name]:.1f} ms", beside)))
    full = f"history: {name}, 95th percentile over HTTP, {KIND_WORDS[year.kind]}"
    return at_most(full, ms, "ms", beside, floor=FLOOR_MS)


def _asked(view: View, year: Year) -> tuple[str, datetime, datetime]:
    """A zone and a stretch of the year, from midnight to midnight in Seoul."""
    today = clock.now().astimezone(clock.SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
    end = today - random.randrange(years.DAYS - view.days + 1) * DAY
    return random.choice(years.zone_keys()), end - view.days * DAY, end


def _path(key: str, start: datetime, end: datetime, step_s: int | None) -> str:
    query = {"from": start.astimezone(UTC).isoformat(), "to": end.astimezone(UTC).isoformat()}
    if step_s is not None:
        query["step"] = str(step_s)
    return f"/api/v1/density/{key}/history?{urlencode(query)}"


class _Reader:
    """One browser: a connection that stays open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ms(self, path: str) -> float:
        """Ask, read the whole answer, and say how long that took."""
        began_s = time.perf_counter()
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        body = answer.read()
        took_ms = (time.perf_counter() - began_s) * 1e3
        assert answer.status == 200, (path, body)
        return took_ms

    def close(self) -> None:
        self._connection.close()


async def _alone(dsn: str, view: View, asked: list[tuple[str, datetime, datetime]]) -> list[float]:
    """The page's main query on a connection of its own, rows fetched."""
    took_ms = []
    async with await db.connect(dsn, autocommit=True) as conn:
        ids = {}
        for key in years.zone_keys():
            named = await series.zone_named(conn, *key.split("."))
            assert named is not None
            ids[key] = named.zone_id
        for key, start, end in asked:
            wanted = history.asked(start, end, view.step_s, clock.now())  # type: ignore[arg-type]
            began_s = time.perf_counter()
            await series.buckets(
                conn, ids[key], history.look_back(wanted), wanted.end, wanted.step_s
            )
            took_ms.append((time.perf_counter() - began_s) * 1e3)
    return took_ms


def _p95(times_ms: list[float]) -> float:
    return float(np.percentile(times_ms, 95))


if __name__ == "__main__":
    for each in rows():
        print(as_line(each), flush=True)
