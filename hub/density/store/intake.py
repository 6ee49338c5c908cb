"""One batch of what nodes said, into one transaction: lock, drop what is held, store, hold.

Who reads the broker and who commits is `hub.ingest`; what a message means is `devices.hearing`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import compress
from typing import Any
from uuid import UUID

from psycopg import Connection

from edge.wire.messages import Envelope
from edge.wire.topics import NodeName
from hub.density.store import samples
from hub.density.store.samples import Observed
from hub.devices.hearing import (
    KEPT_FOR,
    ConfigSaid,
    Counted,
    HealthSaid,
    Heard,
    Nothing,
    PreviewSaid,
    Refused,
    ResultSaid,
    Said,
    StateSaid,
)
from hub.devices.store import commands, drawing, enrol, letters, nodes, spools
from hub.devices.store.spools import Came, SpoolKey, Taken
from hub.kit.db import DENSITY, notify_sync


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything of `spool` up to and with `seq` is stored, once this batch is committed."""

    spool: UUID
    seq: int
    epoch: UUID
    """The hub's at that moment: a mark of before a restore must not be said in the new name."""
    window_start: datetime | None = None
    """When the window `seq` began, where this batch stored it."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Windows of one outbox that were written down as lost."""

    node: NodeName
    spool: UUID
    windows: int
    reason: str


@dataclass(slots=True)
class Outcome:
    """What became of a batch."""

    marks: dict[NodeName, Mark] = field(default_factory=dict)
    """One a node: of the outbox it spoke from last."""
    rows: int = 0
    duplicates: int = 0
    """Windows that were held already."""
    refused: int = 0
    revoked: frozenset[NodeName] = frozenset()
    """Who spoke although nothing is taken from them."""
    losses: list[Loss] = field(default_factory=list)


UNKNOWN = "no node {} is registered: name it in the site file"
TOO_MANY = (
    f"{{}} has spoken from {spools.PER_NODE} outboxes in {KEPT_FOR.days} days: its card loses "
    "what is written to it, or somebody has its password; replace the card, or give the node "
    "another name and a new password"
)
TWIN = "another node speaks with this identity"


def take(conn: Connection[Any], heard: Sequence[Heard], now: datetime) -> Outcome:
    """Store a batch; the door commits. Locks are taken in one order: outboxes, nodes, letters."""
    revoked = enrol.revoked_nodes(conn)
    heard = [_refused_if(revoked, one) for one in heard] if revoked else heard
    keys = [_key(one) for one in heard]
    taken = spools.hold(conn, _came(heard, keys), now)
    outcome = Outcome(
        losses=[Loss(k.name, k.spool, t.lost, t.why) for k, t in taken.items() if t.lost],
        revoked=revoked & {one.node for one in heard if not isinstance(one, Nothing)},
    )
    stored, contested = _store_counts(conn, heard, keys, taken, outcome, now)
    outcome.marks = _marks(keys, taken, stored)
    strangers, twins = _take_said(conn, heard, now)
    refused = [one for one in heard if isinstance(one, Refused)]
    refused += _told_apart(conn, contested, twins, now)
    refused += _not_opened(conn, heard, keys, taken)
    refused += [
        one.refused(UNKNOWN.format(one.node))
        for one in heard
        if isinstance(one, Said) and not isinstance(one, Counted) and one.node in strangers
    ]
    letters.bury(conn, refused, now)
    outcome.refused = len(refused)
    notify_sync(conn, DENSITY)
    return outcome


def _refused_if(revoked: frozenset[NodeName], one: Heard) -> Heard:
    """What a revoked node says is written down and holds nothing: the database says who is."""
    if isinstance(one, Nothing) or one.node not in revoked:
        return one
    if isinstance(one, Refused):
        return replace(one, envelope=None)
    return one.refused(f"{one.node} is revoked: enrol it anew with a new code")


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
    refused: defaultdict[SpoolKey, list[int]] = defaultdict(list)
    oldest: dict[SpoolKey, int] = {}
    for one, key in zip(heard, keys, strict=True):
        envelope = _envelope(one)
        if key is not None and envelope is not None:
            seqs[key].append(envelope.seq)
            oldest[key] = max(envelope.oldest, oldest.get(key, 1))
            if isinstance(one, Refused):
                refused[key].append(envelope.seq)
    return {key: Came(tuple(seqs[key]), oldest[key], tuple(refused[key])) for key in seqs}


def _marks(
    keys: Sequence[SpoolKey | None],
    taken: dict[SpoolKey, Taken],
    stored: dict[tuple[int, int], Observed],
) -> dict[NodeName, Mark]:
    spoken = dict.fromkeys(reversed(keys))  # from the last word to the first
    first_to_last = [key for key in reversed(spoken) if key is not None and key in taken]
    return {key.name: _mark(key, taken[key], stored) for key in first_to_last}


def _mark(key: SpoolKey, spool: Taken, stored: dict[tuple[int, int], Observed]) -> Mark:
    last = stored.get((spool.spool_id, spool.mark))
    return Mark(key.spool, spool.mark, spool.epoch, last.count.window_start if last else None)


@dataclass(slots=True)
class _Windows:
    """The windows of a batch whose outbox has a row."""

    fresh: dict[tuple[int, int], Observed] = field(default_factory=dict)
    """Not held before, by (spool_id, seq)."""
    again: list[tuple[Counted, int]] = field(default_factory=list)
    """Under a seq that is stored or fresh, with the spool_id: perhaps another window."""
    all: int = 0


def _store_counts(
    conn: Connection[Any],
    heard: Sequence[Heard],
    keys: Sequence[SpoolKey | None],
    taken: dict[SpoolKey, Taken],
    outcome: Outcome,
    now: datetime,
) -> tuple[dict[tuple[int, int], Observed], list[tuple[Counted, int]]]:
    """Store what is new.

    Returns what of this batch is stored, now or before, by (spool_id, seq); and what came under
    the seq of another window, with its spool_id.
    """
    windows = _windows(heard, keys, taken)
    outcome.duplicates = windows.all - len(windows.fresh)
    if windows.fresh:
        outcome.rows = samples.record(conn, list(windows.fresh.values()), now)
    before, contested = _compare(conn, windows.again)
    return windows.fresh | before, contested


def _windows(
    heard: Sequence[Heard], keys: Sequence[SpoolKey | None], taken: dict[SpoolKey, Taken]
) -> _Windows:
    windows = _Windows()
    for one, key in zip(heard, keys, strict=True):
        spool = taken.get(key) if key is not None else None
        if spool is None or not isinstance(one, Counted):
            continue
        windows.all += 1
        if one.count.seq in spool.fresh:
            observed = Observed(one.node, spool.spool_id, one.count)
            first = windows.fresh.setdefault((spool.spool_id, one.count.seq), observed)
            if first.count.window_start != one.count.window_start:
                windows.again.append((one, spool.spool_id))
        elif one.count.seq in spool.stored:
            windows.again.append((one, spool.spool_id))
    return windows


def _compare(
    conn: Connection[Any], again: list[tuple[Counted, int]]
) -> tuple[dict[tuple[int, int], Observed], list[tuple[Counted, int]]]:
    """Which are the very windows that are stored, by (spool_id, seq); and which are others."""
    if not again:
        return {}, []
    repeated = [Observed(one.node, spool_id, one.count) for one, spool_id in again]
    known = samples.known(conn, repeated)
    stored = {(o.spool_id, o.count.seq): o for o in compress(repeated, known)}
    return stored, list(compress(again, (not is_known for is_known in known)))


def _told_apart(
    conn: Connection[Any], contested: list[tuple[Counted, int]], twins: list[Said], now: datetime
) -> list[Refused]:
    """Write down that two machines speak under one name, and what cannot be stored of it."""
    if not contested and not twins:
        return []
    seqs: defaultdict[int, list[int]] = defaultdict(list)
    for one, spool_id in contested:
        seqs[spool_id].append(one.count.seq)
    spools.contest(conn, seqs)
    nodes.heard_twins(conn, {one.node for one, _ in contested} | {one.node for one in twins}, now)
    return [
        one.refused(f"{TWIN}: it holds another window under seq {one.count.seq} of this outbox")
        for one, _ in contested
    ] + [one.refused(f"{TWIN}: an earlier boot of it is back after a later one") for one in twins]


def _take_said(
    conn: Connection[Any], heard: Sequence[Heard], now: datetime
) -> tuple[set[NodeName], list[Said]]:
    """What nodes said of themselves, the last word of each.

    Returns the names nobody knows, and the births by which two machines have one name.
    """
    twins: set[NodeName] = set()
    states = {one.node: one.state for one in heard if isinstance(one, StateSaid)}
    healths = {one.node: one.health for one in heard if isinstance(one, HealthSaid)}
    configs = {one.node: one.reported for one in heard if isinstance(one, ConfigSaid)}
    results = [(one.node, one.result) for one in heard if isinstance(one, ResultSaid)]
    previews = {one.node: one.preview for one in heard if isinstance(one, PreviewSaid)}
    speakers = {*states, *healths, *configs, *previews, *(name for name, _ in results)}
    if speakers:
        known = nodes.lock(conn, speakers)
        twins = nodes.twins(conn, states)
        nodes.heard_states(conn, states, now)
        nodes.heard_health(conn, healths, now)
        nodes.heard_configs(conn, configs, now)
        drawing.heard(conn, configs, now)
        commands.heard_results(conn, results, now)
        commands.heard_previews(conn, previews, now)
        speakers -= known
    nodes.heard_since(conn, _lived_at(heard), now)
    last_births = {one.node: one for one in heard if isinstance(one, StateSaid)}
    return speakers, [last_births[name] for name in sorted(twins, key=str)]


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


def _not_opened(
    conn: Connection[Any],
    heard: Sequence[Heard],
    keys: Sequence[SpoolKey | None],
    taken: dict[SpoolKey, Taken],
) -> list[Refused]:
    """Windows of outboxes that have no row: of strangers, and of nodes that have too many."""
    windows = [
        (one, key)
        for one, key in zip(heard, keys, strict=True)
        if isinstance(one, Counted) and key is not None and key not in taken
    ]
    if not windows:
        return []
    known = spools.registered(conn, sorted({key for _, key in windows}))
    return [
        one.refused((TOO_MANY if one.node in known else UNKNOWN).format(one.node))
        for one, _ in windows
    ]
