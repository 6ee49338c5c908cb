"""What is done in the background: forecasts each minute, fits each night, roll-ups, upkeep.

Every task may run twice, or late, or on several workers at once: each replaces what is there by
what follows from the samples, so nothing is counted twice and the last one is right. The numbers
are worked out in a thread: a heartbeat that stops looks like a dead worker.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from hub.density import backtest, drift, forecast, past, usual
from hub.density.backtest import Model
from hub.density.forecast import Coefficients, Point
from hub.density.hours import Hours
from hub.density.past import Minute
from hub.density.store import drift as drifted
from hub.density.store import outlook, rollups
from hub.density.store.outlook import Connection, QueueZone, StoredModel
from hub.density.usual import STEP_MIN, UsualStep
from hub.devices.closed_days import ClosedDays
from hub.kit import clock, db
from hub.kit.jobs import Context, Work

log = logging.getLogger(__name__)

HISTORY: Final = timedelta(weeks=12)  # staff, menus and habits change: older weeks mislead
NIGHTLY: Final = time(2, 0)  # Korean time
RECENT: Final = timedelta(minutes=past.RECENT_MIN + past.WINDOW_MIN)


async def look_ahead(context: Context, timestamp: int) -> None:  # noqa: ARG001  given by the queue
    """Forecast the next 90 minutes of every queue, and tell the board."""
    async with _pool(context).connection() as conn:
        await forecast_all(conn, clock.now())


async def learn(context: Context, timestamp: int) -> None:  # noqa: ARG001  given by the queue
    """Fit the zones whose usual curve and model are older than last night, one by one."""
    now = clock.now()
    async with _pool(context).connection() as conn:
        zones = await outlook.queue_zones(conn)
    for zone in zones:
        async with _pool(context).connection() as conn:
            if await outlook.claim_refit(conn, zone.zone_id, last_night(now)):
                await fit_zone(conn, zone, now)


async def roll_up(context: Context, timestamp: int) -> None:  # noqa: ARG001  given by the queue
    """Make the wide views cheap to read: they are right without it."""
    await asyncio.to_thread(_with_connection, context.additional_context["dsn"], rollups.refresh)


async def keep_up(context: Context, timestamp: int) -> None:  # noqa: ARG001  given by the queue
    """Make room for the days to come, and forget what is too old."""
    now = clock.now()
    await asyncio.to_thread(
        _with_connection, context.additional_context["dsn"], lambda conn: rollups.upkeep(conn, now)
    )


def _with_connection(dsn: str, work: Callable[[Any], object]) -> None:
    """Do blocking work on a connection of its own, outside any transaction."""
    with db.connect_sync(dsn, autocommit=True) as conn:
        conn.execute("SET statement_timeout = '5min'")
        work(conn)


def _pool(context: Context) -> db.Pool:
    return context.additional_context["pool"]


def last_night(now: datetime) -> datetime:
    """The last 02:00 of Korean time: a fit made before it does not know yesterday."""
    local = now.astimezone(clock.SEOUL)
    tonight = datetime.combine(local.date(), NIGHTLY, clock.SEOUL)
    return tonight if tonight <= local else tonight - timedelta(days=1)


async def fit_zone(conn: Connection, zone: QueueZone, now: datetime) -> StoredModel:
    """Learn the usual week and the model of one zone from its last weeks. Does not commit."""
    counted = await outlook.minutes(conn, [zone.zone_id], now - HISTORY, now)
    steps, model, history = await asyncio.to_thread(_learnt, counted[zone.zone_id], zone.hours)
    stored = _stored(zone.zone_id, model, history, now)
    await outlook.replace_usual(conn, zone.zone_id, steps)
    await outlook.record_model(conn, stored)
    log.info("zone learnt", extra={"zone_id": zone.zone_id, "method": stored.method})
    return stored


def _learnt(
    minutes: Sequence[Minute], hours: Hours
) -> tuple[tuple[UsualStep, ...], Model | None, int]:
    """The usual week, the model, and how many days there are."""
    seen = past.from_minutes(minutes, hours)
    days = 0 if seen is None else seen.history_days
    return usual.usual_of(seen), backtest.choose(seen), days


def _stored(zone_id: int, model: Model | None, history_days: int, now: datetime) -> StoredModel:
    if model is None:
        return StoredModel(zone_id, "collecting", history_days, 0, None, None, now)
    return StoredModel(
        zone_id,
        model.method,
        history_days,
        model.weeks,
        model.coefficients.to_json(),
        model.backtest,
        now,
    )


async def forecast_all(conn: Connection, now: datetime) -> int:
    """Forecast every fitted zone and notify the board; return how many. Does not commit."""
    zone_ids = [zone.zone_id for zone in await outlook.queue_zones(conn)]
    models = await outlook.models(conn, zone_ids)
    end = now.replace(second=0, microsecond=0)  # the minute that runs is not whole yet
    counted = await outlook.minutes(conn, zone_ids, end - RECENT, end)
    rates = await _rates(conn, zone_ids, now)
    points = await asyncio.to_thread(_ahead, models, counted, rates, end)
    await outlook.replace_forecast(conn, points, now)
    await db.notify(conn, db.DENSITY)
    return sum(1 for ahead in points.values() if ahead)


async def _rates(
    conn: Connection, zone_ids: Sequence[int], now: datetime
) -> dict[tuple[int, int], dict[int, float]]:
    """Usual rates by (zone, weekday) for yesterday and today: an hour back may cross midnight."""
    today = now.astimezone(clock.SEOUL).isoweekday()
    found: dict[tuple[int, int], dict[int, float]] = {}
    for weekday in (today, (today - 2) % 7 + 1):
        for zone_id, by_minute in (await outlook.usual_rates(conn, zone_ids, weekday)).items():
            found[zone_id, weekday] = by_minute
    return found


def _ahead(
    models: dict[int, StoredModel],
    counted: dict[int, list[Minute]],
    rates: dict[tuple[int, int], dict[int, float]],
    end: datetime,
) -> dict[int, list[Point]]:
    """Points of each zone; none where history is still being collected."""
    return {
        zone_id: _zone_ahead(models.get(zone_id), minutes, rates, end)
        for zone_id, minutes in counted.items()
    }


def _zone_ahead(
    model: StoredModel | None,
    minutes: Sequence[Minute],
    rates: dict[tuple[int, int], dict[int, float]],
    end: datetime,
) -> list[Point]:
    if model is None or model.coefficients is None:
        return []

    def rate_per_min(at: datetime) -> float | None:
        local = at.astimezone(clock.SEOUL)
        minute = (local.hour * 60 + local.minute) // STEP_MIN * STEP_MIN
        return rates.get((model.zone_id, local.isoweekday()), {}).get(minute)

    coefficients = Coefficients.from_json(model.coefficients)
    waits = past.recent_waits_s(minutes, rate_per_min, end)
    return forecast.points_from(coefficients, waits, end)


async def look_for_drift(context: Context, timestamp: int) -> None:  # noqa: ARG001  as above
    """Compare each zone with its own past weeks and its neighbours; one site at a time."""
    now = clock.now()
    async with _pool(context).connection() as conn:
        zones = await drifted.zones(conn)
    for _, of_site in groupby(zones, key=attrgetter("site")):
        async with _pool(context).connection() as conn:
            await find_drift(conn, list(of_site), now)


async def find_drift(
    conn: Connection, zones: Sequence[drifted.WatchedZone], now: datetime
) -> tuple[drift.Drift, ...]:
    """Write down what drifts among the zones of one site. Does not commit."""
    pasts = []
    for zone in zones:
        seen = await drifted.buckets(conn, zone.zone_id, now - HISTORY, now)
        closed = ClosedDays.of(zone.closed_on_holidays, zone.days)
        days = await asyncio.to_thread(drift.days_of, seen, zone.hours, now, closed)
        pasts.append(drift.ZonePast(zone.node, zone.zone, days))
    found = await asyncio.to_thread(drift.drifts, pasts, now)
    await drifted.replace(conn, zones[0].site, found, now)
    for one in found:
        told = {"node": f"{zones[0].site}/{one.node}", "zone": one.zone, "kind": one.kind}
        log.warning("count drifts", extra=told)
    return found


WORKS: Final = (
    Work("density.look_ahead", look_ahead, "* * * * *"),
    Work("density.roll_up", roll_up, "*/5 * * * *"),
    Work("density.learn", learn, "*/10 * * * *"),
    Work("density.keep_up", keep_up, "7 * * * *"),
    Work("density.look_for_drift", look_for_drift, "40 5,17 * * *"),  # UTC: after lunch, at night
)
