"""Commands, their answers, and what a node sees while somebody draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from edge.wire.messages import Command, CommandResult, Preview
from edge.wire.topics import NodeName
from hub.devices.commands import KEPT_FOR
from hub.devices.pictures import SHOWN_FOR
from hub.kit.db import CONFIG, notify

Conn = AsyncConnection[Any]
SAID_AGAIN_AFTER: Final = timedelta(seconds=10)
_SEEN: Final = "command, site, node, kind, asked_by, asked_at, done, detail, figures, answered_at"


@dataclass(frozen=True, slots=True)
class Asked:
    """A command and what became of it."""

    command: UUID
    site: str
    node: str
    kind: str
    asked_by: str
    asked_at: datetime
    done: bool | None
    detail: str
    figures: dict[str, float]
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sealed:
    """A picture that its asker may open."""

    sealed: bytes
    answered_at: datetime
    width_px: int
    height_px: int
    frames: int
    blurred: int


@dataclass(frozen=True, slots=True)
class Due:
    """A command to be said to its node."""

    node: NodeName
    command: UUID
    payload: bytes


async def ask(conn: Conn, name: NodeName, command: Command, by: str) -> bool:
    """Write a command down for `ingest` to say; False: no such node."""
    made = await conn.execute(
        """
        INSERT INTO command (command, site, node, kind, payload, asked_by, asked_at, expires_at)
        SELECT %(command)s, site, node, %(kind)s, %(payload)s, %(by)s, %(at)s, %(until)s
          FROM node
         WHERE site = %(site)s AND node = %(node)s AND retired_at IS NULL
        """,
        {
            "command": command.command, "kind": command.kind, "payload": command.encode(),
            "by": by, "at": command.issued_at, "until": command.expires_at,
            "site": name.site, "node": name.node,
        },
    )  # fmt: skip
    await notify(conn, CONFIG)
    return made.rowcount == 1


async def find(conn: Conn, command: UUID) -> Asked | None:
    """One command."""
    async with conn.cursor(row_factory=class_row(Asked)) as cur:
        await cur.execute(f"SELECT {_SEEN} FROM command WHERE command = %s", (command,))  # noqa: S608
        return await cur.fetchone()


async def newest(conn: Conn, name: NodeName, most: int) -> list[Asked]:
    """The last commands of a node, newest first; previews are none of them."""
    async with conn.cursor(row_factory=class_row(Asked)) as cur:
        await cur.execute(
            f"""
            SELECT {_SEEN}
              FROM command
             WHERE site = %s AND node = %s AND kind <> 'preview'
             ORDER BY asked_at DESC, command DESC
             LIMIT %s
            """,  # noqa: S608
            (name.site, name.node, most),
        )
        return await cur.fetchall()


async def sealed_picture(conn: Conn, command: UUID, by: str, now: datetime) -> Sealed | None:
    """The picture of this command, for who asked for it, while it is shown."""
    async with conn.cursor(row_factory=class_row(Sealed)) as cur:
        await cur.execute(
            """
            SELECT sealed, answered_at, width_px, height_px, frames, blurred
              FROM command
             WHERE command = %(command)s AND asked_by = %(by)s AND sealed IS NOT NULL
               AND answered_at >= %(since)s
            """,
            {"command": command, "by": by, "since": now - SHOWN_FOR},
        )
        return await cur.fetchone()


async def forget(conn: Conn, now: datetime) -> int:
    """Forget pictures after ten minutes, commands after three months; how many pictures."""
    gone = await conn.execute(
        "UPDATE command SET sealed = NULL WHERE sealed IS NOT NULL AND answered_at < %s",
        (now - SHOWN_FOR,),
    )
    await conn.execute("DELETE FROM command WHERE asked_at < %s", (now - KEPT_FOR,))
    await conn.execute("DELETE FROM node_preview WHERE heard_at < %s", (now - timedelta(hours=1),))
    return gone.rowcount


async def preview(conn: Conn, name: NodeName, since: datetime) -> dict[str, Any] | None:
    """What the node sees, if it said so since then."""
    cur = await conn.execute(
        "SELECT preview FROM node_preview WHERE site = %s AND node = %s AND heard_at >= %s",
        (name.site, name.node, since),
    )
    row = await cur.fetchone()
    return row[0] if row else None


def claim_due(conn: Connection[Any], now: datetime) -> list[Due]:
    """What is to be said to nodes now; whoever takes it must say it.

    Said again until answered or expired: nodes answer twice and act once. Rows that another
    door holds are its business.
    """
    rows = conn.execute(
        """
        UPDATE command SET sent_at = %(now)s
         WHERE command IN (
               SELECT command FROM command
                WHERE done IS NULL AND expires_at > %(now)s
                  AND (sent_at IS NULL OR sent_at < %(again)s)
                ORDER BY command
                  FOR UPDATE SKIP LOCKED)
        RETURNING site, node, command, payload
        """,
        {"now": now, "again": now - SAID_AGAIN_AFTER},
    ).fetchall()
    return [Due(NodeName(site, node), command, payload) for site, node, command, payload in rows]


def heard_results(
    conn: Connection[Any], said: Sequence[tuple[NodeName, CommandResult]], now: datetime
) -> None:
    """Keep each command's first answer, if it comes from the node that was asked."""
    conn.cursor().executemany(
        """
        UPDATE command
           SET done = %(done)s, detail = %(detail)s, figures = %(figures)s, answered_at = %(now)s,
               sealed = %(sealed)s, width_px = %(width)s, height_px = %(height)s,
               frames = %(frames)s, blurred = %(blurred)s
         WHERE command = %(command)s AND site = %(site)s AND node = %(node)s AND done IS NULL
        """,
        [_row(name, result, now) for name, result in sorted(said, key=lambda s: s[1].command)],
    )


def heard_previews(conn: Connection[Any], said: Mapping[NodeName, Preview], now: datetime) -> None:
    """Keep the newest preview of each node that is one of ours."""
    conn.cursor().executemany(
        """
        INSERT INTO node_preview (site, node, heard_at, preview)
        SELECT site, node, %(now)s, %(preview)s FROM node
         WHERE site = %(site)s AND node = %(node)s
            ON CONFLICT (site, node) DO UPDATE
           SET heard_at = excluded.heard_at, preview = excluded.preview
        """,
        [
            {
                "site": n.site,
                "node": n.node,
                "now": now,
                "preview": Jsonb(p.model_dump(mode="json")),
            }
            for n, p in sorted(said.items(), key=lambda item: str(item[0]))
        ],
    )


def _row(name: NodeName, result: CommandResult, now: datetime) -> dict[str, Any]:
    still = result.still
    return {
        "command": result.command, "site": name.site, "node": name.node,
        "done": result.done, "detail": result.detail.replace("\0", ""), "now": now,
        "figures": Jsonb({k.replace("\0", ""): v for k, v in result.figures.items()}),
        "sealed": still.sealed if still else None,
        "width": still.width_px if still else None,
        "height": still.height_px if still else None,
        "frames": still.frames if still else None,
        "blurred": still.blurred if still else None,
    }  # fmt: skip
