"""Alerts: which are open, what a turn changed, who acknowledged. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from edge.wire.topics import NodeName
from hub.devices.alerts import Alert, Key, Turn
from hub.devices.condition import Cause
from hub.kit.ids import uuid7

LOCK_KEY: Final = 0x616C657274  # "alert"
KEPT_FOR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that somebody was, or is to be, told of."""

    alert_id: UUID
    site: str
    node: str
    cause: str
    figures: dict[str, Any]
    raised_at: datetime
    closed_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None


async def lock(conn: AsyncConnection[Any]) -> None:
    """One worker at a time looks and changes, until its transaction ends."""
    await conn.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK_KEY,))


async def open_ones(conn: AsyncConnection[Any]) -> list[Alert]:
    """All that are watched or raised and not closed; of causes this program knows."""
    rows = await conn.execute(
        """
        SELECT site, node, cause, figures, seen_since, gone_since, raised_at
          FROM alert
         WHERE closed_at IS NULL AND cause = ANY (%s)
        """,
        (list(Cause),),
    )
    return [
        Alert(Key(site, node, Cause(cause)), *rest)
        for site, node, cause, *rest in await rows.fetchall()
    ]


async def apply(conn: AsyncConnection[Any], turn: Turn) -> None:
    """Write down what a turn changed."""
    async with conn.cursor() as cursor:
        await cursor.executemany(
            """
            INSERT INTO alert (alert_id, site, node, cause, figures, seen_since, raised_at)
            VALUES (%(alert_id)s, %(site)s, %(node)s, %(cause)s, %(figures)s, %(seen_since)s,
                    %(raised_at)s)
                ON CONFLICT DO NOTHING  -- open already: nothing is raised twice
            """,
            [{**_row(one), "alert_id": uuid7(one.seen_since)} for one in turn.opened],
        )
        await cursor.executemany(
            """
            UPDATE alert
               SET figures = %(figures)s, gone_since = %(gone_since)s, raised_at = %(raised_at)s,
                   closed_at = %(closed_at)s
             WHERE site = %(site)s AND node = %(node)s AND cause = %(cause)s AND closed_at IS NULL
            """,
            [_row(one) for one in turn.changed],
        )
        await cursor.executemany(
            """
            DELETE FROM alert
             WHERE site = %s AND node = %s AND cause = %s AND raised_at IS NULL
            """,
            list(turn.dropped),
        )


def _row(alert: Alert) -> dict[str, Any]:
    return {
        **alert.key._asdict(),
        "figures": Jsonb(dict(alert.figures)),
        "seen_since": alert.seen_since,
        "gone_since": alert.gone_since,
        "raised_at": alert.raised_at,
        "closed_at": alert.closed_at,
    }


async def raised(
    conn: AsyncConnection[Any], name: NodeName | None = None, *, closed: int = 0
) -> Sequence[Raised]:
    """What is raised and not closed, of one node or all; and the newest `closed` that are over."""
    async with conn.cursor(row_factory=class_row(Raised)) as cursor:
        await cursor.execute(
            """
            (SELECT alert_id, site, node, cause, figures, raised_at, closed_at, acknowledged_at,
                    acknowledged_by
               FROM alert
              WHERE raised_at IS NOT NULL AND closed_at IS NULL
                AND (%(site)s::text IS NULL OR (site, node) = (%(site)s, %(node)s)))
             UNION ALL
            (SELECT alert_id, site, node, cause, figures, raised_at, closed_at, acknowledged_at,
                    acknowledged_by
               FROM alert
              WHERE closed_at IS NOT NULL
                AND (%(site)s::text IS NULL OR (site, node) = (%(site)s, %(node)s))
              ORDER BY closed_at DESC
              LIMIT %(closed)s)
              ORDER BY raised_at DESC
            """,
            {"site": name and name.site, "node": name and name.node, "closed": closed},
        )
        return await cursor.fetchall()


async def acknowledge(
    conn: AsyncConnection[Any], alert_id: UUID, who: str, now: datetime
) -> NodeName | None:
    """Somebody has seen it; the first one's name stays. Its node, or None: no such open alert."""
    row = await conn.execute(
        """
        UPDATE alert
           SET acknowledged_at = coalesce(acknowledged_at, %(now)s),
               acknowledged_by = coalesce(acknowledged_by, %(who)s)
         WHERE alert_id = %(alert_id)s AND raised_at IS NOT NULL AND closed_at IS NULL
     RETURNING site, node
        """,
        {"alert_id": alert_id, "who": who, "now": now},
    )
    found = await row.fetchone()
    return NodeName(*found) if found else None


async def forget(conn: AsyncConnection[Any], now: datetime) -> None:
    """Delete alerts, and what was told of them, that were over a year ago."""
    await conn.execute("DELETE FROM alert WHERE closed_at < %s", (now - KEPT_FOR,))
