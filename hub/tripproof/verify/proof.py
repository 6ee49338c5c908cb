"""One proof: is it in the log as it is here, and does the log go on from what the reader holds."""

from contextlib import suppress
from datetime import datetime

from hub.tripproof import checkpoint, leaf, receipt, record, seal, statement, tree, verdict
from hub.tripproof.auditor_key import AuditorKey
from hub.tripproof.bundle import ProofBundle, Related
from hub.tripproof.checkpoint import Checkpoint
from hub.tripproof.errors import (
    BadSignature,
    LogContradicts,
    MalformedProof,
    TripProofError,
    UnknownKey,
)
from hub.tripproof.keys import KeySet, PublicKey, Use
from hub.tripproof.leaf import Leaf, LeafType
from hub.tripproof.statement import Statement
from hub.tripproof.verdict import Verdict
from hub.tripproof.verify.held import Held, Trusted
from hub.tripproof.verify.report import Outcome, Report
from hub.tripproof.verify.words import CheckName


def verify(encoded: bytes, held: Held) -> Report:
    """Every check of a proof bundle against what the reader holds."""
    return examined(encoded, held).report


def examined(encoded: bytes, held: Held) -> "ProofFindings":
    """The same, with what was read, for whoever shows it."""
    findings = ProofFindings(Report())
    try:
        bundle = ProofBundle.decoded(encoded)
        entry = leaf.decoded(bundle.leaf)
        if entry.type is not LeafType.PROOF:
            raise MalformedProof("The entry is no proof.")
        known = KeySet.decoded(bundle.keys)
    except TripProofError as error:
        findings.report.add(CheckName.READABLE, Outcome.FAILED, str(error))
        return findings
    findings.report.add(CheckName.READABLE, Outcome.PASSED)
    _Looked(bundle, entry, known, held, findings).all()
    return findings


class ProofFindings:
    """The report, and what the bundle says where it could be believed to be one."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.verdict: Verdict | None = None
        self.statement: Statement | None = None
        self.linked: str | None = None
        """The order it was linked to later; empty: to none any more."""


class _Looked:
    """The checks over one bundle, in the order in which they lean on one another."""

    def __init__(
        self, bundle: ProofBundle, entry: Leaf, known: KeySet, held: Held, findings: ProofFindings
    ) -> None:
        self.bundle, self.entry, self.held, self.findings = bundle, entry, held, findings
        self.report = findings.report
        self.trusted = Trusted(held.keys or known)

    def all(self) -> None:
        self._keys()
        root = self._checkpoint()
        self._in_log(CheckName.IN_LOG, self.bundle.leaf, self.bundle.receipt, root)
        self._held(root)
        self._verdict()
        self._sealed()
        for one in self.bundle.related:
            self._related(one, root)
        self._open()

    def _keys(self) -> None:
        outcome = Outcome.PASSED if self.held.keys else Outcome.MISSING
        self.report.add(CheckName.KEYS_HELD, outcome)
        for one in self.bundle.related:
            if one.body:
                self.trusted.learn(one.body)

    def _checkpoint(self) -> Checkpoint | None:
        read = None
        with self.report.check(CheckName.CHECKPOINT):
            read = checkpoint.read(self.bundle.checkpoint)
            signed_by_log(read, self.trusted.keys)
        self._cosigned(read)
        return None if self.report.failed(CheckName.CHECKPOINT) else read

    def _cosigned(self, one: Checkpoint | None) -> None:
        try:
            names = cosigners(one, self.trusted.keys) if one else []
        except BadSignature as error:
            self.report.add(CheckName.COSIGNED, Outcome.FAILED, str(error))
            return
        outcome = Outcome.PASSED if names else Outcome.NOTED
        self.report.add(CheckName.COSIGNED, outcome, ", ".join(names))

    def _in_log(
        self, name: CheckName, entry: bytes, receipted: bytes, whole: Checkpoint | None
    ) -> None:
        with self.report.check(name):
            read = receipt.read(receipted)
            root = read.root(entry, self.trusted.signer(read.kid))
            if whole and (read.origin, read.size, root) != (whole.origin, whole.size, whole.root):
                raise LogContradicts("Receipt and checkpoint are of different logs.")

    def _held(self, here: Checkpoint | None) -> None:
        if here is None:
            return
        if not self.held.checkpoints:
            outcome = Outcome.PASSED if is_witnessed(here, self.held) else Outcome.MISSING
            self.report.add(CheckName.HELD, outcome)
            return
        with self.report.check(CheckName.HELD):
            way = self.bundle.consistency
            for one in self.held.checkpoints:
                signed_by_log(one, self.trusted.keys)
                goes_on(one, here, way)

    def _verdict(self) -> None:
        bundle, entry = self.bundle, self.entry
        same = leaf.sha(bundle.verdict) == entry.verdict
        self.report.holds(CheckName.VERDICT_LOGGED, holds=same)
        with self.report.check(CheckName.VERDICT_SIGNED):
            kid = verdict.read(bundle.verdict).kid
            said = verdict.verified(bundle.verdict, self.trusted.signer(kid))
            self.findings.verdict = said
        said = self.findings.verdict
        if said:
            fits = (said.cti, said.policy, said.received_at) == (entry.ref, entry.policy, entry.at)
            self.report.holds(CheckName.VERDICT_FITS, holds=fits)

    def _sealed(self) -> None:
        if self.bundle.sealed is None:
            self.report.add(CheckName.SEALED_LOGGED, Outcome.NOTED, self._why_gone())
            return
        same = leaf.sha(self.bundle.sealed) == self.entry.sealed
        self.report.holds(CheckName.SEALED_LOGGED, holds=same)

    def _why_gone(self) -> str:
        """When its quarter's coordinates were destroyed, where the log says so."""
        for one in self.bundle.related:
            with suppress(MalformedProof):  # said below, where each of them is looked at
                entry = leaf.decoded(one.leaf)
                if entry.quarter == leaf.quarter_of(self.entry.at):
                    day = datetime.fromtimestamp(entry.at, leaf.KOREA)
                    return f"coordinates destroyed on {day:%Y-%m-%d}"
        return "not here: destroyed, or left out"

    def _related(self, one: Related, whole: Checkpoint | None) -> None:
        self._in_log(CheckName.RELATED, one.leaf, one.receipt, whole)
        if one.body is None:
            return
        with self.report.check(CheckName.RELATED):
            entry = leaf.decoded(one.leaf)
            if leaf.sha(one.body) not in (entry.record, entry.verdict):
                raise LogContradicts("It is not what was logged.")
        with suppress(TripProofError):  # said above, or of a key that is not believed
            self._link(one.body, leaf.decoded(one.leaf))

    def _link(self, body: bytes, entry: Leaf) -> None:
        """The order that this touch was linked to later, by the newest link that came along."""
        if (entry.type, entry.ref) == (LeafType.LINK, self.entry.ref):
            told = record.verified(body, self.trusted.signer(record.read(body).kid))
            trip = told.fields.get("trip")
            self.findings.linked = trip if isinstance(trip, str) else None

    def _open(self) -> None:
        if self.held.auditor is None or self.bundle.sealed is None:
            self.report.add(CheckName.OPENED, Outcome.NOTED)
            return
        opened = None
        with self.report.check(CheckName.OPENED):
            opened = _opened(self.bundle.sealed, self.held.auditor)
        if opened is not None:
            self._statement(opened)

    def _statement(self, opened: bytes) -> None:
        same = leaf.sha(opened) == self.entry.statement
        self.report.holds(CheckName.STATEMENT_LOGGED, holds=same)
        with self.report.check(CheckName.DEVICE):
            key = self._device(statement.read(opened).kid)
            self.findings.statement = statement.verified(opened, key)
        said, judged = self.findings.statement, self.findings.verdict
        if said and judged:
            fits = (said.cti, said.trip, said.kind, said.minute)
            told = (judged.cti, judged.trip, judged.kind, judged.minute)
            self.report.holds(CheckName.STATEMENT_FITS, holds=fits == told)

    def _device(self, kid: bytes) -> PublicKey:
        """The enrolled key of this id, by a record that the hub signed."""
        for one in self.bundle.related:
            entry = leaf.decoded(one.leaf)
            if entry.type is LeafType.ENROLMENT and entry.ref == kid and one.body:
                told = record.verified(one.body, self.trusted.signer(record.read(one.body).kid))
                return PublicKey.decoded(_octets(told.fields.get("key")))
        raise UnknownKey(f"The enrolment of the device {kid.hex()} did not come along.")


def _opened(sealed: bytes, auditor: AuditorKey) -> bytes:
    """Open X. Another quarter's key contradicts nothing: it is the wrong one to bring."""
    kid = seal.read(sealed, seal.For.AUDITOR).kid
    if kid != auditor.seal.public.kid:
        raise UnknownKey(
            f"Sealed to another auditor's key, {kid.hex()}: bring that of its quarter."
        )
    return seal.opened(sealed, auditor.seal, seal.For.AUDITOR)


def signed_by_log(one: Checkpoint, keys: KeySet) -> None:
    """Check that the hub signed a checkpoint, with whichever of its keys.

    Raises:
        UnknownKey: no key that is believed signed it.
        BadSignature: one did, but not this text.
    """
    for key in keys.of(Use.HUB_SIGNS):
        if one.lines[0].key_id == checkpoint.key_id(key):
            one.verify(key)
            return
    raise UnknownKey("No key of the hub that is known here signed the checkpoint.")


def cosigners(one: Checkpoint, keys: KeySet) -> list[str]:
    """The names of the offices that signed a checkpoint too, by keys that are believed.

    Raises:
        BadSignature: a line names a believed key, and that did not sign this text (signed-note).
    """
    offices = {checkpoint.key_id(key): key for key in keys.of(Use.COSIGNER)}
    found = []
    for line in one.lines[1:]:
        if key := offices.get(line.key_id):
            one.verify(key, line.name)
            found.append(line.name)
    return found


def is_witnessed(one: Checkpoint, held: Held) -> bool:
    """Whether a second office, whose key the reader holds, signed it."""
    try:
        return bool(held.keys and cosigners(one, held.keys))
    except BadSignature:
        return False  # said where the lines are looked at


def goes_on(one: Checkpoint, other: Checkpoint, way: bytes | None) -> None:
    """Check that of two checkpoints the shorter log is the beginning of the longer.

    Raises:
        UnknownKey: there is no consistency proof between them here, or nothing to compare.
        LogContradicts: it is not: something was altered, removed, reordered or forked.
    """
    old, new = sorted((one, other), key=lambda checkpoint: checkpoint.size)
    if old.origin != new.origin:
        raise UnknownKey(f"The checkpoint held is of another log: {one.origin}.")
    if old.size == 0:
        raise UnknownKey("A checkpoint over no entries says nothing.")
    if old.size == new.size:
        if old.root != new.root:
            raise LogContradicts("Two roots for one size: the log was forked.")
        return
    start, end, path = tree.decode_consistency(way) if way else (0, 0, [])
    if (start, end) != (old.size, new.size):
        raise UnknownKey(f"No way from {old.size} entries to {new.size} came along.")
    tree.check_consistency(old.size, old.root, new.size, new.root, path)


def _octets(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise MalformedProof("The enrolment holds no key.")
    return value
