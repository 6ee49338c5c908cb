"""Configurations drawn by people: the one wanted now, every one before it, what nodes answered."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from edge.wire.messages import ConfigReported, NodeConfig
from edge.wire.topics import NodeName
from hub.devices.drawing import Change, Drawing
from hub.kit.db import CONFIG, DENSITY, notify

Conn = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a node should do and what it says it does."""

    wanted: bytes | None
    wanted_revision: int
    reported: dict[str, Any] | None
    reported_at: datetime | None
    online: bool
    simulated: bool
    names: dict[str, str]
    fifth: dict[str, Any] | None
    name: str
    name_en: str

    @property
    def config(self) -> NodeConfig:
        """As wanted, or empty."""
        if self.wanted is None:
            return NodeConfig(revision=self.wanted_revision)
        return NodeConfig.model_validate_json(self.wanted)

    @property
    def drawing(self) -> Drawing:
        """The wanted configuration as a drawing."""
        return Drawing.of(self.config, self.names, self.fifth)

    @property
    def next_revision(self) -> int:
        """Above everything that was ever wanted or reported."""
        reported = int((self.reported or {}).get("revision", 0))
        return max(self.wanted_revision, reported) + 1


@dataclass(frozen=True, slots=True)
class Saved:
    """One revision of the history."""

    revision: int
    saved_at: datetime
    saved_by: str
    changes: list[dict[str, str]]
    back_to: int | None
    answered_at: datetime | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A revision to go back to."""

    wanted: bytes
    names: dict[str, str]
    fifth: dict[str, Any] | None

    @property
    def drawing(self) -> Drawing:
        """As it was drawn."""
        return Drawing.of(NodeConfig.model_validate_json(self.wanted), self.names, self.fifth)


async def standing(conn: Conn, name: NodeName, *, lock: bool = False) -> Standing | None:
    """Where the node stands; with `lock` nobody else saves until the end of the transaction."""
    if lock:
        await conn.execute(
            "SELECT 1 FROM node WHERE site = %s AND node = %s FOR NO KEY UPDATE",
            (name.site, name.node),
        )
    async with conn.cursor(row_factory=class_row(Standing)) as cur:
        await cur.execute(
            """
            SELECT n.wanted, n.wanted_revision, n.reported, n.reported_at, n.name, n.name_en,
                   coalesce((n.state->>'online')::boolean, false) AS online,
                   coalesce(n.state->'source'->>'kind' = 'simulated', false) AS simulated,
                   coalesce((SELECT jsonb_object_agg(z.zone, z.name) FROM zone z
                              WHERE z.site = n.site AND z.node = n.node), '{}') AS names,
                   (SELECT d.fifth FROM drawing d
                     WHERE d.site = n.site AND d.node = n.node
                       AND d.revision = n.wanted_revision) AS fifth
              FROM node n
             WHERE n.site = %s AND n.node = %s AND n.retired_at IS NULL
            """,
            (name.site, name.node),
        )
        return await cur.fetchone()


async def keep(
    conn: Conn,
    name: NodeName,
    config: NodeConfig,
    drawn: Drawing,
    changes: list[Change],
    by: str,
    now: datetime,
    back_to: int | None = None,
) -> None:
    """Want this configuration; the caller holds the node's row. The door commits."""
    key = {"site": name.site, "node": name.node}
    wanted = config.encode()
    await conn.execute(
        """
        UPDATE node SET wanted = %(wanted)s, wanted_revision = %(revision)s
         WHERE site = %(site)s AND node = %(node)s
        """,
        {**key, "wanted": wanted, "revision": config.revision},
    )
    await conn.execute(
        """
        INSERT INTO drawing (site, node, revision, wanted, names, fifth, saved_at, saved_by,
                             changes, back_to)
        VALUES (%(site)s, %(node)s, %(revision)s, %(wanted)s, %(names)s, %(fifth)s, %(now)s,
                %(by)s, %(changes)s, %(back_to)s)
        """,
        {
            **key, "revision": config.revision, "wanted": wanted, "names": Jsonb(drawn.names),
            "fifth": Jsonb(drawn.fifth) if drawn.fifth else None, "now": now, "by": by,
            "changes": Jsonb([asdict(one) for one in changes]), "back_to": back_to,
        },
    )  # fmt: skip
    await _zones(conn, name, config, drawn, now)
    await notify(conn, CONFIG)
    await notify(conn, DENSITY)


async def keep_first(conn: Conn, name: NodeName, standing: Standing, now: datetime) -> None:
    """What was wanted before anybody drew, so that there is a way back to it too."""
    if standing.wanted is None:
        return
    await conn.execute(
        """
        INSERT INTO drawing (site, node, revision, wanted, names, saved_at, saved_by)
        VALUES (%s, %s, %s, %s, %s, %s, 'system')
            ON CONFLICT DO NOTHING
        """,
        (
            name.site, name.node, standing.wanted_revision, standing.wanted,
            Jsonb(standing.drawing.names), now,
        ),
    )  # fmt: skip


async def history(conn: Conn, name: NodeName, most: int) -> list[Saved]:
    """The newest revisions first."""
    async with conn.cursor(row_factory=class_row(Saved)) as cur:
        await cur.execute(
            """
            SELECT revision, saved_at, saved_by, changes, back_to, answered_at, refused
              FROM drawing
             WHERE site = %s AND node = %s
             ORDER BY revision DESC
             LIMIT %s
            """,
            (name.site, name.node, most),
        )
        return await cur.fetchall()


async def kept(conn: Conn, name: NodeName, revision: int) -> Kept | None:
    """One revision of the history."""
    async with conn.cursor(row_factory=class_row(Kept)) as cur:
        await cur.execute(
            "SELECT wanted, names, fifth FROM drawing"
            " WHERE site = %s AND node = %s AND revision = %s",
            (name.site, name.node, revision),
        )
        return await cur.fetchone()


def heard(
    conn: Connection[Any], said: Mapping[NodeName, ConfigReported | None], now: datetime
) -> None:
    """Note what a node answered to a revision of the history."""
    conn.cursor().executemany(
        """
        UPDATE drawing SET answered_at = %(now)s, refused = %(refused)s
         WHERE site = %(site)s AND node = %(node)s AND revision = %(revision)s
           AND sha256(wanted) = decode(%(sha256)s, 'hex')
           AND (answered_at IS NULL OR refused IS DISTINCT FROM %(refused)s)
        """,
        [
            {
                "site": name.site, "node": name.node, "now": now,
                "revision": one.revision, "sha256": one.sha256,
                "refused": one.refused.replace("\0", "") if one.refused else None,
            }
            for name, one in said.items()
            if one is not None and _is_sha256(one.sha256)
        ],
    )  # fmt: skip


async def _zones(
    conn: Conn, name: NodeName, config: NodeConfig, drawn: Drawing, now: datetime
) -> None:
    """What the board shows of it: a new zone is there at once, an erased one is retired."""
    served = {line.zone for line in config.lines if line.counts == "served"}
    kept = [zone.zone for zone in drawn.zones] or ["all"]
    await conn.execute(
        """
        UPDATE zone SET retired_at = %(now)s
         WHERE site = %(site)s AND node = %(node)s AND retired_at IS NULL
           AND zone <> ALL (%(kept)s)
        """,
        {"site": name.site, "node": name.node, "kept": kept, "now": now},
    )
    if not drawn.zones:  # the whole picture is one queue again
        await conn.execute(
            "UPDATE zone SET retired_at = NULL WHERE site = %s AND node = %s AND zone = 'all'",
            (name.site, name.node),
        )
    for position, zone in enumerate(drawn.zones):
        await conn.execute(
            """
            INSERT INTO zone (site, node, zone, kind, name, name_en, has_served_line, position)
            VALUES (%(site)s, %(node)s, %(zone)s, %(kind)s, %(name)s, %(name)s, %(served)s,
                    %(position)s)
                ON CONFLICT (site, node, zone) DO UPDATE
               SET kind = excluded.kind, has_served_line = excluded.has_served_line,
                   name = excluded.name, retired_at = NULL,
                   name_en = CASE WHEN zone.name_en = zone.name THEN excluded.name
                                  ELSE zone.name_en END
            """,
            {
                "site": name.site, "node": name.node, "zone": zone.zone, "kind": zone.kind,
                "name": zone.name, "served": zone.zone in served, "position": position,
            },
        )  # fmt: skip


def _is_sha256(text: str) -> bool:
    return len(text) == 64 and all(c in "0123456789abcdef" for c in text)
