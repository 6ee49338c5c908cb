"""Proofs as the auditor looks through them: found by what was said of each, never by where."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.rows import class_row

Conn = AsyncConnection[Any]
PAGE: Final = 100
MOST: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which proofs; None: any. `since` and `until` bound when they were signed."""

    since: datetime | None = None
    until: datetime | None = None
    department: str | None = None
    who: str | None = None
    """A staff number, or a part of a name."""
    trip: str | None = None
    kind: int | None = None
    place: int | None = None
    grade: int | None = None
    reason: int | None = None
    appealed: bool | None = None
    unlinked: bool | None = None
    """Without an order of that number."""
    before: int | None = None
    """Only those with a lower index in the log: the next page."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One proof, whose it is, and what its order names as the destination."""

    cti: bytes
    log_index: int
    kid: bytes
    phone: bytes
    device: str
    who: str
    name: str
    department: str
    trip: str
    destination: str
    is_linked: bool
    kind: int
    signed_at: datetime
    received_at: datetime
    place: int
    band: int
    grade: int
    reasons: list[int]
    appealed: bool


@dataclass(frozen=True, slots=True)
class Appeal:
    """What somebody said to a grade, and where that stands in the log."""

    log_index: int
    by_login: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TripLeaf:
    """A while in which a proof was of a trip, with the leaf that TP2's hash goes over.

    `joined` and `parted` are where the log says so; None: it is of it still.
    """

    cti: bytes
    log_index: int
    leaf: bytes
    grade: int
    since: datetime
    joined: int
    parted: int | None


_SELECT: Final = """
SELECT p.cti, p.log_index, p.kid, d.phone, d.name AS device, p.who, who.name, p.department, t.trip,
       coalesce(o.place, '') AS destination, o.trip IS NOT NULL AS is_linked, p.kind, p.signed_at,
       p.received_at, p.place, p.band, p.grade, p.reasons,
       EXISTS (SELECT FROM trip_appeal a WHERE a.cti = p.cti) AS appealed
  FROM trip_proof p
  JOIN trip_device d USING (kid)
  JOIN person who ON who.person_id = p.person_id
  LEFT JOIN LATERAL (
       SELECT trip, at FROM trip_link k WHERE k.cti = p.cti ORDER BY log_index DESC LIMIT 1
  ) k ON true
 CROSS JOIN LATERAL (SELECT coalesce(nullif(k.trip, ''), p.trip) AS trip) t
  LEFT JOIN LATERAL (
       SELECT trip, place FROM trip_order o WHERE o.trip = t.trip ORDER BY version DESC LIMIT 1
  ) o ON true
"""
_WHERE: Final = """
 WHERE (%(since)s::timestamptz IS NULL OR p.signed_at >= %(since)s)
   AND (%(until)s::timestamptz IS NULL OR p.signed_at < %(until)s)
   AND (%(department)s::text IS NULL OR p.department = %(department)s)
   AND (%(who)s::text IS NULL OR p.who = %(who)s OR strpos(lower(who.name), lower(%(who)s)) > 0)
   AND (%(trip)s::text IS NULL OR t.trip = %(trip)s)
   AND (%(kind)s::int IS NULL OR p.kind = %(kind)s)
   AND (%(place)s::int IS NULL OR p.place = %(place)s)
   AND (%(grade)s::int IS NULL OR p.grade = %(grade)s)
   AND (%(reason)s::int IS NULL OR %(reason)s = ANY (p.reasons))
   AND (%(appealed)s::bool IS NULL
        OR %(appealed)s = EXISTS (SELECT FROM trip_appeal a WHERE a.cti = p.cti))
   AND (%(unlinked)s::bool IS NULL OR %(unlinked)s = (o.trip IS NULL))
   AND (%(before)s::bigint IS NULL OR p.log_index < %(before)s)
 ORDER BY p.log_index DESC
 LIMIT %(most)s
"""


async def some(conn: Conn, sought: Sought, most: int = PAGE) -> list[Reviewed]:
    """The newest that fit, `most` of them."""
    told = {name: getattr(sought, name) for name in Sought.__dataclass_fields__}
    async with conn.cursor(row_factory=class_row(Reviewed)) as cursor:
        await cursor.execute(_SELECT + _WHERE, {**told, "most": most})
        return await cursor.fetchall()


async def one(conn: Conn, cti: bytes) -> Reviewed | None:
    """The proof with this id."""
    async with conn.cursor(row_factory=class_row(Reviewed)) as cursor:
        await cursor.execute(_SELECT + " WHERE p.cti = %s", (cti,))
        return await cursor.fetchone()


async def appeals(conn: Conn, cti: bytes) -> list[Appeal]:
    """What was said to its grade, in order."""
    async with conn.cursor(row_factory=class_row(Appeal)) as cursor:
        await cursor.execute(
            "SELECT log_index, by_login, text, at FROM trip_appeal WHERE cti = %s"
            " ORDER BY log_index",
            (cti,),
        )
        return await cursor.fetchall()


async def of_trip(conn: Conn, trip: str) -> list[TripLeaf]:
    """Every while in which a proof was of the trip, in the log's order of the proofs.

    A proof is of the order that its statement names until a link says otherwise, and of that again
    when a link names none (8.3).
    """
    async with conn.cursor(row_factory=class_row(TripLeaf)) as cursor:
        await cursor.execute(
            """
            WITH known AS (
                SELECT cti FROM trip_proof WHERE trip = %(trip)s
                 UNION
                SELECT cti FROM trip_link WHERE trip = %(trip)s
            ), told AS (
                SELECT cti, log_index AS joined, trip, received_at AS since
                  FROM trip_proof JOIN known USING (cti)
                 UNION ALL
                SELECT k.cti, k.log_index, coalesce(nullif(k.trip, ''), p.trip), k.at
                  FROM trip_link k JOIN known USING (cti) JOIN trip_proof p USING (cti)
            ), spans AS (
                SELECT *, lead(joined) OVER (PARTITION BY cti ORDER BY joined) AS parted FROM told
            )
            SELECT p.cti, p.log_index, l.leaf, p.grade, s.since, s.joined, s.parted
              FROM spans s
              JOIN trip_proof p USING (cti)
              JOIN trip_leaf l ON l.log_index = p.log_index
             WHERE s.trip = %(trip)s
             ORDER BY p.log_index, s.joined
             LIMIT %(most)s
            """,
            {"trip": trip, "most": MOST},
        )
        return await cursor.fetchall()
