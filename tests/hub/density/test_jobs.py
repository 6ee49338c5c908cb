import asyncio
import json
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import LiteralString

import psycopg
import pytest
from procrastinate.jobs import Job

from hub import worker
from hub.density import jobs as density_jobs
from hub.density import simulate
from hub.density.store import outlook, rollups
from hub.kit import clock, db, jobs
from hub.kit.settings import Settings
from tests.hub.density.pasts import LUNCH
from tests.hub.density.test_simulate import an_office

NOW = datetime(2026, 11, 20, 2, 50, tzinfo=UTC)  # a Friday, ten to noon in Korea


@pytest.fixture
def queue(database) -> str:
    jobs.apply_schema(database.dsn)
    return database.dsn


@pytest.fixture
async def office(queue, conn):
    """Two weeks of history, learnt from."""
    await an_office(conn, json.dumps(LUNCH))
    await simulate.fill(queue, "demo", 2, NOW, 1)
    (zone,) = await outlook.queue_zones(conn)
    return zone


def test_the_job_schema_is_applied_once_and_its_migrations_remembered(database):
    assert jobs.apply_schema(database.dsn) == ["procrastinate"]
    assert jobs.apply_schema(database.dsn) == []


def test_an_older_job_schema_is_brought_up_to_date(database):
    jobs.apply_schema(database.dsn)
    newest = max(jobs._migrations())
    with db.connect_sync(database.dsn, autocommit=True) as conn:
        conn.execute("DELETE FROM job_schema_version WHERE name = %s", (newest,))
        conn.execute("DROP FUNCTION IF EXISTS procrastinate_retry_job_v1")
    assert jobs.apply_schema(database.dsn) == [newest]


def test_two_that_migrate_at_once_do_not_collide(database):
    ran: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: ran.append(jobs.apply_schema(database.dsn)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, ran)) == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (datetime(2026, 11, 20, 3, tzinfo=clock.SEOUL), datetime(2026, 11, 20, 2)),  # noqa: DTZ001
        (datetime(2026, 11, 20, 1, tzinfo=clock.SEOUL), datetime(2026, 11, 19, 2)),  # noqa: DTZ001
        (datetime(2026, 11, 19, 18, tzinfo=UTC), datetime(2026, 11, 20, 2)),  # noqa: DTZ001
    ],
)
def test_last_night_is_two_in_the_morning_in_korea(now, night):
    assert density_jobs.last_night(now) == night.replace(tzinfo=clock.SEOUL)


async def test_a_forecast_replaces_the_one_before_and_tells_the_board(office, queue, conn):
    async with await db.connect(queue, autocommit=True) as listener:
        await listener.execute("LISTEN density")
        later = NOW + timedelta(minutes=7)
        assert await density_jobs.forecast_all(conn, later) == 1
        await conn.commit()
        heard = [n async for n in listener.notifies(timeout=5, stop_after=1)]
    assert len(heard) == 1
    points = await outlook.forecast_points(conn, office.zone_id)
    assert {p.made_at for p in points} == {later}
    assert points[0].at > later


async def test_a_zone_without_history_says_that_it_is_collecting(queue, conn):
    await an_office(conn)
    (zone,) = await outlook.queue_zones(conn)
    model = await density_jobs.fit_zone(conn, zone, NOW)
    assert (model.method, model.history_days, model.weeks) == ("collecting", 0, 0)
    assert await density_jobs.forecast_all(conn, NOW) == 0


def _crowd(dsn: str, zone_id: int, until: datetime) -> None:
    """A crowd in the hour before `until`, seen by another outbox with far longer windows."""
    with db.connect_sync(dsn, autocommit=True) as conn:
        conn.execute(
            """
            INSERT INTO sample (zone_id, window_start, spool_id, seq, window_s, confidence,
                                people, people_max, served, entered)
            SELECT %(zone_id)s, at, 999, row_number() OVER (), 3600, 1, 60, 60, 0, 0
              FROM generate_series(%(until)s - interval '70 minutes', %(until)s,
                                   interval '1 minute') at
            """,
            {"zone_id": zone_id, "until": until},
        )
        rollups.refresh(conn)


async def test_the_forecast_of_a_busy_moment_differs_from_that_of_a_quiet_one(queue, office, conn):
    """The live counts reach the forecast: the same clock time, with and without a queue."""
    at = NOW - timedelta(days=1) + timedelta(minutes=3)
    await density_jobs.forecast_all(conn, at)
    before = await outlook.forecast_points(conn, office.zone_id)
    await conn.commit()
    _crowd(queue, office.zone_id, at)
    await density_jobs.forecast_all(conn, at)
    after = await outlook.forecast_points(conn, office.zone_id)
    assert after[0].wait_s > before[0].wait_s + 120


def settings(dsn: str) -> Settings:
    return Settings.from_env({"HUB_DATABASE_DSN": dsn})


class Running:
    """A worker in a thread of its own, as `python -m hub worker` runs it."""

    def __init__(self, dsn: str) -> None:
        self.stop = threading.Event()
        self.thread = threading.Thread(target=worker.run, args=(settings(dsn), self.stop))
        self.thread.start()

    def end(self) -> float:
        started_s = time.monotonic()
        self.stop.set()
        self.thread.join(15)
        assert not self.thread.is_alive()
        return time.monotonic() - started_s


async def until(dsn: str, query: LiteralString, patience_s: float = 30.0):
    async with await db.connect(dsn, autocommit=True) as conn:
        deadline_s = time.monotonic() + patience_s
        while time.monotonic() < deadline_s:
            row = await (await conn.execute(query)).fetchone()
            if row and row[0]:
                return row[0]
            await asyncio.sleep(0.1)
    raise AssertionError(f"never true: {query}")


async def test_a_worker_does_the_periodic_jobs_and_stops_within_ten_seconds(office, queue, conn):
    await conn.execute("DELETE FROM forecast_model")
    await conn.execute("DELETE FROM forecast_point")
    await conn.commit()
    running = Running(queue)
    try:
        # at its start procrastinate takes up the minute (and the ten minutes) just passed
        await until(queue, "SELECT count(*) FROM forecast_model")
        await until(queue, "SELECT count(*) = 0 FROM procrastinate_jobs WHERE status = 'failed'")
    finally:
        took_s = running.end()
    assert took_s < 10


async def test_two_workers_share_the_jobs_and_none_fails(office, queue):
    workers = [Running(queue) for _ in range(2)]
    try:
        await until(queue, "SELECT count(*) > 3 FROM procrastinate_periodic_defers")
        await until(
            queue,
            "SELECT count(*) = 0 FROM procrastinate_jobs WHERE status IN ('todo', 'doing')",
        )
        async with await db.connect(queue) as conn:
            failed = await conn.execute(
                "SELECT array_agg(task_name) FROM procrastinate_jobs WHERE status = 'failed'"
            )
            assert await failed.fetchone() == (None,)
    finally:
        for running in workers:
            running.end()


async def test_a_worker_works_on_after_the_database_threw_it_out(office, queue, conn):
    await conn.close()
    running = Running(queue)
    try:
        await until(queue, "SELECT count(*) FROM procrastinate_workers")
        async with await db.connect(queue, autocommit=True) as admin:
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await asyncio.sleep(2)
        app = jobs.app(queue, density_jobs.WORKS)
        async with app.open_async():
            await app.configure_task("density.look_ahead").defer_async(timestamp=0)
        await until(
            queue,
            "SELECT count(*) = 0 FROM procrastinate_jobs"
            " WHERE task_name = 'density.look_ahead' AND status IN ('todo', 'doing')",
        )
        assert running.thread.is_alive()
    finally:
        assert running.end() < 10


async def test_the_job_of_a_worker_that_was_killed_is_taken_up(queue, conn):
    app = jobs.app(queue, density_jobs.WORKS)
    async with app.open_async():
        job_id = await app.configure_task("density.look_ahead").defer_async(timestamp=0)
        await conn.execute(
            """
            WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)
                          VALUES (now() - interval '5 minutes') RETURNING id)
            UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id, attempts = 1
              FROM dead WHERE procrastinate_jobs.id = %s
            """,
            (job_id,),
        )
        await conn.commit()
        await jobs.rescue(_context(app), timestamp=0)
    row = await conn.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", (job_id,))
    assert await row.fetchone() == ("todo",)


async def test_a_dead_workers_job_whose_work_is_queued_again_is_dropped(queue, conn):
    app = jobs.app(queue, density_jobs.WORKS)
    async with app.open_async():
        job_id = await app.configure_task("density.look_ahead").defer_async(timestamp=0)
        await conn.execute(
            """
            WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)
                          VALUES (now() - interval '5 minutes') RETURNING id)
            UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id, attempts = 1
              FROM dead WHERE procrastinate_jobs.id = %s
            """,
            (job_id,),
        )
        await conn.commit()
        again = await app.configure_task("density.look_ahead").defer_async(timestamp=60)
        await jobs.rescue(_context(app), timestamp=0)
    rows = await conn.execute("SELECT id, status::text FROM procrastinate_jobs")
    assert await rows.fetchall() == [(again, "todo")]


def _context(app) -> jobs.Context:
    job = Job(id=0, queue="", task_name="jobs.rescue", lock=None, queueing_lock=None)
    return jobs.Context(app=app, start_timestamp=0.0, job=job, abort_reason=lambda: None)


def test_a_database_that_is_not_there_ends_no_worker():
    running = Running("postgresql://nobody@127.0.0.1:9/none?connect_timeout=1")
    time.sleep(1)
    assert running.thread.is_alive()
    assert running.end() < 10
    assert psycopg.OperationalError in db.AWAY
