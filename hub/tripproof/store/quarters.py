"""Quarters of coordinates as rows: what is kept of each, who holds it, when it was destroyed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.rows import class_row

from hub.kit.ids import uuid7

Conn = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """One quarter."""

    quarter: int
    sealed: int
    needed_until: datetime
    said_at: datetime | None
    destroyed_at: datetime | None
    destroyed_by: str | None
    holds: list[str]
    """The names under which it is held back now."""


_OF: Final = """
SELECT q.quarter, q.sealed, q.needed_until, q.said_at, q.destroyed_at, q.destroyed_by,
       ARRAY(SELECT h.name FROM trip_hold h
              WHERE h.quarter = q.quarter AND h.lifted_at IS NULL ORDER BY h.name) AS holds
  FROM trip_quarter q
"""


async def reckon(conn: Conn) -> None:
    """Look anew until when each quarter is needed.

    An X is needed as long as the consent under which it was taken lasts: that which the person had
    given last when it came. Nobody knows whose one that came alone is: a year, the longest it may.
    """
    await conn.execute(
        """
        INSERT INTO trip_quarter (quarter, sealed, needed_until)
        SELECT s.quarter, count(*), max(coalesce(c.ends_at, l.at + interval '365 days'))
          FROM trip_sealed s
          JOIN trip_leaf l USING (log_index)
          LEFT JOIN trip_proof p USING (log_index)
          LEFT JOIN LATERAL (
               SELECT least(until, withdrawn_at) AS ends_at
                 FROM trip_consent
                WHERE person_id = p.person_id AND given_at <= p.received_at + interval '1 second'
                ORDER BY given_at DESC LIMIT 1) c ON true
         WHERE s.quarter NOT IN (SELECT quarter FROM trip_quarter WHERE destroyed_at IS NOT NULL)
         GROUP BY s.quarter
            ON CONFLICT (quarter) DO UPDATE
           SET sealed = excluded.sealed, needed_until = excluded.needed_until
        """
    )


async def all_of_them(conn: Conn) -> list[Kept]:
    """As they were last reckoned, the oldest first."""
    async with conn.cursor(row_factory=class_row(Kept)) as cursor:
        await cursor.execute(_OF + " ORDER BY q.quarter")
        return await cursor.fetchall()


async def one(conn: Conn, quarter: int) -> Kept | None:
    """One of them, as it was last reckoned."""
    async with conn.cursor(row_factory=class_row(Kept)) as cursor:
        await cursor.execute(_OF + " WHERE q.quarter = %s", (quarter,))
        return await cursor.fetchone()


async def destroyed(conn: Conn, quarter: int, index: int, by: str, at: datetime) -> None:
    """Its destruction is in the log at `index`."""
    await conn.execute(
        "UPDATE trip_quarter SET destroyed_at = %s, destroyed_by = %s, log_index = %s"
        " WHERE quarter = %s",
        (at, by, index, quarter),
    )


async def destruction(conn: Conn, quarter: int) -> int | None:
    """Where in the log its destruction stands."""
    found = await conn.execute("SELECT log_index FROM trip_quarter WHERE quarter = %s", (quarter,))
    row = await found.fetchone()
    return row[0] if row else None


async def said(conn: Conn, quarter: int, now: datetime) -> None:
    """It was said that it is due."""
    await conn.execute("UPDATE trip_quarter SET said_at = %s WHERE quarter = %s", (now, quarter))


async def hold(conn: Conn, quarter: int, name: str, by: str, now: datetime) -> bool:
    """Hold it back under this name. False: it is held under it already."""
    added = await conn.execute(
        "INSERT INTO trip_hold (hold_id, quarter, name, placed_at, placed_by)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (uuid7(now), quarter, name, now, by),
    )
    return added.rowcount == 1


async def release(conn: Conn, quarter: int, name: str, by: str, now: datetime) -> bool:
    """No longer held under this name. False: it was not."""
    changed = await conn.execute(
        "UPDATE trip_hold SET lifted_at = %s, lifted_by = %s"
        " WHERE quarter = %s AND name = %s AND lifted_at IS NULL",
        (now, by, quarter, name),
    )
    return changed.rowcount == 1
