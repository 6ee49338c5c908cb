"""Enrolled keys, the challenges they were given, and what they asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection, errors
from psycopg.rows import class_row

from hub.tripproof.checks import Given
from hub.tripproof.keys import PublicKey
from hub.tripproof.leaf import Revoked
from hub.tripproof.refusals import KeyTaken
from hub.tripproof.store.people import Traveller

Conn = AsyncConnection[Any]
CHALLENGES_KEPT: Final = timedelta(days=60)
ASKS_KEPT: Final = timedelta(hours=49)  # nothing older than 24 h, by either clock, is answered


@dataclass(frozen=True, slots=True)
class Device:
    """A key, whose it is, and whether it still stands."""

    kid: bytes
    person_id: UUID
    login: str
    who: str
    department: str
    point: bytes
    phone: bytes
    name: str
    enrolled_at: datetime
    ended_at: datetime | None
    reason: int | None
    left_at: datetime | None
    """When the person left the office."""


_OF: Final = """
SELECT d.kid, d.person_id, p.login, d.who, t.department, d.point, d.phone, d.name, d.enrolled_at,
       d.ended_at, d.reason, p.retired_at AS left_at
  FROM trip_device d
  JOIN person p USING (person_id)
  JOIN trip_person t USING (person_id)
"""


async def one(conn: Conn, kid: bytes) -> Device | None:
    """The device with this key, ended or not."""
    async with conn.cursor(row_factory=class_row(Device)) as cursor:
        await cursor.execute(_OF + " WHERE d.kid = %s", (kid,))
        return await cursor.fetchone()


async def several(conn: Conn, kids: Iterable[bytes]) -> dict[bytes, Device]:
    """The devices with these keys, ended or not."""
    async with conn.cursor(row_factory=class_row(Device)) as cursor:
        await cursor.execute(_OF + " WHERE d.kid = ANY(%b)", (list(kids),))
        return {one.kid: one for one in await cursor.fetchall()}


async def of_person(conn: Conn, person_id: UUID) -> list[Device]:
    """Somebody's devices, the newest first."""
    async with conn.cursor(row_factory=class_row(Device)) as cursor:
        await cursor.execute(
            _OF + " WHERE d.person_id = %s ORDER BY d.enrolled_at DESC, d.kid", (person_id,)
        )
        return await cursor.fetchall()


async def of_who_left(conn: Conn) -> list[Device]:
    """Devices whose key has not ended although their owner left."""
    async with conn.cursor(row_factory=class_row(Device)) as cursor:
        await cursor.execute(
            _OF + " WHERE d.ended_at IS NULL AND p.retired_at IS NOT NULL ORDER BY d.kid"
        )
        return await cursor.fetchall()


async def enrol(
    conn: Conn, who: Traveller, key: PublicKey, phone: bytes, name: str, now: datetime
) -> None:
    """A key more. Raises KeyTaken."""
    try:
        await conn.execute(
            """
            INSERT INTO trip_device (kid, person_id, who, point, phone, name, enrolled_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s)
            """,
            (key.kid, who.person_id, who.who, key.uncompressed, phone, name, now),
        )
    except errors.UniqueViolation as error:
        raise KeyTaken from error


async def end(conn: Conn, kid: bytes, reason: Revoked, by: str, now: datetime) -> bool:
    """The key ends now. False: it had ended already."""
    changed = await conn.execute(
        "UPDATE trip_device SET ended_at = %s, reason = %s, ended_by = %s"
        " WHERE kid = %s AND ended_at IS NULL",
        (now, int(reason), by, kid),
    )
    return changed.rowcount == 1


async def give_challenges(
    conn: Conn, kid: bytes, values: Sequence[bytes], now: datetime, until: datetime
) -> None:
    """These are for this device; what is long over is swept."""
    await conn.execute(
        "DELETE FROM trip_challenge WHERE kid = %s AND expires_at < %s",
        (kid, now - CHALLENGES_KEPT),
    )
    async with conn.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO trip_challenge (value, kid, issued_at, expires_at)"
            " VALUES (%s, %s, %s, %s)",
            [(value, kid, now, until) for value in values],
        )


async def challenges(
    conn: Conn, asked: Iterable[tuple[bytes, bytes]]
) -> dict[tuple[bytes, bytes], Given]:
    """Those of these `(kid, challenge)` that were given to that device."""
    found = await conn.execute(
        """
        SELECT c.kid, c.value, c.issued_at, c.expires_at, c.used_by
          FROM trip_challenge c
          JOIN unnest(%b::bytea[], %b::bytea[]) AS w (kid, value) USING (kid, value)
        """,
        _columns(asked, 2),
    )
    return {
        (kid, value): Given(int(issued_at.timestamp()), int(expires_at.timestamp()), used_by)
        for kid, value, issued_at, expires_at, used_by in await found.fetchall()
    }


async def use_challenges(conn: Conn, used: Iterable[tuple[bytes, bytes, bytes]]) -> None:
    """Each `(kid, challenge, cti)`: it is used by this proof, unless one was before it."""
    await conn.execute(
        """
        UPDATE trip_challenge c SET used_by = w.cti
          FROM unnest(%b::bytea[], %b::bytea[], %b::bytea[]) AS w (kid, value, cti)
         WHERE c.value = w.value AND c.kid = w.kid AND c.used_by IS NULL
        """,
        _columns(used, 3),
    )


def _columns(rows: Iterable[tuple[bytes, ...]], width: int) -> tuple[list[bytes], ...]:
    """Rows as `unnest` takes them."""
    return tuple(map(list, zip(*rows, strict=True))) or ([],) * width


async def ask(conn: Conn, kid: bytes, nonce: bytes, now: datetime) -> bool:
    """Note a question. False: it was asked before."""
    await conn.execute("DELETE FROM trip_ask WHERE kid = %s AND at < %s", (kid, now - ASKS_KEPT))
    added = await conn.execute(
        "INSERT INTO trip_ask (kid, nonce, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (kid, nonce, now),
    )
    return added.rowcount == 1
