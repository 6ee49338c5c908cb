"""Proofs come in: check S, judge it, keep X, write the leaf, answer; then S is forgotten.

Those that wait at the same time are taken in together (`gathering`), under the log's one lock and
with one COMMIT; each is checked, judged and answered as if it had come alone, and one that is
refused takes nothing from the others. Exactly one record, however often it is sent: whoever comes
second finds the first one's under the log's lock and gets the same receipt and verdict. S lives in
these functions' frames and nowhere else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hub.tripproof import leaf, receipt, seal, statement
from hub.tripproof.checks import Known, Order, Point, judged
from hub.tripproof.errors import MalformedProof, TripProofError
from hub.tripproof.keys import PublicKey
from hub.tripproof.leaf import Leaf, LeafType
from hub.tripproof.logbook import POLICY, Logbook
from hub.tripproof.office import Office
from hub.tripproof.refusals import (
    IdTaken,
    KeyEnded,
    NoConsent,
    OtherPerson,
    SealedElsewhere,
    TripNotReady,
    UnknownDevice,
)
from hub.tripproof.seal import For
from hub.tripproof.statement import Statement
from hub.tripproof.store import devices, orders, people, proofs
from hub.tripproof.store import log as store
from hub.tripproof.store.devices import Device
from hub.tripproof.store.orders import TripOrder
from hub.tripproof.store.proofs import Chain, Place, Proof
from hub.tripproof.upload import Upload
from hub.tripproof.wrap import wrap

GRACE: Final = timedelta(days=14)  # 공무원 여비 규정 8조의2: a trip is settled within two weeks


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the phone gets: the same each time."""

    cti: bytes
    index: int
    leaf: bytes
    receipt: bytes
    verdict: bytes
    checkpoint: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody sends, under the id that its address names."""

    cti: bytes
    upload: Upload


@dataclass(frozen=True, slots=True)
class Logged:
    """Where something stands in the log, and what shows it."""

    index: int
    leaf: bytes
    receipt: bytes
    checkpoint: str


Answer = Accepted | Exception
REFUSALS: Final = (
    TripProofError, UnknownDevice, IdTaken, KeyEnded, NoConsent, OtherPerson, SealedElsewhere
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Read:
    """A proof whose signature was checked, and which of those that came together it is."""

    nth: int
    device: Device
    said: Statement
    upload: Upload

    @property
    def hashed(self) -> bytes:
        return leaf.sha(self.upload.statement)

    @property
    def previous(self) -> bytes | None:
        """The hash of the one before, where what was sent along is what `prev` names."""
        before = self.upload.before
        if before is None or statement.hash16(before) != self.said.before:
            return None
        return leaf.sha(before)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A proof with what the hub says of it: the verdict, signed, and its leaf."""

    read: _Read
    proof: Proof
    verdict: bytes
    leaf: Leaf


async def accept_all(
    conn: Any, office: Office, brought: Sequence[Brought], now: datetime
) -> list[Answer]:
    """Take these in, in their order. For each what it gets, or why it is not taken.

    That is UnknownDevice, MalformedProof or BadSignature where its bytes are no statement of a key
    of ours; IdTaken where another proof has its id; KeyEnded, NoConsent, OtherPerson or
    SealedElsewhere where it may not be taken.

    Raises:
        TripNotReady: the hub is not ready for any.
    """
    answers: dict[int, Answer] = {}
    read = await _verified(conn, brought, answers)
    if read:
        book = await Logbook.opened(conn, office, now)
        for some in _rounds(read):
            await _round(book, some, answers, now)
    return [answers[nth] for nth in range(len(brought))]


async def unchecked(conn: Any, office: Office, sealed: bytes, now: datetime) -> Logged:
    """An X that came alone, from a code: logged once, and nothing is said of it.

    Raises:
        MalformedProof, SealedElsewhere: it is no X for an auditor of this office.
    """
    book = await Logbook.opened(conn, office, now)
    _is_for_us(sealed, _auditors(book))
    index = await store.where_sealed(conn, leaf.sha(sealed))
    if index is None:
        hashed, quarter = leaf.sha(sealed), leaf.quarter_of(book.at)
        index = await book.add(LeafType.UNCHECKED, sealed=hashed)
        wrapped = wrap(office.wraps.made(quarter), quarter, sealed)
        await store.keep_all_sealed(conn, [(index, quarter, wrapped, hashed)])
    logged = await store.at(conn, index)
    if logged is None:
        raise TripNotReady(f"entry {index} of the log, which is gone")
    return Logged(index, logged.leaf, await book.receipt(index), await book.checkpoint())


async def stored(conn: Any, proof: Proof, *, is_new: bool) -> Accepted:
    """What was answered when the proof came in."""
    logged = await store.at(conn, proof.log_index)
    note = await store.checkpoint(conn, receipt.read(proof.receipt).size)
    if logged is None or logged.body is None or note is None:
        raise TripNotReady(f"entry {proof.log_index} of the log, which is gone")
    return Accepted(
        proof.cti, proof.log_index, logged.leaf, proof.receipt, logged.body, note, is_new
    )


def order_of(one: TripOrder | None) -> Order | None:
    """An order as the checks look at it."""
    if one is None:
        return None
    flat = one.points
    points = tuple(
        Point(flat[at], flat[at + 1], flat[at + 2] or None) for at in range(0, len(flat), 3)
    )
    since, until = int(one.begins_at.timestamp()), int(one.ends_at.timestamp())
    return Order(tuple(one.people), since, until, points, one.by_air)


async def _verified(
    conn: Any, brought: Sequence[Brought], answers: dict[int, Answer]
) -> list[_Read]:
    """Those whose key is enrolled and signed them; the others are answered."""
    kids = _kids(brought, answers)
    known = await devices.several(conn, kids.values())
    read: list[_Read] = []
    for nth, kid in kids.items():
        try:
            read.append(_checked(nth, known.get(kid), brought[nth]))
        except REFUSALS as refusal:
            answers[nth] = refusal
    return read


def _kids(brought: Sequence[Brought], answers: dict[int, Answer]) -> dict[int, bytes]:
    kids: dict[int, bytes] = {}
    for nth, one in enumerate(brought):
        try:
            kids[nth] = statement.read(one.upload.statement).kid
        except TripProofError as error:
            answers[nth] = error
    return kids


def _checked(nth: int, device: Device | None, brought: Brought) -> _Read:
    if device is None:
        raise UnknownDevice
    key = PublicKey.uncompressed_point(device.point)
    said = statement.verified(brought.upload.statement, key)
    if said.cti != brought.cti:
        raise MalformedProof("The address names another proof.")
    return _Read(nth, device, said, brought.upload)


def _rounds(read: Iterable[_Read]) -> list[list[_Read]]:
    """One after the other where one is a reason for the other: of one phone, or with one id."""
    rounds: list[list[_Read]] = []
    times: dict[bytes, int] = {}
    for one in read:
        both = (b"phone" + one.device.phone, b"cti" + one.said.cti)
        nth = max(times.get(mark, 0) for mark in both)
        times.update(dict.fromkeys(both, nth + 1))
        if nth == len(rounds):
            rounds.append([])
        rounds[nth].append(one)
    return rounds


async def _round(
    book: Logbook, read: list[_Read], answers: dict[int, Answer], now: datetime
) -> None:
    """Those of different phones: looked up, judged and written together."""
    fresh = await _not_here_yet(book.conn, read, answers)
    taken = await _allowed(book, fresh, answers, now)
    if taken:
        answers.update(await _written(book, await _judged(book, taken)))


async def _not_here_yet(conn: Any, read: list[_Read], answers: dict[int, Answer]) -> list[_Read]:
    here = await proofs.several(conn, [one.said.cti for one in read])
    for one in read:
        if before := here.get(one.said.cti):
            same = (before.kid, before.statement) == (one.device.kid, one.hashed)
            answers[one.nth] = await stored(conn, before, is_new=False) if same else IdTaken()
    return [one for one in read if one.said.cti not in here]


async def _allowed(
    book: Logbook, read: list[_Read], answers: dict[int, Answer], now: datetime
) -> list[_Read]:
    """Whether it may be collected at all. What speaks against it otherwise is a reason."""
    consenting = await people.consenting(book.conn, [one.device.person_id for one in read], now)
    ours = _auditors(book)
    taken: list[_Read] = []
    for one in read:
        try:
            _may(book.office, one, one.device.person_id in consenting, ours, now)
        except REFUSALS as refusal:
            answers[one.nth] = refusal
        else:
            taken.append(one)
    return taken


def _may(
    office: Office, one: _Read, has_consent: bool, ours: frozenset[bytes], now: datetime
) -> None:
    if not has_consent:
        raise NoConsent
    ended_at = _ended_at(one.device)
    if ended_at is not None and now - ended_at > GRACE:
        raise KeyEnded
    if (one.said.office, one.said.who) != (office.code, one.device.who):
        raise OtherPerson
    _is_for_us(one.upload.sealed, ours)


def _auditors(book: Logbook) -> frozenset[bytes]:
    """Whom X may be sealed to."""
    return frozenset(PublicKey.uncompressed_point(one.seal).kid for one in book.auditors)


def _is_for_us(sealed: bytes, ours: frozenset[bytes]) -> None:
    if seal.read(sealed, For.AUDITOR).kid not in ours:
        raise SealedElsewhere


def _ended_at(device: Device) -> datetime | None:
    ends = [at for at in (device.ended_at, device.left_at) if at is not None]
    return min(ends, default=None)


async def _judged(book: Logbook, read: list[_Read]) -> list[_Judged]:
    conn = book.conn
    chains = await proofs.chains(conn, [_place(one) for one in read])
    given = await devices.challenges(conn, [(one.device.kid, one.said.challenge) for one in read])
    ordered = await orders.several(conn, [one.said.trip for one in read])
    found: list[_Judged] = []
    for one, chain in zip(read, chains, strict=True):
        ended_at = _ended_at(one.device)
        known = Known(
            received_at=book.at,
            challenge=given.get((one.device.kid, one.said.challenge)),
            highest_counter=chain.highest,
            before=chain.before and chain.before[: len(one.said.before)],
            counter_taken_by=chain.taken_by,
            previous=_previous(one, chain),
            other_person_s=chain.other_person_s,
            order=order_of(ordered.get(one.said.trip)),
            key_ended_at=int(ended_at.timestamp()) if ended_at else None,
        )
        found.append(_signed(book, one, known, book.size + len(found)))
    return found


def _place(one: _Read) -> Place:
    signed_at = datetime.fromtimestamp(one.said.signed_at, UTC)
    device = one.device
    return Place(
        device.kid, one.said.counter, one.previous, device.phone, device.person_id, signed_at
    )


def _previous(one: _Read, chain: Chain) -> Statement | None:
    """The one before, where it is the very one that `prev` names and that the log holds.

    Its signature was checked when it came in, and the log knows it by its hash.
    """
    if one.upload.before is None or not chain.holds_previous:
        return None
    return statement.read_payload(statement.read(one.upload.before).payload)


def _signed(book: Logbook, one: _Read, known: Known, index: int) -> _Judged:
    said, device = one.said, one.device
    verdict = judged(said, known, POLICY)
    signed = verdict.sign(book.office.signer)
    entry = Leaf(
        LeafType.PROOF, book.at, ref=said.cti, statement=one.hashed,
        sealed=leaf.sha(one.upload.sealed), verdict=leaf.sha(signed), policy=POLICY.version,
    )  # fmt: skip
    proof = Proof(
        cti=said.cti, log_index=index, kid=device.kid, person_id=device.person_id, who=said.who,
        department=device.department, trip=said.trip, kind=int(said.kind),
        signed_at=datetime.fromtimestamp(said.signed_at, UTC),
        received_at=datetime.fromtimestamp(verdict.received_at, UTC), counter=said.counter,
        statement=one.hashed, place=int(verdict.place), band=verdict.band,
        grade=int(verdict.grade), reasons=list(verdict.reasons), receipt=b"",
    )  # fmt: skip
    return _Judged(one, proof, signed, entry)


async def _written(book: Logbook, made: list[_Judged]) -> dict[int, Answer]:
    """All their rows, one checkpoint over them, and a receipt of each under it."""
    conn, quarter = book.conn, leaf.quarter_of(book.at)  # never one that is over for the log
    first = await book.add_all([(one.leaf, one.verdict) for one in made])
    key, indexes = book.office.wraps.made(quarter), range(first, first + len(made))
    sealed = [
        (index, quarter, wrap(key, quarter, one.read.upload.sealed), one.leaf.sealed)
        for index, one in zip(indexes, made, strict=True)
    ]
    await store.keep_all_sealed(conn, sealed)
    used = [(one.read.device.kid, one.read.said.challenge, one.proof.cti) for one in made]
    await devices.use_challenges(conn, used)
    receipts = await book.receipts(indexes)
    await proofs.keep(
        conn, [replace(one.proof, receipt=it) for one, it in zip(made, receipts, strict=True)]
    )
    note = await book.checkpoint()
    return {
        one.read.nth: Accepted(
            one.proof.cti, one.proof.log_index, one.leaf.encoded, it, one.verdict, note, True
        )
        for one, it in zip(made, receipts, strict=True)
    }
