"""Append to the audit trail, search it, walk it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Json

from hub.identity.audit import GENESIS, Entry, hash_of

_LOCK: Final = 0x6175646974  # "audit"
PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to search for; None: anything."""

    text: str | None = None
    """Part of actor, action, subject or detail."""
    actor: str | None = None
    """Who did it, whole."""
    action: str | None = None
    """What was done: `person`, `person.add`."""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    """Only entries with a lower number: the next page."""


async def append(
    conn: AsyncConnection[Any],
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str = "",
    address: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Add one entry behind the newest. Others wait until the transaction ends."""
    await conn.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    number, before = await _newest(conn)
    entry = Entry(number + 1, at, actor, action, subject, address, detail or {})
    entry = replace(entry, hash=hash_of(before, entry))
    await conn.execute(
        """
        INSERT INTO audit_entry (number, at, actor, action, subject, address, detail, hash)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (
            entry.number, at, actor, action, subject, address, Json(dict(entry.detail)),
            entry.hash,
        ),
    )  # fmt: skip
    return entry


async def _newest(conn: AsyncConnection[Any]) -> tuple[int, bytes]:
    found = await conn.execute("SELECT number, hash FROM audit_entry ORDER BY number DESC LIMIT 1")
    return await found.fetchone() or (0, GENESIS)


async def search(conn: AsyncConnection[Any], wanted: Wanted) -> list[Entry]:
    """The newest that fit, at most PAGE."""
    async with conn.cursor(row_factory=class_row(Entry)) as cursor:
        await cursor.execute(
            """
            SELECT number, at, actor, action, subject, address, detail, hash
              FROM audit_entry
             WHERE (%(text)s::text IS NULL
                    OR strpos(lower(concat_ws(' ', actor, action, subject, detail::text)),
                              lower(%(text)s)) > 0)
               AND (%(actor)s::text IS NULL OR actor = %(actor)s)
               AND (%(action)s::text IS NULL OR action = %(action)s
                    OR starts_with(action, %(action)s || '.'))
               AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
               AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
               AND (%(before)s::bigint IS NULL OR number < %(before)s)
             ORDER BY number DESC
             LIMIT %(page)s
            """,
            {**asdict(wanted), "page": PAGE},
        )
        return await cursor.fetchall()


async def walk(conn: AsyncConnection[Any]) -> AsyncIterator[Entry]:
    """Every entry from the first, a batch at a time. Needs a transaction."""
    async with conn.cursor(name="audit", row_factory=class_row(Entry)) as cursor:
        await cursor.execute(
            "SELECT number, at, actor, action, subject, address, detail, hash"
            "  FROM audit_entry ORDER BY number"
        )
        async for entry in cursor:
            yield entry
