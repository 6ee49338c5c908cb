"""What the hub holds of each outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.types.multirange import Multirange

from edge.wire.topics import NodeName
from hub.devices.hearing import KEPT_FOR
from hub.devices.held import Held, Ranges, minus, of_seqs

RESTORED: Final = "the hub was restored from an older backup, and the node no longer had them"
NEVER_HEARD: Final = "gone before the hub first heard of this outbox"
PER_NODE: Final = 1_000  # outboxes a node may have spoken from while samples are kept
GIVEN_UP: Final = "given up by the node: its outbox was full, too old or damaged"


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
    refused: tuple[int, ...] = ()
    """Those of `seqs` that cannot be stored."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What of it is to be stored, and the mark once that is committed."""

    spool_id: int
    fresh: frozenset[int]
    stored: frozenset[int]
    """What was stored before: it comes again, or something else comes under its seq."""
    mark: int
    epoch: UUID
    """The hub's: read with the mark, so that no mark is said in another's name."""
    lost: int = 0
    """Windows that are written down as lost from now on."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Locked:
    """A row of `spool`, with what decides why something is missing."""

    spool_id: int
    held: Held
    hub_epoch: UUID
    heard_in: UUID | None

    def reason(self) -> str:
        if not self.held.held:
            return NEVER_HEARD
        return GIVEN_UP if self.heard_in in (None, self.hub_epoch) else RESTORED


def hold(
    conn: Connection[Any], came: Mapping[SpoolKey, Came], now: datetime
) -> dict[SpoolKey, Taken]:
    """Lock these outboxes, hold what came, and say what of it is new.

    An outbox of a node that is not registered, or that has `PER_NODE` others, is not in the
    answer. The locks are kept until the
    end of the transaction; they are taken in key order, so two doors never wait in a ring.
    """
    if not came:
        return {}
    _open(conn, sorted(came), now)
    taken: dict[SpoolKey, Taken] = {}
    after: list[tuple[_Locked, Held]] = []
    for key, before in _lock(conn, sorted(came)).items():
        one = came[key]
        held = before.held.hear(one.seqs, one.oldest, one.refused)
        fresh, stored = before.held.fresh(one.seqs), before.held.stored(one.seqs)
        lost = sum(end - first for first, end in minus(held.lost, before.held.lost))
        why = before.reason() if lost else ""
        taken[key] = Taken(before.spool_id, fresh, stored, held.mark, before.hub_epoch, lost, why)
        after.append((before, held))
    _write(conn, after, now)
    _write_losses(conn, after, now)
    return taken


def contest(conn: Connection[Any], seqs: Mapping[int, Sequence[int]]) -> None:
    """Write down which seqs of which outbox (by its spool_id) came with two contents."""
    conn.cursor().executemany(
        "UPDATE spool SET contested = contested + %s::int8multirange WHERE spool_id = %s",
        [(_text(of_seqs(seqs[spool_id])), spool_id) for spool_id in sorted(seqs)],
    )


def registered(conn: Connection[Any], keys: Sequence[SpoolKey]) -> set[NodeName]:
    """Of whose outboxes these are, as far as they are nodes: the others are strangers."""
    rows = conn.execute(
        "SELECT site, node FROM node"
        " JOIN unnest(%(sites)s::text[], %(nodes)s::text[]) AS k (site, node) USING (site, node)",
        _columns(keys),
    )
    return {NodeName(site, node) for site, node in rows}


def _columns(keys: Sequence[SpoolKey]) -> dict[str, list[Any]]:
    return {
        "sites": [key.site for key in keys],
        "nodes": [key.node for key in keys],
        "spools": [key.spool for key in keys],
    }


def _open(conn: Connection[Any], keys: Sequence[SpoolKey], now: datetime) -> None:
    conn.execute(
        """
        WITH new AS (
          SELECT site, node, k.spool
            FROM unnest(%(sites)s::text[], %(nodes)s::text[], %(spools)s::uuid[])
              AS k (site, node, spool)
            JOIN node USING (site, node)
           WHERE NOT EXISTS (SELECT FROM spool s
                              WHERE (s.site, s.node, s.spool) = (k.site, k.node, k.spool))
        ), numbered AS (
          SELECT *, row_number() OVER (PARTITION BY site, node ORDER BY spool) AS nth FROM new
        ), known AS (
          SELECT site, node, (SELECT count(*) FROM spool s
                               WHERE (s.site, s.node) = (speaking.site, speaking.node)
                                 AND s.heard_at > %(since)s) AS spools
            FROM (SELECT DISTINCT site, node FROM new) AS speaking
        )
        INSERT INTO spool (site, node, spool, heard_at)
        SELECT site, node, spool, %(now)s
          FROM numbered JOIN known USING (site, node)
         WHERE nth + spools <= %(most)s
         ORDER BY site, node, spool
            ON CONFLICT DO NOTHING  -- another door heard it first
        """,
        {**_columns(keys), "now": now, "since": now - KEPT_FOR, "most": PER_NODE},
    )


def _lock(conn: Connection[Any], keys: Sequence[SpoolKey]) -> dict[SpoolKey, _Locked]:
    rows = conn.execute(
        """
        SELECT s.site, s.node, s.spool, s.spool_id, s.held, s.lost, s.refused, hub.epoch, s.epoch
          FROM spool s
          JOIN unnest(%(sites)s::text[], %(nodes)s::text[], %(spools)s::uuid[])
            AS k (site, node, spool) USING (site, node, spool)
         CROSS JOIN hub
         ORDER BY s.site, s.node, s.spool
           FOR UPDATE OF s
        """,
        _columns(keys),
    )
    return {
        SpoolKey(site, node, spool): _Locked(
            spool_id, Held(_ranges(held), _ranges(lost), _ranges(refused)), hub_epoch, heard_in
        )
        for site, node, spool, spool_id, held, lost, refused, hub_epoch, heard_in in rows
    }


def _write(conn: Connection[Any], after: Sequence[tuple[_Locked, Held]], now: datetime) -> None:
    conn.execute(
        """
        UPDATE spool
           SET held = a.held::int8multirange, lost = a.lost::int8multirange,
               refused = a.refused::int8multirange, epoch = hub.epoch, heard_at = %(now)s
          FROM hub,
               unnest(%(ids)s::int[], %(helds)s::text[], %(losts)s::text[], %(refuseds)s::text[])
            AS a (spool_id, held, lost, refused)
         WHERE spool.spool_id = a.spool_id
        """,
        {
            "ids": [before.spool_id for before, _ in after],
            "helds": [_text(held.held) for _, held in after],
            "losts": [_text(held.lost) for _, held in after],
            "refuseds": [_text(held.refused) for _, held in after],
            "now": now,
        },
    )


def _write_losses(
    conn: Connection[Any], after: Sequence[tuple[_Locked, Held]], now: datetime
) -> None:
    missing = [(before, minus(held.lost, before.held.lost)) for before, held in after]
    losses = [
        (before.spool_id, _text(seqs), before.reason(), now) for before, seqs in missing if seqs
    ]
    if losses:
        conn.cursor().executemany(
            "INSERT INTO loss (spool_id, seqs, reason, noticed_at) VALUES (%s, %s, %s, %s)", losses
        )


def _ranges(multirange: Multirange[int]) -> Ranges:
    return tuple((r.lower or 0, r.upper or 0) for r in multirange)


def _text(ranges: Ranges) -> str:
    return "{" + ",".join(f"[{first},{end})" for first, end in ranges) + "}"
