"""Second offices' lines under checkpoints, and checkpoints with all lines they have."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection

Conn = AsyncConnection[Any]
_ROWS_AT_ONCE: Final = 500
_NOTE: Final = """
SELECT c.note || coalesce((SELECT string_agg(s.line, '' ORDER BY s.name)
                             FROM trip_cosignature s WHERE s.size = c.size), '')
  FROM trip_checkpoint c
"""


async def keep(conn: Conn, size: int, name: str, line: str, now: datetime) -> bool:
    """A line more. False: this office's is there already."""
    added = await conn.execute(
        "INSERT INTO trip_cosignature (size, name, line, handed_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        (size, name, line, now),
    )
    return added.rowcount == 1


async def note(conn: Conn, size: int) -> str | None:
    """The published checkpoint over `size` leaves, with every line."""
    found = await conn.execute(_NOTE + " WHERE c.size = %s", (size,))
    row = await found.fetchone()
    return row[0] if row else None


async def newest(conn: Conn) -> str | None:
    """The newest that a second office signed."""
    found = await conn.execute(
        _NOTE + " WHERE c.size = (SELECT max(size) FROM trip_cosignature)"  # noqa: S608  ours
    )
    row = await found.fetchone()
    return row[0] if row else None


async def notes(conn: Conn, most: int) -> AsyncIterator[str]:
    """Every published one up to that size, by size."""
    async with conn.cursor(name="trip_notes") as cursor:
        cursor.itersize = _ROWS_AT_ONCE
        await cursor.execute(_NOTE + " WHERE c.size <= %s ORDER BY c.size", (most,))
        async for (text,) in cursor:
            yield text
