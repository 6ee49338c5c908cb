"""The job queue: procrastinate on our PostgreSQL, and what it must be told to be dependable.

A job runs at least once: a worker that was killed, or whose computer slept, leaves its job behind
and another takes it up, so every task is idempotent. Tasks must not block the event loop (a
heartbeat that stops looks like a dead worker): heavy work goes to a thread.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final, LiteralString, cast

import procrastinate
from procrastinate import exceptions
from procrastinate.jobs import Job, Status

from hub.kit import db
from hub.kit.presence import DATABASE

log = logging.getLogger(__name__)

Context = procrastinate.JobContext
HEARTBEAT_S: Final = 10.0
STALLED_AFTER_S: Final = 30.0
SHUTDOWN_S: Final = 8.0  # inside the 10 s that a supervisor waits
GETCONN_S: Final = 4.0  # a database that is gone must not hold the shutdown up
RECONNECT_S: Final = (1.0, 2.0, 5.0, 10.0)
CONCURRENCY: Final = 3
FORGET_AFTER_H: Final = 24
LOCK_KEY: Final = 0x636873676A6F6273  # "chsgjobs"


@dataclass(frozen=True, slots=True)
class Work:
    """A periodic task: at most one waits in the queue."""

    name: str
    task: Callable[..., Awaitable[None]]
    """Called with the context and the `timestamp` it was due at, in seconds."""
    cron: str
    """Five fields. With a sixth procrastinate reads seconds, and reads them last."""
    one_at_a_time: bool = True
    """No second one starts while one runs, on whichever worker."""


def apply_schema(dsn: str) -> list[str]:
    """Give the database procrastinate's schema, or bring it up to date; return what ran.

    Its own command fails on a schema that is already there, and leaves upgrades to the reader of
    its manual. Here its numbered files are remembered by name, each run once, under a lock.
    """
    with db.connect_sync(dsn, autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (LOCK_KEY,))
        with conn.transaction():
            return _run_pending(conn)


def _run_pending(conn: Any) -> list[str]:
    conn.execute("CREATE TABLE IF NOT EXISTS job_schema_version (name text PRIMARY KEY)")
    applied = {name for (name,) in conn.execute("SELECT name FROM job_schema_version")}
    pending = {name: text for name, text in _migrations().items() if name not in applied}
    if not applied:  # the whole schema already holds what its migrations lead to
        conn.execute(_sql("schema.sql"))
        ran = ["procrastinate"]
    else:
        for text in pending.values():
            conn.execute(text)
        ran = list(pending)
    for name in pending:
        conn.execute("INSERT INTO job_schema_version VALUES (%s)", (name,))
    return ran


def _migrations() -> dict[str, LiteralString]:
    folder = resources.files("procrastinate.sql") / "migrations"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return {name: _sql("migrations", name) for name in names}


def _sql(*path: str) -> LiteralString:
    text = resources.files("procrastinate.sql").joinpath(*path).read_text(encoding="utf-8")
    return cast("LiteralString", text)


class _JobEvents(logging.Filter):
    """Puts what the queue says of a failed job into our words: an event, and which job."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, some with fewer fields."""
        job = record.__dict__.pop("job", None) or {}
        action = record.__dict__.pop("action", "")
        for field in ("worker", "start_timestamp", "end_timestamp", "duration", "result"):
            record.__dict__.pop(field, None)
        if job:
            record.task, record.job = job.get("task_name"), job.get("id")
        if str(action).startswith("job_error"):
            record.msg, record.args = "job failed", ()
        return True


def app(dsn: str, works: Sequence[Work]) -> procrastinate.App:
    """The tasks of all parts, on one database."""
    logging.getLogger("procrastinate.worker").addFilter(EVENTS)
    connector = procrastinate.PsycopgConnector(
        conninfo=dsn,
        min_size=1,
        max_size=CONCURRENCY + 2,
        timeout=GETCONN_S,
        kwargs={"options": db.OPTIONS, "connect_timeout": 5, **db.KEEPALIVE},
    )
    jobs = procrastinate.App(connector=connector)
    for work in (*UPKEEP, *works):
        _register(jobs, work)
    return jobs


def _register(jobs: procrastinate.App, work: Work) -> None:
    register = cast("Any", jobs.task)  # its overloads want lock and context in other words
    task = register(
        work.task,
        name=work.name,
        queueing_lock=work.name,
        lock=work.name if work.one_at_a_time else None,
        pass_context=True,
    )
    jobs.periodic(cron=work.cron)(task)


async def run_worker(
    dsn: str, works: Sequence[Work], context: dict[str, Any], stop: threading.Event
) -> None:
    """Do jobs until told to stop, also through a restart of the database.

    procrastinate's worker ends when the database goes away; here it is started again.
    """
    failures = 0
    while not stop.is_set():
        try:
            await _work_until(app(dsn, works), context, stop)
            failures = 0
            if not stop.is_set():
                log.warning("worker ended by itself", extra={"wait_s": RECONNECT_S[0]})
        except (*db.AWAY, exceptions.ConnectorException) as error:
            failures += 1
            DATABASE.away(error)
        if not stop.is_set():
            wait_s = RECONNECT_S[min(failures, len(RECONNECT_S) - 1)]
            await asyncio.to_thread(stop.wait, wait_s)


async def _work_until(
    jobs: procrastinate.App, context: dict[str, Any], stop: threading.Event
) -> None:
    working = asyncio.create_task(_work(jobs, context))
    while not (stop.is_set() or working.done()):
        await asyncio.wait([working], timeout=0.2)
    if not working.done():
        working.cancel()  # procrastinate takes this as: finish what runs, take nothing new
    await asyncio.gather(working, return_exceptions=stop.is_set())


async def _work(jobs: procrastinate.App, context: dict[str, Any]) -> None:
    async with jobs.open_async():
        DATABASE.back()
        await jobs.run_worker_async(
            concurrency=CONCURRENCY,
            shutdown_graceful_timeout=SHUTDOWN_S,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_AFTER_S,
            install_signal_handlers=False,  # the door has its own
            delete_jobs="successful",
            additional_context=context,
        )


async def rescue(context: Context, timestamp: int) -> None:  # noqa: ARG001  given by the queue
    """Put the jobs of dead workers back into the queue. Without this they stay `doing` for good."""
    stalled = await context.app.job_manager.get_stalled_jobs(
        seconds_since_heartbeat=STALLED_AFTER_S
    )
    for job in stalled:
        log.warning("job of a dead worker taken up", extra={"task": job.task_name, "job": job.id})
        await _take_up(context.app, job)


async def _take_up(jobs: procrastinate.App, job: Job) -> None:
    try:
        await jobs.job_manager.retry_job(job)
    except exceptions.UniqueViolation:  # the same work is queued again already
        await jobs.job_manager.finish_job(job, Status.ABORTED, delete_job=True)


async def forget(context: Context, timestamp: int) -> None:  # noqa: ARG001  given by the queue
    """Remove what is left of finished jobs after a day; failures are in the log."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=FORGET_AFTER_H, include_failed=True, include_cancelled=True, include_aborted=True
    )


EVENTS: Final = _JobEvents()
UPKEEP: Final = (
    # A rescuer that dies would hold its lock, and nobody would rescue the rescuer.
    Work("jobs.rescue", rescue, "* * * * *", one_at_a_time=False),
    Work("jobs.forget", forget, "17 * * * *"),
)
