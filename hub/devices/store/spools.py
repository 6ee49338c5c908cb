"""What the hub holds of each outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.types.multirange import Multirange

from edge.wire.topics import NodeName
from hub.devices.held import Held, Ranges


class SpoolKey(NamedTuple):
    """An outbox file of a node. A tuple, because each message is looked up by it."""

    site: str
    node: str
    spool: UUID

    @property
    def name(self) -> NodeName:
        """The node it belongs to."""
        return NodeName(self.site, self.node)


@dataclass(frozen=True, slots=True)
class Came:
    """What one batch brought from one outbox."""

    seqs: tuple[int, ...]
    oldest: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What of it is to be stored, and the mark once that is committed."""

    spool_id: int
    fresh: frozenset[int]
    mark: int


def hold(
    conn: Connection[Any], came: Mapping[SpoolKey, Came], now: datetime
) -> dict[SpoolKey, Taken]:
    """Lock these outboxes, hold what came, and say what of it is new.

    An outbox of a node that is not registered is not in the answer. The locks are kept until the
    end of the transaction; they are taken in key order, so two doors never wait in a ring.
    """
    if not came:
        return {}
    _open(conn, sorted(came), now)
    taken: dict[SpoolKey, Taken] = {}
    after: list[tuple[int, Held]] = []
    for key, (spool_id, before) in _lock(conn, sorted(came)).items():
        held = before.hear(came[key].seqs, came[key].oldest)
        taken[key] = Taken(spool_id, before.fresh(came[key].seqs), held.mark)
        after.append((spool_id, held))
    _write(conn, after, now)
    return taken


def _columns(keys: Sequence[SpoolKey]) -> dict[str, list[Any]]:
    return {
        "sites": [key.site for key in keys],
        "nodes": [key.node for key in keys],
        "spools": [key.spool for key in keys],
    }


def _open(conn: Connection[Any], keys: Sequence[SpoolKey], now: datetime) -> None:
    conn.execute(
        """
        INSERT INTO spool (site, node, spool, heard_at)
        SELECT site, node, k.spool, %(now)s
          FROM unnest(%(sites)s::text[], %(nodes)s::text[], %(spools)s::uuid[])
            AS k (site, node, spool)
          JOIN node USING (site, node)
         WHERE NOT EXISTS (SELECT FROM spool s
                            WHERE (s.site, s.node, s.spool) = (k.site, k.node, k.spool))
         ORDER BY site, node, k.spool
            ON CONFLICT DO NOTHING  -- another door heard it first
        """,
        {**_columns(keys), "now": now},
    )


def _lock(conn: Connection[Any], keys: Sequence[SpoolKey]) -> dict[SpoolKey, tuple[int, Held]]:
    rows = conn.execute(
        """
        SELECT s.site, s.node, s.spool, s.spool_id, s.held, s.lost
          FROM spool s
          JOIN unnest(%(sites)s::text[], %(nodes)s::text[], %(spools)s::uuid[])
            AS k (site, node, spool) USING (site, node, spool)
         ORDER BY s.site, s.node, s.spool
           FOR UPDATE OF s
        """,
        _columns(keys),
    )
    return {
        SpoolKey(site, node, spool): (spool_id, Held(_ranges(held), _ranges(lost)))
        for site, node, spool, spool_id, held, lost in rows
    }


def _write(conn: Connection[Any], after: Sequence[tuple[int, Held]], now: datetime) -> None:
    conn.execute(
        """
        UPDATE spool
           SET held = a.held::int8multirange, lost = a.lost::int8multirange, heard_at = %(now)s
          FROM unnest(%(ids)s::int[], %(helds)s::text[], %(losts)s::text[])
            AS a (spool_id, held, lost)
         WHERE spool.spool_id = a.spool_id
        """,
        {
            "ids": [spool_id for spool_id, _ in after],
            "helds": [_text(held.held) for _, held in after],
            "losts": [_text(held.lost) for _, held in after],
            "now": now,
        },
    )


def _ranges(multirange: Multirange[int]) -> Ranges:
    return tuple((r.lower or 0, r.upper or 0) for r in multirange)


def _text(ranges: Ranges) -> str:
    return "{" + ",".join(f"[{first},{end})" for first, end in ranges) + "}"
