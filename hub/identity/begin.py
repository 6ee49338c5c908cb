"""The first people of an office: an administrator made by command, and the people of a demo.

Nobody is there by default, and no password is known to anybody but whoever reads it here once.
"""

import re
from datetime import datetime
from typing import Final

from hub.identity import passwords, roles
from hub.identity.roles import Role
from hub.identity.store import audit as trail
from hub.identity.store import people, sessions
from hub.kit import db

LOGIN_PATTERN: Final = r"^[a-z0-9][a-z0-9._@-]{0,63}$"
DEMO: Final[dict[str, tuple[str, Role]]] = {
    "staff": ("김직원", "staff"),
    "facilities": ("이시설", "facilities"),
    "field": ("박출장", "field"),
    "editor": ("최편집", "editor"),
    "auditor": ("정감사", "auditor"),
    "admin": ("한관리", "admin"),
}


class MalformedLogin(ValueError):
    """Not a login. The message says what is."""


def checked_login(login: str) -> str:
    """The login itself. Raises MalformedLogin."""
    if not re.fullmatch(LOGIN_PATTERN, login):
        raise MalformedLogin(
            f"{login!r} is not a login: 1-64 of a-z, 0-9, dot, underscore, @ and hyphen,"
            " the first a letter or digit."
        )
    return login


async def make_admin(dsn: str, login: str, name: str, now: datetime) -> str:
    """Make an administrator, or give the person of this login that role; a new first password.

    Raises:
        MalformedLogin: the login has other characters than a login may have.
    """
    first = passwords.one_time()
    async with await db.connect(dsn) as conn:
        await _make(conn, checked_login(login), name, "admin", first, now)
    return first


async def make_demo(dsn: str, now: datetime) -> dict[str, str]:
    """One person of each role where there is nobody yet: login and one-time password."""
    async with await db.connect(dsn) as conn:
        if await people.everybody(conn):
            return {}
        told = {login: passwords.one_time() for login in DEMO}
        for login, (name, role) in DEMO.items():
            await _make(conn, login, name, role, told[login], now)
    return told


async def _make(
    conn: people.Conn, login: str, name: str, role: Role, first: str, now: datetime
) -> None:
    encoded = passwords.hashed(first)
    known = next((one for one in await people.everybody(conn) if one.login == login), None)
    if known is None:
        await people.add(
            conn, login=login, name=name, roles=roles.parse([role]), now=now,
            first_password_hash=encoded,
        )  # fmt: skip
    else:
        more = roles.parse([*known.roles, role])
        await people.change(
            conn, known.person_id, name=known.name, email=known.email, roles=more, retired_at=None
        )
        await people.set_password(conn, known.person_id, encoded, is_first=True)
        await sessions.end_all(conn, known.person_id)
        await sessions.forgive(conn, login)
    action = "person.add" if known is None else "person.reset"
    await trail.append(
        conn, at=now, actor="system", action=action, subject=login, detail={"role": role}
    )
