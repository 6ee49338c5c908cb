"""The office's ordinances in the database, by version, and the rules with them laid over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from hub.rules.book import RuleBook
from hub.rules.ordinances import OrdinanceSaid, in_force
from hub.rules.tables import nation

Conn = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the office says now."""

    version: int
    """0: nobody saved anything yet."""
    ordinances: tuple[OrdinanceSaid, ...]
    saved_at: datetime | None
    saved_by: str | None


@dataclass(frozen=True, slots=True)
class Saved:
    """One version of the history."""

    version: int
    saved_at: datetime
    saved_by: str
    changes: list[str]
    back_to: int | None
    count: int
    """How many values it holds."""


NOTHING = Standing(0, (), None, None)


async def office_book(conn: Conn) -> RuleBook:
    """The nation's rules under what the office's own ordinances say: what every answer uses."""
    rules = nation()
    said = (await standing(conn)).ordinances
    return RuleBook(rules, in_force(said, {rule.key: rule for rule in rules}))


async def standing(conn: Conn) -> Standing:
    """What the office says now."""
    found = await conn.execute(
        """
        SELECT version, ordinances, saved_at, saved_by
          FROM ordinance_version
         ORDER BY version DESC
         LIMIT 1
        """
    )
    row = await found.fetchone()
    return Standing(row[0], _said(row[1]), *row[2:]) if row else NOTHING


async def kept(conn: Conn, version: int) -> tuple[OrdinanceSaid, ...] | None:
    """One version of the history; 0: none of our own."""
    if version == 0:
        return ()
    found = await conn.execute(
        "SELECT ordinances FROM ordinance_version WHERE version = %s", (version,)
    )
    row = await found.fetchone()
    return _said(row[0]) if row else None


async def keep(
    conn: Conn,
    seen: int,
    said: Sequence[OrdinanceSaid],
    changes: Sequence[str],
    by: str,
    now: datetime,
    back_to: int | None = None,
) -> bool:
    """Save as the version after `seen`. False: somebody else saved meanwhile. The door commits."""
    found = await conn.execute(
        """
        INSERT INTO ordinance_version (version, ordinances, saved_at, saved_by, changes, back_to)
        SELECT %(seen)s + 1, %(said)s, %(now)s, %(by)s, %(changes)s, %(back_to)s::integer
         WHERE %(seen)s = (SELECT coalesce(max(version), 0) FROM ordinance_version)
            ON CONFLICT DO NOTHING  -- of two who saw the same version, one comes later
        RETURNING version
        """,
        {
            "seen": seen, "now": now, "by": by, "changes": list(changes), "back_to": back_to,
            "said": Jsonb([one.model_dump(mode="json") for one in said]),
        },
    )  # fmt: skip
    return await found.fetchone() is not None


async def history(conn: Conn, most: int) -> list[Saved]:
    """The newest versions first."""
    async with conn.cursor(row_factory=class_row(Saved)) as cur:
        await cur.execute(
            """
            SELECT version, saved_at, saved_by, changes, back_to,
                   jsonb_array_length(ordinances) AS count
              FROM ordinance_version
             ORDER BY version DESC
             LIMIT %s
            """,
            (most,),
        )
        return await cur.fetchall()


def _said(rows: Sequence[Any]) -> tuple[OrdinanceSaid, ...]:
    return tuple(OrdinanceSaid.model_validate(one) for one in rows)
