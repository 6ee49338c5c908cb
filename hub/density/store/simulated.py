"""SQL of simulated history: which zones to fill, and the rows of a past that never was.

The rows live in `sample` like any others, under a spool of their own for each node. Nothing here
commits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from psycopg import AsyncConnection
from psycopg import Connection as SyncConnection
from psycopg.rows import class_row

from hub.density.store import rollups
from hub.kit.migrate import kind_of

Connection = AsyncConnection[Any]
Row = tuple[datetime, int, int, int, float, float, int, int, int, int]
"""window_start, seq, zone_id, spool_id, window_s, confidence, people, people_max, served,
entered."""


@dataclass(frozen=True, slots=True)
class ZoneToFill:
    """A queue or seating zone, and when its node first counted for real."""

    zone_id: int
    node: str
    kind: Literal["queue", "seating"]
    seats: int | None
    hours: Any
    real_since: datetime | None


def spool_of(site: str, node: str) -> UUID:
    """The spool that holds a node's simulated history; always the same one."""
    return uuid5(NAMESPACE_URL, f"https://cheongsa.invalid/simulated/{site}/{node}")


async def zones_to_fill(conn: Connection, site: str, since: datetime) -> list[ZoneToFill]:
    """The queue and seating zones of a site; `real_since` looks no further back than `since`."""
    nodes = await _nodes(conn, site)
    async with conn.cursor(row_factory=class_row(ZoneToFill)) as cur:
        await cur.execute(
            """
            SELECT z.zone_id, z.node, z.kind, z.seats, s.hours,
                   (SELECT min(c.window_start)
                      FROM sample c
                      JOIN zone o ON o.zone_id = c.zone_id
                     WHERE o.site = z.site AND o.node = z.node
                       AND c.window_start >= %(since)s
                       AND c.spool_id NOT IN (SELECT spool_id FROM spool
                                               WHERE spool = ANY(%(simulated)s))) AS real_since
              FROM zone z
              JOIN site s USING (site)
             WHERE z.site = %(site)s AND z.kind IN ('queue', 'seating') AND z.retired_at IS NULL
             ORDER BY z.zone_id
            """,
            {
                "site": site,
                "since": since,
                "simulated": [spool_of(site, node) for node in nodes],
            },
        )
        return await cur.fetchall()


async def _nodes(conn: Connection, site: str) -> list[str]:
    cur = await conn.execute("SELECT node FROM node WHERE site = %s", (site,))
    return [node for (node,) in await cur.fetchall()]


async def spool_id(conn: Connection, site: str, node: str, since: datetime) -> int:
    """The spool of a node's simulated history; made if it is missing.

    It was last heard when it began, so that nobody takes it for the node's present outbox.
    """
    cur = await conn.execute(
        """
        INSERT INTO spool (site, node, spool, heard_at)
        VALUES (%(site)s, %(node)s, %(spool)s, %(since)s)
            ON CONFLICT (site, node, spool) DO UPDATE SET site = excluded.site
        RETURNING spool_id
        """,
        {"site": site, "node": node, "spool": spool_of(site, node), "since": since},
    )
    row = await cur.fetchone()
    assert row is not None  # noqa: S101  an upsert returns its row
    return row[0]


async def prepare(conn: Connection, first: datetime, last: datetime) -> None:
    """Make room for the days, and a place to copy to."""
    await conn.execute("SELECT sample_days(%s, %s)", (first, last))
    await conn.execute("CREATE TEMP TABLE simulated (LIKE sample) ON COMMIT DROP")


async def add(conn: Connection, rows: Iterable[Row]) -> int:
    """Add rows; return how many were not there yet. What is there stays as it is."""
    async with (
        conn.cursor() as cur,
        cur.copy(
            """
            COPY simulated (window_start, seq, zone_id, spool_id, window_s, confidence,
                            people, people_max, served, entered) FROM STDIN
            """
        ) as copy,
    ):
        for row in rows:
            await copy.write_row(row)
    added = await conn.execute(
        """
        INSERT INTO sample SELECT * FROM simulated
        ON CONFLICT (zone_id, window_start, spool_id, seq) DO NOTHING
        """
    )
    return added.rowcount


async def label(conn: Connection, site: str, spool_ids: Sequence[int], last_seq: int) -> None:
    """Say on the board that this site has simulated history, and in the spools what they hold."""
    await conn.execute("UPDATE site SET history_simulated = true WHERE site = %s", (site,))
    await conn.execute(
        """
        UPDATE spool SET held = int8multirange(int8range(1, %(last_seq)s, '[]'))
         WHERE spool_id = ANY(%(spool_ids)s)
        """,
        {"spool_ids": list(spool_ids), "last_seq": last_seq},
    )


def roll_up(conn: SyncConnection[Any], first: datetime, last: datetime) -> None:
    """Bring the roll-ups up to date, however far back. `conn` must be autocommit."""
    # Weeks of rows that no statistics know of: the planner would scan a day for each minute.
    conn.execute("ANALYZE sample")
    if kind_of(conn) == "plain":
        rollups.refresh(conn)
        return
    for width in ("rollup_1m", "rollup_15m", "rollup_1d"):  # the policies look back 8 days only
        conn.execute(
            "CALL refresh_continuous_aggregate(%s, %s, %s)",
            (width, first - timedelta(days=1), last),
        )
