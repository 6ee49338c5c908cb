"""A past that never was, labelled as such, so that every view of the board can be seen.

`python -m hub demo --history 8w` fills the queue and seating zones of a site with days of
`hub.density.crowd`, up to the moment at which real counting began. The site is marked
`history_simulated`, and the board says so. Running it again adds only the days that are missing:
a day follows from its date and the seed alone.

Left out: whatever a real office would be misled by. Do not run it on one.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from hub.density import crowd, jobs
from hub.density.crowd import Place, Windows
from hub.density.errors import DensityError
from hub.density.past import utc
from hub.density.store import outlook, simulated
from hub.density.store.simulated import Connection, Row, ZoneToFill
from hub.kit import db

MARGIN: Final = timedelta(minutes=2)  # the present minute belongs to the real node
WEEKS_MAX: Final = 12  # as much as is learnt from; raw samples are kept for 90 days
EPOCH_S: Final = 946_684_800  # 2000-01-01, so that minutes since then are a seq
ZONES_MAX: Final = 64


class NothingToFill(DensityError, LookupError):
    """The site has no queue or seating zone to fill. Load a site file first."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was filled in."""

    site: str
    zones: int
    days: int
    samples_added: int
    methods: dict[int, str]
    """How each queue is forecast now, by zone."""

    def __str__(self) -> str:
        fitted = ", ".join(f"zone {zone}: {method}" for zone, method in self.methods.items())
        return (
            f"{self.site}: {self.samples_added} simulated samples added, {self.zones} zones, "
            f"{self.days} days. {fitted or 'No queue has a counter line.'}"
        )


async def fill(dsn: str, site: str, weeks: int, now: datetime, seed: int) -> Summary:
    """Fill a site with simulated history, roll it up, learn from it and forecast.

    Args:
        dsn: the database, migrated and with the site loaded.
        site: the site's id.
        weeks: how far back, 1 to 12.
        now: where history ends, a little before.
        seed: other seeds make other days; days already there stay as they are.

    Raises:
        ValueError: `weeks` is out of range.
        NothingToFill: no such site, or no zone to fill.
    """
    if not 1 <= weeks <= WEEKS_MAX:
        raise ValueError(f"{weeks} weeks: simulated history is 1 to {WEEKS_MAX} weeks long.")
    async with await db.connect(dsn) as conn:
        await conn.execute("SET statement_timeout = '5min'")
        days = crowd.days_before(now, weeks)
        since = utc(days[0], 0)
        zones = await simulated.zones_to_fill(conn, site, since)
        if not zones:
            raise NothingToFill(f"{site}: no queue or seating zone. Load a site file first.")
        await simulated.prepare(conn, since, now)
        added = await _add_days(conn, site, zones, days, now, seed)
        await conn.commit()
        await asyncio.to_thread(_roll_up, dsn, since, now)
        methods = await _learn(conn, {zone.zone_id for zone in zones}, now)
    return Summary(site, len(zones), len(days), added, methods)


def _roll_up(dsn: str, since: datetime, now: datetime) -> None:
    with db.connect_sync(dsn, autocommit=True) as conn:
        conn.execute("SET statement_timeout = '5min'")
        simulated.roll_up(conn, since, now)


async def _add_days(
    conn: Connection,
    site: str,
    zones: Sequence[ZoneToFill],
    days: Sequence[date],
    now: datetime,
    seed: int,
) -> int:
    nodes = sorted({zone.node for zone in zones})
    spools = {node: await simulated.spool_id(conn, site, node, utc(days[0], 0)) for node in nodes}
    added = await simulated.add(conn, _rows(zones, spools, days, now, seed))
    await simulated.label(conn, site, list(spools.values()), _seq(now, 0))
    return added


def _rows(
    zones: Sequence[ZoneToFill],
    spools: dict[str, int],
    days: Sequence[date],
    now: datetime,
    seed: int,
) -> Iterator[Row]:
    """All rows of all days, until real counting began."""
    places = [Place(z.zone_id, z.kind, z.hours, z.seats) for z in zones]
    until = {z.zone_id: min(now - MARGIN, z.real_since or now) for z in zones}
    spool_ids = {z.zone_id: spools[z.node] for z in zones}
    for day in days:
        for windows in crowd.day_of(places, day, seed):
            zone_id = windows.zone_id
            yield from _window_rows(windows, spool_ids[zone_id], until[zone_id])


def _window_rows(windows: Windows, spool_id: int, until: datetime) -> Iterator[Row]:
    """The rows that end before `until`. A zone's window has the same seq in every run."""
    columns = (windows.confidence, windows.people, windows.people_max)
    crossings = (windows.served, windows.entered)
    told = zip(*(column.tolist() for column in (*columns, *crossings)), strict=True)
    for n, (confidence, people, people_max, served, entered) in enumerate(told):
        start = windows.start + timedelta(seconds=crowd.WINDOW_S * n)
        if start + timedelta(seconds=crowd.WINDOW_S) > until:
            return
        key = (start, _seq(start, windows.zone_id), windows.zone_id, spool_id)
        yield (*key, crowd.WINDOW_S, confidence, people, people_max, served, entered)


def _seq(at: datetime, zone_id: int) -> int:
    """A number of a window, one for each minute and zone; grows with time."""
    return int(at.timestamp() - EPOCH_S) // 60 * ZONES_MAX + zone_id % ZONES_MAX + 1


async def _learn(conn: Connection, zone_ids: set[int], now: datetime) -> dict[int, str]:
    """Fit the zones that were filled, and forecast: the board need not wait for the night."""
    methods = {}
    for zone in await outlook.queue_zones(conn):
        if zone.zone_id in zone_ids:
            methods[zone.zone_id] = (await jobs.fit_zone(conn, zone, now)).method
            await conn.commit()
    await jobs.forecast_all(conn, now)
    await conn.commit()
    return methods
