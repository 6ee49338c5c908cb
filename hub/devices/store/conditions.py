"""What the hub knows of every node, in one query. Nothing here commits."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, LiteralString

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from edge.wire.topics import NodeName
from hub.devices.condition import RECENT, Look

# Each join is one pass over a table that is small beside the samples.
_LOOKS: Final[LiteralString] = """
    SELECT n.site, n.node, n.name, n.name_en, s.name AS site_name, s.name_en AS site_name_en,
           n.state, n.state_at, n.health, n.health_at, spoken.counts_at,
           n.reported->>'refused' AS refused, n.twin_at, n.revoked_at,
           c.until AS certificate_until, coalesce(l.letters, 0)::bigint AS letters,
           coalesce(lost.windows, 0)::bigint AS lost,
           u.frames_per_s AS usual_frames_per_s, u.inference_ms AS usual_inference_ms,
           coalesce(d.drifts, '[]') AS drifts,
           (SELECT since FROM hub_listening) AS listening_since
      FROM node n
      JOIN site s USING (site)
      LEFT JOIN (SELECT site, node, max(heard_at) AS counts_at
                   FROM spool GROUP BY 1, 2) spoken USING (site, node)
      LEFT JOIN (SELECT site, node, max(until) AS until
                   FROM node_certificate WHERE revoked_at IS NULL GROUP BY 1, 2) c
             USING (site, node)
      LEFT JOIN (SELECT split_part(topic, '/', 3) AS site, split_part(topic, '/', 4) AS node,
                        sum(times) AS letters
                   FROM dead_letter WHERE last_at > %(recent)s GROUP BY 1, 2) l
             USING (site, node)
      LEFT JOIN (SELECT p.site, p.node, sum(upper(r) - lower(r)) AS windows
                   FROM loss JOIN spool p USING (spool_id) CROSS JOIN unnest(loss.seqs) AS r
                  WHERE loss.noticed_at > %(recent)s GROUP BY 1, 2) lost USING (site, node)
      LEFT JOIN node_usual u USING (site, node)
      LEFT JOIN (SELECT site, node, jsonb_agg(jsonb_build_array(kind, zone)
                                              ORDER BY kind, zone) AS drifts
                   FROM node_drift GROUP BY 1, 2) d USING (site, node)
     WHERE n.retired_at IS NULL
"""
_OF_LOOK: Final = frozenset(f.name for f in fields(Look)) - {"drifts"}


@dataclass(frozen=True, slots=True)
class Known:
    """A node, and what is known of it."""

    name: NodeName
    title: str
    title_en: str
    site_title: str
    site_title_en: str
    look: Look


async def looks(conn: AsyncConnection[Any], now: datetime) -> list[Known]:
    """Every node that is not retired, in order of its name."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_LOOKS + "ORDER BY n.site, n.node", {"recent": now - RECENT})
        return [_known(row) for row in await cursor.fetchall()]


async def look_at(conn: AsyncConnection[Any], name: NodeName, now: datetime) -> Known | None:
    """One node; None where it is not registered."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            _LOOKS + "AND n.site = %(site)s AND n.node = %(node)s",
            {"recent": now - RECENT, "site": name.site, "node": name.node},
        )
        row = await cursor.fetchone()
    return _known(row) if row else None


def _known(row: dict[str, Any]) -> Known:
    look = Look(
        **{name: row[name] for name in _OF_LOOK},
        drifts=tuple((kind, zone) for kind, zone in row["drifts"]),
    )
    return Known(
        NodeName(row["site"], row["node"]), row["name"], row["name_en"], row["site_name"],
        row["site_name_en"], look,
    )  # fmt: skip
