"""When the hub itself listened to nodes: one row for all doors. Nothing here commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row

GAP: Final = timedelta(seconds=60)  # a door says so every 10 s; one that is busy may be late


@dataclass(frozen=True, slots=True)
class Listened:
    """When the hub listened: from `since` to `at` without a gap, and not from `deaf_from` on."""

    since: datetime
    at: datetime
    deaf_from: datetime | None
    """When the gap before `since` began; None: there was none yet."""


def record(conn: Connection[Any], now: datetime) -> None:
    """A door is connected to the broker and the database. After a gap the time begins anew."""
    conn.execute(
        """
        INSERT INTO hub_listening AS old (since, at)
        VALUES (%(now)s, %(now)s)
            ON CONFLICT (one) DO UPDATE
           SET since = CASE WHEN old.at < %(now)s - %(gap)s THEN %(now)s ELSE old.since END,
               deaf_from = CASE WHEN old.at < %(now)s - %(gap)s
                                THEN old.at ELSE old.deaf_from END,
               at = greatest(old.at, %(now)s)
        """,
        {"now": now, "gap": GAP},
    )


async def listened(conn: AsyncConnection[Any]) -> Listened | None:
    """As it was written down; None: no door ever listened."""
    async with conn.cursor(row_factory=class_row(Listened)) as cursor:
        await cursor.execute("SELECT since, at, deaf_from FROM hub_listening")
        return await cursor.fetchone()


async def until(conn: AsyncConnection[Any], now: datetime) -> datetime:
    """Up to when the hub's silence about a node means anything: `now` where it listens."""
    return believed_until(await listened(conn), now)


def believed_until(found: Listened | None, now: datetime) -> datetime:
    """As `until`, of what was read already."""
    return now if found is None or now - found.at <= GAP else found.at
