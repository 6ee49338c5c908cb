"""When the hub itself listened to nodes: one row for all doors. Nothing here commits."""

from datetime import datetime, timedelta
from typing import Any, Final

from psycopg import AsyncConnection, Connection

GAP: Final = timedelta(seconds=60)  # a door says so every 10 s; one that is busy may be late


def record(conn: Connection[Any], now: datetime) -> None:
    """A door is connected to the broker and the database. After a gap the time begins anew."""
    conn.execute(
        """
        INSERT INTO hub_listening AS old (since, at)
        VALUES (%(now)s, %(now)s)
            ON CONFLICT (one) DO UPDATE
           SET since = CASE WHEN old.at < %(now)s - %(gap)s THEN %(now)s ELSE old.since END,
               at = greatest(old.at, %(now)s)
        """,
        {"now": now, "gap": GAP},
    )


async def until(conn: AsyncConnection[Any], now: datetime) -> datetime:
    """Up to when the hub's silence about a node means anything: `now` where it listens."""
    cursor = await conn.execute("SELECT at FROM hub_listening")
    row = await cursor.fetchone()
    return now if row is None or now - row[0] <= GAP else row[0]
