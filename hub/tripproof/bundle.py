"""What an auditor carries away: one proof with all that checks it, or the whole log.

Codecs only; what they show is found by `hub.tripproof.verify`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from hub.tripproof import cbor
from hub.tripproof.checkpoint import MAX_CHARS, named
from hub.tripproof.errors import MalformedProof
from hub.tripproof.fields import blob, integer, items, mapping
from hub.tripproof.keys import SET_MAX_BYTES
from hub.tripproof.record import MAX_BYTES as BODY_MAX_BYTES
from hub.tripproof.tree import SIZE_MAX

PROOF_FORMAT, LOG_FORMAT, VERSION = "cheongsa-proof-bundle", "cheongsa-log-export", 1
PROOF_MAX_BYTES: Final = 65_536
PROOF_FIELDS: Final = frozenset(range(10))
LOG_FIELDS: Final = frozenset(range(5))
RELATED_MAX: Final = 32


@dataclass(frozen=True, slots=True)
class Related:
    """Another leaf that the proof leans on: an enrolment, an order, a policy, a key set."""

    leaf: bytes
    receipt: bytes
    body: bytes | None


@dataclass(frozen=True, slots=True)
class ProofBundle:
    """One proof, its receipt of the checkpoint's size, and the way to a checkpoint held."""

    leaf: bytes
    receipt: bytes
    sealed: bytes | None
    verdict: bytes
    checkpoint: str
    consistency: bytes | None
    keys: bytes
    related: tuple[Related, ...] = ()

    @property
    def encoded(self) -> bytes:
        """The file."""
        related = [[one.leaf, one.receipt, one.body] for one in self.related]
        told = [
            PROOF_FORMAT, VERSION, self.leaf, self.receipt, self.sealed, self.verdict,
            self.checkpoint, self.consistency, self.keys, related,
        ]  # fmt: skip
        return cbor.encode(dict(enumerate(told)))

    @classmethod
    def decoded(cls, encoded: bytes) -> "ProofBundle":
        """Read a proof bundle; the objects in it are not looked at yet.

        Raises:
            MalformedProof: it is none.
        """
        value = cbor.decode(encoded, max_bytes=PROOF_MAX_BYTES)
        held = mapping(value, PROOF_FIELDS, PROOF_FIELDS)
        if held[0] != PROOF_FORMAT:
            raise MalformedProof("Not a proof bundle.")
        integer(held[1], VERSION, VERSION)
        return cls(
            blob(held[2]), blob(held[3]), _optional(held[4]), blob(held[5]), _note(held[6]),
            _optional(held[7]), blob(held[8], SET_MAX_BYTES),
            tuple(map(_related, items(held[9], 0, RELATED_MAX))),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """The first item of a log export."""

    origin: str
    size: int
    keys: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One leaf of the log with what it hashes, as far as that still exists."""

    index: int
    leaf: bytes
    body: bytes | None
    sealed: bytes | None


def export(header: Header, notes: Iterable[str], entries: Iterable[Entry]) -> Iterator[bytes]:
    """The whole log as a file, piece by piece: header, checkpoints by size, entries in order."""
    told = [LOG_FORMAT, VERSION, header.origin, header.size, header.keys]
    yield cbor.encode(dict(enumerate(told)))
    for note in notes:
        yield cbor.encode(note)
    for one in entries:
        yield entry(one)


def entry(one: Entry) -> bytes:
    """One entry of the file."""
    return cbor.encode([one.index, one.leaf, one.body, one.sealed])


def read_export(stream: BinaryIO) -> tuple[Header, Iterator[str | Entry]]:
    """Read a log export: its header, then checkpoints and entries as they come.

    Raises:
        MalformedProof: it is none; later, where an item is none.
    """
    read = cbor.sequence(stream)
    told = mapping(next(read, None), LOG_FIELDS, LOG_FIELDS)
    if told[0] != LOG_FORMAT:
        raise MalformedProof("Not a log export.")
    integer(told[1], VERSION, VERSION)
    header = Header(named(told[2]), integer(told[3], 0, SIZE_MAX), blob(told[4], SET_MAX_BYTES))
    return header, (_item(value) for value in read)


def _item(value: object) -> str | Entry:
    if isinstance(value, str):
        return _note(value)
    index, leaf, body, sealed = items(value, 4, 4)
    return Entry(integer(index, 0, SIZE_MAX), blob(leaf), _body(body), _optional(sealed))


def _related(value: object) -> Related:
    leaf, receipt, body = items(value, 3, 3)
    return Related(blob(leaf), blob(receipt), _body(body))


def _body(value: object) -> bytes | None:
    return None if value is None else blob(value, BODY_MAX_BYTES)


def _optional(value: object) -> bytes | None:
    return None if value is None else blob(value)


def _note(value: object) -> str:
    if type(value) is not str or len(value) > MAX_CHARS:
        raise MalformedProof("Not a checkpoint.")
    return value
