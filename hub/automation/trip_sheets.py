"""Travel papers of a sheet: 출장신청서, and 여비정산 신청서 with 출장복명서 where one is told.

A line of the settlement is a trip; lines with the same word under 구분 are one person's, settled on
one paper. Left out of a sheet: a far trip on some of whose days alone an office car was used, and
nights in several regions; the page takes both.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import Field

from hub.automation import trip_papers
from hub.automation.answer import Answer, NotPossible, Place
from hub.automation.question import Asked, Day, Group, OfficeRules, Questioned
from hub.automation.questions.travel import CARS, Won
from hub.automation.questions.typed import Line, LineOrNone
from hub.automation.sheets.papers import Paper, Papered
from hub.automation.travel import REGIONS, Car, Night, Region
from hub.automation.trip_papers import Written
from hub.automation.trip_settling import SAME_DAY, FarTrip, NearTrip, SameDay, Trip
from hub.document import model
from hub.document.errors import MalformedDocument
from hub.document.forms.trip_settlement import TRIPS_MOST
from hub.kit.clock import SEOUL

TextOrNone = Annotated[str, Field(max_length=2_000)]
_COLUMNS: Final = {"day": "first", "nights": "lodging", "office_car": "car"}
"""What the calculators call what a line of the sheet has in a column."""


class Scope(StrEnum):
    """Where a trip goes, seen from the office."""

    NEAR = "near"
    FAR = "far"


SCOPES: Final = {Scope.NEAR: "관내", Scope.FAR: "관외"}


class Person(Questioned):
    """Who travels."""

    name: Annotated[Line, Asked("이름")]
    department: Annotated[LineOrNone, Asked("부서")] = ""
    post: Annotated[LineOrNone, Asked("직급")] = ""


class Times(Questioned):
    """When, by the order."""

    first: Annotated[Day, Asked("시작하는 날")]
    begins_at: Annotated[time, Asked("시작", "출장명령의 시각")]
    last: Annotated[Day | None, Asked("끝나는 날", "비우면 시작하는 날")] = None
    ends_at: Annotated[time, Asked("끝", "출장명령의 시각")]
    destination: Annotated[Line, Asked("출장지")]
    purpose: Annotated[Line, Asked("출장목적")]
    transport: Annotated[LineOrNone, Asked("교통편")] = ""
    order: Annotated[LineOrNone, Asked("출장명령 번호")] = ""

    @property
    def begins(self) -> datetime:
        """When it begins."""
        return datetime.combine(self.first, self.begins_at, SEOUL)

    @property
    def ends(self) -> datetime:
        """When it ends."""
        return datetime.combine(self.last or self.first, self.ends_at, SEOUL)


class Office(Questioned):
    """What stands on every paper."""

    requested_on: Annotated[Day, Asked("신청일")]
    office: Annotated[LineOrNone, Asked("기관 이름")] = ""
    to: Annotated[LineOrNone, Asked("받는 사람", "예: ○○시장 귀하")] = ""
    signers: Annotated[LineOrNone, Asked("결재란", "쉼표로 나눠요. 예: 팀장, 과장")] = ""
    attachments: Annotated[LineOrNone, Asked("붙임", "쉼표로 나눠요. 예: 영수증 2부")] = ""

    def on_paper(self) -> dict[str, Any]:
        """As the papers take it."""
        return {
            "office": self.office, "to": self.to,
            "signers": [{"post": one} for one in _parts(self.signers)],
            "attachments": _parts(self.attachments),
        }  # fmt: skip


class Together(Questioned):
    """All who travel together."""

    people: Annotated[
        tuple[Person, ...], Field(min_length=1, max_length=model.MAX_SIGNERS), Asked("출장자")
    ]


class RequestRow(Office, Times, Together):
    """One trip that is asked for. The order of the bases is that of the columns, from the last."""

    cost: Annotated[LineOrNone, Asked("예상 여비")] = ""
    budget_code: Annotated[LineOrNone, Asked("예산과목", "예: 202-01 국내여비")] = ""
    remarks: Annotated[TextOrNone, Asked("덧붙이는 말", lines=True)] = ""


class Scoped(Questioned):
    """Where it goes."""

    scope: Annotated[Scope, Asked("출장", choices=SCOPES)]


class TripRow(Times, Scoped):
    """One trip to settle."""

    car: Annotated[
        Car, Asked("차량", "관외이면 출장한 모든 날에 쓴 것으로 셈해요", choices=CARS)
    ] = Car.NONE
    fare_won: Annotated[Won, Asked("운임", "관외에 실제로 쓴 금액", "원")] = 0
    region: Annotated[Region, Asked("숙박 지역", choices=REGIONS)] = Region.OTHER
    lodging: Annotated[
        LineOrNone, Asked("숙박비", "밤마다 실제로 쓴 금액을 /로 나눠요. 예: 90,000/85,000")
    ] = ""
    is_unavoidable: Annotated[bool, Asked("상한을 지킬 수 없었음", "부득이한 사유")] = False
    report: Annotated[
        TextOrNone, Asked("복명 내용", "적으면 그 출장의 복명서도 만들어요", lines=True)
    ] = ""

    def as_written(self, nth: int) -> Written:
        """As it is settled, and as its paper says it. Raises NotPossible."""
        told = {name: getattr(self, name) for name in ("destination", "purpose", "transport")}
        went = self._far(nth) if self.scope is Scope.FAR else self._near(nth)
        trip = Trip(self.begins, self.ends, went, ("trips", nth))
        return Written(trip, {**told, "order": self.order})

    def _near(self, nth: int) -> NearTrip:
        if self.lodging or self.fare_won:
            field = "lodging" if self.lodging else "fare_won"
            raise NotPossible("trips", "근무지 내 출장에는 운임과 숙박비가 없습니다.", nth, field)
        return NearTrip(self.car)

    def _far(self, nth: int) -> FarTrip:
        nights = [Night(self.region, paid, self.is_unavoidable) for paid in self._paid(nth)]
        days = range((self.last or self.first).toordinal() - self.first.toordinal() + 1)
        by_car = [date.fromordinal(self.first.toordinal() + day) for day in days]
        return FarTrip(nights, self.fare_won, by_car if self.car is not Car.NONE else ())

    def _paid(self, nth: int) -> Iterator[int]:
        """What each night cost. Raises NotPossible."""
        for said in filter(None, (one.strip() for one in self.lodging.split("/"))):
            plain = re.sub(r"[,\s]", "", said).removesuffix("원")
            if not re.fullmatch(r"[0-9]{1,9}", plain):
                says = f"'{said[:30]}'은(는) 금액이 아닙니다. 예: 90,000/85,000"
                raise NotPossible("trips", says, nth, "lodging")
            yield int(plain)


class Trips(Questioned):
    """All that are settled together, and how."""

    trips: Annotated[tuple[TripRow, ...], Field(min_length=1, max_length=TRIPS_MOST), Asked("출장")]
    same_day: Annotated[
        SameDay | None,
        Asked(
            "같은 날 관내 여러 번", "법의 글에 없어요. 우리 기관의 셈을 골라요", choices=SAME_DAY
        ),
    ] = None
    account: Annotated[LineOrNone, Asked("입금 계좌")] = ""


class SettlementRow(Office, Trips, Person):
    """One person's trips."""

    def person(self) -> dict[str, str]:
        """As the papers take a traveller."""
        return {name: getattr(self, name) for name in ("name", "department", "post")}


def _requested(office: OfficeRules, asked: RequestRow) -> Answer:
    del office  # no rule of a day is in it
    names = ", ".join(one.name for one in asked.people)
    _request(asked)
    return Answer("출장신청서", {}, (), (), (), f"{names} {asked.destination} 출장신청서")


def _requests(office: OfficeRules, asked: RequestRow) -> Sequence[Paper]:
    del office
    named = f"{asked.people[0].name} {asked.destination}"
    return (Paper(named, asked.requested_on, _request(asked)),)


def _request(asked: RequestRow) -> model.Document:
    if asked.ends <= asked.begins:
        raise NotPossible("ends_at", "끝나는 때가 시작보다 뒤여야 합니다.")
    same = ("destination", "purpose", "transport", "order", "cost", "budget_code", "requested_on")
    said = {name: getattr(asked, name) for name in same}
    return _made(trip_papers.requested, {
        **said, **asked.on_paper(), "begins": asked.begins, "ends": asked.ends,
        "travellers": [one.model_dump() for one in asked.people], "remarks": _lines(asked.remarks),
    })  # fmt: skip


def _settled(office: OfficeRules, asked: SettlementRow) -> Answer:
    try:
        found = trip_papers.worked(office.book, _written(asked), 1, asked.same_day)
    except NotPossible as error:
        field, *within = _column(error.place)
        raise NotPossible(str(field), error.says, *within) from error
    until = {name: found.answer.figures.get(name) for name in ("settle_by", "extra_by")}
    figures = {"trips": len(asked.trips), "total_won": found.total_won, **until}
    return replace(found.answer, figures=figures)


def _column(place: Place) -> Place:
    """Where it stands in the sheet, which has a column for what is a list elsewhere."""
    of, *within = place[:3]
    return (of, *(_COLUMNS.get(str(one), one) if isinstance(one, str) else one for one in within))


def _written(asked: SettlementRow) -> list[Written]:
    return [one.as_written(nth) for nth, one in enumerate(asked.trips)]


def _settlements(office: OfficeRules, asked: SettlementRow) -> Sequence[Paper]:
    said = {
        **asked.on_paper(), "travellers": [asked.person()], "requested_on": asked.requested_on,
        "account": asked.account,
    }  # fmt: skip
    written = _written(asked)
    document = _made(
        lambda given: trip_papers.settled(office.book, given, written, asked.same_day), said
    )
    reports = [_report(asked, nth) for nth, one in enumerate(asked.trips) if one.report.strip()]
    return (Paper(asked.name, asked.requested_on, document), *reports)


def _report(asked: SettlementRow, nth: int) -> Paper:
    """출장복명서 of one trip. Raises NotPossible: its order is not named."""
    trip = asked.trips[nth]
    if not trip.order:
        raise NotPossible("trips", "복명서에는 출장명령 번호를 적습니다.", nth, "order")
    same = ("destination", "purpose", "transport", "order", "begins", "ends")
    document = _made(trip_papers.reported, {
        **{name: getattr(trip, name) for name in same}, **asked.on_paper(), "attachments": [],
        "travellers": [asked.person()], "remarks": _lines(trip.report),
        "reported_on": asked.requested_on,
    })  # fmt: skip
    return Paper(f"{asked.name} {trip.destination}", asked.requested_on, document)


def _made(draw: Any, said: dict[str, Any]) -> model.Document:
    """Raises NotPossible: it fits into no paper."""
    try:
        return draw(said)
    except MalformedDocument as error:
        raise NotPossible("", error.what) from error


def _parts(said: str) -> list[str]:
    return [one for one in (part.strip() for part in said.split(",")) if one]


def _lines(said: str) -> list[str]:
    return [one for one in (line.strip() for line in said.splitlines()) if one]


REQUESTS: Final = Papered(
    "trip-request", Group.TRAVEL, "출장신청서", "줄마다 출장신청서(HWPX)", RequestRow, _requested,
    _requests,
)  # fmt: skip
SETTLEMENTS: Final = Papered(
    "trip-settlement", Group.TRAVEL, "여비정산",
    "한 사람의 출장은 구분에 같은 말을 적어요. 사람마다 여비정산 신청서(HWPX)",
    SettlementRow, _settled, _settlements,
)  # fmt: skip
