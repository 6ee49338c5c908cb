"""What several trips are paid together: near and far ones of those who travelled alike.

Each trip is worked out by itself. Where near trips fall on one day, 제18조 does not say whether
their hours are added up: where the ways differ, the office says which is its own. Two trips on one
day of which one is far are settled apart: for that the text knows no way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final

from hub.automation import travel, won
from hub.automation.answer import Answer, Figure, NotPossible, Place, Step
from hub.automation.question import DayNotKnown
from hub.automation.travel import Car, Night
from hub.kit.clock import SEOUL, written
from hub.rules.book import RuleBook
from hub.rules.rule import OutsideTable

NEAR, FAR = "근무지 내", "근무지 외"


class SameDay(StrEnum):
    """How an office reckons several near trips of one day."""

    TOGETHER = "together"
    """Their hours are one trip's."""
    CAPPED = "capped"
    """Each by itself, and for the day no more than for a long one."""
    EACH = "each"


SAME_DAY: Final = {
    SameDay.TOGETHER: "시간을 더해 한 번으로",
    SameDay.CAPPED: "따로 셈하고 하루 한도까지",
    SameDay.EACH: "따로 셈해 모두",
}


@dataclass(frozen=True, slots=True)
class NearTrip:
    """A near trip: by what one went."""

    car: Car


@dataclass(frozen=True, slots=True)
class FarTrip:
    """A far trip: what was paid."""

    nights: Sequence[Night]
    fare_won: int
    office_car: Sequence[date]


@dataclass(frozen=True, slots=True)
class Trip:
    """One trip by its order. `place`: where it was typed."""

    begins: datetime
    ends: datetime
    went: NearTrip | FarTrip
    place: Place

    @property
    def is_far(self) -> bool:
        """Whether it is 근무지 외."""
        return isinstance(self.went, FarTrip)

    @property
    def first(self) -> date:
        """The day it begins, in Seoul."""
        return self.begins.astimezone(SEOUL).date()

    @property
    def last(self) -> date:
        """The day it ends, in Seoul."""
        return self.ends.astimezone(SEOUL).date()


@dataclass(frozen=True, slots=True)
class Settled:
    """What was worked out: `each_won` of every trip, for one person; the answer, for all."""

    answer: Answer
    each_won: tuple[int, ...]
    total_won: int


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of several near trips: what its own reckoning adds to their sum."""

    step: Step
    more_won: int
    notes: tuple[str, ...]


def settled(
    book: RuleBook, trips: Sequence[Trip], people: int = 1, same_day: SameDay | None = None
) -> Settled:
    """The sum of trips, which stand in the order of their beginnings.

    Args:
        book: the rules.
        trips: at least one.
        people: how many went on all of them alike.
        same_day: how near trips of one day are reckoned; None: asked for where it matters.

    Raises:
        NotPossible, DayNotKnown: each with where it was typed.
    """
    answers = [_alone(book, one, people) for one in trips]
    _refuse_two_at_once(trips)
    days = list(_days_of_several(book, trips, same_day))
    each = tuple(_amount(one) for one in answers)
    alone = sum(each) + sum(one.more_won for one in days)
    answer = answers[0] if len(trips) == 1 else _together(answers, days, alone)
    return Settled(_for_all(answer, alone, people), each, alone * people)


def _alone(book: RuleBook, trip: Trip, people: int) -> Answer:
    """One trip by itself. Raises NotPossible, DayNotKnown."""
    try:
        return _far(book, trip, trip.went, people) if isinstance(trip.went, FarTrip) else _near(
            book, trip, trip.went
        )  # fmt: skip
    except OutsideTable as error:
        raise DayNotKnown(error, (*trip.place, "first" if trip.is_far else "day")) from error
    except NotPossible as error:
        if error.place[:1] == ("travellers",):
            raise
        raise _wrong(trip, error.says, *error.place) from error


def _wrong(trip: Trip, says: str, *within: str | int) -> NotPossible:
    field, *more = (*trip.place, *within)
    return NotPossible(str(field), says, *more)


def _near(book: RuleBook, trip: Trip, went: NearTrip) -> Answer:
    if trip.ends <= trip.begins:
        raise NotPossible("ends_at", "끝나는 시각이 시작보다 뒤여야 합니다.")
    if trip.first != trip.last:
        raise NotPossible("ends_at", "근무지 내 출장은 하루씩 정산합니다.")
    return travel.near(book, trip.first, _outing(trip, went))


def _outing(trip: Trip, went: NearTrip) -> travel.Outing:
    return travel.Outing(int((trip.ends - trip.begins).total_seconds() // 60), went.car)


def _far(book: RuleBook, trip: Trip, went: FarTrip, people: int) -> Answer:
    if people > 1:
        raise NotPossible("travellers", "근무지 외 출장은 사람마다 따로 정산합니다.")
    if trip.first == trip.last and trip.ends <= trip.begins:
        raise NotPossible("ends_at", "끝나는 시각이 시작보다 뒤여야 합니다.")
    return travel.far(book, trip.first, trip.last, went.nights, went.fare_won, went.office_car)


def _refuse_two_at_once(trips: Sequence[Trip]) -> None:
    for one, following in pairwise(trips):
        if following.begins < one.ends:
            field = "begins_at"
            raise _wrong(following, "다른 출장과 시각이 겹칩니다.", field)
        if following.first == one.last and (one.is_far or following.is_far):
            raise _wrong(
                following,
                "근무지 외 출장이 있는 날에 다른 출장이 또 있습니다. 그날을 어떻게 셈하는지는 글에 "
                "없으니, 여비 조례와 처리지침을 보고 따로 정산하십시오.",
                "first" if following.is_far else "day",
            )


def _days_of_several(
    book: RuleBook, trips: Sequence[Trip], same_day: SameDay | None
) -> Iterator[_Day]:
    of_day = dict[date, list[tuple[Trip, NearTrip]]]()
    for one in trips:
        if isinstance(one.went, NearTrip):
            of_day.setdefault(one.first, []).append((one, one.went))
    for day, group in of_day.items():
        if len(group) > 1:
            yield _day(book, day, [_outing(*one) for one in group], same_day)


def _day(
    book: RuleBook, day: date, outings: Sequence[travel.Outing], same_day: SameDay | None
) -> _Day:
    """Raises NotPossible: the ways differ and nobody said which is the office's."""
    both = travel.near(book, day, *outings)
    ways = _ways(book, day, both.figures)
    if same_day is None and len(set(ways.values())) > 1:
        raise NotPossible("same_day", _differ(day, len(outings), ways))
    way = same_day or SameDay.TOGETHER
    sum_won, pay = ways[SameDay.EACH], ways[way]
    said = SAME_DAY[way] if same_day else "어느 쪽으로 셈해도 같음"
    told = f"{len(outings)}건을 {said}: {won.digits(sum_won)} → {won.digits(pay)}"
    return _Day(Step(f"{written(day)} 하루", told), pay - sum_won, both.notes)


def _ways(book: RuleBook, day: date, figures: Mapping[str, Figure]) -> dict[SameDay, int]:
    """What the day is paid by each way."""
    each, together = (_whole(figures[name]) for name in ("each_won", "together_won"))
    most = _whole(book.at("travel.near.long_won", day).value)
    return {
        SameDay.TOGETHER: together, SameDay.CAPPED: min(each, most), SameDay.EACH: each,
    }  # fmt: skip


def _differ(day: date, count: int, ways: Mapping[SameDay, int]) -> str:
    told = ", ".join(f"{SAME_DAY[one]} {won.digits(pay)}" for one, pay in ways.items())
    return (
        f"{written(day)} 근무지 내 출장 {count}건은 셈하는 길에 따라 다릅니다({told}). "
        "법의 글에는 없으니 우리 기관의 여비 조례·처리지침이 정한 것을 고르십시오."
    )


def _together(answers: Sequence[Answer], days: Sequence[_Day], total: int) -> Answer:
    """One answer of them all: the steps of each under its number."""
    steps = [
        replace(step, says=f"{nth}번 {step.says}")
        for nth, answer in enumerate(answers, 1)
        for step in _with_sum(answer)
    ]
    steps += [one.step for one in days]
    notes = [note for answer in answers for note in answer.notes]
    notes += [note for one in days for note in one.notes]
    told = f"여비 {won.digits(total)}"
    return Answer(
        f"{len(answers)}건 {told}", _figures(answers, total), tuple(steps),
        tuple({(one.key, one.since): one for answer in answers for one in answer.rules}.values()),
        tuple(dict.fromkeys(notes)), f"출장 {len(answers)}건 여비 {won.official(total)}",
    )  # fmt: skip


def _figures(answers: Sequence[Answer], total: int) -> dict[str, Figure]:
    """With the earliest of the days until which to settle."""
    until = {
        name: min((day for one in answers if isinstance(day := one.figures.get(name), date)),
                  default=None)
        for name in ("settle_by", "extra_by")
    }  # fmt: skip
    return {"total_won": total, "trips": len(answers), **until}


def _for_all(answer: Answer, alone: int, people: int) -> Answer:
    if people == 1:
        return answer
    total = alone * people
    shown = f"{won.digits(alone)} × {people}명 = {won.digits(total)}"
    return replace(
        answer, headline=f"여비 {won.digits(total)} ({people}명)",
        figures={**answer.figures, "total_won": total}, steps=(*answer.steps, Step("인원", shown)),
        paste=f"여비 {won.official(total)} ({people}명)",
    )  # fmt: skip


def _with_sum(answer: Answer) -> tuple[Step, ...]:
    """Its steps; where they are several, what they come to."""
    last = (Step("소계", won.digits(_amount(answer))),) if len(answer.steps) > 1 else ()
    return (*answer.steps, *last)


def _amount(answer: Answer) -> int:
    """For one person: a near trip's answer has `pay_won`, a far one's `total_won`."""
    return _whole(answer.figures.get("total_won", answer.figures.get("pay_won")))


def _whole(amount: object) -> int:
    if not isinstance(amount, int):
        raise TypeError(f"{amount!r} is no amount")
    return amount
