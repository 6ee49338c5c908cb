"""What a node lost, and what of it could not be read: for its own page. Nothing here commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.rows import class_row

from edge.wire.topics import NodeName

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Lost:
    """Windows that were found missing at one moment."""

    windows: int
    reason: str
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be stored, without its payload."""

    subject: str
    reason: str
    first_at: datetime
    last_at: datetime
    times: int
    payload_bytes: int


async def losses(conn: AsyncConnection[Any], name: NodeName) -> list[Lost]:
    """The newest losses."""
    async with conn.cursor(row_factory=class_row(Lost)) as cursor:
        await cursor.execute(
            """
            SELECT (SELECT sum(upper(r) - lower(r)) FROM unnest(loss.seqs) AS r)::bigint AS windows,
                   reason, noticed_at
              FROM loss JOIN spool USING (spool_id)
             WHERE site = %s AND node = %s
             ORDER BY noticed_at DESC
             LIMIT %s
            """,
            (name.site, name.node, SHOWN),
        )
        return await cursor.fetchall()


async def letters(conn: AsyncConnection[Any], name: NodeName) -> list[DeadLetter]:
    """The newest dead letters on the node's topics."""
    async with conn.cursor(row_factory=class_row(DeadLetter)) as cursor:
        await cursor.execute(
            """
            SELECT substr(topic, length(%(prefix)s) + 1) AS subject, reason, first_at, last_at,
                   times, payload_bytes
              FROM dead_letter
             WHERE starts_with(topic, %(prefix)s)
             ORDER BY last_at DESC
             LIMIT %(shown)s
            """,
            {"prefix": name.topic("counts").removesuffix("counts"), "shown": SHOWN},
        )
        return await cursor.fetchall()
