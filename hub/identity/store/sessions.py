"""Who is signed in, and who typed a wrong password lately."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from hub.identity.lockout import WINDOW, Failures
from hub.identity.roles import Role
from hub.identity.sessions import ABSOLUTE, IDLE, Times


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person, as every request sees them."""

    person_id: UUID
    login: str
    name: str
    roles: list[Role]
    password_is_first: bool
    began_at: datetime
    seen_at: datetime

    @property
    def times(self) -> Times:
        """Began and last used: whether it is over is for `hub.identity.sessions` to say."""
        return Times(self.began_at, self.seen_at)


async def begin(
    conn: AsyncConnection[Any], token_sha256: bytes, person_id: UUID, address: str, now: datetime
) -> None:
    """Remember a session."""
    await conn.execute(
        """
        INSERT INTO login_session (token_sha256, person_id, began_at, seen_at, address)
        VALUES (%s, %s, %s, %s, %s)
        """,
        (token_sha256, person_id, now, now, address),
    )


async def find(conn: AsyncConnection[Any], token_sha256: bytes) -> Session | None:
    """The session of this token and its person, unless the person has left."""
    async with conn.cursor(row_factory=class_row(Session)) as cursor:
        await cursor.execute(
            """
            SELECT p.person_id, p.login, p.name, p.roles, p.password_is_first,
                   s.began_at, s.seen_at
              FROM login_session s
              JOIN person p USING (person_id)
             WHERE s.token_sha256 = %s AND p.retired_at IS NULL
            """,
            (token_sha256,),
        )
        return await cursor.fetchone()


async def touch(conn: AsyncConnection[Any], token_sha256: bytes, now: datetime) -> None:
    """It was used now."""
    await conn.execute(
        "UPDATE login_session SET seen_at = %s WHERE token_sha256 = %s", (now, token_sha256)
    )


async def end(conn: AsyncConnection[Any], token_sha256: bytes) -> None:
    """Sign out."""
    await conn.execute("DELETE FROM login_session WHERE token_sha256 = %s", (token_sha256,))


async def end_all(conn: AsyncConnection[Any], person_id: UUID, *, but: bytes | None = None) -> None:
    """Sign a person out everywhere: a changed password, a role taken away, somebody left."""
    await conn.execute(
        "DELETE FROM login_session WHERE person_id = %s AND token_sha256 IS DISTINCT FROM %s",
        (person_id, but),
    )


async def open_by_person(conn: AsyncConnection[Any], now: datetime) -> dict[UUID, int]:
    """How many sessions each signed-in person has."""
    found = await conn.execute(
        "SELECT person_id, count(*) FROM login_session"
        " WHERE seen_at > %s AND began_at > %s GROUP BY person_id",
        (now - IDLE, now - ABSOLUTE),
    )
    return dict(await found.fetchall())


async def failures_by_login(conn: AsyncConnection[Any], now: datetime) -> dict[str, Failures]:
    """Wrong passwords within the window, by login alone: whose account waits."""
    found = await conn.execute(
        "SELECT login, count(*), min(at) FROM sign_in_failure WHERE at > %s GROUP BY login",
        (now - WINDOW,),
    )
    return {login: Failures(wrong, 0, at) for login, wrong, at in await found.fetchall()}


async def failures(conn: AsyncConnection[Any], login: str, address: str, now: datetime) -> Failures:
    """Wrong passwords within the window, by this login and from this address.

    Others who try this login wait until the transaction ends: guesses made at once are counted too.
    """
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (login,))
    found = await conn.execute(
        """
        SELECT count(*) FILTER (WHERE login = %(login)s),
               count(*) FILTER (WHERE address = %(address)s),
               min(at)
          FROM sign_in_failure
         WHERE at > %(since)s AND (login = %(login)s OR address = %(address)s)
        """,
        {"login": login, "address": address, "since": now - WINDOW},
    )
    row = await found.fetchone()
    return Failures(*row) if row else Failures()


async def fail(conn: AsyncConnection[Any], login: str, address: str, now: datetime) -> None:
    """One more wrong password."""
    await conn.execute(
        "INSERT INTO sign_in_failure (at, login, address) VALUES (%s, %s, %s)",
        (now, login, address),
    )


async def forgive(conn: AsyncConnection[Any], login: str) -> None:
    """The right password came, or an admin opened the account again."""
    await conn.execute("DELETE FROM sign_in_failure WHERE login = %s", (login,))


async def sweep(conn: AsyncConnection[Any], now: datetime) -> None:
    """Remove what has ended: sessions, failures, visits to the provider."""
    await conn.execute(
        "DELETE FROM login_session WHERE seen_at <= %s OR began_at <= %s",
        (now - IDLE, now - ABSOLUTE),
    )
    await conn.execute("DELETE FROM sign_in_failure WHERE at <= %s", (now - WINDOW,))
    await conn.execute("DELETE FROM provider_visit WHERE began_at <= %s", (now - WINDOW,))
