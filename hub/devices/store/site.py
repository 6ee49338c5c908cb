"""Apply a site file: sites, nodes, zones, and what each node should hear."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from edge.wire.messages import NodeConfig
from hub.devices.site import NodeEntry, SiteFile, ZoneEntry
from hub.kit.db import CONFIG, DENSITY, notify_sync


def apply_site(conn: Connection[Any], file: SiteFile, now: datetime) -> None:
    """Make the database say what the file says; the door commits.

    What the file leaves out is retired, not deleted: its history stays. What people did in the
    browser is theirs: a node whose zones were drawn keeps them, one that was invited stays, and
    an office whose page was saved keeps what it says. A node's revision grows only where what it
    should hear has changed.
    """
    _site(conn, file)
    _retire_nodes(conn, file, now)
    drawn, position = _drawn(conn, file.site.id), 0
    for node in file.nodes:
        _node(conn, file.site.id, node)
        if node.id not in drawn:
            _want(conn, file.site.id, node)
            _retire_zones(conn, file.site.id, node, now)
            _zones(conn, file.site.id, node, position)
        position += len(node.zones_or_whole)
    notify_sync(conn, CONFIG)
    notify_sync(conn, DENSITY)


def _site(conn: Connection[Any], file: SiteFile) -> None:
    levels = file.levels
    conn.execute(
        """
        INSERT INTO site (site, name, name_en, hours, levels_s)
        VALUES (%(site)s, %(name)s, %(name_en)s, %(hours)s, %(levels)s)
            ON CONFLICT (site) DO UPDATE
           SET name = excluded.name, name_en = excluded.name_en, hours = excluded.hours,
               levels_s = excluded.levels_s
         WHERE site.version = 0
        """,
        {
            "site": file.site.id,
            "name": file.site.name,
            "name_en": file.site.name_en,
            "hours": Jsonb([row.model_dump(mode="json") for row in file.hours])
            if file.hours
            else None,
            "levels": [levels.moderate_s, levels.busy_s, levels.crowded_s],
        },
    )


def _drawn(conn: Connection[Any], site: str) -> set[str]:
    return {node for (node,) in conn.execute("SELECT node FROM drawing WHERE site = %s", (site,))}


def _retire_nodes(conn: Connection[Any], file: SiteFile, now: datetime) -> None:
    told = {"site": file.site.id, "kept": [node.id for node in file.nodes], "now": now}
    gone = conn.execute(
        """
        UPDATE node SET retired_at = %(now)s
         WHERE site = %(site)s AND retired_at IS NULL AND node <> ALL (%(kept)s)
           AND NOT EXISTS (SELECT FROM enrol_code c
                            WHERE (c.site, c.node) = (node.site, node.node))
        RETURNING node
        """,
        told,
    ).fetchall()
    conn.execute(
        """
        UPDATE zone SET retired_at = %(now)s
         WHERE site = %(site)s AND retired_at IS NULL AND node = ANY (%(gone)s)
        """,
        {**told, "gone": [node for (node,) in gone]},
    )


def _retire_zones(conn: Connection[Any], site: str, node: NodeEntry, now: datetime) -> None:
    conn.execute(
        """
        UPDATE zone SET retired_at = %(now)s
         WHERE site = %(site)s AND node = %(node)s AND retired_at IS NULL
           AND zone <> ALL (%(kept)s)
        """,
        {
            "site": site,
            "node": node.id,
            "kept": [zone.id for zone in node.zones_or_whole],
            "now": now,
        },
    )


def _node(conn: Connection[Any], site: str, node: NodeEntry) -> None:
    conn.execute(
        """
        INSERT INTO node (site, node, name, name_en)
        VALUES (%(site)s, %(node)s, %(name)s, %(name_en)s)
            ON CONFLICT (site, node) DO UPDATE
           SET name = excluded.name, name_en = excluded.name_en, retired_at = NULL
        """,
        {"site": site, "node": node.id, "name": node.name, "name_en": node.name_en},
    )


def _want(conn: Connection[Any], site: str, node: NodeEntry) -> None:
    key = {"site": site, "node": node.id}
    row = conn.execute(
        """
        SELECT wanted, wanted_revision, coalesce((reported->>'revision')::bigint, 0)
          FROM node
         WHERE site = %(site)s AND node = %(node)s
           FOR NO KEY UPDATE
        """,
        key,
    ).fetchone()
    assert row is not None  # noqa: S101  `_node` has just written it
    wanted, revision, reported = row
    same = wanted is not None and NodeConfig.model_validate_json(wanted) == node.config(revision)
    if same and reported <= revision:
        return
    grown = max(revision, reported) + 1  # a restored hub may have forgotten later revisions
    conn.execute(
        """
        UPDATE node SET wanted = %(wanted)s, wanted_revision = %(revision)s
         WHERE site = %(site)s AND node = %(node)s
        """,
        {**key, "wanted": node.config(grown).encode(), "revision": grown},
    )


def _zones(conn: Connection[Any], site: str, node: NodeEntry, first_position: int) -> None:
    rows = _zone_rows(site, node, node.zones_or_whole, first_position)
    conn.cursor().executemany(
        """
        INSERT INTO zone (site, node, zone, kind, name, name_en, place, place_en, seats,
                          has_served_line, position)
        VALUES (%(site)s, %(node)s, %(zone)s, %(kind)s, %(name)s, %(name_en)s, %(place)s,
                %(place_en)s, %(seats)s, %(has_served_line)s, %(position)s)
            ON CONFLICT (site, node, zone) DO UPDATE
           SET kind = excluded.kind, has_served_line = excluded.has_served_line, retired_at = NULL
        """,
        rows,
    )
    conn.cursor().executemany(
        """
        UPDATE zone
           SET name = %(name)s, name_en = %(name_en)s, place = %(place)s, place_en = %(place_en)s,
               seats = %(seats)s, position = %(position)s
          FROM site
         WHERE (zone.site, zone.node, zone.zone) = (%(site)s, %(node)s, %(zone)s)
           AND site.site = zone.site AND site.version = 0
        """,
        rows,
    )


def _zone_rows(
    site: str, node: NodeEntry, zones: Sequence[ZoneEntry], first_position: int
) -> list[dict[str, Any]]:
    return [
        {
            "site": site,
            "node": node.id,
            "zone": zone.id,
            "kind": zone.kind,
            "name": zone.name,
            "name_en": zone.name_en,
            "place": zone.place,
            "place_en": zone.place_en or zone.place,
            "seats": zone.seats,
            "has_served_line": node.is_served(zone.id),
            "position": first_position + index,
        }
        for index, zone in enumerate(zones)
    ]
