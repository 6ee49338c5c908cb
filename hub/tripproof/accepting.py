"""A proof comes in: check S, judge it, keep X, write the leaf, answer; then S is forgotten.

Exactly one record, however often it is sent: whoever comes second finds the first one's under the
log's lock and gets the same receipt and verdict. S lives in this function's frame and nowhere else.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hub.tripproof import leaf, receipt, seal, statement
from hub.tripproof.checks import Given, Known, Order, Point, judged
from hub.tripproof.errors import MalformedProof, TripProofError
from hub.tripproof.keys import PublicKey
from hub.tripproof.leaf import LeafType
from hub.tripproof.logbook import POLICY, Logbook
from hub.tripproof.office import Office, quarter_at
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
from hub.tripproof.statement import NO_CHALLENGE, Statement
from hub.tripproof.store import auditors, devices, orders, people, proofs
from hub.tripproof.store import log as store
from hub.tripproof.store.devices import Device
from hub.tripproof.store.orders import TripOrder
from hub.tripproof.store.proofs import Proof
from hub.tripproof.upload import Upload
from hub.tripproof.verdict import Verdict
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
class Logged:
    """Where something stands in the log, and what shows it."""

    index: int
    leaf: bytes
    receipt: bytes
    checkpoint: str


async def accept(conn: Any, office: Office, cti: bytes, upload: Upload, now: datetime) -> Accepted:
    """Take a proof in, once.

    Raises:
        UnknownDevice, MalformedProof, BadSignature: these bytes are no statement of a key of ours.
        IdTaken: another proof has this id.
        KeyEnded, NoConsent, OtherPerson, SealedElsewhere: it is not taken.
    """
    device = await _device(conn, upload)
    said = statement.verified(upload.statement, PublicKey.uncompressed_point(device.point))
    if said.cti != cti:
        raise MalformedProof("The address names another proof.")
    book = await Logbook.opened(conn, office, now)
    before = await proofs.one(conn, cti)
    if before is not None:
        return await _again(conn, before, device, leaf.sha(upload.statement))
    await _may(conn, office, device, said, upload, now)
    verdict = judged(said, await _known(book, device, said, upload), POLICY)
    return await _written(book, device, said, upload, verdict, now)


async def unchecked(conn: Any, office: Office, sealed: bytes, now: datetime) -> Logged:
    """An X that came alone, from a code: logged once, and nothing is said of it.

    Raises:
        MalformedProof, SealedElsewhere: it is no X for an auditor of this office.
    """
    await _is_for_us(conn, sealed)
    book = await Logbook.opened(conn, office, now)
    index = await store.where_sealed(conn, leaf.sha(sealed))
    if index is None:
        index = await book.add(LeafType.UNCHECKED, sealed=leaf.sha(sealed))
        await _keep_sealed(book, index, sealed, now)
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


async def _device(conn: Any, upload: Upload) -> Device:
    device = await devices.one(conn, statement.read(upload.statement).kid)
    if device is None:
        raise UnknownDevice
    return device


async def _again(conn: Any, before: Proof, device: Device, hashed: bytes) -> Accepted:
    if (before.kid, before.statement) != (device.kid, hashed):
        raise IdTaken
    return await stored(conn, before, is_new=False)


async def _may(
    conn: Any, office: Office, device: Device, said: Statement, upload: Upload, now: datetime
) -> None:
    """Whether it may be collected at all. What speaks against it otherwise is a reason."""
    if await people.consent(conn, device.person_id, now) is None:
        raise NoConsent
    ended_at = _ended_at(device)
    if ended_at is not None and now - ended_at > GRACE:
        raise KeyEnded
    if (said.office, said.who) != (office.code, device.who):
        raise OtherPerson
    await _is_for_us(conn, upload.sealed)


async def _is_for_us(conn: Any, sealed: bytes) -> None:
    kid = seal.read(sealed, For.AUDITOR).kid
    known = await auditors.all_of_them(conn)
    if kid not in {PublicKey.uncompressed_point(one.seal).kid for one in known}:
        raise SealedElsewhere


async def _keep_sealed(book: Logbook, index: int, sealed: bytes, now: datetime) -> None:
    quarter = quarter_at(now)
    wrapped = wrap(book.office.wraps.made(quarter), quarter, sealed)
    await store.keep_sealed(book.conn, index, quarter, wrapped, leaf.sha(sealed))


def _ended_at(device: Device) -> datetime | None:
    ends = [at for at in (device.ended_at, device.left_at) if at is not None]
    return min(ends, default=None)


async def _known(book: Logbook, device: Device, said: Statement, upload: Upload) -> Known:
    conn, ended_at = book.conn, _ended_at(device)
    chain = await proofs.chain(conn, device.kid, said.counter)
    signed_at = datetime.fromtimestamp(said.signed_at, UTC)
    return Known(
        received_at=book.at,
        challenge=await _challenge(conn, device, said),
        highest_counter=chain.highest,
        before=chain.before and chain.before[: len(said.before)],
        counter_taken_by=chain.taken_by,
        previous=await _previous(conn, device, said, upload.before),
        other_person_s=await proofs.nearest_of_others_s(
            conn, device.phone, device.person_id, signed_at
        ),
        order=order_of(await orders.one(conn, said.trip)),
        key_ended_at=int(ended_at.timestamp()) if ended_at else None,
    )


async def _challenge(conn: Any, device: Device, said: Statement) -> Given | None:
    if said.challenge == NO_CHALLENGE:
        return None
    return await devices.challenge(conn, device.kid, said.challenge)


async def _previous(
    conn: Any, device: Device, said: Statement, before: bytes | None
) -> Statement | None:
    """The one before, where it is the very one that `prev` names and that the log holds."""
    if before is None or statement.hash16(before) != said.before:
        return None
    if not await proofs.holds(conn, device.kid, leaf.sha(before)):
        return None
    try:
        return statement.verified(before, PublicKey.uncompressed_point(device.point))
    except TripProofError:
        return None


async def _written(
    book: Logbook, device: Device, said: Statement, upload: Upload, verdict: Verdict, now: datetime
) -> Accepted:
    conn, signed = book.conn, verdict.sign(book.office.signer)
    statement_hash, sealed_hash = leaf.sha(upload.statement), leaf.sha(upload.sealed)
    index = await book.add(
        LeafType.PROOF, signed, ref=said.cti, statement=statement_hash, sealed=sealed_hash,
        verdict=leaf.sha(signed), policy=POLICY.version,
    )  # fmt: skip
    await _keep_sealed(book, index, upload.sealed, now)
    await devices.use_challenge(conn, device.kid, said.challenge, said.cti)
    proof = _row(device, said, verdict, index, statement_hash, await book.receipt(index))
    await proofs.keep(conn, proof)
    await book.checkpoint()
    return await stored(conn, proof, is_new=True)


def _row(
    device: Device, said: Statement, verdict: Verdict, index: int, hashed: bytes, receipt: bytes
) -> Proof:
    return Proof(
        cti=said.cti, log_index=index, kid=device.kid, person_id=device.person_id, who=said.who,
        department=device.department, trip=said.trip, kind=int(said.kind),
        signed_at=datetime.fromtimestamp(said.signed_at, UTC),
        received_at=datetime.fromtimestamp(verdict.received_at, UTC), counter=said.counter,
        statement=hashed, place=int(verdict.place), band=verdict.band, grade=int(verdict.grade),
        reasons=list(verdict.reasons), receipt=receipt,
    )  # fmt: skip
