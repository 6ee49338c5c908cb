"""Reads for the board and its curves: what is there now, and what was.

Only asynchronous reads; samples are written by `samples`, usual and forecast by `outlook`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, LiteralString, TypeVar

from psycopg import AsyncConnection
from psycopg.rows import class_row

from hub.density.now import (
    FOLD_MINUTES,
    RATE_OVER_S,
    MinuteRow,
    NodeRow,
    PointRow,
    Rows,
    SiteRow,
    ZoneRow,
)
from hub.kit.clock import SEOUL

FORGOTTEN_AFTER: Final = timedelta(days=30)  # an older count says nothing of now
AHEAD: Final = timedelta(seconds=5)  # a node's clock may be this far before the hub's
ADVICE_HORIZON: Final = timedelta(minutes=90)
USUAL_STEP_MIN: Final = 5

T = TypeVar("T")

SITES: Final = """
    SELECT site, name, name_en, hours, levels_s, history_simulated, closed_on_holidays,
           coalesce((SELECT jsonb_agg(to_jsonb(d) - 'site')
                       FROM site_day d
                      WHERE d.site = s.site
                        AND d.day BETWEEN %(today)s::date - 7 AND %(today)s::date + 400),
                    '[]') AS days,
           coalesce((SELECT m.courses
                       FROM meal_day m
                      WHERE m.site = s.site AND m.day = %(today)s), '[]') AS courses
      FROM site s
     ORDER BY site
"""
NODES: Final = """
    SELECT site, node, name, name_en, state,
           coalesce(twin_at > %(now)s - interval '10 minutes', false) AS has_twin
      FROM node
     WHERE retired_at IS NULL
     ORDER BY site, node
"""
ZONES: Final = """
    SELECT z.zone_id, z.site, z.node, z.zone, z.kind, z.name, z.name_en, z.place, z.place_en,
           z.seats, z.has_served_line,
           CASE WHEN newest.window_start IS NOT NULL  -- least() would take the other for a NULL
                THEN least(newest.window_start + make_interval(secs => newest.window_s), %(now)s)
           END AS observed_at,
           newest.people,
           coalesce(recent.served, 0)::integer AS served,
           coalesce(recent.busy_s, 0)::float8 AS busy_s,
           usual.wait_p50_s * coalesce(lane.factor, 1) AS usual_wait_s,
           usual.served_per_min AS usual_served_per_min,
           coalesce(model.weeks, 0) AS history_weeks,
           coalesce(lane.factor, 1) AS wait_factor
      FROM zone z
      LEFT JOIN LATERAL (
             SELECT s.window_start, s.window_s, s.people
               FROM sample s
              WHERE s.zone_id = z.zone_id
                AND s.window_start BETWEEN %(forgotten)s AND %(ahead)s
              ORDER BY s.window_start DESC
              LIMIT 1
           ) newest ON true
      LEFT JOIN LATERAL (
             SELECT sum(s.served) AS served,
                    sum(s.window_s) FILTER (WHERE s.people_max > 0 OR s.served > 0) AS busy_s
               FROM sample s
              WHERE s.zone_id = z.zone_id
                AND s.window_start BETWEEN %(rate_from)s AND %(ahead)s
           ) recent ON true
      LEFT JOIN usual
             ON usual.zone_id = z.zone_id
            AND usual.weekday = %(weekday)s
            AND usual.minute = %(minute)s
      LEFT JOIN forecast_model model ON model.zone_id = z.zone_id
      LEFT JOIN lane_factor_now lane ON lane.zone_id = z.zone_id
     WHERE z.retired_at IS NULL
     ORDER BY z.site, z.position, z.node, z.zone
"""
MINUTES: Final = """
    SELECT zone_id,
           date_bin('1 minute', window_start, 'epoch') AS at,
           avg(people)::float8 AS people,
           sum(served)::integer AS served,
           coalesce(sum(window_s) FILTER (WHERE people_max > 0 OR served > 0), 0)::float8 AS busy_s
      FROM sample
     WHERE window_start >= %(fold_from)s
       AND window_start <= %(ahead)s
     GROUP BY zone_id, at
"""
POINTS: Final = """
    SELECT zone_id, at, wait_s * coalesce(factor, 1) AS wait_s,
           wait_low_s * coalesce(factor, 1) AS wait_low_s,
           wait_high_s * coalesce(factor, 1) AS wait_high_s
      FROM forecast_point
      LEFT JOIN lane_factor_now USING (zone_id)
     WHERE at > %(now)s
       AND at <= %(horizon)s
     ORDER BY zone_id, at
"""


BOARD: Final[tuple[tuple[type, LiteralString], ...]] = (
    (SiteRow, SITES),
    (NodeRow, NODES),
    (ZoneRow, ZONES),
    (MinuteRow, MINUTES),
    (PointRow, POINTS),
)


async def rows_now(conn: AsyncConnection[Any], now: datetime) -> Rows:
    """Everything the board is made of at `now`, in one round trip."""
    local = now.astimezone(SEOUL)
    told = {
        "now": now,
        "today": local.date(),
        "forgotten": now - FORGOTTEN_AFTER,
        "ahead": now + AHEAD,
        "rate_from": now - timedelta(seconds=RATE_OVER_S),
        "fold_from": _minutes_before(now, FOLD_MINUTES + RATE_OVER_S // 60),
        "horizon": now + ADVICE_HORIZON,
        "weekday": local.isoweekday(),
        "minute": (local.hour * 60 + local.minute) // USUAL_STEP_MIN * USUAL_STEP_MIN,
    }
    async with conn.pipeline():
        asked = [await _ask(conn, kind, query, told) for kind, query in BOARD]
        return Rows(*[await cursor.fetchall() for cursor in asked])


async def _ask(
    conn: AsyncConnection[Any], kind: type[T], query: LiteralString, told: dict[str, Any]
) -> Any:
    cursor = conn.cursor(row_factory=class_row(kind))
    return await cursor.execute(query, told)


def _minutes_before(now: datetime, minutes: int) -> datetime:
    """The start of the whole minute that lies `minutes` before this one."""
    return now.replace(second=0, microsecond=0) - timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class ZoneName:
    """What the curves need to know of a zone."""

    zone_id: int
    kind: str
    has_served_line: bool
    history_simulated: bool
    wait_factor: float

    @property
    def has_wait(self) -> bool:
        """Whether people served are counted here."""
        return self.kind == "queue" and self.has_served_line


@dataclass(frozen=True, slots=True)
class BucketRow:
    """One bucket of a zone; only buckets in which something was observed have a row."""

    bucket: datetime
    people_avg: float
    people_max: int
    served: int
    observed_s: float


async def zone_named(
    conn: AsyncConnection[Any], site: str, node: str, zone: str
) -> ZoneName | None:
    """The zone `site.node.zone`, or None."""
    cursor = await _ask(
        conn,
        ZoneName,
        """
        SELECT z.zone_id, z.kind, z.has_served_line, s.history_simulated,
               coalesce(f.factor, 1) AS wait_factor
          FROM zone z
          JOIN site s USING (site)
          LEFT JOIN lane_factor_now f USING (zone_id)
         WHERE z.site = %(site)s AND z.node = %(node)s AND z.zone = %(zone)s
        """,
        {"site": site, "node": node, "zone": zone},
    )
    return await cursor.fetchone()


_BUCKETS: Final = """
    SELECT bucket, people_avg::float8, people_max, served::integer, observed_s::float8
      FROM {view}
     WHERE zone_id = %(zone_id)s
       AND bucket >= %(start)s
       AND bucket < %(end)s
     ORDER BY bucket
"""
BUCKETS: Final[dict[int, LiteralString]] = {
    60: _BUCKETS.format(view="density_1m"),
    900: _BUCKETS.format(view="density_15m"),
    86400: _BUCKETS.format(view="density_1d"),
}


async def buckets(
    conn: AsyncConnection[Any], zone_id: int, start: datetime, end: datetime, step_s: int
) -> Sequence[BucketRow]:
    """The observed buckets that begin in [start, end), of 60, 900 or 86,400 s."""
    told = {"zone_id": zone_id, "start": start, "end": end}
    return await (await _ask(conn, BucketRow, BUCKETS[step_s], told)).fetchall()


async def usual_rates(
    conn: AsyncConnection[Any], zone_id: int, start: datetime, end: datetime
) -> dict[tuple[int, int], float]:
    """Usual people served per minute on the weekdays of [start, end], by weekday and minute."""
    days = (end - start) // timedelta(days=1) + 2
    cursor = await conn.execute(
        """
        SELECT weekday, minute, served_per_min
          FROM usual
         WHERE zone_id = %(zone_id)s
           AND weekday = ANY(%(weekdays)s)
           AND served_per_min IS NOT NULL
        """,
        {
            "zone_id": zone_id,
            "weekdays": list(
                {
                    (start + timedelta(days=n)).astimezone(SEOUL).isoweekday()
                    for n in range(min(days, 7))
                }
            ),
        },
    )
    return {(weekday, minute): rate for weekday, minute, rate in await cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class UsualRow:
    """What is usual from this minute of the day on."""

    minute: int
    wait_p25_s: float
    wait_p50_s: float
    wait_p75_s: float


@dataclass(frozen=True, slots=True)
class ModelRow:
    """How a zone's forecast is made."""

    method: Literal["collecting", "profile", "ridge"]
    history_days: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is usual today and what is to come, of one zone."""

    model: ModelRow | None
    made_at: datetime | None
    usual: Sequence[UsualRow]
    points: Sequence[PointRow]


async def outlook(conn: AsyncConnection[Any], zone_id: int, now: datetime) -> Outlook:
    """The usual curve of `now`'s day in Korea, and the forecast's points that lie ahead."""
    told = {
        "zone_id": zone_id,
        "weekday": now.astimezone(SEOUL).isoweekday(),
        "now": now,
        "horizon": now + ADVICE_HORIZON,
    }
    async with conn.pipeline():
        model = await _ask(conn, ModelRow, MODEL, told)
        usual = await _ask(conn, UsualRow, USUAL, told)
        points = await _ask(conn, PointRow, POINTS_OF_ZONE, told)
        made = await conn.execute(MADE_AT, told)
        made_at = (await made.fetchone() or (None,))[0]
        return Outlook(
            await model.fetchone(), made_at, await usual.fetchall(), await points.fetchall()
        )


MODEL: Final = """
    SELECT method, history_days
      FROM forecast_model
     WHERE zone_id = %(zone_id)s
"""
USUAL: Final = """
    SELECT minute, wait_p25_s * coalesce(factor, 1) AS wait_p25_s,
           wait_p50_s * coalesce(factor, 1) AS wait_p50_s,
           wait_p75_s * coalesce(factor, 1) AS wait_p75_s
      FROM usual
      LEFT JOIN lane_factor_now USING (zone_id)
     WHERE zone_id = %(zone_id)s AND weekday = %(weekday)s
     ORDER BY minute
"""
POINTS_OF_ZONE: Final = """
    SELECT zone_id, at, wait_s * coalesce(factor, 1) AS wait_s,
           wait_low_s * coalesce(factor, 1) AS wait_low_s,
           wait_high_s * coalesce(factor, 1) AS wait_high_s
      FROM forecast_point
      LEFT JOIN lane_factor_now USING (zone_id)
     WHERE zone_id = %(zone_id)s AND at > %(now)s AND at <= %(horizon)s
     ORDER BY at
"""
MADE_AT: Final = """
    SELECT max(made_at)
      FROM forecast_point
     WHERE zone_id = %(zone_id)s AND at > %(now)s
"""


@dataclass(frozen=True, slots=True)
class Ready:
    """What can be said of the database."""

    migrated_to: str
    """Name of the newest file of `hub/schema` that ran."""
    last_sample_at: datetime | None


async def ready(conn: AsyncConnection[Any]) -> Ready:
    """Newest schema file and newest sample. Raises where the database has no schema."""
    cursor = await _ask(
        conn,
        Ready,
        """
        SELECT (SELECT max(name) FROM schema_version) AS migrated_to,
               (SELECT max(newest.window_start)
                  FROM zone z
                 CROSS JOIN LATERAL (
                         SELECT window_start FROM sample s
                          WHERE s.zone_id = z.zone_id
                          ORDER BY window_start DESC LIMIT 1
                       ) newest) AS last_sample_at
        """,
        {},
    )
    found = await cursor.fetchone()
    assert found is not None  # noqa: S101  a SELECT without FROM has one row
    return found
