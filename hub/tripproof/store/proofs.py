"""Proofs as rows: what is said of each, never where. The leaf is the truth, this is its index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

Conn = AsyncConnection[Any]
PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof. `statement`: SHA-256 of S."""

    cti: bytes
    log_index: int
    kid: bytes
    person_id: UUID
    who: str
    department: str
    trip: str
    kind: int
    signed_at: datetime
    received_at: datetime
    counter: int
    statement: bytes
    place: int
    band: int
    grade: int
    reasons: list[int]
    receipt: bytes
    appealed: bool = False


class Place(NamedTuple):
    """Where in its key's chain a statement says that it stands.

    `previous`: SHA-256 of the one before, as it was sent along.
    """

    kid: bytes
    counter: int
    previous: bytes | None
    phone: bytes
    person_id: UUID
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Chain:
    """What is known of a key's proofs around one counter, and of its phone's others."""

    highest: int
    before: bytes | None
    """SHA-256 of the statement with the counter before."""
    taken_by: bytes | None
    """A proof with the same counter."""
    holds_previous: bool
    """Whether the statement that came as the one before is in the log."""
    other_person_s: int | None
    """Seconds to the nearest proof that another person made on the same phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which proofs; None: any."""

    person_id: UUID | None = None
    department: str | None = None
    trip: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    """Only those with a lower index in the log: the next page."""


_COLUMNS: Final = (
    "p.cti, p.log_index, p.kid, p.person_id, p.who, p.department, p.trip, p.kind, p.signed_at,"
    " p.received_at, p.counter, p.statement, p.place, p.band, p.grade, p.reasons, p.receipt,"
    " EXISTS (SELECT FROM trip_appeal a WHERE a.cti = p.cti) AS appealed"
)


async def one(conn: Conn, cti: bytes) -> Proof | None:
    """The proof with this id."""
    async with conn.cursor(row_factory=class_row(Proof)) as cursor:
        await cursor.execute(f"SELECT {_COLUMNS} FROM trip_proof p WHERE p.cti = %s", (cti,))  # noqa: S608
        return await cursor.fetchone()


async def some(conn: Conn, wanted: Wanted) -> list[Proof]:
    """The newest that fit, a page at most."""
    async with conn.cursor(row_factory=class_row(Proof)) as cursor:
        await cursor.execute(
            f"""
            SELECT {_COLUMNS}
              FROM trip_proof p
             WHERE (%(person)s::uuid IS NULL OR p.person_id = %(person)s)
               AND (%(department)s::text IS NULL OR p.department = %(department)s)
               AND (%(trip)s::text IS NULL OR p.trip = %(trip)s)
               AND (%(since)s::timestamptz IS NULL OR p.received_at >= %(since)s)
               AND (%(until)s::timestamptz IS NULL OR p.received_at < %(until)s)
               AND (%(before)s::bigint IS NULL OR p.log_index < %(before)s)
             ORDER BY p.log_index DESC
             LIMIT %(most)s
            """,  # noqa: S608  our own text
            {
                "person": wanted.person_id, "department": wanted.department, "trip": wanted.trip,
                "since": wanted.since, "until": wanted.until, "before": wanted.before, "most": PAGE,
            },
        )  # fmt: skip
        return await cursor.fetchall()


async def of_trip(conn: Conn, trip: str, most: int) -> list[tuple[bytes, int]]:
    """The leaves of a trip's proofs in the log's order, each with its grade.

    Those whose newest link names it, and those that named it themselves and have no link.
    """
    found = await conn.execute(
        """
        SELECT l.leaf, p.grade
          FROM trip_proof p
          JOIN trip_leaf l USING (log_index)
         WHERE %(trip)s = coalesce(
                 nullif((SELECT k.trip FROM trip_link k WHERE k.cti = p.cti
                          ORDER BY k.log_index DESC LIMIT 1), ''), p.trip)
           AND (p.trip = %(trip)s OR p.cti IN (SELECT cti FROM trip_link WHERE trip = %(trip)s))
         ORDER BY p.log_index
         LIMIT %(most)s
        """,
        {"trip": trip, "most": most},
    )
    return await found.fetchall()


async def several(conn: Conn, ctis: Sequence[bytes]) -> dict[bytes, Proof]:
    """Those of these ids that are here."""
    async with conn.cursor(row_factory=class_row(Proof)) as cursor:
        await cursor.execute(
            f"SELECT {_COLUMNS} FROM trip_proof p WHERE p.cti = ANY(%b)",  # noqa: S608
            (list(ctis),),
        )
        return {one.cti: one for one in await cursor.fetchall()}


async def keep(conn: Conn, some: Iterable[Proof]) -> None:
    """Proofs more; their leaves are there."""
    async with (
        conn.cursor() as cursor,
        cursor.copy(
            "COPY trip_proof (cti, log_index, kid, person_id, who, department, trip, kind,"
            " signed_at, received_at, counter, statement, place, band, grade, reasons, receipt)"
            " FROM STDIN"
        ) as copy,
    ):
        for one in some:
            await copy.write_row(
                (
                    one.cti, one.log_index, one.kid, one.person_id, one.who, one.department,
                    one.trip, one.kind, one.signed_at, one.received_at, one.counter, one.statement,
                    one.place, one.band, one.grade, one.reasons, one.receipt,
                )
            )  # fmt: skip


async def chains(conn: Conn, places: Sequence[Place]) -> list[Chain]:
    """The proofs of each one's key so far, seen from its counter."""
    found = await conn.execute(
        """
        SELECT coalesce((SELECT max(p.counter) FROM trip_proof p WHERE p.kid = w.kid), 0),
               (SELECT p.statement FROM trip_proof p
                 WHERE p.kid = w.kid AND p.counter = w.counter - 1 ORDER BY p.log_index LIMIT 1),
               (SELECT p.cti FROM trip_proof p
                 WHERE p.kid = w.kid AND p.counter = w.counter ORDER BY p.log_index LIMIT 1),
               EXISTS (SELECT FROM trip_proof p
                        WHERE p.kid = w.kid AND p.statement = w.previous),
               (SELECT min(abs(extract(epoch FROM p.signed_at - w.signed_at)))::bigint
                  FROM trip_device d
                  JOIN trip_proof p USING (kid)
                 WHERE d.phone = w.phone AND p.person_id <> w.person_id)
          FROM unnest(%b::bytea[], %b::bigint[], %b::bytea[], %b::bytea[], %b::uuid[],
                      %b::timestamptz[])
               WITH ORDINALITY AS w (kid, counter, previous, phone, person_id, signed_at, nth)
         ORDER BY w.nth
        """,
        tuple(map(list, zip(*places, strict=True))),
    )
    return [Chain(*row) for row in await found.fetchall()]


async def appeal(conn: Conn, index: int, cti: bytes, by: str, text: str, now: datetime) -> None:
    """What somebody says to a grade."""
    await conn.execute(
        "INSERT INTO trip_appeal (log_index, cti, by_login, text, at) VALUES (%s, %s, %s, %s, %s)",
        (index, cti, by, text, now),
    )
