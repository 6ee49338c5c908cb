"""The auditor's keys, quarter by quarter: public halves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row

Conn = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class Auditor:
    """One auditor key."""

    quarter: int
    number: int
    seal: bytes
    sign: bytes
    fingerprint: bytes
    handover: bytes | None
    saved_at: datetime
    saved_by: str


async def all_of_them(conn: Conn) -> list[Auditor]:
    """The newest first."""
    async with conn.cursor(row_factory=class_row(Auditor)) as cursor:
        await cursor.execute(
            """
            SELECT quarter, number, seal, sign, fingerprint, handover, saved_at, saved_by
              FROM trip_auditor
             ORDER BY quarter DESC, number DESC
            """
        )
        return await cursor.fetchall()


async def keep(
    conn: Conn,
    quarter: int,
    seal: bytes,
    sign: bytes,
    fingerprint: bytes,
    handover: bytes | None,
    now: datetime,
    by: str,
) -> None:
    """The key from now on. The same again changes nothing."""
    await conn.execute(
        """
        INSERT INTO trip_auditor (quarter, number, seal, sign, fingerprint, handover,
                                  saved_at, saved_by)
        SELECT %(quarter)s, coalesce(max(number), 0) + 1, %(seal)s, %(sign)s, %(fingerprint)s,
               %(handover)s, %(now)s, %(by)s
          FROM trip_auditor WHERE quarter = %(quarter)s
            ON CONFLICT (fingerprint) DO NOTHING
        """,
        {
            "quarter": quarter, "seal": seal, "sign": sign, "fingerprint": fingerprint,
            "handover": handover, "now": now, "by": by,
        },
    )  # fmt: skip
