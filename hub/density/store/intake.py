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
    keys = [_key(one) for one in heard]
    taken = spools.hold(conn, _came(heard, keys), now)
    outcome = Outcome(marks=_marks(keys, taken))
    _store_counts(conn, heard, keys, taken, outcome, now)
    strangers = _take_said(conn, heard, now)
    refused = [one for one in heard if isinstance(one, Refused)]
    refused += [
        one.refused(f"no node {one.node} is registered: name it in the site file")
        for one in _of_strangers(heard, keys, taken, strangers)
    ]
    letters.bury(conn, refused, now)
    outcome.refused = len(refused)
    notify_sync(conn, DENSITY)
    return outcome


def _envelope(one: Heard) -> Envelope | None:
    """The seq that is to be held, be it stored or refused."""
    if isinstance(one, Counted):
        return one.count
    return one.envelope if isinstance(one, Refused) and one.node is not None else None


def _key(one: Heard) -> SpoolKey | None:
    envelope = _envelope(one)
    if envelope is None:
        return None
    site, _, node = envelope.node.partition("/")  # `hearing` has checked it against the topic
    return SpoolKey(site, node, envelope.spool)


def _came(heard: Sequence[Heard], keys: Sequence[SpoolKey | None]) -> dict[SpoolKey, Came]:
    seqs: defaultdict[SpoolKey, list[int]] = defaultdict(list)
    oldest: dict[SpoolKey, int] = {}
    for one, key in zip(heard, keys, strict=True):
        envelope = _envelope(one)
        if key is not None and envelope is not None:
            seqs[key].append(envelope.seq)
            oldest[key] = max(envelope.oldest, oldest.get(key, 1))
    return {key: Came(tuple(seqs[key]), oldest[key]) for key in seqs}


def _marks(keys: Sequence[SpoolKey | None], taken: dict[SpoolKey, Taken]) -> dict[NodeName, Mark]:
    spoken = dict.fromkeys(reversed(keys))  # from the last word to the first
    first_to_last = [key for key in reversed(spoken) if key is not None and key in taken]
    return {key.name: Mark(key.spool, taken[key].mark) for key in first_to_last}


def _store_counts(
    conn: Connection[Any],
    heard: Sequence[Heard],
    keys: Sequence[SpoolKey | None],
    taken: dict[SpoolKey, Taken],
    outcome: Outcome,
    now: datetime,
) -> None:
    fresh: dict[tuple[int, int], Observed] = {}
    counted = 0
    for one, key in zip(heard, keys, strict=True):
        spool = taken.get(key) if key is not None else None
        if spool is None or not isinstance(one, Counted):
            continue
        counted += 1
        if one.count.seq in spool.fresh:
            twice = (spool.spool_id, one.count.seq)  # the same message twice in this batch
            fresh.setdefault(twice, Observed(one.node, spool.spool_id, one.count))
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
    last = {one.node: one for one in heard if isinstance(one, Counted | HealthSaid)}
    at: dict[NodeName, datetime] = {}
    for node, one in last.items():
        if isinstance(one, HealthSaid):
            if one.health.clock_source != "none":
                at[node] = one.health.at
        elif one.count.clock_synced:
            at[node] = one.count.window_start + timedelta(seconds=one.count.window_s)
    return at


def _of_strangers(
    heard: Sequence[Heard],
    keys: Sequence[SpoolKey | None],
    taken: dict[SpoolKey, Taken],
    strangers: set[NodeName],
) -> Iterable[Said]:
    for one, key in zip(heard, keys, strict=True):
        if isinstance(one, Counted):
            if key not in taken:
                yield one
        elif isinstance(one, Said) and one.node in strangers:
            yield one
