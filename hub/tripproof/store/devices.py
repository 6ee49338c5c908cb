"""Enrolled keys, the challenges they were given, and what they asked."""

from collections.abc import Sequence
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


async def of_person(conn: Conn, person_id: UUID) -> list[Device]:
    """Somebody's devices, the newest first."""
    async with conn.cursor(row_factory=class_row(Device)) as cursor:
        await cursor.execute(
            _OF + " WHERE d.person_id = %s ORDER BY d.enrolled_at DESC, d.kid", (person_id,)
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


async def challenge(conn: Conn, kid: bytes, value: bytes) -> Given | None:
    """The challenge, if it was given to this device."""
    found = await conn.execute(
        "SELECT issued_at, expires_at, used_by FROM trip_challenge WHERE value = %s AND kid = %s",
        (value, kid),
    )
    row = await found.fetchone()
    if row is None:
        return None
    return Given(int(row[0].timestamp()), int(row[1].timestamp()), row[2])


async def use_challenge(conn: Conn, kid: bytes, value: bytes, cti: bytes) -> None:
    """It is used by this proof, unless one was before it."""
    await conn.execute(
        "UPDATE trip_challenge SET used_by = %s WHERE value = %s AND kid = %s AND used_by IS NULL",
        (cti, value, kid),
    )


async def ask(conn: Conn, kid: bytes, nonce: bytes, now: datetime) -> bool:
    """Note a question. False: it was asked before."""
    await conn.execute("DELETE FROM trip_ask WHERE kid = %s AND at < %s", (kid, now - ASKS_KEPT))
    added = await conn.execute(
        "INSERT INTO trip_ask (kid, nonce, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (kid, nonce, now),
    )
    return added.rowcount == 1
