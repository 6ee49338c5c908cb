"""Keep the three widths (1 minute, 15 minutes, 1 day of Seoul) quick to read, and forget the old.

The views `density_1m`, `density_15m` and `density_1d` are right without this; it makes them cheap.
TimescaleDB does the same by its own jobs; where those do not run, as in tests, they are run here.
"""

from datetime import datetime, timedelta
from typing import Any, Final, LiteralString

from psycopg import Connection, IsolationLevel, sql

from hub.devices.hearing import KEPT_FOR
from hub.kit.migrate import kind_of

MINUTES_KEPT: Final = timedelta(days=730)  # the usual curve sees each season twice
QUARTERS_KEPT: Final = timedelta(days=3_650)
DAYS_AHEAD: Final = timedelta(days=3)  # partitions that wait for their day
LOCK_KEY: Final = 0x726F6C6C7570  # "rollup"
MARKS_AT_ONCE: Final = 50_000  # keeps a transaction short after a long absence
SUMS: Final = (
    "people_s, observed_s, density_s, density_observed_s, confidence_s, people_max, served,"
    " entered, samples"
)
REPLACE: Final = """
            ON CONFLICT (zone_id, bucket) DO UPDATE
           SET (people_s, observed_s, density_s, density_observed_s, confidence_s, people_max,
                served, entered, samples)
             = (excluded.people_s, excluded.observed_s, excluded.density_s,
                excluded.density_observed_s, excluded.confidence_s, excluded.people_max,
                excluded.served, excluded.entered, excluded.samples)"""


def refresh(conn: Connection[Any]) -> int:
    """Roll up what was added since the last time; return how many minutes of zones that was.

    `conn` must be autocommit: this is a job of many short transactions, one door of its own.
    Only one runs at a time; a second returns at once.
    """
    if kind_of(conn) == "timescale":
        return _run_jobs(conn, "policy_refresh_continuous_aggregate")
    if not _locked(conn):
        return 0
    try:
        minutes = 0
        while taken := _refresh_some(conn):
            minutes += taken
        return minutes
    finally:
        conn.execute("SELECT pg_advisory_unlock(%s)", (LOCK_KEY,))


def upkeep(conn: Connection[Any], now: datetime) -> None:
    """Make the partitions of the days to come and forget what is too old. Once an hour is plenty.

    `conn` must be autocommit.
    """
    conn.execute("DELETE FROM sample_unsynced WHERE received_at < %s", (now - KEPT_FOR,))
    if kind_of(conn) == "timescale":
        _run_jobs(conn, "policy_retention")
        _run_jobs(conn, "policy_compression")
        return
    conn.execute("SELECT sample_days(%s, %s)", (now, now + DAYS_AHEAD))
    refresh(conn)  # or a mark could outlive its samples and empty a bucket
    _drop_days_before(conn, now - KEPT_FOR)
    _forget(conn, "rollup_1m", now - MINUTES_KEPT)
    _forget(conn, "rollup_15m", now - QUARTERS_KEPT)


def _run_jobs(conn: Connection[Any], name: str) -> int:
    """Run TimescaleDB's own jobs where its scheduler is switched off."""
    jobs = conn.execute(
        """
        SELECT job_id
          FROM timescaledb_information.jobs
         WHERE proc_name = %s AND current_setting('timescaledb.max_background_workers') = '0'
         ORDER BY job_id  -- narrow before wide: each reads the one before
        """,
        (name,),
    ).fetchall()
    for (job_id,) in jobs:
        conn.execute(sql.SQL("CALL run_job({})").format(sql.Literal(job_id)))
    return 0


def _locked(conn: Connection[Any]) -> bool:
    row = conn.execute("SELECT pg_try_advisory_lock(%s)", (LOCK_KEY,)).fetchone()
    return row is not None and row[0]


def _refresh_some(conn: Connection[Any]) -> int:
    """One snapshot for all: a row that it does not see keeps its mark, which it does not see."""
    conn.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with conn.transaction():
            taken = _take_marks(conn)
            if taken:
                _roll_up_minutes(conn)
                _roll_up(conn, "rollup_15m", "quarter", "rollup_1m")
                _roll_up(conn, "rollup_1d", "day", "rollup_15m")
            return taken
    finally:
        conn.isolation_level = None


def _take_marks(conn: Connection[Any]) -> int:
    conn.execute(
        sql.SQL(
            """
            CREATE TEMP TABLE taken ON COMMIT DROP AS
            SELECT DISTINCT zone_id, minute, quarter, day FROM rollup_dirty LIMIT {}
            """
        ).format(sql.Literal(MARKS_AT_ONCE))
    )
    conn.execute(
        """
        DELETE FROM rollup_dirty d USING taken t
         WHERE d.zone_id = t.zone_id AND d.minute = t.minute
        """
    )
    row = conn.execute("SELECT count(*) FROM taken").fetchone()
    return row[0] if row else 0


def _roll_up_minutes(conn: Connection[Any]) -> None:
    """Minute by minute through the primary key: a join would pair every minute with every row."""
    conn.execute(
        f"""
        INSERT INTO rollup_1m (zone_id, bucket, {SUMS})
        SELECT t.zone_id, t.minute, {SUMS}
          FROM (SELECT DISTINCT zone_id, minute FROM taken) t
         CROSS JOIN LATERAL sample_sums(t.zone_id, t.minute, t.minute + interval '1 minute') sums
        {REPLACE}
        """  # noqa: S608
    )


def _roll_up(
    conn: Connection[Any], table: LiteralString, mark: LiteralString, source: LiteralString
) -> None:
    width = "interval '24 hours'" if mark == "day" else "interval '15 minutes'"
    conn.execute(
        f"""
        INSERT INTO {table} (zone_id, bucket, {SUMS})
        SELECT t.zone_id, t.{mark}, sums.*
          FROM (SELECT DISTINCT zone_id, {mark} FROM taken) t
         CROSS JOIN LATERAL (
                 SELECT sum(people_s), sum(observed_s), sum(density_s), sum(density_observed_s),
                        sum(confidence_s), max(people_max),
                        sum(served)::bigint, sum(entered)::bigint, sum(samples)::bigint
                   FROM {source} s
                  WHERE s.zone_id = t.zone_id
                    AND s.bucket >= t.{mark}
                    AND s.bucket < t.{mark} + {width}
                 HAVING count(*) > 0
               ) sums
        {REPLACE}
        """  # noqa: S608
    )


def _drop_days_before(conn: Connection[Any], at: datetime) -> None:
    """Drop the partitions that end at or before `at`: each is a file, not a million rows."""
    rows = conn.execute(
        """
        SELECT c.relname
          FROM pg_inherits i
          JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'sample'::regclass
           AND c.relname
             < to_char((%s AT TIME ZONE 'UTC') + interval '9 hours', '"sample_"YYYYMMDD')
        """,
        (at,),
    ).fetchall()
    for (name,) in rows:
        with conn.transaction():
            conn.execute("SET LOCAL lock_timeout = '4s'")  # a door that waits longer would stall
            conn.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))


def _forget(conn: Connection[Any], table: LiteralString, before: datetime) -> None:
    """By zone, so that the primary key is used."""
    conn.execute(
        f"DELETE FROM {table} r USING zone z WHERE r.zone_id = z.zone_id AND r.bucket < %s",  # noqa: S608
        (before,),
    )
