"""The dead letters that are still kept, read for the page that shows them. Nothing here commits.

They are few: `store.letters` keeps 2,000 at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.rows import class_row

from edge.wire.topics import ROOT, NodeName

FIRST_BYTES: Final = 600
_NAMES_A_NODE: Final = rf"^{ROOT}/[a-z0-9-]{{1,32}}/[a-z0-9-]{{1,32}}/"


@dataclass(frozen=True, slots=True)
class Pile:
    """The letters of one node for one reason. Site and node are None where the topic names none."""

    site: str | None
    node: str | None
    title: str | None
    """None: no such node is registered."""
    title_en: str | None
    reason: str
    letters: int
    times: int
    newest_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, with the first bytes of what was said."""

    dead_letter_id: int
    topic: str
    reason: str
    first_at: datetime
    last_at: datetime
    times: int
    payload_bytes: int
    first_bytes: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the letter that was last on it."""

    last_at: datetime
    dead_letter_id: int


async def piles(conn: AsyncConnection[Any]) -> list[Pile]:
    """Every letter, counted by node and reason."""
    async with conn.cursor(row_factory=class_row(Pile)) as cursor:
        await cursor.execute(
            """
            WITH letter AS (
              SELECT CASE WHEN topic ~ %(ours)s THEN split_part(topic, '/', 3) END AS site,
                     CASE WHEN topic ~ %(ours)s THEN split_part(topic, '/', 4) END AS node,
                     reason, times, last_at
                FROM dead_letter
            )
            SELECT site, node, n.name AS title, n.name_en AS title_en, reason, count(*) AS letters,
                   sum(times)::bigint AS times, max(last_at) AS newest_at
              FROM letter LEFT JOIN node n USING (site, node)
             GROUP BY site, node, n.name, n.name_en, reason
            """,
            {"ours": _NAMES_A_NODE},
        )
        return await cursor.fetchall()


async def letters(
    conn: AsyncConnection[Any],
    name: NodeName | None,
    reasons: Sequence[str] | None,
    after: Place | None,
    limit: int,
) -> list[Letter]:
    """The newest letters of a node or of all, for one of `reasons` or for any; `after` a page."""
    async with conn.cursor(row_factory=class_row(Letter)) as cursor:
        await cursor.execute(
            """
            SELECT dead_letter_id, topic, reason, first_at, last_at, times, payload_bytes,
                   substr(payload, 1, %(bytes)s) AS first_bytes
              FROM dead_letter
             WHERE starts_with(topic, %(prefix)s)
               AND (%(reasons)s::text[] IS NULL OR reason = ANY(%(reasons)s))
               AND (%(at)s::timestamptz IS NULL
                    OR (last_at, dead_letter_id) < (%(at)s, %(id)s::bigint))
             ORDER BY last_at DESC, dead_letter_id DESC
             LIMIT %(limit)s
            """,
            {
                "bytes": FIRST_BYTES,
                "prefix": f"{ROOT}/{name}/" if name else "",
                "reasons": None if reasons is None else list(reasons),
                "at": after.last_at if after else None,
                "id": after.dead_letter_id if after else None,
                "limit": limit,
            },
        )
        return await cursor.fetchall()


async def forgotten(conn: AsyncConnection[Any]) -> int:
    """Messages that were refused and whose letters are kept no more."""
    cursor = await conn.execute("SELECT coalesce(sum(times), 0)::bigint FROM dead_letter_forgotten")
    row = await cursor.fetchone()
    return row[0] if row else 0
