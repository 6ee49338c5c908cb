"""출장신청서, 여비정산 신청서 and 출장복명서 as documents, with the amounts of the calculators.

여행시간 is that of the order (공무원 여비 규정 제18조제1항). What trip proofs said comes with the
browser as words, stands beside the amounts and changes none of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from hub.automation import trip_settling, won, working_days
from hub.automation.answer import Answer
from hub.automation.trip_settling import FAR, NEAR, SameDay, Settled, Trip
from hub.document import model
from hub.document.errors import MalformedDocument, in_korean
from hub.document.forms import trip_report, trip_request, trip_settlement
from hub.document.forms.trip_report import TripReport
from hub.document.forms.trip_request import TripRequest
from hub.document.forms.trip_settlement import Line, TripSettlement, Worked
from hub.rules.book import Found, RuleBook
from hub.rules.rule import Confidence

SURE: Final = {
    Confidence.TEXT: "본문", Confidence.SECONDARY: "2차", Confidence.SETTING: "설정",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A trip to settle, and what its paper says of it, as `Settled` names it."""

    trip: Trip
    said: Mapping[str, str]


def requested(said: Mapping[str, Any]) -> model.Document:
    """The request. Raises MalformedDocument."""
    try:
        return trip_request.filled(TripRequest.model_validate(said))
    except ValidationError as error:
        raise MalformedDocument(in_korean(error)) from error


def reported(said: Mapping[str, Any]) -> model.Document:
    """출장복명서 of one trip. Raises MalformedDocument."""
    try:
        return trip_report.filled(TripReport.model_validate(said))
    except ValidationError as error:
        raise MalformedDocument(in_korean(error)) from error


def worked(
    book: RuleBook, written: Sequence[Written], people: int, same_day: SameDay | None
) -> Settled:
    """The sum of the trips in the order of their beginnings. Raises NotPossible, DayNotKnown."""
    return trip_settling.settled(book, [one.trip for one in in_turn(written)], people, same_day)


def settled(
    book: RuleBook, said: Mapping[str, Any], written: Sequence[Written],
    same_day: SameDay | None = None,
) -> model.Document:  # fmt: skip
    """The settlement of all trips.

    Args:
        book: the rules.
        said: what `TripSettlement` takes, but for `worked` and `trips`.
        written: the trips, in any order.
        same_day: how near trips of one day are reckoned.

    Raises:
        MalformedDocument: something that was typed fits into no document.
        NotPossible, DayNotKnown: as of the calculators.
    """
    people = len(said["travellers"])
    found = worked(book, written, people, same_day)
    trips = [
        _on_paper(one, each)
        for one, each in zip(in_turn(written), found.each_won, strict=True)
    ]  # fmt: skip
    try:
        given = {**said, "trips": trips, "worked": _worked(found)}
        return trip_settlement.filled(TripSettlement.model_validate(given))
    except ValidationError as error:
        raise MalformedDocument(in_korean(error)) from error


def in_turn(written: Sequence[Written]) -> list[Written]:
    """By their beginnings, as a paper lists them."""
    return sorted(written, key=lambda one: one.trip.begins)


def _on_paper(one: Written, each_won: int) -> dict[str, Any]:
    trip = one.trip
    scope = FAR if trip.is_far else NEAR
    amount = won.digits(each_won)
    return {**one.said, "begins": trip.begins, "ends": trip.ends, "scope": scope, "amount": amount}


def _worked(found: Settled) -> Worked:
    answer = found.answer
    return Worked(
        lines=tuple(Line(says=step.says, shown=step.shown) for step in answer.steps),
        total=won.official(found.total_won),
        grounds=tuple(_ground(one) for one in answer.rules),
        settle_by=_until(answer),
    )


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
