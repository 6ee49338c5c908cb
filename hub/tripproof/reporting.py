"""출장복명서 of an order: what the hub knows of the trip, and what the traveller types.

What is typed is drawn and forgotten: neither the text nor the document is kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import ValidationError

from hub.document import hwpx, model, pdf
from hub.document.errors import MalformedDocument, in_korean
from hub.document.forms import trip_report
from hub.document.forms.trip_report import TripReport, Visit
from hub.tripproof import words
from hub.tripproof.standing import Traveller as OnTrip
from hub.tripproof.standing import Trip
from hub.tripproof.statement import Kind
from hub.tripproof.store.confirmations import Confirmation
from hub.tripproof.store.department import Touch
from hub.tripproof.verdict import Grade, Place

Form = Literal["pdf", "hwpx"]


@dataclass(frozen=True, slots=True)
class Typed:
    """What is typed for one report. `people`: staff number to post; only these are named."""

    people: Mapping[str, str]
    reported_on: date
    office: str
    to: str
    purpose: str
    transport: str
    remarks: tuple[str, ...]
    requests: tuple[str, ...]
    attachments: tuple[str, ...]
    signers: tuple[str, ...]


def drawn(trip: Trip, typed: Typed, code: str | None, form: Form, now: datetime) -> bytes:
    """The report as a file; `code`: TP2 as text, where the trip has touches.

    Raises:
        MalformedDocument: something that was typed fits into no document.
    """
    try:
        document = trip_report.filled(_report(trip, typed, code))
    except ValidationError as error:
        raise MalformedDocument(in_korean(error)) from error
    return (pdf if form == "pdf" else hwpx).drawn(document, now.replace(microsecond=0))


def _report(trip: Trip, typed: Typed, code: str | None) -> TripReport:
    order = trip.order
    people = [one for one in trip.travellers if one.who in typed.people]
    return TripReport(
        office=typed.office, order=order.trip,
        travellers=tuple(
            trip_report.Traveller(post=typed.people[one.who], name=one.name or one.who)
            for one in people
        ),
        begins=order.begins_at, ends=order.ends_at, destination=order.place or "출장지 미기재",
        purpose=typed.purpose or order.purpose or "출장", transport=typed.transport,
        visits=tuple(_visits(people, order.place)), remarks=typed.remarks,
        requests=typed.requests, attachments=typed.attachments, qr=code,
        reported_on=typed.reported_on, to=typed.to,
        signers=tuple(model.Signer(post=post) for post in typed.signers),
    )  # fmt: skip


def _visits(people: list[OnTrip], place: str) -> Iterable[Visit]:
    """Touches by their time, then what was confirmed on paper or by photo."""
    several = len(people) > 1
    touched = [(touch, one.name) for one in people for touch in one.touches]
    for touch, name in sorted(touched, key=lambda both: both[0].signed_at):
        yield _touched(touch, place, name if several else "")
    for one in people:
        for each in one.confirmations:
            if not each.is_withdrawn:
                yield _confirmed(each, place, one.name if several else "")


def _touched(one: Touch, place: str, name: str) -> Visit:
    kind = words.KINDS[Kind(one.kind)][0]
    return Visit(
        at=one.signed_at, place=_place(Place(one.place), place), shown_by="touch",
        business=" · ".join(filter(None, (kind, name))), grade=Grade(one.grade).name,
    )  # fmt: skip


def _confirmed(one: Confirmation, place: str, name: str) -> Visit:
    return Visit(
        at=one.on_day, place=place or "-", business=" · ".join(filter(None, (one.note, name))),
        shown_by="paper" if one.kind == "paper" else "photo",
    )  # fmt: skip


def _place(found: Place, place: str) -> str:
    """The order's words, where the touch was there; else what the verdict says of it."""
    if found is Place.INSIDE and place:
        return place
    return words.PLACES[found][0]
