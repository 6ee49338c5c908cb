"""One batch of what nodes said, into one transaction: lock, drop what is held, store, hold.

Who reads the broker and who commits is `hub.ingest`; what a message means is `devices.hearing`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection

from edge.wire.messages import Envelope
from edge.wire.topics import NodeName
from hub.density.store import samples
from hub.density.store.samples import Observed
from hub.devices.hearing import ConfigSaid, Counted, HealthSaid, Heard, Refused, Said, StateSaid
from hub.devices.store import letters, nodes, spools
from hub.devices.store.spools import Came, SpoolKey, Taken
from hub.kit.db import DENSITY, notify_sync


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything of `spool` up to and with `seq` is stored, once this batch is committed."""

    spool: UUID
    seq: int


@dataclass(slots=True)
class Outcome:
    """What became of a batch."""

    marks: dict[NodeName, Mark] = field(default_factory=dict)
    """One a node: of the outbox it spoke from last."""
    rows: int = 0
    duplicates: int = 0
    """Windows that were held already."""
    refused: int = 0


def take(conn: Connection[Any], heard: Sequence[Heard], now: datetime) -> Outcome:
    """Store a batch; the door commits. Locks are taken in one order: outboxes, nodes, letters."""
    taken = spools.hold(conn, _came(heard), now)
    outcome = Outcome(marks=_marks(heard, taken))
    _store_counts(conn, heard, taken, outcome, now)
    strangers = _take_said(conn, heard, now)
    refused = [one for one in heard if isinstance(one, Refused)]
    refused += [
        one.refused(f"no node {one.node} is registered: name it in the site file")
        for one in _of_strangers(heard, taken, strangers)
    ]
    letters.bury(conn, refused, now)
    outcome.refused = len(refused)
    notify_sync(conn, DENSITY)
    return outcome


def _envelopes(heard: Iterable[Heard]) -> Iterable[tuple[NodeName, Envelope]]:
    """Each seq that is to be held, be it stored or refused."""
    for one in heard:
        if isinstance(one, Counted):
            yield one.node, one.count
        elif isinstance(one, Refused) and one.node is not None and one.envelope is not None:
            yield one.node, one.envelope


def _key(node: NodeName, envelope: Envelope) -> SpoolKey:
    return SpoolKey(node.site, node.node, envelope.spool)


def _came(heard: Sequence[Heard]) -> dict[SpoolKey, Came]:
    seqs: defaultdict[SpoolKey, list[int]] = defaultdict(list)
    oldest: defaultdict[SpoolKey, int] = defaultdict(int)
    for node, envelope in _envelopes(heard):
        key = _key(node, envelope)
        seqs[key].append(envelope.seq)
        oldest[key] = max(oldest[key], envelope.oldest)
    return {key: Came(tuple(seqs[key]), oldest[key]) for key in seqs}


def _marks(heard: Sequence[Heard], taken: dict[SpoolKey, Taken]) -> dict[NodeName, Mark]:
    spoken = ((node, _key(node, envelope)) for node, envelope in _envelopes(heard))
    return {node: Mark(key.spool, taken[key].mark) for node, key in spoken if key in taken}


def _store_counts(
    conn: Connection[Any],
    heard: Sequence[Heard],
    taken: dict[SpoolKey, Taken],
    outcome: Outcome,
    now: datetime,
) -> None:
    fresh: dict[tuple[int, int], Observed] = {}
    counted = 0
    for one in heard:
        if isinstance(one, Counted) and (spool := taken.get(_key(one.node, one.count))):
            counted += 1
            if one.count.seq in spool.fresh:
                key = (spool.spool_id, one.count.seq)  # the same message twice in this batch
                fresh.setdefault(key, Observed(one.node, spool.spool_id, one.count))
    outcome.duplicates = counted - len(fresh)
    outcome.rows = samples.record(conn, list(fresh.values()), now) if fresh else 0


def _take_said(conn: Connection[Any], heard: Sequence[Heard], now: datetime) -> set[NodeName]:
    """What nodes said of themselves, the last word of each; return the names nobody knows."""
    states = {one.node: one.state for one in heard if isinstance(one, StateSaid)}
    healths = {one.node: one.health for one in heard if isinstance(one, HealthSaid)}
    configs = {one.node: one.reported for one in heard if isinstance(one, ConfigSaid)}
    speakers = {*states, *healths, *configs}
    if speakers:
        known = nodes.lock(conn, speakers)
        nodes.heard_states(conn, states, now)
        nodes.heard_health(conn, healths, now)
        nodes.heard_configs(conn, configs, now)
        speakers -= known
    nodes.heard_since(conn, _lived_at(heard), now)
    return speakers


def _lived_at(heard: Sequence[Heard]) -> dict[NodeName, datetime]:
    """When each node last did something, by its own clock where that is synchronised."""
    at: dict[NodeName, datetime] = {}
    for one in heard:
        if isinstance(one, Counted) and one.count.clock_synced:
            moment = one.count.window_start + timedelta(seconds=one.count.window_s)
        elif isinstance(one, HealthSaid) and one.health.clock_source != "none":
            moment = one.health.at
        else:
            continue
        at[one.node] = max(moment, at.get(one.node, moment))
    return at


def _of_strangers(
    heard: Sequence[Heard], taken: dict[SpoolKey, Taken], strangers: set[NodeName]
) -> Iterable[Said]:
    for one in heard:
        if isinstance(one, Counted):
            if _key(one.node, one.count) not in taken:
                yield one
        elif isinstance(one, Said) and one.node in strangers:
            yield one
