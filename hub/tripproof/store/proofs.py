"""Proofs as rows: what is said of each, never where. The leaf is the truth, this is its index."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
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


@dataclass(frozen=True, slots=True)
class Chain:
    """What is known of a key's proofs around one counter."""

    highest: int
    before: bytes | None
    """SHA-256 of the statement with the counter before."""
    taken_by: bytes | None
    """A proof with the same counter."""


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
    """The leaves of a trip's proofs in the log's order, each with its grade."""
    found = await conn.execute(
        """
        SELECT l.leaf, p.grade
          FROM trip_proof p
          JOIN trip_leaf l USING (log_index)
         WHERE p.trip = %s
         ORDER BY p.log_index
         LIMIT %s
        """,
        (trip, most),
    )
    return await found.fetchall()


async def keep(conn: Conn, one: Proof) -> None:
    """A proof more; its leaf is there."""
    await conn.execute(
        """
        INSERT INTO trip_proof (cti, log_index, kid, person_id, who, department, trip, kind,
                                signed_at, received_at, counter, statement, place, band, grade,
                                reasons, receipt)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (
            one.cti, one.log_index, one.kid, one.person_id, one.who, one.department, one.trip,
            one.kind, one.signed_at, one.received_at, one.counter, one.statement, one.place,
            one.band, one.grade, one.reasons, one.receipt,
        ),
    )  # fmt: skip


async def chain(conn: Conn, kid: bytes, counter: int) -> Chain:
    """The proofs of this key so far, seen from this counter."""
    found = await conn.execute(
        """
        SELECT coalesce(max(counter), 0),
               (SELECT statement FROM trip_proof WHERE kid = %(kid)s AND counter = %(counter)s - 1
                 ORDER BY log_index LIMIT 1),
               (SELECT cti FROM trip_proof WHERE kid = %(kid)s AND counter = %(counter)s
                 ORDER BY log_index LIMIT 1)
          FROM trip_proof WHERE kid = %(kid)s
        """,
        {"kid": kid, "counter": counter},
    )
    row = await found.fetchone()
    return Chain(*row) if row else Chain(0, None, None)


async def holds(conn: Conn, kid: bytes, statement: bytes) -> bool:
    """Whether this key's statement with this hash is in the log."""
    found = await conn.execute(
        "SELECT FROM trip_proof WHERE kid = %s AND statement = %s", (kid, statement)
    )
    return await found.fetchone() is not None


async def nearest_of_others_s(
    conn: Conn, phone: bytes, person_id: UUID, at: datetime
) -> int | None:
    """Seconds to the nearest proof that another person made on the same phone."""
    found = await conn.execute(
        """
        SELECT min(abs(extract(epoch FROM p.signed_at - %(at)s)))::bigint
          FROM trip_proof p
          JOIN trip_device d USING (kid)
         WHERE d.phone = %(phone)s AND p.person_id <> %(person)s
        """,
        {"phone": phone, "person": person_id, "at": at},
    )
    row = await found.fetchone()
    return row[0] if row else None


async def appeal(conn: Conn, index: int, cti: bytes, by: str, text: str, now: datetime) -> None:
    """What somebody says to a grade."""
    await conn.execute(
        "INSERT INTO trip_appeal (log_index, cti, by_login, text, at) VALUES (%s, %s, %s, %s, %s)",
        (index, cti, by, text, now),
    )
