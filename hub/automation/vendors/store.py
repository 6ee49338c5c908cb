"""The vendor book, the questions that were carried outside and the use of the key, in SQL."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from hub.automation.vendors.book import Vendor

Conn = AsyncConnection[Any]
PAGE: Final = 50
_OF: Final = """
SELECT number, name, representative, opened_on, address, memo, source, as_of, version, saved_at,
       saved_by
  FROM vendor
"""
_FITS: Final = """
 WHERE %(text)s = '' OR strpos(lower(name), lower(%(text)s)) > 0
    OR (%(digits)s <> '' AND strpos(number, %(digits)s) > 0)
"""

_KEEP: Final = """
INSERT INTO vendor (number, name, representative, opened_on, address, memo, source, as_of,
                    version, saved_at, saved_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (number) DO UPDATE
   SET name = excluded.name, representative = excluded.representative,
       opened_on = excluded.opened_on, address = excluded.address, memo = excluded.memo,
       source = excluded.source, as_of = excluded.as_of, version = excluded.version,
       saved_at = excluded.saved_at, saved_by = excluded.saved_by
 WHERE vendor.version = excluded.version - 1  -- changed meanwhile: zero rows
"""


async def several(conn: Conn, numbers: Sequence[str]) -> dict[str, Vendor]:
    """The entries of these numbers, of those that have one."""
    async with conn.cursor(row_factory=class_row(Vendor)) as cursor:
        await cursor.execute(_OF + " WHERE number = ANY(%s)", (list(numbers),))
        return {one.number: one for one in await cursor.fetchall()}


async def page(conn: Conn, text: str, offset: int) -> tuple[list[Vendor], int]:
    """Up to PAGE entries whose name or number has `text`, by name, and how many there are."""
    given = {
        "text": text, "digits": "".join(c for c in text if c in "0123456789"),
        "most": PAGE, "offset": offset,
    }  # fmt: skip
    async with conn.cursor(row_factory=class_row(Vendor)) as cursor:
        await cursor.execute(
            _OF + _FITS + " ORDER BY name, number LIMIT %(most)s OFFSET %(offset)s", given
        )
        found = await cursor.fetchall()
    counted = await conn.execute("SELECT count(*) FROM vendor" + _FITS, given)  # noqa: S608  our own text
    row = await counted.fetchone()
    return found, row[0] if row else 0


async def everything(conn: Conn) -> list[Vendor]:
    """The whole book, by name."""
    async with conn.cursor(row_factory=class_row(Vendor)) as cursor:
        await cursor.execute(_OF + " ORDER BY name, number")
        return await cursor.fetchall()


async def keep(conn: Conn, one: Vendor) -> bool:
    """An entry more, or its next version; False: somebody else was quicker."""
    return (await conn.execute(_KEEP, _row(one))).rowcount == 1


async def keep_all(conn: Conn, vendors: Iterable[Vendor]) -> None:
    """All of these, as they are given: the book was locked and compared before."""
    async with conn.cursor() as cursor:
        await cursor.executemany(_KEEP, [_row(one) for one in vendors])


async def lock(conn: Conn) -> None:
    """Nobody else writes into the book until COMMIT; everybody reads."""
    await conn.execute("LOCK TABLE vendor IN SHARE ROW EXCLUSIVE MODE")


async def forget(conn: Conn, number: str) -> bool:
    """Take an entry out; False: there is none."""
    return (await conn.execute("DELETE FROM vendor WHERE number = %s", (number,))).rowcount == 1


async def ask(conn: Conn, question: UUID, digest: bytes, now: datetime, by: str) -> None:
    """A question was carried outside."""
    await conn.execute(
        "INSERT INTO vendor_question (question_id, digest, made_at, made_by)"
        " VALUES (%s, %s, %s, %s)",
        (question, digest, now, by),
    )


async def digest_of(conn: Conn, question: UUID) -> bytes | None:
    """Of the numbers of a question; None: it is none of ours, or too old."""
    found = await conn.execute(
        "SELECT digest FROM vendor_question WHERE question_id = %s", (question,)
    )
    row = await found.fetchone()
    return bytes(row[0]) if row else None


async def forget_questions(conn: Conn, before: datetime) -> None:
    """Whoever carried one out that long ago does not come back."""
    await conn.execute("DELETE FROM vendor_question WHERE made_at < %s", (before,))


async def count_call(conn: Conn, key_hash: bytes, day: date, service: str, most: int) -> bool:
    """One call more by this key on this day; False: there were `most` already."""
    counted = await conn.execute(
        """
        INSERT INTO vendor_key_use AS known (key_hash, day, service, calls)
        VALUES (%s, %s, %s, 1)
            ON CONFLICT (key_hash, day, service) DO UPDATE SET calls = known.calls + 1
         WHERE known.calls < %s  -- another process may have had the last: zero rows
        """,
        (key_hash, day, service, most),
    )
    return counted.rowcount == 1


async def calls_of(conn: Conn, key_hash: bytes, day: date) -> dict[str, int]:
    """How often this key was used on this day, by service."""
    found = await conn.execute(
        "SELECT service, calls FROM vendor_key_use WHERE key_hash = %s AND day = %s",
        (key_hash, day),
    )
    return {row[0]: row[1] for row in await found.fetchall()}


async def forget_calls(conn: Conn, before: date) -> None:
    """What was counted on earlier days."""
    await conn.execute("DELETE FROM vendor_key_use WHERE day < %s", (before,))


def _row(one: Vendor) -> tuple[Any, ...]:
    return (
        one.number, one.name, one.representative, one.opened_on, one.address, one.memo,
        one.source, one.as_of, one.version, one.saved_at, one.saved_by,
    )  # fmt: skip
