"""Lanes, their taps and factors: all SQL of `lane_tap` and `lane_factor`. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, LiteralString

from psycopg import AsyncConnection
from psycopg.rows import class_row

from hub.density import waiting
from hub.density.board import STALE_AFTER_S
from hub.density.stopwatch import KEPT_FOR, Calibration, Tap
from hub.kit.clock import SEOUL
from hub.kit.db import DENSITY, notify

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class Lane:
    """A queue whose wait is known, and the factor that holds; revision 0 and factor 1: none."""

    zone_id: int
    site: str
    node: str
    zone: str
    name: str
    name_en: str
    revision: int
    factor: float
    error: float
    taps: int

    @property
    def key(self) -> str:
        """The zone's name in addresses."""
        return f"{self.site}.{self.node}.{self.zone}"


@dataclass(frozen=True, slots=True)
class Kept:
    """One revision of a lane's factor."""

    revision: int
    factor: float
    error: float
    taps: int
    back_to: int | None
    made_at: datetime
    made_by: str


_LANES: Final[LiteralString] = """
    SELECT z.zone_id, z.site, z.node, z.zone, z.name, z.name_en,
           coalesce(f.revision, 0) AS revision, coalesce(f.factor, 1) AS factor,
           coalesce(f.error, 0) AS error, coalesce(f.taps, 0) AS taps
      FROM zone z
      LEFT JOIN lane_factor_now f USING (zone_id)
     WHERE z.kind = 'queue' AND z.has_served_line AND z.retired_at IS NULL
       AND z.site = %(site)s AND z.node = %(node)s
"""


async def lanes(conn: Connection, site: str, node: str) -> list[Lane]:
    """The lanes of one node."""
    async with conn.cursor(row_factory=class_row(Lane)) as cur:
        told = {"site": site, "node": node}
        await cur.execute(_LANES + "ORDER BY z.position, z.zone", told)
        return await cur.fetchall()


async def lane(
    conn: Connection, site: str, node: str, zone: str, *, lock: bool = False
) -> Lane | None:
    """One lane; with `lock` nobody else changes its factor until the end of the transaction."""
    told = {"site": site, "node": node, "zone": zone}
    if lock:
        await conn.execute(
            """
            SELECT 1 FROM zone
             WHERE site = %(site)s AND node = %(node)s AND zone = %(zone)s FOR NO KEY UPDATE
            """,
            told,
        )
    async with conn.cursor(row_factory=class_row(Lane)) as cur:
        await cur.execute(_LANES + "AND z.zone = %(zone)s", told)
        return await cur.fetchone()


async def reckoned_s(conn: Connection, zone_id: int, at: datetime) -> float | None:
    """What the hub would have said at `at` without a factor; None: it did not know."""
    local = at.astimezone(SEOUL)
    cur = await conn.execute(
        """
        SELECT (SELECT people FROM sample
                 WHERE zone_id = %(zone_id)s AND window_start > %(stale)s AND window_start <= %(at)s
                 ORDER BY window_start DESC LIMIT 1),
               coalesce(sum(served), 0)::integer,
               coalesce(sum(window_s) FILTER (WHERE people_max > 0 OR served > 0), 0)::float8,
               (SELECT served_per_min FROM usual
                 WHERE zone_id = %(zone_id)s AND weekday = %(weekday)s AND minute = %(minute)s)
          FROM sample
         WHERE zone_id = %(zone_id)s AND window_start > %(since)s AND window_start <= %(at)s
        """,
        {
            "zone_id": zone_id,
            "at": at,
            "stale": at - timedelta(seconds=STALE_AFTER_S),
            "since": at - timedelta(seconds=waiting.SERVICE_WINDOW_S),
            "weekday": local.isoweekday(),
            "minute": (local.hour * 60 + local.minute) // 5 * 5,
        },
    )
    row = await cur.fetchone()
    if row is None or row[0] is None:
        return None
    return waiting.wait_s(*row)


async def record(conn: Connection, zone_id: int, tap: Tap) -> None:
    """Keep a tap."""
    await conn.execute(
        """
        INSERT INTO lane_tap (tap_id, zone_id, joined_at, served_at, reckoned_s, tapped_by)
        VALUES (%s, %s, %s, %s, %s, %s)
        """,
        (tap.tap_id, zone_id, tap.joined_at, tap.served_at, tap.reckoned_s, tap.tapped_by),
    )


async def remove(conn: Connection, zone_id: int, tap_id: Any) -> bool:
    """Forget a tap that went wrong; False: there is none."""
    gone = await conn.execute(
        "DELETE FROM lane_tap WHERE zone_id = %s AND tap_id = %s", (zone_id, tap_id)
    )
    return gone.rowcount > 0


async def taps(conn: Connection, zone_id: int, now: datetime) -> Sequence[Tap]:
    """What still says something of the lane: of the last months, and since it was last drawn."""
    async with conn.cursor(row_factory=class_row(Tap)) as cur:
        await cur.execute(
            """
            SELECT t.tap_id, t.joined_at, t.served_at, t.reckoned_s, t.tapped_by
              FROM lane_tap t
              JOIN zone z USING (zone_id)
             WHERE t.zone_id = %(zone_id)s AND t.served_at > %(since)s
               AND t.joined_at > coalesce((SELECT max(saved_at) FROM drawing d
                                            WHERE d.site = z.site AND d.node = z.node), '-infinity')
             ORDER BY t.served_at DESC
            """,
            {"zone_id": zone_id, "since": now - KEPT_FOR},
        )
        return await cur.fetchall()


async def use(
    conn: Connection, lane: Lane, made: Calibration, by: str, now: datetime, back_to: int | None
) -> None:
    """Take this factor from now on; the caller holds the lane. The board hears of it."""
    await conn.execute(
        """
        INSERT INTO lane_factor (zone_id, revision, factor, error, taps, back_to, made_at, made_by)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (lane.zone_id, lane.revision + 1, made.factor, made.error, made.taps, back_to, now, by),
    )
    await notify(conn, DENSITY)


async def history(conn: Connection, zone_id: int, most: int) -> list[Kept]:
    """The newest factors first."""
    async with conn.cursor(row_factory=class_row(Kept)) as cur:
        await cur.execute(
            """
            SELECT revision, factor, error, taps, back_to, made_at, made_by
              FROM lane_factor WHERE zone_id = %s ORDER BY revision DESC LIMIT %s
            """,
            (zone_id, most),
        )
        return await cur.fetchall()


async def kept(conn: Connection, zone_id: int, revision: int) -> Kept | None:
    """One revision."""
    async with conn.cursor(row_factory=class_row(Kept)) as cur:
        await cur.execute(
            """
            SELECT revision, factor, error, taps, back_to, made_at, made_by
              FROM lane_factor WHERE zone_id = %s AND revision = %s
            """,
            (zone_id, revision),
        )
        return await cur.fetchone()
