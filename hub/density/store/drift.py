"""What drift is told from, and what was found: all SQL of `node_drift`. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row

from hub.density.drift import Bucket, Drift

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class WatchedZone:
    """A zone that still counts, and when its site is open."""

    zone_id: int
    site: str
    node: str
    zone: str
    hours: Any
    closed_on_holidays: bool
    days: Sequence[dict[str, Any]]
    """What the office says of single days, as JSON."""


async def zones(conn: Connection) -> list[WatchedZone]:
    """All zones of nodes that are in use, by site."""
    async with conn.cursor(row_factory=class_row(WatchedZone)) as cur:
        await cur.execute(
            """
            SELECT z.zone_id, z.site, z.node, z.zone, s.hours, s.closed_on_holidays,
                   coalesce((SELECT jsonb_agg(to_jsonb(d) - 'site') FROM site_day d
                              WHERE d.site = z.site), '[]') AS days
              FROM zone z
              JOIN node n USING (site, node)
              JOIN site s USING (site)
             WHERE z.retired_at IS NULL AND n.retired_at IS NULL AND n.revoked_at IS NULL
             ORDER BY z.site, z.position, z.node, z.zone
            """
        )
        return await cur.fetchall()


async def buckets(
    conn: Connection, zone_id: int, start: datetime, end: datetime
) -> Sequence[Bucket]:
    """The quarters of an hour of one zone that begin in [start, end), oldest first."""
    cur = await conn.execute(
        """
        SELECT bucket, people_avg::float8, people_max, served::integer, confidence_avg::float8,
               observed_s::float8
          FROM density_15m
         WHERE zone_id = %(zone_id)s AND bucket >= %(start)s AND bucket < %(end)s
         ORDER BY bucket
        """,
        {"zone_id": zone_id, "start": start, "end": end},
    )
    return await cur.fetchall()


async def replace(conn: Connection, site: str, found: Sequence[Drift], now: datetime) -> None:
    """Put what drifts at a site now in place of what did; what goes on keeps its `found_at`."""
    # Two workers may both be here: the later one waits, then says the same.
    await conn.execute(
        "SELECT pg_advisory_xact_lock(hashtext('node_drift'), hashtext(%s))", (site,)
    )
    told = {
        "site": site,
        "nodes": [d.node for d in found],
        "zones": [d.zone for d in found],
        "kinds": [d.kind for d in found],
        "now": now,
    }
    await conn.execute(
        """
        DELETE FROM node_drift
         WHERE site = %(site)s
           AND (node, zone, kind) NOT IN (SELECT * FROM unnest(%(nodes)s::text[],
                                                  %(zones)s::text[], %(kinds)s::text[]))
        """,
        told,
    )
    await conn.execute(
        """
        INSERT INTO node_drift (site, node, zone, kind, found_at)
        SELECT %(site)s, k.*, %(now)s
          FROM unnest(%(nodes)s::text[], %(zones)s::text[], %(kinds)s::text[]) AS k
            ON CONFLICT DO NOTHING
        """,
        told,
    )
