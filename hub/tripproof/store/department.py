"""A month of trips as a department looks at it: orders, touches for them, names. Never where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.rows import class_row

from hub.tripproof.store.orders import TripOrder

Conn = AsyncConnection[Any]
ORDERS_MOST: Final = 2_000
TOUCHES_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Touch:
    """One proof. `trip`: what it belongs to now; `said_trip`: what its statement named."""

    cti: bytes
    who: str
    department: str
    trip: str
    said_trip: str
    kind: int
    signed_at: datetime
    received_at: datetime
    place: int
    grade: int
    reasons: list[int]
    is_appealed: bool
    linked_by: str | None
    linked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose trips; None: anybody's."""

    who: str | None = None
    department: str | None = None


async def orders(conn: Conn, since: datetime, until: datetime, whose: Whose) -> list[TripOrder]:
    """The newest versions of the orders that touch these days; the latest first."""
    async with conn.cursor(row_factory=class_row(TripOrder)) as cursor:
        await cursor.execute(
            """
            SELECT trip, version, people, department, begins_at, ends_at, place, points, by_air,
                   purpose, saved_at, saved_by, log_index
              FROM trip_order o
             WHERE begins_at < %(until)s AND ends_at >= %(since)s
               AND NOT EXISTS (SELECT FROM trip_order n
                                WHERE n.trip = o.trip AND n.version > o.version)
               AND (%(who)s::text IS NULL OR %(who)s = ANY (people))
               AND (%(department)s::text IS NULL OR department = %(department)s)
             ORDER BY begins_at DESC, trip
             LIMIT %(most)s
            """,
            {
                "since": since, "until": until, "who": whose.who, "department": whose.department,
                "most": ORDERS_MOST,
            },
        )  # fmt: skip
        return await cursor.fetchall()


_TOUCH: Final = """
SELECT p.cti, p.who, p.department, coalesce(nullif(l.trip, ''), p.trip) AS trip,
       p.trip AS said_trip, p.kind, p.signed_at, p.received_at, p.place, p.grade, p.reasons,
       EXISTS (SELECT FROM trip_appeal a WHERE a.cti = p.cti) AS is_appealed,
       CASE WHEN l.trip <> '' THEN l.by_login END AS linked_by,
       CASE WHEN l.trip <> '' THEN l.at END AS linked_at
  FROM trip_proof p
  LEFT JOIN LATERAL (SELECT trip, by_login, at FROM trip_link WHERE cti = p.cti
                      ORDER BY log_index DESC LIMIT 1) AS l ON true
"""


async def touches(conn: Conn, trips: Sequence[str]) -> list[Touch]:
    """The proofs that belong to these orders now, by when they were signed."""
    async with conn.cursor(row_factory=class_row(Touch)) as cursor:
        await cursor.execute(
            f"""
            SELECT * FROM ({_TOUCH}
              WHERE p.trip = ANY (%(trips)s)
                 OR p.cti IN (SELECT cti FROM trip_link WHERE trip = ANY (%(trips)s))
            ) AS found
             WHERE trip = ANY (%(trips)s)
             ORDER BY signed_at
             LIMIT %(most)s
            """,  # noqa: S608  our own text
            {"trips": list(trips), "most": TOUCHES_MOST},
        )
        return await cursor.fetchall()


async def loose(conn: Conn, since: datetime, until: datetime, whose: Whose) -> list[Touch]:
    """The proofs of these days that belong to no order (of this person) that there is."""
    async with conn.cursor(row_factory=class_row(Touch)) as cursor:
        await cursor.execute(
            f"""
            SELECT * FROM ({_TOUCH}
              WHERE p.signed_at >= %(since)s AND p.signed_at < %(until)s
                AND (%(who)s::text IS NULL OR p.who = %(who)s)
                AND (%(department)s::text IS NULL OR p.department = %(department)s)
            ) AS found
             WHERE NOT EXISTS (SELECT FROM trip_order o WHERE o.trip = found.trip
                                  AND (%(who)s::text IS NULL OR %(who)s = ANY (o.people)))
             ORDER BY signed_at
             LIMIT %(most)s
            """,  # noqa: S608  our own text
            {
                "since": since, "until": until, "who": whose.who, "department": whose.department,
                "most": TOUCHES_MOST,
            },
        )  # fmt: skip
        return await cursor.fetchall()


async def names(conn: Conn, numbers: Sequence[str]) -> dict[str, str]:
    """What the people with these staff numbers are called; who is not known is not in it."""
    found = await conn.execute(
        "SELECT t.who, p.name FROM trip_person t JOIN person p USING (person_id)"
        " WHERE t.who = ANY (%s)",
        (list(numbers),),
    )
    return dict(await found.fetchall())


async def departments(conn: Conn) -> list[str]:
    """The departments that orders or people name."""
    found = await conn.execute(
        "SELECT department FROM trip_order UNION SELECT department FROM trip_person ORDER BY 1"
    )
    return [name for (name,) in await found.fetchall() if name]


async def department_people(conn: Conn, department: str | None) -> list[tuple[str, str]]:
    """Staff numbers and names of a department (None: of all), by name."""
    found = await conn.execute(
        """
        SELECT t.who, p.name
          FROM trip_person t
          JOIN person p USING (person_id)
         WHERE p.retired_at IS NULL
           AND (%(department)s::text IS NULL OR t.department = %(department)s)
         ORDER BY p.name, t.who
        """,
        {"department": department},
    )
    return await found.fetchall()
