"""People and what they may."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection, errors
from psycopg.rows import class_row

from hub.identity.errors import LastAdmin, LoginTaken, UnknownPerson
from hub.identity.roles import Role
from hub.kit import ids

Conn = AsyncConnection[Any]
_COLUMNS: Final = (
    "person_id, login, name, email, roles, password_hash IS NOT NULL AS has_password,"
    " password_is_first, issuer, created_at, retired_at"
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the office, as an admin sees them."""

    person_id: UUID
    login: str
    name: str
    email: str | None
    roles: list[Role]
    has_password: bool
    password_is_first: bool
    issuer: str | None
    created_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Password:
    """What signing in needs to know of a login."""

    person_id: UUID
    encoded: str | None


async def everybody(conn: Conn) -> list[Person]:
    """Those who are here first, then those who left; by name."""
    async with conn.cursor(row_factory=class_row(Person)) as cursor:
        await cursor.execute(
            f"SELECT {_COLUMNS} FROM person ORDER BY retired_at IS NOT NULL, name, login"  # noqa: S608
        )
        return await cursor.fetchall()


async def one(conn: Conn, person_id: UUID) -> Person:
    """Raises UnknownPerson."""
    async with conn.cursor(row_factory=class_row(Person)) as cursor:
        await cursor.execute(f"SELECT {_COLUMNS} FROM person WHERE person_id = %s", (person_id,))  # noqa: S608
        found = await cursor.fetchone()
    if found is None:
        raise UnknownPerson
    return found


async def password_of(conn: Conn, login: str) -> Password | None:
    """None: no such login, or the person has left."""
    async with conn.cursor(row_factory=class_row(Password)) as cursor:
        await cursor.execute(
            "SELECT person_id, password_hash AS encoded FROM person"
            " WHERE login = %s AND retired_at IS NULL",
            (login,),
        )
        return await cursor.fetchone()


async def add(
    conn: Conn,
    *,
    login: str,
    name: str,
    roles: Collection[Role],
    now: datetime,
    email: str | None = None,
    first_password_hash: str | None = None,
    provider: tuple[str, str] | None = None,
) -> UUID:
    """Add a person. `provider`: issuer and subject. Raises LoginTaken."""
    person_id = ids.uuid7(now)
    issuer, subject = provider or (None, None)
    try:
        await conn.execute(
            """
            INSERT INTO person (person_id, login, name, email, roles, password_hash,
                                password_is_first, issuer, subject, created_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            (
                person_id, login, name, email, sorted(roles), first_password_hash,
                first_password_hash is not None, issuer, subject, now,
            ),
        )  # fmt: skip
    except errors.UniqueViolation as error:
        raise LoginTaken(login) from error
    return person_id


async def change(
    conn: Conn,
    person_id: UUID,
    *,
    name: str,
    email: str | None,
    roles: Collection[Role],
    retired_at: datetime | None,
) -> None:
    """Say anew who this is and what they may. Raises UnknownPerson, LastAdmin."""
    changed = await conn.execute(
        """
        UPDATE person SET name = %s, email = %s, roles = %s, retired_at = %s
         WHERE person_id = %s
        """,
        (name, email, sorted(roles), retired_at, person_id),
    )
    if changed.rowcount == 0:
        raise UnknownPerson
    await _keep_an_admin(conn)


async def _keep_an_admin(conn: Conn) -> None:
    found = await conn.execute(
        "SELECT FROM person WHERE 'admin' = ANY (roles) AND retired_at IS NULL LIMIT 1"
    )
    if await found.fetchone() is None:
        raise LastAdmin


async def set_password(conn: Conn, person_id: UUID, encoded: str, *, is_first: bool) -> None:
    """A person's own new password, or (`is_first`) one that somebody else knows."""
    await conn.execute(
        "UPDATE person SET password_hash = %s, password_is_first = %s WHERE person_id = %s",
        (encoded, is_first, person_id),
    )


async def by_provider(conn: Conn, issuer: str, subject: str) -> Person | None:
    """The person whom the provider calls so."""
    async with conn.cursor(row_factory=class_row(Person)) as cursor:
        await cursor.execute(
            f"SELECT {_COLUMNS} FROM person WHERE issuer = %s AND subject = %s",  # noqa: S608
            (issuer, subject),
        )
        return await cursor.fetchone()
