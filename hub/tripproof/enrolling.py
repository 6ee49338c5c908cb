"""How a phone's key becomes one of ours, and how it ends: with its leaves in the log."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from hub.tripproof import ask, challenge, consent
from hub.tripproof.ask import Ask, Purpose
from hub.tripproof.challenge import Challenges
from hub.tripproof.errors import MalformedProof
from hub.tripproof.keys import PublicKey
from hub.tripproof.leaf import LeafType, Revoked
from hub.tripproof.logbook import POLICY, Logbook
from hub.tripproof.office import Office
from hub.tripproof.refusals import (
    AskStale,
    ConsentChanged,
    KeyEnded,
    NoConsent,
    TripNotReady,
    UnknownDevice,
)
from hub.tripproof.store import auditors, devices, people
from hub.tripproof.store.auditors import Auditor
from hub.tripproof.store.devices import Device
from hub.tripproof.store.people import Traveller

ASK_APART: Final = timedelta(hours=24)
KEPT_BACK: Final = 1  # a question is never answered with nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """What a phone brings to be enrolled."""

    point: bytes
    ask: bytes
    phone: bytes
    name: str
    consent: bytes
    auditor: bytes


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What it gets."""

    kid: bytes
    index: int
    receipt: bytes
    challenges: bytes
    checkpoint: str
    until: datetime
    replaced: list[bytes]


async def enrol(conn: Any, office: Office, who: Traveller, phone: Phone, now: datetime) -> Enrolled:
    """Take a key in, in place of the person's one before.

    Raises:
        MalformedProof, BadSignature: the key, or what it signed to show that the phone holds it.
        ConsentChanged: other words or another auditor were shown.
        KeyTaken: the key is enrolled already.
    """
    key = PublicKey.uncompressed_point(phone.point)
    asked = ask.verified(phone.ask, key)
    await check_consent(conn, phone.consent, phone.auditor)
    book = await Logbook.opened(conn, office, now)
    replaced = await _end_all(book, who, Revoked.REPLACED, now)
    await devices.enrol(conn, who, key, phone.phone, phone.name, now)
    await _note(conn, key.kid, asked, now)
    index = await book.record(LeafType.ENROLMENT, _told(who, key, phone), ref=key.kid)
    until = await consented(book, who, key.kid, phone.consent, phone.auditor, now)
    given = await _give(conn, office, key.kid, asked.have, now)
    return Enrolled(
        key.kid, index, await book.receipt(index), given, await book.checkpoint(), until, replaced
    )


async def check_consent(conn: Any, text_sha256: bytes, fingerprint: bytes) -> None:
    """Raises ConsentChanged, TripNotReady."""
    if (text_sha256, fingerprint) != (consent.SHA256, (await auditor(conn)).fingerprint):
        raise ConsentChanged


async def auditor(conn: Any) -> Auditor:
    """To whose key phones seal now. Raises TripNotReady."""
    known = await auditors.all_of_them(conn)
    if not known:
        raise TripNotReady("the auditor's key")
    return known[0]


async def consented(
    book: Logbook, who: Traveller, kid: bytes, text_sha256: bytes, auditor: bytes, now: datetime
) -> datetime:
    """Consent from now on; until when."""
    until = await people.give_consent(
        book.conn, who.person_id, text_sha256, auditor, now, consent.LASTS
    )
    told = {"given": 1, "text": text_sha256, "until": int(until.timestamp()), "who": who.who or ""}
    await book.record(LeafType.CONSENT, told, ref=kid)
    return until


async def withdraw(conn: Any, office: Office, who: Traveller, now: datetime) -> bool:
    """No consent from now on, and no key. Whether there was any."""
    held = await people.consent(conn, who.person_id, now)
    if not await people.withdraw_consent(conn, who.person_id, now):
        return False
    book = await Logbook.opened(conn, office, now)
    words = held.text_sha256 if held else consent.SHA256
    told = {"given": 0, "text": words, "until": book.at, "who": who.who or ""}
    for kid in await _end_all(book, who, Revoked.CONSENT_WITHDRAWN, now):
        await book.record(LeafType.CONSENT, told, ref=kid)
    await book.checkpoint()
    return True


async def end(
    conn: Any, office: Office, device: Device, reason: Revoked, by: str, now: datetime
) -> bool:
    """The key ends. False: it had ended."""
    book = await Logbook.opened(conn, office, now)
    if not await devices.end(conn, device.kid, reason, by, now):
        return False
    await book.add(LeafType.REVOCATION, ref=device.kid, reason=int(reason))
    await book.checkpoint()
    return True


async def asked(conn: Any, encoded: bytes, purpose: Purpose, now: datetime) -> tuple[Device, Ask]:
    """Whose device asks what, once.

    Raises:
        MalformedProof, BadSignature: it is no such question.
        UnknownDevice: no such key is enrolled.
        AskStale: another day's question, or one that was asked before.
    """
    device = await devices.one(conn, ask.read(encoded).kid)
    if device is None:
        raise UnknownDevice
    question = ask.verified(encoded, PublicKey.uncompressed_point(device.point))
    if question.purpose is not purpose:
        raise MalformedProof("The question is for another purpose.")
    await _note(conn, device.kid, question, now)
    return device, question


async def challenges(conn: Any, office: Office, encoded: bytes, now: datetime) -> bytes:
    """So many that the device has ten.

    Raises:
        KeyEnded, NoConsent: it gets none. Else as `asked`.
    """
    device, question = await asked(conn, encoded, Purpose.CHALLENGES, now)
    await _may_prove(conn, device, now)
    return await _give(conn, office, device.kid, question.have, now)


async def carried_challenges(conn: Any, office: Office, device: Device, now: datetime) -> bytes:
    """Ten for a device whose owner asks elsewhere. Raises KeyEnded, NoConsent."""
    await _may_prove(conn, device, now)
    return await _give(conn, office, device.kid, 0, now)


async def _may_prove(conn: Any, device: Device, now: datetime) -> None:
    if device.ended_at is not None or device.left_at is not None:
        raise KeyEnded
    if await people.consent(conn, device.person_id, now) is None:
        raise NoConsent


async def _give(conn: Any, office: Office, kid: bytes, have: int, now: datetime) -> bytes:
    count = challenge.AT_ONCE - min(have, challenge.AT_ONCE - KEPT_BACK)
    values = tuple(secrets.token_bytes(16) for _ in range(count))
    until = now + timedelta(seconds=POLICY.challenge_s)
    await devices.give_challenges(conn, kid, values, now, until)
    given = Challenges(kid, int(now.timestamp()), int(until.timestamp()), values)
    return given.sign(office.signer)


async def _note(conn: Any, kid: bytes, question: Ask, now: datetime) -> None:
    apart_s = abs(question.asked_at - now.timestamp())
    if apart_s > ASK_APART.total_seconds():
        raise AskStale
    if not await devices.ask(conn, kid, question.nonce, now):
        raise AskStale


async def _end_all(book: Logbook, who: Traveller, reason: Revoked, now: datetime) -> list[bytes]:
    """End what the person has; which keys those were."""
    ended: list[bytes] = []
    for device in await devices.of_person(book.conn, who.person_id):
        if await devices.end(book.conn, device.kid, reason, who.login, now):
            await book.add(LeafType.REVOCATION, ref=device.kid, reason=int(reason))
            ended.append(device.kid)
    return ended


def _told(who: Traveller, key: PublicKey, phone: Phone) -> dict[str, Any]:
    return {
        "auditor": phone.auditor, "consent": phone.consent, "key": key.encoded,
        "phone": phone.phone, "who": who.who or "",
    }  # fmt: skip
