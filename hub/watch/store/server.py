"""The database server and the job queue, as figures: how full, how far behind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from hub.kit.migrate import Kind, kind_of

COUNTED_TO: Final = 100_000  # an exact count of a long backlog would add to it


@dataclass(frozen=True, slots=True)
class ServerFigures:
    """One database."""

    size_bytes: int
    connections: int
    connections_max: int
    longest_transaction_s: float
    schema: str
    """Newest file of `hub/schema` that ran."""


def server(conn: Connection[Any]) -> ServerFigures:
    """How full the server is. Raises where there is no schema."""
    with conn.cursor(row_factory=class_row(ServerFigures)) as cursor:
        cursor.execute(
            """
            SELECT pg_database_size(current_database()) AS size_bytes,
                   (SELECT count(*) FROM pg_stat_activity
                     WHERE backend_type = 'client backend') AS connections,
                   current_setting('max_connections')::integer
                     - current_setting('superuser_reserved_connections')::integer
                     AS connections_max,
                   (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)
                      FROM pg_stat_activity
                     WHERE backend_type = 'client backend' AND datname = current_database()
                       AND pid <> pg_backend_pid())::float8 AS longest_transaction_s,
                   (SELECT max(name) FROM schema_version) AS schema
            """
        )
        found = cursor.fetchone()
    assert found is not None  # noqa: S101  a SELECT without FROM has one row
    return found


@dataclass(frozen=True, slots=True)
class SampleDays:
    """Which days the samples lie in."""

    kind: Kind
    kept_days: float | None
    """Since the beginning of the oldest day; None: there is none."""
    ahead_days: float | None
    """Until the end of the newest day that is made; None: TimescaleDB makes its own."""


def sample_days(conn: Connection[Any], now: datetime) -> SampleDays:
    """Whether room is made and the old is forgotten."""
    kind = kind_of(conn)
    query = _CHUNKS if kind == "timescale" else _PARTITIONS
    row = conn.execute(query, {"now": now}).fetchone() or (None, None)
    return SampleDays(kind, row[0], None if kind == "timescale" else row[1])


_PARTITIONS: Final = """
    SELECT extract(epoch FROM %(now)s - min(day))::float8 / 86400,
           extract(epoch FROM max(day) + interval '24 hours' - %(now)s)::float8 / 86400
      FROM (SELECT to_timestamp(right(c.relname, 8) || '+09', 'YYYYMMDDTZH') AS day
              FROM pg_inherits i
              JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = 'sample'::regclass) days
"""
_CHUNKS: Final = """
    SELECT extract(epoch FROM %(now)s - min(range_start))::float8 / 86400, NULL
      FROM timescaledb_information.chunks
     WHERE hypertable_name = 'sample'
"""


def rollup_backlog(conn: Connection[Any], kind: Kind) -> int | None:
    """Marks that wait to be rolled up, at most COUNTED_TO; None: TimescaleDB sees to it."""
    if kind == "timescale":
        return None
    row = conn.execute(
        "SELECT count(*) FROM (SELECT FROM rollup_dirty LIMIT %s) waiting", (COUNTED_TO,)
    ).fetchone()
    return row[0] if row else 0


def unsynced(conn: Connection[Any]) -> int:
    """Samples kept outside the aggregates, because nobody vouched for their time."""
    row = conn.execute(
        "SELECT count(*) FROM (SELECT FROM sample_unsynced LIMIT %s) kept", (COUNTED_TO,)
    ).fetchone()
    return row[0] if row else 0


def timescale_failures(conn: Connection[Any], kind: Kind) -> int | None:
    """How many of TimescaleDB's own jobs failed when they last ran; None without TimescaleDB."""
    if kind != "timescale":
        return None
    row = conn.execute(
        """
        SELECT count(*) FROM timescaledb_information.job_stats WHERE last_run_status = 'Failed'
        """
    ).fetchone()
    return row[0] if row else 0


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """One kind of job."""

    task: str
    waiting: int
    running: int
    failed: int
    """In the last day: older ones are forgotten."""
    oldest_s: float | None
    """How long the oldest that should have begun has waited."""


def queue(conn: Connection[Any], now: datetime) -> list[QueueFigures] | None:
    """The job queue by kind of job; None: the database has none yet."""
    if not has_queue(conn):
        return None
    with conn.cursor(row_factory=class_row(QueueFigures)) as cursor:
        cursor.execute(
            """
            SELECT task_name AS task,
                   count(*) FILTER (WHERE status = 'todo') AS waiting,
                   count(*) FILTER (WHERE status = 'doing') AS running,
                   count(*) FILTER (WHERE status = 'failed') AS failed,
                   max(extract(epoch FROM %(now)s - coalesce(j.scheduled_at, deferred.at)))
                     FILTER (WHERE status = 'todo')::float8 AS oldest_s
              FROM procrastinate_jobs j
              LEFT JOIN LATERAL (
                     SELECT min(at) AS at FROM procrastinate_events e
                      WHERE e.job_id = j.id AND e.type = 'deferred'
                   ) deferred ON j.status = 'todo'
             GROUP BY task_name
             ORDER BY task_name
            """,
            {"now": now},
        )
        return cursor.fetchall()


def worker_silence_s(conn: Connection[Any], now: datetime) -> float | None:
    """Seconds since any worker's last heartbeat; None: no worker is there."""
    if not has_queue(conn):
        return None
    row = conn.execute(
        "SELECT extract(epoch FROM %s - max(last_heartbeat))::float8 FROM procrastinate_workers",
        (now,),
    ).fetchone()
    return row[0] if row else None


def has_queue(conn: Connection[Any]) -> bool:
    """Whether the job queue's tables are there."""
    row = conn.execute("SELECT to_regclass('procrastinate_jobs') IS NOT NULL").fetchone()
    return bool(row and row[0])


@dataclass(frozen=True, slots=True)
class Extension:
    """TimescaleDB on this server."""

    available: str | None
    """The version it could install; None: it has none."""
    installed: str | None
    licence: str | None
    """`timescale` or `apache`; None: the library is not loaded."""


def extension(conn: Connection[Any]) -> Extension:
    """Whether TimescaleDB is there, loaded, and all of it."""
    with conn.cursor(row_factory=class_row(Extension)) as cursor:
        cursor.execute(
            """
            SELECT (SELECT default_version FROM pg_available_extensions WHERE name = 'timescaledb')
                     AS available,
                   (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS installed,
                   current_setting('timescaledb.license', true) AS licence
            """
        )
        found = cursor.fetchone()
    assert found is not None  # noqa: S101  a SELECT without FROM has one row
    return found


def connections(conn: Connection[Any]) -> tuple[int, int]:
    """Clients of the server, and as many as it lets in."""
    seen = conn.execute(
        """
        SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
               current_setting('max_connections')::integer
                 - current_setting('superuser_reserved_connections')::integer
        """
    ).fetchone()
    return seen if seen else (0, 1)


def now(conn: Connection[Any]) -> datetime:
    """The server's clock."""
    row = conn.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None  # noqa: S101  a SELECT without FROM has one row
    return row[0]


def data_folder(conn: Connection[Any]) -> str | None:
    """Where its files are; None: this user may not know."""
    row = conn.execute(
        """
        SELECT setting FROM pg_settings WHERE name = 'data_directory'
        """
    ).fetchone()
    return row[0] if row else None
