"""What was confirmed on paper or by photo, version by version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

Conn = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One version. `who`: the staff number of the one whose trip it confirms."""

    confirmation_id: UUID
    version: int
    trip: str
    who: str
    kind: str
    on_day: date
    note: str
    photo_sha256: bytes | None
    is_withdrawn: bool
    why: str
    saved_at: datetime
    saved_by: str


_COLUMNS: Final = (
    "confirmation_id, version, trip, who, kind, on_day, note, photo_sha256, is_withdrawn, why,"
    " saved_at, saved_by"
)


async def history(conn: Conn, confirmation_id: UUID) -> list[Confirmation]:
    """All versions, the newest first; none: there is no such one."""
    async with conn.cursor(row_factory=class_row(Confirmation)) as cursor:
        await cursor.execute(
            f"SELECT {_COLUMNS} FROM trip_confirmation WHERE confirmation_id = %s"  # noqa: S608
            " ORDER BY version DESC",
            (confirmation_id,),
        )
        return await cursor.fetchall()


async def of_trips(conn: Conn, trips: Sequence[str]) -> list[Confirmation]:
    """The newest versions for these orders, withdrawn ones too; by day."""
    async with conn.cursor(row_factory=class_row(Confirmation)) as cursor:
        await cursor.execute(
            f"""
            SELECT * FROM (
              SELECT DISTINCT ON (confirmation_id) {_COLUMNS}
                FROM trip_confirmation
               WHERE trip = ANY (%s)
               ORDER BY confirmation_id, version DESC
            ) AS newest
             ORDER BY on_day, confirmation_id
            """,  # noqa: S608  our own text
            (list(trips),),
        )
        return await cursor.fetchall()


async def keep(conn: Conn, one: Confirmation) -> bool:
    """A version more. False: somebody else has written this version."""
    kept = await conn.execute(
        f"INSERT INTO trip_confirmation ({_COLUMNS})"  # noqa: S608  our own text
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (
            one.confirmation_id, one.version, one.trip, one.who, one.kind, one.on_day, one.note,
            one.photo_sha256, one.is_withdrawn, one.why, one.saved_at, one.saved_by,
        ),
    )  # fmt: skip
    return kept.rowcount == 1
