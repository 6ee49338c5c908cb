"""What is usual and what is to come: all SQL of `usual`, `forecast_model` and `forecast_point`.

Also the reads of history that these are worked out from. Nothing here commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from hub.density.forecast import Point
from hub.density.past import Minute
from hub.density.usual import UsualStep

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class QueueZone:
    """A zone whose wait can be known: a queue with a counter line."""

    zone_id: int
    hours: Any


@dataclass(frozen=True, slots=True)
class UsualNow:
    """What is usual in one zone at one weekday and minute."""

    zone_id: int
    wait_p50_s: float
    served_per_min: float | None
    people_p50: float
    weeks: int


@dataclass(frozen=True, slots=True)
class StoredModel:
    """What the last fit of a zone left behind."""

    zone_id: int
    method: str
    history_days: int
    weeks: int
    coefficients: dict[str, Any] | None
    backtest: dict[str, Any] | None
    fitted_at: datetime


@dataclass(frozen=True, slots=True)
class StoredPoint:
    """One forecast wait, with when it was made."""

    zone_id: int
    at: datetime
    wait_s: float
    wait_low_s: float
    wait_high_s: float
    made_at: datetime


async def queue_zones(conn: Connection) -> list[QueueZone]:
    """All queues with a counter line that a site file still names."""
    async with conn.cursor(row_factory=class_row(QueueZone)) as cur:
        await cur.execute(
            """
            SELECT z.zone_id, s.hours
              FROM zone z
              JOIN site s USING (site)
             WHERE z.kind = 'queue' AND z.has_served_line AND z.retired_at IS NULL
             ORDER BY z.zone_id
            """
        )
        return await cur.fetchall()


async def minutes(
    conn: Connection, zone_ids: Sequence[int], start: datetime, end: datetime
) -> dict[int, list[Minute]]:
    """The observed minutes of each zone that begin in [start, end), oldest first."""
    async with conn.cursor() as cur:
        await cur.execute(
            """
            SELECT zone_id, bucket, people_avg, served::integer, observed_s
              FROM density_1m
             WHERE zone_id = ANY(%(zone_ids)s)
               AND bucket >= %(start)s
               AND bucket < %(end)s
             ORDER BY zone_id, bucket
            """,
            {"zone_ids": list(zone_ids), "start": start, "end": end},
        )
        found: dict[int, list[Minute]] = {zone_id: [] for zone_id in zone_ids}
        for zone_id, *minute in await cur.fetchall():
            found[zone_id].append((minute[0], minute[1], minute[2], minute[3]))
        return found


async def usual_day(conn: Connection, zone_id: int, weekday: int) -> list[UsualStep]:
    """The usual day of a zone, in order; weekday 1 is Monday. Empty while collecting."""
    async with conn.cursor(row_factory=class_row(UsualStep)) as cur:
        await cur.execute(
            """
            SELECT weekday, minute, wait_p25_s, wait_p50_s, wait_p75_s, served_per_min,
                   people_p50, days
              FROM usual
             WHERE zone_id = %(zone_id)s AND weekday = %(weekday)s
             ORDER BY minute
            """,
            {"zone_id": zone_id, "weekday": weekday},
        )
        return await cur.fetchall()


async def usual_now(
    conn: Connection, zone_ids: Sequence[int], weekday: int, minute: int
) -> dict[int, UsualNow]:
    """What is usual in many zones at a minute of the Korean day; zones still collecting lack."""
    async with conn.cursor(row_factory=class_row(UsualNow)) as cur:
        await cur.execute(
            """
            SELECT u.zone_id, u.wait_p50_s, u.served_per_min, u.people_p50,
                   coalesce(m.weeks, 0) AS weeks
              FROM usual u
              LEFT JOIN forecast_model m USING (zone_id)
             WHERE u.zone_id = ANY(%(zone_ids)s)
               AND u.weekday = %(weekday)s
               AND u.minute = %(minute)s / 5 * 5  -- a row stands for five minutes
            """,
            {"zone_ids": list(zone_ids), "weekday": weekday, "minute": minute},
        )
        return {row.zone_id: row for row in await cur.fetchall()}


async def usual_rates(
    conn: Connection, zone_ids: Sequence[int], weekday: int
) -> dict[int, dict[int, float]]:
    """Usual people served per minute of many zones on one weekday, by minute of day in fives."""
    async with conn.cursor() as cur:
        await cur.execute(
            """
            SELECT zone_id, minute, served_per_min
              FROM usual
             WHERE zone_id = ANY(%(zone_ids)s)
               AND weekday = %(weekday)s
               AND served_per_min IS NOT NULL
            """,
            {"zone_ids": list(zone_ids), "weekday": weekday},
        )
        found: dict[int, dict[int, float]] = {}
        for zone_id, minute, rate in await cur.fetchall():
            found.setdefault(zone_id, {})[minute] = rate
        return found


async def replace_usual(conn: Connection, zone_id: int, steps: Sequence[UsualStep]) -> None:
    """Put a new usual week in place of the old one. Readers see the one or the other."""
    await conn.execute("DELETE FROM usual WHERE zone_id = %s", (zone_id,))
    async with (
        conn.cursor() as cur,
        cur.copy(
            """
            COPY usual (zone_id, weekday, minute, wait_p25_s, wait_p50_s, wait_p75_s,
                        served_per_min, people_p50, days) FROM STDIN
            """
        ) as copy,
    ):
        for s in steps:
            quartiles = (s.wait_p25_s, s.wait_p50_s, s.wait_p75_s)
            rest = (s.served_per_min, s.people_p50, s.days)
            await copy.write_row((zone_id, s.weekday, s.minute, *quartiles, *rest))


async def claim_refit(conn: Connection, zone_id: int, stale_before: datetime) -> bool:
    """Whether this zone is due for a fit and nobody else is at it; held until COMMIT."""
    async with conn.cursor() as cur:
        await cur.execute(
            """
            SELECT pg_try_advisory_xact_lock(hashtext('forecast_model'), %(zone_id)s)
               AND NOT EXISTS (SELECT FROM forecast_model
                                WHERE zone_id = %(zone_id)s AND fitted_at >= %(stale_before)s)
            """,
            {"zone_id": zone_id, "stale_before": stale_before},
        )
        row = await cur.fetchone()
        return bool(row and row[0])


async def record_model(conn: Connection, model: StoredModel) -> None:
    """Put the newest fit of a zone in place of the one before."""
    await conn.execute(
        """
        INSERT INTO forecast_model
               (zone_id, method, history_days, weeks, coefficients, backtest, fitted_at)
        VALUES (%(zone_id)s, %(method)s, %(history_days)s, %(weeks)s, %(coefficients)s,
                %(backtest)s, %(fitted_at)s)
            ON CONFLICT (zone_id) DO UPDATE
           SET method = excluded.method, history_days = excluded.history_days,
               weeks = excluded.weeks, coefficients = excluded.coefficients,
               backtest = excluded.backtest, fitted_at = excluded.fitted_at
        """,
        {
            "zone_id": model.zone_id,
            "method": model.method,
            "history_days": model.history_days,
            "weeks": model.weeks,
            "coefficients": _jsonb(model.coefficients),
            "backtest": _jsonb(model.backtest),
            "fitted_at": model.fitted_at,
        },
    )


def _jsonb(value: dict[str, Any] | None) -> Jsonb | None:
    return None if value is None else Jsonb(value)


async def models(conn: Connection, zone_ids: Sequence[int]) -> dict[int, StoredModel]:
    """The models of many zones; a zone that was never fitted has none."""
    async with conn.cursor(row_factory=class_row(StoredModel)) as cur:
        await cur.execute(
            """
            SELECT zone_id, method, history_days, weeks, coefficients, backtest, fitted_at
              FROM forecast_model
             WHERE zone_id = ANY(%(zone_ids)s)
            """,
            {"zone_ids": list(zone_ids)},
        )
        return {row.zone_id: row for row in await cur.fetchall()}


async def replace_forecast(
    conn: Connection, points: Mapping[int, Sequence[Point]], made_at: datetime
) -> None:
    """Put new forecasts of these zones in place of their old ones."""
    # Two workers may both be here: the later one waits, then replaces what the first one made.
    await conn.execute("SELECT pg_advisory_xact_lock(hashtext('forecast_point'))")
    await conn.execute("DELETE FROM forecast_point WHERE zone_id = ANY(%s)", (list(points),))
    async with (
        conn.cursor() as cur,
        cur.copy(
            """
            COPY forecast_point (zone_id, at, wait_s, wait_low_s, wait_high_s, made_at) FROM STDIN
            """
        ) as copy,
    ):
        for zone_id, ahead in points.items():
            for p in ahead:
                await copy.write_row(
                    (zone_id, p.at, p.wait_s, p.wait_low_s, p.wait_high_s, made_at)
                )


async def forecast_points(conn: Connection, zone_id: int) -> list[StoredPoint]:
    """The newest forecast of one zone, in order of time."""
    return (await forecasts(conn, [zone_id]))[zone_id]


async def forecasts(conn: Connection, zone_ids: Sequence[int]) -> dict[int, list[StoredPoint]]:
    """The newest forecasts of many zones, each in order of time."""
    async with conn.cursor(row_factory=class_row(StoredPoint)) as cur:
        await cur.execute(
            """
            SELECT zone_id, at, wait_s, wait_low_s, wait_high_s, made_at
              FROM forecast_point
             WHERE zone_id = ANY(%(zone_ids)s)
             ORDER BY zone_id, at
            """,
            {"zone_ids": list(zone_ids)},
        )
        found: dict[int, list[StoredPoint]] = {zone_id: [] for zone_id in zone_ids}
        for point in await cur.fetchall():
            found[point.zone_id].append(point)
        return found
