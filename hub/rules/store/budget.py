"""The office's own tables of budget codes, by fiscal year and version."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from hub.rules.budget_codes import BudgetCode

Conn = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class BudgetStanding:
    """What the office's table of one year says now; version 0: it never had one."""

    version: int
    codes: tuple[BudgetCode, ...]
    saved_at: datetime | None
    saved_by: str | None


@dataclass(frozen=True, slots=True)
class BudgetSaved:
    """One version of one year's table."""

    version: int
    saved_at: datetime
    saved_by: str
    back_to: int | None
    count: int


NEVER: Final = BudgetStanding(0, (), None, None)


async def standing(conn: Conn, year: int) -> BudgetStanding:
    """The newest table of a year."""
    found = await conn.execute(
        """
        SELECT version, codes, saved_at, saved_by
          FROM budget_code_version
         WHERE fiscal_year = %s
         ORDER BY version DESC
         LIMIT 1
        """,
        (year,),
    )
    row = await found.fetchone()
    return (
        BudgetStanding(row[0], _codes(row[1]), *row[2:])
        if row
        else BudgetStanding(0, (), None, None)
    )


async def years(conn: Conn) -> list[int]:
    """Fiscal years of which the office has a table of its own now."""
    found = await conn.execute(
        """
        SELECT fiscal_year
          FROM (SELECT DISTINCT ON (fiscal_year) fiscal_year, codes
                  FROM budget_code_version
                 ORDER BY fiscal_year, version DESC) newest
         WHERE codes <> '[]'
         ORDER BY fiscal_year
        """
    )
    return [year for (year,) in await found.fetchall()]


async def kept(conn: Conn, year: int, version: int) -> tuple[BudgetCode, ...] | None:
    """One version of a year's table; 0: none of our own."""
    if version == 0:
        return ()
    found = await conn.execute(
        "SELECT codes FROM budget_code_version WHERE fiscal_year = %s AND version = %s",
        (year, version),
    )
    row = await found.fetchone()
    return _codes(row[0]) if row else None


async def keep(
    conn: Conn,
    year: int,
    seen: int,
    codes: Sequence[BudgetCode],
    by: str,
    now: datetime,
    back_to: int | None = None,
) -> bool:
    """Save as the version after `seen`. False: somebody else saved meanwhile. The door commits."""
    found = await conn.execute(
        """
        INSERT INTO budget_code_version (fiscal_year, version, codes, saved_at, saved_by, back_to)
        SELECT %(year)s, %(seen)s + 1, %(codes)s, %(now)s, %(by)s, %(back_to)s::integer
         WHERE %(seen)s = (SELECT coalesce(max(version), 0)
                             FROM budget_code_version
                            WHERE fiscal_year = %(year)s)
            ON CONFLICT DO NOTHING  -- of two who saw the same version, one comes later
        RETURNING version
        """,
        {
            "year": year, "seen": seen, "now": now, "by": by, "back_to": back_to,
            "codes": Jsonb([asdict(one) for one in codes]),
        },
    )  # fmt: skip
    return await found.fetchone() is not None


async def history(conn: Conn, year: int, most: int) -> list[BudgetSaved]:
    """The newest versions first."""
    async with conn.cursor(row_factory=class_row(BudgetSaved)) as cur:
        await cur.execute(
            """
            SELECT version, saved_at, saved_by, back_to, jsonb_array_length(codes) AS count
              FROM budget_code_version
             WHERE fiscal_year = %s
             ORDER BY version DESC
             LIMIT %s
            """,
            (year, most),
        )
        return await cur.fetchall()


def _codes(rows: Sequence[dict[str, Any]]) -> tuple[BudgetCode, ...]:
    return tuple(BudgetCode(**{**one, "words": tuple(one["words"])}) for one in rows)
