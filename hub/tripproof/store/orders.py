"""Trip orders, version by version, and the place book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.rows import class_row

Conn = AsyncConnection[Any]
PAGE: Final = 500
PLACES_MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class TripOrder:
    """One version of an order. `points`: threes of lat, lon (degrees x 1e7) and radius_m."""

    trip: str
    version: int
    people: list[str]
    department: str
    begins_at: datetime
    ends_at: datetime
    place: str
    points: list[int]
    by_air: bool
    purpose: str
    saved_at: datetime
    saved_by: str
    log_index: int


@dataclass(frozen=True, slots=True)
class PlaceNamed:
    """A destination in words, and its points as in an order."""

    name: str
    points: list[int]
    saved_at: datetime
    saved_by: str


_OF: Final = """
SELECT DISTINCT ON (trip) trip, version, people, department, begins_at, ends_at, place, points,
       by_air, purpose, saved_at, saved_by, log_index
  FROM trip_order
"""


async def one(conn: Conn, trip: str) -> TripOrder | None:
    """The newest version."""
    async with conn.cursor(row_factory=class_row(TripOrder)) as cursor:
        await cursor.execute(_OF + " WHERE trip = %s ORDER BY trip, version DESC", (trip,))
        return await cursor.fetchone()


async def several(conn: Conn, trips: Sequence[str]) -> dict[str, TripOrder]:
    """The newest version of each of these that there is."""
    async with conn.cursor(row_factory=class_row(TripOrder)) as cursor:
        await cursor.execute(
            _OF + " WHERE trip = ANY(%b) ORDER BY trip, version DESC", (list(trips),)
        )
        return {one.trip: one for one in await cursor.fetchall()}


async def some(
    conn: Conn, *, who: str | None = None, department: str | None = None
) -> list[TripOrder]:
    """The newest versions that name this person or are of this department; the latest first."""
    async with conn.cursor(row_factory=class_row(TripOrder)) as cursor:
        await cursor.execute(
            f"""
            SELECT * FROM ({_OF} ORDER BY trip, version DESC) AS newest
             WHERE (%(who)s::text IS NULL OR %(who)s = ANY (people))
               AND (%(department)s::text IS NULL OR department = %(department)s)
             ORDER BY begins_at DESC, trip
             LIMIT %(most)s
            """,  # noqa: S608  our own text
            {"who": who, "department": department, "most": PAGE},
        )
        return await cursor.fetchall()


async def keep(conn: Conn, one: TripOrder) -> None:
    """A version more."""
    await conn.execute(
        """
        INSERT INTO trip_order (trip, version, people, department, begins_at, ends_at, place,
                                points, by_air, purpose, saved_at, saved_by, log_index)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (
            one.trip, one.version, one.people, one.department, one.begins_at, one.ends_at,
            one.place, one.points, one.by_air, one.purpose, one.saved_at, one.saved_by,
            one.log_index,
        ),
    )  # fmt: skip


async def places(conn: Conn) -> list[PlaceNamed]:
    """The place book, by name."""
    async with conn.cursor(row_factory=class_row(PlaceNamed)) as cursor:
        await cursor.execute(
            "SELECT name, points, saved_at, saved_by FROM trip_place ORDER BY name LIMIT %s",
            (PLACES_MOST,),
        )
        return await cursor.fetchall()


async def points_of(conn: Conn, name: str) -> list[int]:
    """The points of a destination in words; none where the place book has none."""
    found = await conn.execute("SELECT points FROM trip_place WHERE name = %s", (name,))
    row = await found.fetchone()
    return row[0] if row else []


async def keep_place(conn: Conn, name: str, points: list[int], now: datetime, by: str) -> None:
    """Say where a destination lies; orders that are saved already keep what they have."""
    await conn.execute(
        """
        INSERT INTO trip_place (name, points, saved_at, saved_by) VALUES (%s, %s, %s, %s)
            ON CONFLICT (name) DO UPDATE
           SET points = excluded.points, saved_at = excluded.saved_at, saved_by = excluded.saved_by
        """,
        (name, points, now, by),
    )


async def forget_place(conn: Conn, name: str) -> bool:
    """Take a place out of the book. Whether it was there."""
    gone = await conn.execute("DELETE FROM trip_place WHERE name = %s", (name,))
    return gone.rowcount == 1
