"""The switch of Home Assistant, and what is to be taken back from it. Nothing here commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row

from edge.wire.topics import NodeName
from hub.kit.db import CONFIG, notify


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether Home Assistant is told, and who said so when."""

    is_on: bool
    set_at: datetime
    set_by: str


async def switch(conn: AsyncConnection[Any]) -> Switch | None:
    """As it stands; None: nobody ever touched it."""
    async with conn.cursor(row_factory=class_row(Switch)) as cursor:
        await cursor.execute("SELECT is_on, set_at, set_by FROM home_assistant")
        return await cursor.fetchone()


def is_on(conn: Connection[Any]) -> bool | None:
    """The switch alone, for `ingest`; None: nobody ever touched it."""
    row = conn.execute("SELECT is_on FROM home_assistant").fetchone()
    return row[0] if row else None


async def set_switch(conn: AsyncConnection[Any], on: bool, by: str, now: datetime) -> None:
    """Switch it; the doors are told."""
    await conn.execute(
        """
        INSERT INTO home_assistant (is_on, set_at, set_by)
        VALUES (%(on)s, %(now)s, %(by)s)
            ON CONFLICT (one) DO UPDATE
           SET is_on = excluded.is_on, set_at = excluded.set_at, set_by = excluded.set_by
        """,
        {"on": on, "now": now, "by": by},
    )
    await notify(conn, CONFIG)


async def every_name(conn: AsyncConnection[Any]) -> list[NodeName]:
    """Every node that ever was, revoked and taken down ones too."""
    rows = await conn.execute("SELECT site, node FROM node ORDER BY site, node")
    return [NodeName(site, node) for site, node in await rows.fetchall()]


async def every_zone(conn: AsyncConnection[Any]) -> dict[NodeName, list[str]]:
    """Every zone that ever was, by node."""
    rows = await conn.execute(
        "SELECT site, node, array_agg(zone ORDER BY zone) FROM zone GROUP BY site, node"
    )
    return {NodeName(site, node): zones for site, node, zones in await rows.fetchall()}
