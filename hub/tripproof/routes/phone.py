"""HTTP of the phone: what it needs to begin, enrolling its key, consent, challenges."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from hub.identity.access import ANYONE, needs, signed_in
from hub.identity.routes.words import NO_STORE, Given, Line, Seen, connection, write_down
from hub.kit import clock
from hub.tripproof import consent, enrolling, keys
from hub.tripproof.ask import Purpose
from hub.tripproof.leaf import Revoked
from hub.tripproof.logbook import POLICY, Logbook, known_keys
from hub.tripproof.refusals import NoConsent, UnknownTripDevice
from hub.tripproof.routes.words import (
    COSE,
    READY,
    REFUSED,
    UNKNOWN,
    Id,
    Octets,
    Octets8,
    Octets32,
    Octets65,
    answer_of,
    body_of,
    office_of,
    raw,
    traveller,
)
from hub.tripproof.store import devices, orders, people
from hub.tripproof.store import log as store
from hub.tripproof.store.auditors import Auditor
from hub.tripproof.store.devices import Device

router = APIRouter(prefix="/trips", tags=["trips"])
FIELD = [Depends(needs("field"))]
ORDERS_APART = timedelta(days=7)  # a trip is proved while it lasts, or just after
BY_KEY = [Depends(ANYONE)]
"""Anyone by the session's rules: what is sent is signed by an enrolled key, and that is checked."""


class AuditorSeen(BaseModel):
    """To whose key the phone seals, and what it pins."""

    quarter: int
    seal: Octets65
    sign: Octets65
    fingerprint: Octets32
    shown: str = Field(description="The fingerprint as the consent prints it.")
    handover: Octets | None


class ConsentSeen(BaseModel):
    """The words, and whether one's consent holds."""

    text: str
    sha256: Octets32
    days: int
    given_at: datetime | None
    until: datetime | None


class TripDeviceSeen(BaseModel):
    """An enrolled phone."""

    kid: str
    name: str
    phone: Octets8
    enrolled_at: datetime
    ended_at: datetime | None
    reason: int | None = Field(description="Why it ended: docs/trip-protocol.md, 5.1.")


class TripBegun(BaseModel):
    """All that a phone needs to begin."""

    office: str
    origin: str
    who: str
    department: str
    name: str
    keys: Octets = Field(description="COSE_KeySet.")
    policy: int
    auditor: AuditorSeen
    consent: ConsentSeen
    device: TripDeviceSeen | None


class ConsentGiven(Given):
    """Which words and whose key were shown."""

    consent: Octets32
    auditor: Octets32


class DeviceGiven(ConsentGiven):
    """A key, what it signed, and the consent."""

    key: Octets65
    ask: Octets
    phone: Octets8
    name: Annotated[Line, Field(min_length=1, max_length=80)]


class ConsentHolds(BaseModel):
    """Until when."""

    until: datetime


class TripEnrolled(ConsentHolds):
    """What an enrolled phone gets."""

    kid: str
    index: int
    leaf: Octets
    record: Octets
    receipt: Octets
    challenges: Octets
    checkpoint: str
    replaced: list[str]


class OwnOrder(Seen):
    """A trip order as the phone offers it."""

    trip: str
    begins_at: datetime
    ends_at: datetime
    place: str
    purpose: str


class TripStanding(BaseModel):
    """How an enrolled key stands, told to the key itself."""

    ended_at: datetime | None
    reason: int | None = Field(description="Why it ended: docs/trip-protocol.md, 5.1.")
    until: datetime | None = Field(description="Until when consent holds; null: there is none.")
    auditor: AuditorSeen
    orders: list[OwnOrder]


@router.get("/me", operation_id="beginTrip", responses=READY, dependencies=FIELD)
async def begin(request: Request, response: Response) -> TripBegun:
    """Who one is on a trip, the keys, the words of the consent, and the device of now."""
    office, now = office_of(request), clock.now()
    async with connection(request) as conn:
        who = await traveller(conn, request)
        auditor = await enrolling.auditor(conn)
        known = await known_keys(conn, office)
        held = await people.consent(conn, who.person_id, now)
        mine = await devices.of_person(conn, who.person_id)
    response.headers.update(NO_STORE)
    return TripBegun(
        office=office.code,
        origin=office.origin,
        who=who.who or "",
        department=who.department,
        name=who.name,
        keys=known.encoded,
        policy=POLICY.version,
        auditor=_auditor(auditor),
        consent=ConsentSeen(
            text=consent.TEXT, sha256=consent.SHA256, days=consent.LASTS.days,
            given_at=held.given_at if held else None, until=held.until if held else None,
        ),
        device=next((_seen(one) for one in mine if one.ended_at is None), None),
    )  # fmt: skip


@router.post(
    "/devices", operation_id="enrolTripDevice", status_code=201, responses=REFUSED,
    dependencies=FIELD,
)  # fmt: skip
async def enrol(request: Request, response: Response, given: DeviceGiven) -> TripEnrolled:
    """Take a key in, with consent; one's key before ends with it."""
    office, now = office_of(request), clock.now()
    phone = enrolling.Phone(
        point=given.key, ask=given.ask, phone=given.phone, name=given.name,
        consent=given.consent, auditor=given.auditor,
    )  # fmt: skip
    async with connection(request) as conn:
        who = await traveller(conn, request)
        done = await enrolling.enrol(conn, office, who, phone, now)
        logged = await store.at(conn, done.index)
        told = {"kid": done.kid.hex(), "replaced": [kid.hex() for kid in done.replaced]}
        await write_down(conn, request, who.login, "trip.enrol", who.login, told)
    response.headers.update(NO_STORE)
    return TripEnrolled(
        kid=done.kid.hex(), index=done.index, leaf=logged.leaf if logged else b"",
        record=(logged.body if logged else None) or b"", receipt=done.receipt,
        challenges=done.challenges, checkpoint=done.checkpoint, until=done.until,
        replaced=[kid.hex() for kid in done.replaced],
    )  # fmt: skip


@router.get("/devices", operation_id="readTripDevices", responses=READY, dependencies=FIELD)
async def read_devices(request: Request) -> list[TripDeviceSeen]:
    """One's own devices, the newest first."""
    async with connection(request) as conn:
        who = await signed_in(request)
        return [_seen(one) for one in await devices.of_person(conn, who.person_id)]


@router.post(
    "/devices/{kid}/end", operation_id="endTripDevice", status_code=204, responses=UNKNOWN,
    dependencies=FIELD,
)  # fmt: skip
async def end_device(request: Request, kid: Id) -> None:
    """The key of a lost phone ends now."""
    office, now, who = office_of(request), clock.now(), await signed_in(request)
    async with connection(request) as conn:
        device = await devices.one(conn, bytes.fromhex(kid))
        if device is None or device.person_id != who.person_id:
            raise UnknownTripDevice
        if await enrolling.end(conn, office, device, Revoked.LOST, who.login, now):
            await write_down(conn, request, who.login, "trip.end-key", who.login, {"kid": kid})


@router.post(
    "/devices/{kid}/challenges",
    operation_id="carryChallenges",
    response_class=Response,
    responses={**UNKNOWN, **answer_of(COSE, "Challenges, to be shown as a TP3 code.")},
    dependencies=FIELD,
)
async def carry_challenges(request: Request, kid: Id) -> Response:
    """Ten challenges for an own phone that cannot reach the hub: an office PC shows them."""
    office, now, who = office_of(request), clock.now(), await signed_in(request)
    async with connection(request) as conn:
        device = await devices.one(conn, bytes.fromhex(kid))
        if device is None or device.person_id != who.person_id:
            raise UnknownTripDevice
        given = await enrolling.carried_challenges(conn, office, device, now)
    return raw(given, COSE)


@router.post("/consent", operation_id="giveTripConsent", responses=REFUSED, dependencies=FIELD)
async def give_consent(request: Request, given: ConsentGiven) -> ConsentHolds:
    """Consent for another year, for the key that is enrolled."""
    office, now = office_of(request), clock.now()
    async with connection(request) as conn:
        who = await traveller(conn, request)
        await enrolling.check_consent(conn, given.consent, given.auditor)
        until = await _renewed(conn, office, who, given, now)
        await write_down(conn, request, who.login, "trip.consent", who.login)
    return ConsentHolds(until=until)


@router.delete(
    "/consent", operation_id="withdrawTripConsent", status_code=204, responses=READY,
    dependencies=FIELD,
)  # fmt: skip
async def withdraw_consent(request: Request) -> None:
    """Nothing is collected from now on, and the key ends."""
    office, now = office_of(request), clock.now()
    async with connection(request) as conn:
        who = await traveller(conn, request)
        if await enrolling.withdraw(conn, office, who, now):
            await write_down(conn, request, who.login, "trip.withdraw", who.login)


@router.post(
    "/challenges",
    operation_id="askForChallenges",
    response_class=Response,
    responses={**REFUSED, **answer_of(COSE, "Challenges, signed by the hub.")},
    openapi_extra=body_of(COSE, "A question (8.2), signed by an enrolled key."),
    dependencies=BY_KEY,
)
async def ask_for_challenges(request: Request) -> Response:
    """So many challenges that the device has ten."""
    office, body = office_of(request), await request.body()
    async with connection(request) as conn:
        given = await enrolling.challenges(conn, office, body, clock.now())
    return raw(given, COSE)


@router.post(
    "/standing",
    operation_id="readStandingByKey",
    responses=REFUSED,
    openapi_extra=body_of(COSE, "A question (8.2), signed by an enrolled key."),
    dependencies=BY_KEY,
)
async def read_standing(request: Request, response: Response) -> TripStanding:
    """What a phone hears without a session: whether its key stands, a handover, its orders."""
    office_of(request)
    body, now = await request.body(), clock.now()
    async with connection(request) as conn:
        device, _ = await enrolling.asked(conn, body, Purpose.STANDING, now)
        consented = await people.consent(conn, device.person_id, now)
        auditor = await enrolling.auditor(conn)
        mine = await orders.some(conn, who=device.who)
    response.headers.update(NO_STORE)
    has_left = device.left_at is not None and device.ended_at is None
    return TripStanding(
        ended_at=device.ended_at or device.left_at,
        reason=int(Revoked.LEFT) if has_left else device.reason,
        until=consented.until if consented else None,
        auditor=_auditor(auditor),
        orders=[
            OwnOrder.model_validate(one)
            for one in mine
            if one.begins_at - ORDERS_APART < now < one.ends_at + ORDERS_APART
        ],
    )


async def _renewed(
    conn: object, office: enrolling.Office, who: people.Traveller, given: ConsentGiven,
    now: datetime,
) -> datetime:  # fmt: skip
    book = await Logbook.opened(conn, office, now)
    for device in await devices.of_person(book.conn, who.person_id):
        if device.ended_at is None:
            until = await enrolling.consented(
                book, who, device.kid, given.consent, given.auditor, now
            )
            await book.checkpoint()
            return until
    raise NoConsent


def _seen(one: Device) -> TripDeviceSeen:
    return TripDeviceSeen(
        kid=one.kid.hex(), name=one.name, phone=one.phone, enrolled_at=one.enrolled_at,
        ended_at=one.ended_at, reason=one.reason,
    )  # fmt: skip


def _auditor(one: Auditor) -> AuditorSeen:
    return AuditorSeen(
        quarter=one.quarter, seal=one.seal, sign=one.sign, fingerprint=one.fingerprint,
        shown=keys.in_groups(one.fingerprint), handover=one.handover,
    )  # fmt: skip
