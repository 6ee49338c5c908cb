"""People as trips name them: staff number, department, whether 서무; and their consent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, errors
from psycopg.rows import class_row

from hub.identity.errors import UnknownPerson
from hub.kit import ids
from hub.tripproof.refusals import NoNumber, NumberTaken

Conn = AsyncConnection[Any]
WHO_MAX_BYTES = 16


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody who may be on a trip."""

    person_id: UUID
    login: str
    name: str
    who: str | None
    department: str
    is_clerk: bool


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent that holds now."""

    text_sha256: bytes
    auditor: bytes
    given_at: datetime
    until: datetime


async def one(conn: Conn, person_id: UUID) -> Traveller:
    """Somebody; without a number of their own the login is it, where it is short enough.

    Raises:
        NoNumber: it is not, or somebody else has it as their number.
    """
    await conn.execute(
        """
        INSERT INTO trip_person (person_id, who)
        SELECT person_id, login FROM person
         WHERE person_id = %s AND octet_length(login) <= %s
            ON CONFLICT DO NOTHING
        """,
        (person_id, WHO_MAX_BYTES),
    )
    found = [one for one in await everybody(conn, person_id) if one.who]
    if not found:
        raise NoNumber
    return found[0]


async def everybody(conn: Conn, person_id: UUID | None = None) -> list[Traveller]:
    """Whoever is here, by name."""
    async with conn.cursor(row_factory=class_row(Traveller)) as cursor:
        await cursor.execute(
            """
            SELECT p.person_id, p.login, p.name, t.who,
                   coalesce(t.department, '') AS department, coalesce(t.is_clerk, false) AS is_clerk
              FROM person p
              LEFT JOIN trip_person t USING (person_id)
             WHERE p.retired_at IS NULL AND (%(one)s::uuid IS NULL OR p.person_id = %(one)s)
             ORDER BY p.name, p.login
            """,
            {"one": person_id},
        )
        return await cursor.fetchall()


async def keep(conn: Conn, person_id: UUID, who: str, department: str, *, is_clerk: bool) -> None:
    """Say who this is on a trip. Raises NumberTaken, UnknownPerson."""
    try:
        await conn.execute(
            """
            INSERT INTO trip_person (person_id, who, department, is_clerk)
            VALUES (%s, %s, %s, %s)
                ON CONFLICT (person_id) DO UPDATE
               SET who = excluded.who, department = excluded.department,
                   is_clerk = excluded.is_clerk
            """,
            (person_id, who, department, is_clerk),
        )
    except errors.UniqueViolation as error:
        raise NumberTaken(who) from error
    except errors.ForeignKeyViolation as error:
        raise UnknownPerson from error


async def consent(conn: Conn, person_id: UUID, now: datetime) -> Consent | None:
    """The consent that holds now."""
    async with conn.cursor(row_factory=class_row(Consent)) as cursor:
        await cursor.execute(
            """
            SELECT text_sha256, auditor, given_at, until
              FROM trip_consent
             WHERE person_id = %s AND withdrawn_at IS NULL AND until > %s
             ORDER BY given_at DESC
             LIMIT 1
            """,
            (person_id, now),
        )
        return await cursor.fetchone()


async def consenting(conn: Conn, people: Sequence[UUID], now: datetime) -> set[UUID]:
    """Whose consent holds now, of these."""
    found = await conn.execute(
        "SELECT DISTINCT person_id FROM trip_consent"
        " WHERE person_id = ANY(%b) AND withdrawn_at IS NULL AND until > %s",
        (list(people), now),
    )
    return {person_id for (person_id,) in await found.fetchall()}


async def give_consent(
    conn: Conn, person_id: UUID, text_sha256: bytes, auditor: bytes, now: datetime, last: timedelta
) -> datetime:
    """Consent from now on, in place of any before. Until when it holds."""
    await withdraw_consent(conn, person_id, now)
    await conn.execute(
        """
        INSERT INTO trip_consent (consent_id, person_id, text_sha256, auditor, given_at, until)
        VALUES (%s, %s, %s, %s, %s, %s)
        """,
        (ids.uuid7(now), person_id, text_sha256, auditor, now, now + last),
    )
    return now + last


async def withdraw_consent(conn: Conn, person_id: UUID, now: datetime) -> bool:
    """No consent from now on. Whether there was one."""
    changed = await conn.execute(
        "UPDATE trip_consent SET withdrawn_at = %s WHERE person_id = %s AND withdrawn_at IS NULL",
        (now, person_id),
    )
    return changed.rowcount > 0
