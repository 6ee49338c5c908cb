"""The days' checkpoints as rows: over how much, whether filed, who was told."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row

Conn = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class Daily:
    """The checkpoint of one day."""

    day: date
    size: int
    note: str


_OF = "SELECT d.day, d.size, c.note FROM trip_daily d JOIN trip_checkpoint c USING (size)"


async def newest_day(conn: Conn) -> date | None:
    """The last day that has one."""
    found = await conn.execute("SELECT max(day) FROM trip_daily")
    row = await found.fetchone()
    return row[0] if row else None


async def begun_at(conn: Conn) -> datetime | None:
    """When the log began."""
    found = await conn.execute("SELECT at FROM trip_leaf WHERE log_index = 0")
    row = await found.fetchone()
    return row[0] if row else None


async def size_at(conn: Conn, at: datetime) -> int:
    """How long the log was then."""
    found = await conn.execute(
        "SELECT log_index + 1 FROM trip_leaf WHERE at < %s ORDER BY log_index DESC LIMIT 1", (at,)
    )
    row = await found.fetchone()
    return row[0] if row else 0


async def keep(conn: Conn, day: date, size: int, now: datetime) -> None:
    """A day's checkpoint is that over `size`. A second worker's changes nothing."""
    await conn.execute(
        "INSERT INTO trip_daily (day, size, made_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (day, size, now),
    )


async def unfiled(conn: Conn) -> list[Daily]:
    """Those that lie in no file yet, the oldest first."""
    async with conn.cursor(row_factory=class_row(Daily)) as cursor:
        await cursor.execute(_OF + " WHERE d.filed_at IS NULL ORDER BY d.day")
        return await cursor.fetchall()


async def filed(conn: Conn, day: date, now: datetime) -> None:
    """It lies in its file."""
    await conn.execute("UPDATE trip_daily SET filed_at = %s WHERE day = %s", (now, day))


async def newest(conn: Conn) -> Daily | None:
    """The newest day's."""
    async with conn.cursor(row_factory=class_row(Daily)) as cursor:
        await cursor.execute(_OF + " ORDER BY d.day DESC LIMIT 1")
        return await cursor.fetchone()


async def one(conn: Conn, day: date) -> Daily | None:
    """That of a day."""
    async with conn.cursor(row_factory=class_row(Daily)) as cursor:
        await cursor.execute(_OF + " WHERE d.day = %s", (day,))
        return await cursor.fetchone()


async def told_until(conn: Conn, address: str) -> date | None:
    """The newest day of which this address was told."""
    found = await conn.execute(
        "SELECT max(day) FROM trip_daily_told WHERE address = %s", (address,)
    )
    row = await found.fetchone()
    return row[0] if row else None


async def told(conn: Conn, day: date, address: str, now: datetime) -> None:
    """This address was told."""
    await conn.execute(
        "INSERT INTO trip_daily_told (day, address, told_at) VALUES (%s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        (day, address, now),
    )
