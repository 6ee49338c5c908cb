"""Duties (사무), and who has them: now, before and since when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, errors
from psycopg.rows import class_row

from hub.identity.errors import UnknownDuty, UnknownPerson
from hub.kit import ids


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has a duty now."""

    duty_id: UUID
    person_id: UUID
    login: str
    name: str
    since: datetime
    has_left: bool
    """Left the office and still has it: nobody took it over."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that somebody is responsible for."""

    duty_id: UUID
    name: str
    department: str
    about: str
    people: list[Holder]
    """Who has it now, the longest first."""


async def all_of_them(conn: AsyncConnection[Any]) -> list[Duty]:
    """By department and name, without those that were given up."""
    held: dict[UUID, list[Holder]] = {}
    for holder in await _holders(conn):
        held.setdefault(holder.duty_id, []).append(holder)
    found = await conn.execute(
        "SELECT duty_id, name, department, about FROM duty"
        " WHERE retired_at IS NULL ORDER BY department, name, duty_id"
    )
    return [
        Duty(duty_id, name, department, about, held.get(duty_id, []))
        for duty_id, name, department, about in await found.fetchall()
    ]


async def one(conn: AsyncConnection[Any], duty_id: UUID) -> Duty:
    """Raises UnknownDuty."""
    found = await conn.execute(
        "SELECT name, department, about FROM duty WHERE duty_id = %s AND retired_at IS NULL",
        (duty_id,),
    )
    row = await found.fetchone()
    if row is None:
        raise UnknownDuty
    name, department, about = row
    return Duty(duty_id, name, department, about, await _holders(conn, duty_id))


async def _holders(conn: AsyncConnection[Any], duty_id: UUID | None = None) -> list[Holder]:
    async with conn.cursor(row_factory=class_row(Holder)) as cursor:
        await cursor.execute(
            """
            SELECT h.duty_id, h.person_id, p.login, p.name, h.since,
                   p.retired_at IS NOT NULL AS has_left
              FROM duty_person h
              JOIN person p USING (person_id)
             WHERE h.until IS NULL AND (%(duty)s::uuid IS NULL OR h.duty_id = %(duty)s)
             ORDER BY h.since, p.name, h.person_id
            """,
            {"duty": duty_id},
        )
        return await cursor.fetchall()


async def add(
    conn: AsyncConnection[Any], name: str, department: str, about: str, now: datetime
) -> UUID:
    """A new duty that nobody has yet."""
    duty_id = ids.uuid7(now)
    await conn.execute(
        "INSERT INTO duty (duty_id, name, department, about, created_at)"
        " VALUES (%s, %s, %s, %s, %s)",
        (duty_id, name, department, about, now),
    )
    return duty_id


async def change(
    conn: AsyncConnection[Any], duty_id: UUID, name: str, department: str, about: str
) -> None:
    """Raises UnknownDuty."""
    changed = await conn.execute(
        "UPDATE duty SET name = %s, department = %s, about = %s"
        " WHERE duty_id = %s AND retired_at IS NULL",
        (name, department, about, duty_id),
    )
    if changed.rowcount == 0:
        raise UnknownDuty


async def hand_over(
    conn: AsyncConnection[Any], duty_id: UUID, people: Collection[UUID], now: datetime
) -> None:
    """From now on these people have it; who had it stays written.

    Raises UnknownDuty, UnknownPerson.
    """
    found = await conn.execute(
        "SELECT FROM duty WHERE duty_id = %s AND retired_at IS NULL FOR UPDATE", (duty_id,)
    )
    if await found.fetchone() is None:
        raise UnknownDuty
    await conn.execute(
        "UPDATE duty_person SET until = %s"
        " WHERE duty_id = %s AND until IS NULL AND person_id <> ALL (%s)",
        (now, duty_id, list(people)),
    )
    try:
        await conn.execute(
            """
            INSERT INTO duty_person (duty_id, person_id, since)
            SELECT %s, person_id, %s FROM unnest(%s::uuid[]) AS given (person_id)
                ON CONFLICT DO NOTHING
            """,
            (duty_id, now, list(people)),
        )
    except errors.ForeignKeyViolation as error:
        raise UnknownPerson from error


async def retire(conn: AsyncConnection[Any], duty_id: UUID, now: datetime) -> None:
    """Nobody has it any longer. Raises UnknownDuty."""
    await hand_over(conn, duty_id, (), now)
    await conn.execute("UPDATE duty SET retired_at = %s WHERE duty_id = %s", (now, duty_id))
