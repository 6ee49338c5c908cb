"""The log, as one transaction writes it: leaves in a gapless row, then a receipt and a checkpoint.

Whoever opens the book holds the log's one lock until the transaction ends, so `at` never goes
backward and no index is skipped. The first leaves say by which policy and keys the log is read, and
a key set that changed is told before anything is signed under it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from hub.tripproof import cbor, leaf, receipt, record, tree
from hub.tripproof.checkpoint import Checkpoint
from hub.tripproof.keys import SET_MAX, KeySet, NamedKey, PublicKey, Use, keyset
from hub.tripproof.leaf import Leaf, LeafType
from hub.tripproof.office import Office
from hub.tripproof.policy import Policy
from hub.tripproof.record import MAX_BYTES, Record, RecordValue
from hub.tripproof.refusals import NoSuchSize
from hub.tripproof.store import auditors
from hub.tripproof.store import log as store

POLICY: Final = Policy()
_POLICY_FIELDS: Final = POLICY.fields()
KEYS_LAST_S: Final = 400 * 86_400


@dataclass(slots=True)
class Logbook:
    """An open book. `at`: the time of what is written now (s)."""

    conn: Any
    office: Office
    at: int
    size: int
    auditors: list[auditors.Auditor]
    nodes: store.Nodes = field(default_factory=dict)
    """What was read of the tree, and what grew here: nobody else writes it meanwhile."""

    @classmethod
    async def opened(cls, conn: Any, office: Office, now: datetime) -> "Logbook":
        """Lock the log and say first what was not said yet."""
        head = await store.lock(conn)
        known = await auditors.all_of_them(conn)
        book = cls(conn, office, max(head.at, int(now.timestamp())), head.size, known)
        told = await store.told(conn)
        await book._tell_keys(told.keys)
        await book._tell_policy(told.policy)
        return book

    async def add(self, kind: LeafType, body: bytes | None = None, **rest: Any) -> int:
        """A leaf more; its index."""
        return await self.add_all([(Leaf(kind, self.at, **rest), body)])

    async def add_all(self, leaves: Sequence[tuple[Leaf, bytes | None]]) -> int:
        """Leaves more, each with what it hashes; the index of the first."""
        first = self.size
        await store.append(self.conn, first, leaves, self.nodes)
        self.size += len(leaves)
        return first

    async def record(self, kind: LeafType, fields: dict[str, RecordValue], **rest: Any) -> int:
        """A leaf that hashes a record."""
        body = Record(kind, fields).sign(self.office.signer)
        return await self.add(kind, body, record=leaf.sha(body), **rest)

    async def receipt(self, index: int) -> bytes:
        """The receipt of an entry, over all that is written so far."""
        return (await self.receipts([index]))[0]

    async def receipts(self, indexes: Sequence[int]) -> list[bytes]:
        """The receipts of these, all over the same size."""
        return await receipts_of(self.conn, self.office, indexes, self.size, self.at, self.nodes)

    async def checkpoint(self) -> str:
        """Publish how long the log is now."""
        return await publish(self.conn, self.office, self.size, self.at, self.nodes)

    async def _tell_keys(self, told: bytes | None) -> None:
        encoded = _encoded(self.office.keys, tuple(self.auditors))
        if told is None or _fields(told).get("keys") != encoded:
            await self.record(LeafType.KEYS, {"keys": encoded, "version": self.size + 1})

    async def _tell_policy(self, told: bytes | None) -> None:
        if told is None or _fields(told) != _POLICY_FIELDS:
            await self.record(LeafType.POLICY, _POLICY_FIELDS, policy=POLICY.version)


async def known_keys(conn: Any, office: Office) -> KeySet:
    """The hub's keys and the auditor's, the newest first, as many as a set has room for.

    Whoever reads last year's proofs finds the keys of its quarters here as well.
    """
    return _set(office.keys, tuple(await auditors.all_of_them(conn)))


def _set(ours: tuple[NamedKey, ...], theirs: Iterable[auditors.Auditor]) -> KeySet:
    known = list(ours)
    for one in theirs:
        if len(known) + 2 > SET_MAX:
            break
        known += _both(one)
    return keyset(known)


@lru_cache(maxsize=4)  # one office; asked at every opening of the book
def _encoded(ours: tuple[NamedKey, ...], theirs: tuple[auditors.Auditor, ...]) -> bytes:
    return _set(ours, theirs).encoded


async def receipt_of(conn: Any, office: Office, index: int, size: int, at: int) -> bytes:
    """The receipt of entry `index` among the first `size`. Raises NoSuchSize."""
    return (await receipts_of(conn, office, [index], size, at))[0]


async def receipts_of(
    conn: Any, office: Office, indexes: Sequence[int], size: int, at: int,
    known: store.Nodes | None = None,
) -> list[bytes]:  # fmt: skip
    """The receipts of these entries among the first `size`. Raises NoSuchSize."""
    if not all(0 <= index < size for index in indexes):
        raise NoSuchSize
    node = await store.nodes_for(conn, lambda node: _receipts_need(indexes, size, node), known)
    return [receipt.sign(office.signer, office.origin, at, index, size, node) for index in indexes]


def _receipts_need(indexes: Sequence[int], size: int, node: tree.Node) -> None:
    tree.root(size, node)
    for index in indexes:
        tree.inclusion(index, size, node)


async def consistency(conn: Any, old: int, new: int) -> bytes:
    """The proof that the log of `old` leaves is the beginning of that of `new`.

    Raises:
        NoSuchSize: there is no way between such sizes.
    """
    if not 1 <= old <= new:
        raise NoSuchSize
    node = await store.nodes_for(conn, lambda node: tree.consistency(old, new, node))
    return tree.encode_consistency(old, new, tree.consistency(old, new, node))


async def publish(
    conn: Any, office: Office, size: int, at: int, known: store.Nodes | None = None
) -> str:
    """The checkpoint over `size` leaves: signed once, the same ever after."""
    if kept := await store.checkpoint(conn, size):
        return kept
    node = await store.nodes_for(conn, lambda node: tree.root(size, node), known)
    note = Checkpoint(office.origin, size, tree.root(size, node), at).signed(office.signer).note
    return await store.keep_checkpoint(conn, size, note, at)


@lru_cache(maxsize=SET_MAX)  # asked at every opening of the book; a point costs
def _both(one: auditors.Auditor) -> tuple[NamedKey, NamedKey]:
    since = int(one.saved_at.timestamp())
    seal, sign = (PublicKey.uncompressed_point(point) for point in (one.seal, one.sign))
    return (
        NamedKey(seal, Use.AUDITOR_OPENS, since, since + KEYS_LAST_S),
        NamedKey(sign, Use.AUDITOR_SIGNS, since, since + KEYS_LAST_S),
    )


@lru_cache(maxsize=4)  # the newest key set and policy: read at every opening of the book
def _fields(body: bytes) -> dict[str, RecordValue]:
    """What a record of ours says. Nobody changes what is answered."""
    told: Any = cbor.decode(record.read(body).payload, max_bytes=MAX_BYTES)
    return told[2]
