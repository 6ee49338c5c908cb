"""The whole log: was an entry removed, edited, put elsewhere or in, or were there two logs.

Reads an export piece by piece, so that a log of years fits into any memory. Only this can show
that other proofs are gone; one proof's bundle cannot.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

from hub.tripproof import checkpoint, leaf, record, tree, verdict
from hub.tripproof.bundle import Entry, Header, read_export
from hub.tripproof.checkpoint import Checkpoint
from hub.tripproof.errors import (
    BadSignature,
    LogContradicts,
    MalformedProof,
    TripProofError,
    UnknownKey,
)
from hub.tripproof.keys import KeySet
from hub.tripproof.leaf import Leaf, LeafType
from hub.tripproof.verify.held import Held, Trusted
from hub.tripproof.verify.proof import cosigners, is_witnessed, signed_by_log
from hub.tripproof.verify.report import Outcome, Report
from hub.tripproof.verify.words import CheckName

NAMED_MAX = 20
"""How many wrong entries are named one by one; a spoilt log has as many as it has entries."""


def verify(stream: BinaryIO, held: Held) -> Report:
    """Every check of a log export against what the reader holds."""
    report = Report()
    try:
        header, parts = read_export(stream)
        known = KeySet.decoded(header.keys)
    except TripProofError as error:
        report.add(CheckName.READABLE, Outcome.FAILED, str(error))
        return report
    _Log(header, Trusted(held.keys or known), held, report).all(parts)
    return report


@dataclass(slots=True)
class _Named:
    """One check over all entries: the first wrong ones by name, then only how many."""

    wrong: list[str] = field(default_factory=list)
    count: int = 0
    unknown: int = 0

    def add(self, what: str) -> None:
        self.count += 1
        if len(self.wrong) < NAMED_MAX:
            self.wrong.append(what)

    def write(self, report: Report, name: CheckName, detail: str = "") -> None:
        if self.count:
            more = self.count - len(self.wrong)
            detail = "; ".join(self.wrong) + (f"; and {more} more" if more else "")
            report.add(name, Outcome.FAILED, detail)
        elif self.unknown:
            detail = f"{self.unknown} of a key or a log that is not known here"
            report.add(name, Outcome.MISSING, detail)
        else:
            report.add(name, Outcome.PASSED, detail)


class _Log:
    """The checks over one export as it streams by."""

    def __init__(self, header: Header, trusted: Trusted, held: Held, report: Report) -> None:
        self.header, self.trusted, self.held, self.report = header, trusted, held, report
        self.told: list[Checkpoint] = []
        self.believed: list[Checkpoint] = []
        self.edge = tree.Frontier()
        self.roots: dict[int, bytes] = {}
        self.destroyed: set[int] = set()
        self.without: dict[int, list[int]] = {}
        self.last_at = 0
        self.complete, self.order, self.bodies = _Named(), _Named(), _Named()
        self.readable = _Named()
        self.wanted: set[int] = set()
        self.witnessed = 0

    def all(self, parts: Iterable[str | Entry]) -> None:
        outcome = Outcome.PASSED if self.held.keys else Outcome.MISSING
        self.report.add(CheckName.KEYS_HELD, outcome)
        try:
            for part in parts:
                self._note(part) if isinstance(part, str) else self._entry(part)
        except TripProofError as error:
            self.readable.add(f"after entry {self.edge.size - 1}: {error}")
        self.readable.write(self.report, CheckName.READABLE)
        if self.edge.size != self.header.size:
            self.complete.add(f"{self.header.size} entries announced, {self.edge.size} here")
        self.complete.write(self.report, CheckName.COMPLETE)
        self.order.write(self.report, CheckName.ORDER)
        self._gone()
        self.bodies.write(self.report, CheckName.BODIES)
        self._checkpoints()
        self._roots()
        self._held()
        self._fork()

    def _note(self, note: str) -> None:
        self.told.append(checkpoint.read(note))

    def _entry(self, entry: Entry) -> None:
        if not self.edge.size:
            self.wanted = {one.size for one in (*self.told, *self.held.checkpoints)}
        here = self.edge.size
        if entry.index > here:
            self.complete.add(f"entries {here} to {entry.index - 1} are missing")
        elif entry.index < here:
            self.order.add(f"entry {entry.index} stands at {here}")
        self._leaf(entry)
        self.edge.append(tree.leaf_hash(entry.leaf))
        if self.edge.size in self.wanted:
            self.roots[self.edge.size] = self.edge.root

    def _leaf(self, entry: Entry) -> None:
        try:
            read = leaf.decoded(entry.leaf)
        except MalformedProof as error:
            self.readable.add(f"entry {entry.index}: {error}")
            return
        if read.at < self.last_at:
            self.order.add(f"entry {entry.index} is earlier than the one before it")
        self.last_at = read.at
        self._body(entry, read)
        self._sealed(entry, read)
        if read.quarter is not None:
            self.destroyed.add(read.quarter)

    def _sealed(self, entry: Entry, read: Leaf) -> None:
        if entry.sealed is not None:
            if leaf.sha(entry.sealed) != read.sealed:
                self.bodies.add(f"the sealed proof of entry {entry.index} is not the one logged")
        elif read.sealed is not None:
            self._absent(entry, read)

    def _absent(self, entry: Entry, read: Leaf) -> None:
        self.without.setdefault(leaf.quarter_of(read.at), []).append(entry.index)

    def _gone(self) -> None:
        """X and records may be absent only where the log says that their quarter was destroyed."""
        for quarter in sorted(self.without.keys() - self.destroyed):
            indexes = self.without[quarter]
            few = ", ".join(map(str, indexes[:NAMED_MAX]))
            more = f" and {len(indexes) - NAMED_MAX} more" if len(indexes) > NAMED_MAX else ""
            self.bodies.add(f"no destruction of {quarter} is logged, yet gone: {few}{more}")

    def _body(self, entry: Entry, read: Leaf) -> None:
        if entry.body is None:
            if read.verdict is not None:
                self.bodies.add(f"the verdict of entry {entry.index} is gone")
            elif read.type in (LeafType.KEYS, LeafType.POLICY):
                self.bodies.add(f"the record of entry {entry.index} is gone")
            elif read.record is not None:
                self._absent(entry, read)
            return
        if leaf.sha(entry.body) not in (read.verdict, read.record):
            self.bodies.add(f"what belongs to entry {entry.index} is not what was logged")
            return
        try:
            self._signed(entry.body, read)
        except UnknownKey:
            self.bodies.unknown += 1
        except TripProofError as error:
            self.bodies.add(f"entry {entry.index}: {error}")

    def _signed(self, body: bytes, read: Leaf) -> None:
        if read.verdict is not None:
            said = verdict.verified(body, self.trusted.signer(verdict.read(body).kid))
            if (said.cti, said.policy) != (read.ref, read.policy):
                raise MalformedProof("The verdict is of another proof.")
            return
        told = record.verified(body, self.trusted.signer(record.read(body).kid))
        if told.type is not read.type:
            raise MalformedProof("The record is of another kind.")
        if read.type is LeafType.KEYS:
            self.trusted.learn(body)

    def _checkpoints(self) -> None:
        found = _Named()
        for one in self.told:
            try:
                signed_by_log(one, self.trusted.keys)
                self.believed.append(one)
            except UnknownKey:
                found.unknown += 1
            except BadSignature:
                found.add(f"the checkpoint over {one.size} entries")
        if not self.told:
            self.report.add(CheckName.CHECKPOINT, Outcome.MISSING, "none came along")
            return
        found.write(self.report, CheckName.CHECKPOINT)
        self._cosigned()

    def _cosigned(self) -> None:
        """Whether a second office signed, and until where; one wrong line is enough."""
        signed, found = "", _Named()
        for one in sorted(self.believed, key=lambda one: one.size):
            try:
                names = cosigners(one, self.trusted.keys)
            except BadSignature:
                found.add(f"the checkpoint over {one.size} entries")
                continue
            if names:
                signed = f"{', '.join(names)}: up to {one.size} entries"
            if is_witnessed(one, self.held):
                self.witnessed = one.size
        if signed or found.count:
            found.write(self.report, CheckName.COSIGNED, signed)
        else:
            self.report.add(CheckName.COSIGNED, Outcome.NOTED)

    def _roots(self) -> None:
        """Whether the entries lead to every root; between which two they stop doing so."""
        fits = 0
        for one in sorted(self.told, key=lambda one: one.size):
            if one.size == 0 or self.roots.get(one.size) == one.root:
                fits = one.size
                continue
            detail = (
                f"entries {fits} to {one.size - 1}: something was altered, removed, "
                f"inserted or reordered (checkpoint over {one.size})"
            )
            self.report.add(CheckName.ROOTS, Outcome.FAILED, detail)
            return
        whole = fits == self.edge.size and bool(self.told)
        self.report.add(
            CheckName.ROOTS,
            Outcome.PASSED if whole else Outcome.MISSING,
            "" if whole else f"nothing was signed over entries {fits} to {self.edge.size - 1}",
        )

    def _held(self) -> None:
        if not self.held.checkpoints:
            self._witnessed()
            return
        found = _Named()
        for one in self.held.checkpoints:
            try:
                self._compare(one)
            except UnknownKey:
                found.unknown += 1
            except TripProofError as error:
                found.add(f"held over {one.size} entries: {error}")
        found.write(self.report, CheckName.HELD)

    def _witnessed(self) -> None:
        """A second office whose key is held stands for what it signed, and no further."""
        if self.witnessed and self.witnessed == self.edge.size:
            self.report.add(CheckName.HELD, Outcome.PASSED)
            return
        until = f"; a second office signed the first {self.witnessed}" if self.witnessed else ""
        self.report.add(CheckName.HELD, Outcome.MISSING, f"no checkpoint is held{until}")

    def _compare(self, one: Checkpoint) -> None:
        """Hold the log against one checkpoint from before, if the hub did sign that."""
        signed_by_log(one, self.trusted.keys)
        if one.origin != self.header.origin or one.size == 0:
            raise UnknownKey("Another log's, or over nothing.")
        self.believed.append(one)
        if one.size > self.edge.size:
            raise LogContradicts(f"the last {one.size - self.edge.size} are gone")
        if self.roots.get(one.size) != one.root:
            raise LogContradicts("the log is another one")

    def _fork(self) -> None:
        """Two signed roots for one size are the hub's own signature under two histories."""
        roots: dict[int, bytes] = {}
        found = _Named()
        for one in self.believed:
            if roots.setdefault(one.size, one.root) != one.root:
                found.add(f"two roots for {one.size} entries")
        found.write(self.report, CheckName.FORK)
