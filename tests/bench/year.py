"""A year of 50 zones in a database, as it looks after a year of running.

Every window of 5 s is generated for as long as the product keeps windows (90 days); of the days
before, only what the product still has: their minutes, quarter hours and days. The crowds are of
a plausible shape (a lunch peak, quiet weekends, noise), nothing more: here their number matters.
The last whole day and today go in as ingest would put them, and are rolled up by the product.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, cast

from psycopg import Connection, sql

from edge.wire.messages import Rates
from hub.density.store import rollups
from hub.devices.hearing import KEPT_FOR
from hub.kit import migrate

SITES, NODES, ZONES = 5, 2, 5  # of each site, of each node: 50 zones
WINDOW_S = Rates().window_s
DAYS = 365
DAY = timedelta(days=1)
WINDOWS_A_DAY = round(86_400 / WINDOW_S)
WINDOWS_A_MINUTE = round(60 / WINDOW_S)
SUMS = (
    "people_s, observed_s, density_s, density_observed_s, confidence_s, people_max, served,"
    " entered, samples"
)
TABLES = ("rollup_1m", "rollup_15m", "rollup_1d")


@dataclass
class Year:
    """What was made, and how long each part of it took."""

    kind: migrate.Kind
    now: datetime
    took_s: dict[str, float] = field(default_factory=dict)

    @property
    def first_kept(self) -> datetime:
        """Where the windows begin; before it there are only aggregates."""
        return self.begin_of_day(self.now - KEPT_FOR) + DAY

    @property
    def first(self) -> datetime:
        """Where the year begins."""
        return self.begin_of_day(self.now) - DAYS * DAY

    @property
    def yesterday(self) -> datetime:
        """The last whole day: from here on the product itself rolls up."""
        return self.begin_of_day(self.now) - DAY

    def begin_of_day(self, at: datetime) -> datetime:
        """Partitions begin at midnight in Seoul, chunks of TimescaleDB at midnight UTC."""
        zone_s = 9 * 3600 if self.kind == "plain" else 0
        whole = int(at.timestamp() + zone_s) // 86_400 * 86_400 - zone_s
        return datetime.fromtimestamp(whole, UTC)


def make(conn: Connection[Any], now: datetime) -> Year:
    """Fill an empty database. `conn` must be autocommit; takes some minutes."""
    conn.execute("SET statement_timeout = 0")
    migrate.migrate(conn)
    year = Year(migrate.kind_of(conn), now)
    _register(conn)
    conn.execute("SET synchronous_commit = off")
    with _Timed(year, "old minutes"):
        _add_minutes(conn, year)
    with _Timed(year, "windows"):
        _add_windows(conn, year)
    with _Timed(year, "wide"):
        _widen(conn, year)
    with _Timed(year, "ingest"):
        _add_lately(conn, year)
    with _Timed(year, "roll up"):
        _roll_up(conn, year)
    if year.kind == "timescale":
        _squeeze_minutes(conn)
    _learn(conn)
    for (
        table
    ) in TABLES:  # what autovacuum has done by then; of the windows only the newest are read
        conn.execute(cast("LiteralString", f"VACUUM {stored(conn, year, table)}"))
    conn.execute("ANALYZE")
    return year


class _Timed:
    def __init__(self, year: Year, what: str) -> None:
        self._year, self._what = year, what

    def __enter__(self) -> None:
        self._began_s = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._year.took_s[self._what] = time.monotonic() - self._began_s


def zone_keys() -> list[str]:
    """`site.node.zone` of every zone."""
    return [
        f"office-{s}.cam-{n}.zone-{z}"
        for s in range(1, SITES + 1)
        for n in range(1, NODES + 1)
        for z in range(1, ZONES + 1)
    ]


def _register(conn: Connection[Any]) -> None:
    names = [key.split(".") for key in zone_keys()]
    sites = sorted({(site,) for site, _, _ in names})
    nodes = sorted({(site, node) for site, node, _ in names})
    with conn.cursor() as cur:
        cur.executemany(
            "INSERT INTO site (site, name, name_en) VALUES (%s, '청사', 'Office')", sites
        )
        cur.executemany(
            "INSERT INTO node (site, node, name, name_en) VALUES (%s, %s, '카메라', 'Camera')",
            nodes,
        )
        cur.executemany(
            "INSERT INTO zone (site, node, zone, name, name_en, has_served_line)"
            " VALUES (%s, %s, %s, '점심 줄', 'Lunch queue', true)",
            names,
        )
        cur.executemany(
            "INSERT INTO spool (site, node, spool, heard_at)"
            " VALUES (%s, %s, gen_random_uuid(), now())",
            nodes,
        )


# What was counted: one SELECT that makes windows, one that makes minutes of the same crowd.

WINDOWS = """
    SELECT %(first)s::timestamptz + n * make_interval(secs => %(window_s)s) AS window_start,
           %(day)s::bigint * %(a_day)s + n AS seq,
           zone_id, (zone_id - 1) / %(zones)s + 1 AS spool_id, %(window_s)s::real AS window_s,
           NULL::real AS density_per_m2, (700 + 250 * r)::int / 1000.0::real AS confidence,
           p::smallint AS people, (p + (r > 0.6)::int)::smallint AS people_max,
           (p > 0 AND r < 0.4)::int::smallint AS served,
           (p > 0 AND r > 0.6)::int::smallint AS entered
      FROM (SELECT zone_id, n, r,
                   (curve[n * %(window_s)s::int / 60 + 1]
                    * (0.6 + zone_id / 60.0 + 0.3 * r))::int AS p
              FROM generate_series(1, %(all_zones)s) zone_id,
                   generate_series(0, %(last)s) n,
                   LATERAL (SELECT random() AS r, zone_id + n OFFSET 0) random,
                   (SELECT %(curve)s::real[] AS curve) curve) crowd
"""
MINUTES = """
    SELECT bucket, zone_id,
           (p + r) * 60 AS people_s, 60 AS observed_s,
           NULL AS density_s, NULL AS density_observed_s,
           (0.7 + 0.25 * r) * 60 AS confidence_s, (p + 2 * r)::int AS people_max,
           least(p * 2, 5)::bigint AS served, least(p * 2, 5)::bigint AS entered,
           %(a_minute)s::bigint AS samples
      FROM (SELECT %(first)s::timestamptz + n * interval '1 minute' AS bucket, zone_id, r,
                   (curve[n + 1] * (0.6 + zone_id / 60.0 + 0.3 * r))::int AS p
              FROM generate_series(1, %(all_zones)s) zone_id,
                   generate_series(0, 1439) n,
                   LATERAL (SELECT random() AS r, zone_id + n OFFSET 0) random,
                   (SELECT %(curve)s::real[] AS curve) curve) crowd
     ORDER BY 1  -- as time brings them: the rows of one zone lie far apart
"""
GROUPED = """
    SELECT date_bin(%(width)s, window_start, '2000-01-01 00:00+09') AS bucket, zone_id,
           sum(people::float8 * window_s), sum(window_s::float8),
           sum(density_per_m2::float8 * window_s),
           sum(window_s::float8) FILTER (WHERE density_per_m2 IS NOT NULL),
           sum(confidence::float8 * window_s), max(people_max), sum(served), sum(entered), count(*)
      FROM {source}
     GROUP BY 1, zone_id
     ORDER BY 1
"""
WIDENED = """
    SELECT date_bin(%(width)s, bucket, '2000-01-01 00:00+09') AS bucket, zone_id,
           sum(people_s), sum(observed_s), sum(density_s), sum(density_observed_s),
           sum(confidence_s), max(people_max), sum(served)::bigint, sum(entered)::bigint,
           sum(samples)::bigint
      FROM {source}
     GROUP BY 1, zone_id
     ORDER BY 1
"""


def _told(year: Year, first: datetime) -> dict[str, Any]:
    return {
        "first": first,
        "day": (first - year.first) // DAY,
        "window_s": WINDOW_S,
        "a_day": WINDOWS_A_DAY,
        "a_minute": WINDOWS_A_MINUTE,
        "last": min(WINDOWS_A_DAY, (year.now - first) // timedelta(seconds=WINDOW_S)) - 1,
        "zones": ZONES,
        "all_zones": SITES * NODES * ZONES,
        "curve": _curve(first),
    }


def _curve(first: datetime) -> list[float]:
    """People by minute from `first` on: a lunch, a smaller supper, hardly anybody at weekends."""
    weight = 0.1 if (first + timedelta(hours=12)).isoweekday() > 5 else 1.0
    clock_min = (first.hour * 60 + first.minute + 9 * 60) % 1440
    people = [_people_at((clock_min + minute) % 1440) for minute in range(1440)]
    return [round(weight * each, 3) for each in people]


def _people_at(minute: int) -> float:
    lunch = 14 * math.exp(-(((minute - 12 * 60) / 35) ** 2))
    supper = 5 * math.exp(-(((minute - 18 * 60) / 40) ** 2))
    return lunch + supper + (0.8 if 8 * 60 <= minute < 19 * 60 else 0.0)


def _add_minutes(conn: Connection[Any], year: Year) -> None:
    """The days of which only aggregates are left."""
    insert = f"INSERT INTO {stored(conn, year, 'rollup_1m')} (bucket, zone_id, {SUMS}) {MINUTES}"
    for first in _days(year.first, year.first_kept):
        conn.cursor().execute(cast("LiteralString", insert), _told(year, first))


def _add_windows(conn: Connection[Any], year: Year) -> None:
    """The days of which every window is kept, each with its minutes."""
    into = stored(conn, year, "rollup_1m")
    for first in _days(year.first_kept, year.yesterday):
        with conn.transaction():
            table = _day_table(conn, year, first)
            minutes = f"INSERT INTO {into} (bucket, zone_id, {SUMS}) {GROUPED.format(source=table)}"
            conn.execute(cast("LiteralString", minutes), {"width": timedelta(minutes=1)})
        if year.kind == "timescale":
            conn.execute("SELECT compress_chunk(%s::regclass)", (table,))


def _day_table(conn: Connection[Any], year: Year, first: datetime) -> str:
    """A whole day as a table of its own, attached when it is full: far quicker than through the
    partitioned table, and the rows are the same."""
    table = "sample_" + (first + timedelta(hours=9)).strftime("%Y%m%d")
    name = sql.Identifier(table)
    like = sql.SQL("CREATE TABLE {} (LIKE sample INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    conn.execute(like.format(name))
    insert = cast("LiteralString", f"INSERT INTO {table} {WINDOWS}")
    conn.cursor().execute(insert, _told(year, first))
    key = sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (zone_id, window_start, spool_id, seq)")
    conn.execute(key.format(name))
    until = first + DAY
    if year.kind == "plain":
        conn.execute(
            sql.SQL("ALTER TABLE sample ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(
                name, sql.Literal(first), sql.Literal(until)
            )
        )
    else:
        conn.execute(
            "CALL attach_chunk('sample', %s::text::regclass, jsonb_build_object("
            "'window_start', jsonb_build_array(%s::timestamptz, %s::timestamptz)))",
            (table, first, until),
        )
    return table


def _widen(conn: Connection[Any], year: Year) -> None:
    """Quarter hours and days, of the minutes that are there."""
    for table, source, width in (
        ("rollup_15m", "rollup_1m", timedelta(minutes=15)),
        ("rollup_1d", "rollup_15m", DAY),
    ):
        widened = WIDENED.format(source=stored(conn, year, source))
        into = stored(conn, year, table)
        statement = f"INSERT INTO {into} (bucket, zone_id, {SUMS}) {widened}"
        conn.execute(cast("LiteralString", statement), {"width": width})


def _add_lately(conn: Connection[Any], year: Year) -> None:
    """Yesterday and today, as ingest adds them: through the table, its triggers and its index."""
    conn.execute("SELECT sample_days(%s, %s)", (year.yesterday, year.now + 3 * DAY))
    for first in (year.yesterday, year.yesterday + DAY):
        insert = cast("LiteralString", f"INSERT INTO sample {WINDOWS}")
        conn.cursor().execute(insert, _told(year, first))
    conn.execute("ANALYZE sample")


def _roll_up(conn: Connection[Any], year: Year) -> None:
    """What the product does every few minutes, here for two days at once."""
    if year.kind == "plain":
        rollups.refresh(conn)
        return
    for table in TABLES:  # the policies would do 8 days again, and 6 of them are there
        # A day of Seoul may have begun in the chunk before.
        first = year.yesterday - DAY if table == "rollup_1d" else year.yesterday
        conn.execute(
            "CALL refresh_continuous_aggregate(%s, %s, %s)",
            (table, first, year.now - timedelta(minutes=1)),
        )


def _squeeze_minutes(conn: Connection[Any]) -> None:
    """What the policy of schema 0005 has done by then."""
    chunks = conn.execute("SELECT show_chunks('rollup_1m', older_than => interval '9 days')")
    for (chunk,) in chunks.fetchall():
        conn.execute("SELECT compress_chunk(%s::regclass)", (chunk,))


def stored(conn: Connection[Any], year: Year, table: str) -> str:
    """The table that holds `table`: of a TimescaleDB width it stands behind the view."""
    if year.kind == "plain" or table not in TABLES:
        return table
    row = conn.execute(
        """
        SELECT format('%%I.%%I', materialization_hypertable_schema, materialization_hypertable_name)
          FROM timescaledb_information.continuous_aggregates
         WHERE view_name = %s
        """,
        (table,),
    ).fetchone()
    assert row is not None
    return row[0]


def _learn(conn: Connection[Any]) -> None:
    """A usual week and a forecast for each zone, so that its page has something to read."""
    conn.execute(
        """
        INSERT INTO usual (zone_id, weekday, minute, wait_p25_s, wait_p50_s, wait_p75_s,
                           served_per_min, people_p50, days)
        SELECT zone_id, weekday, step * 5, 60, 120, 240, 4, 8, 12
          FROM zone, generate_series(1, 7) weekday, generate_series(0, 287) step
        """
    )
    conn.execute(
        """
        INSERT INTO forecast_model (zone_id, method, history_days, weeks, fitted_at)
        SELECT zone_id, 'profile', 84, 12, now() FROM zone
        """
    )
    conn.execute(
        """
        INSERT INTO forecast_point (zone_id, at, wait_s, wait_low_s, wait_high_s, made_at)
        SELECT zone_id, date_trunc('minute', now()) + ahead * interval '5 minutes',
               120, 60, 240, now()
          FROM zone, generate_series(1, 36) ahead
        """
    )


def _days(first: datetime, before: datetime) -> Sequence[datetime]:
    return [first + n * DAY for n in range((before - first) // DAY)]
