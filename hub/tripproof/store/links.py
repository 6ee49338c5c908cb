"""Proofs that were linked to an order later. The leaf is the truth, this is its index."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row

Conn = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class Link:
    """One link; an empty `trip`: not linked any more."""

    log_index: int
    cti: bytes
    trip: str
    by_login: str
    at: datetime


async def newest(conn: Conn, cti: bytes) -> Link | None:
    """How this proof is linked now."""
    async with conn.cursor(row_factory=class_row(Link)) as cursor:
        await cursor.execute(
            "SELECT log_index, cti, trip, by_login, at FROM trip_link WHERE cti = %s"
            " ORDER BY log_index DESC LIMIT 1",
            (cti,),
        )
        return await cursor.fetchone()


async def keep(conn: Conn, one: Link) -> None:
    """A link more; its leaf is there."""
    await conn.execute(
        "INSERT INTO trip_link (log_index, cti, trip, by_login, at) VALUES (%s, %s, %s, %s, %s)",
        (one.log_index, one.cti, one.trip, one.by_login, one.at),
    )
