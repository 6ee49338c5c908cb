"""The trip proof as figures: quarters of coordinates and days' checkpoints, as last looked at."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """One quarter of coordinates."""

    quarter: int
    sealed: int
    is_due: bool
    """Said to be due, not destroyed and not held."""
    destroyed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DailyFigures:
    """The days' checkpoints."""

    begun_on: date | None
    """When the log began, in Korea; None: there is no log."""
    newest: date | None
    unfiled: int
    told: dict[str, date]
    """The newest day that each address was told of."""


def quarters(conn: Connection[Any]) -> list[QuarterFigures]:
    """The oldest first."""
    with conn.cursor(row_factory=class_row(QuarterFigures)) as cursor:
        cursor.execute(
            """
            SELECT quarter, sealed, destroyed_at,
                   said_at IS NOT NULL AND destroyed_at IS NULL
                     AND NOT EXISTS (SELECT FROM trip_hold h
                                      WHERE h.quarter = q.quarter AND h.lifted_at IS NULL)
                     AS is_due
              FROM trip_quarter q
             ORDER BY quarter
            """
        )
        return cursor.fetchall()


def daily(conn: Connection[Any]) -> DailyFigures:
    """How far they are."""
    found = conn.execute(
        """
        SELECT (SELECT (at AT TIME ZONE 'Asia/Seoul')::date FROM trip_leaf WHERE log_index = 0),
               (SELECT max(day) FROM trip_daily),
               (SELECT count(*) FROM trip_daily WHERE filed_at IS NULL)
        """
    ).fetchone()
    told = conn.execute("SELECT address, max(day) FROM trip_daily_told GROUP BY address").fetchall()
    begun_on, newest, unfiled = found or (None, None, 0)
    return DailyFigures(begun_on, newest, unfiled, dict(told))
