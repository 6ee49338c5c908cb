"""출장신청서 and 여비정산 신청서 as documents, with the amounts that the calculators work out.

여행시간 is that of the order (공무원 여비 규정 제18조제1항). What trip proofs said comes with the
browser as words, stands beside the amounts and changes none of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from pydantic import ValidationError

from hub.automation import travel, won, working_days
from hub.automation.answer import Answer, NotPossible
from hub.automation.travel import Car, Night
from hub.document import model
from hub.document.errors import MalformedDocument, in_korean
from hub.document.forms import trip_request, trip_settlement
from hub.document.forms.travelling import SEOUL
from hub.document.forms.trip_request import TripRequest
from hub.document.forms.trip_settlement import Line, TripSettlement, Worked
from hub.rules.book import Found, RuleBook
from hub.rules.rule import Confidence

SURE: Final = {
    Confidence.TEXT: "본문", Confidence.SECONDARY: "2차", Confidence.SETTING: "설정",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NearTrip:
    """A near trip: by what one went."""

    car: Car


@dataclass(frozen=True, slots=True)
class FarTrip:
    """A far trip: what was paid."""

    nights: Sequence[Night]
    fare_won: int
    office_car: Collection[date]


def requested(said: dict[str, Any]) -> model.Document:
    """The request. Raises MalformedDocument."""
    try:
        return trip_request.filled(TripRequest.model_validate(said))
    except ValidationError as error:
        raise MalformedDocument(in_korean(error)) from error


def settled(book: RuleBook, said: dict[str, Any], trip: NearTrip | FarTrip) -> model.Document:
    """The settlement of a trip.

    Args:
        book: the rules.
        said: what `TripSettlement` takes, but for `worked`.
        trip: what was used and paid.

    Raises:
        MalformedDocument: something that was typed fits into no document.
        NotPossible, OutsideTable: as of the calculators.
    """
    people = len(said["travellers"])
    answer, total = paid(book, said["begins"], said["ends"], trip, people)
    try:
        filled = TripSettlement.model_validate({**said, "worked": _worked(answer, total, people)})
        return trip_settlement.filled(filled)
    except ValidationError as error:
        raise MalformedDocument(in_korean(error)) from error


def paid(
    book: RuleBook, begins: datetime, ends: datetime, trip: NearTrip | FarTrip, people: int = 1
) -> tuple[Answer, int]:
    """What is worked out for one, and the sum for all. Raises NotPossible, OutsideTable."""
    first, last = (at.astimezone(SEOUL) for at in (begins, ends))
    if isinstance(trip, FarTrip):
        if people > 1:
            raise NotPossible("travellers", "근무지 외 출장은 사람마다 따로 정산합니다.")
        answer = travel.far(
            book, first.date(), last.date(), trip.nights, trip.fare_won, trip.office_car
        )
        return answer, _whole(answer, "total_won")
    if first.date() != last.date():
        raise NotPossible("ends", "근무지 내 출장은 하루씩 정산합니다.")
    minutes = int((last - first).total_seconds() // 60)
    answer = travel.near(book, first.date(), travel.Outing(minutes, trip.car))
    return answer, _whole(answer, "pay_won") * people


def _whole(answer: Answer, name: str) -> int:
    amount = answer.figures[name]
    if not isinstance(amount, int):
        raise TypeError(f"{name} is {amount!r}, no amount")
    return amount


def _worked(answer: Answer, total: int, people: int) -> Worked:
    lines = [Line(says=step.says, shown=step.shown) for step in answer.steps]
    if people > 1:
        each = won.digits(total // people)
        lines.append(Line(says="인원", shown=f"{each} × {people}명 = {won.digits(total)}"))
    return Worked(
        lines=tuple(lines), total=won.official(total),
        grounds=tuple(_ground(one) for one in answer.rules),
        settle_by=_until(answer),
    )  # fmt: skip


def _until(answer: Answer) -> str:
    """The day until which to settle, and the earlier one for lodging beyond its cap."""
    by, extra = (answer.figures.get(name) for name in ("settle_by", "extra_by"))
    told = working_days.written(by) if isinstance(by, date) else ""
    return (
        f"{told}, 숙박비 추가분은 {working_days.written(extra)}"
        if isinstance(extra, date)
        else told
    )


def _ground(rule: Found) -> str:
    """`공무원 여비 규정 제18조제1항: 근무지 내 출장: 4시간 이상 (본문, 2024. 7. 2.부터)`."""
    since = f"{rule.since.year}. {rule.since.month}. {rule.since.day}."
    told = f"{rule.article.law} {rule.article.place}: {rule.name}"
    return f"{told} ({SURE[rule.confidence]}, {since}부터)"[: model.MAX_LINE]
