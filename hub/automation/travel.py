"""출장 여비 inside the country: near trips by their hours, far trips by their days and nights.

The nation's values; an office's ordinance goes before them (`RuleBook`). Fares are what was really
paid. 여행시간 comes from the trip order (제18조제1항): a trip proof only corroborates it.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from hub.automation import won, working_days
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

DAYS_MOST: Final = 366
MINUTES_MOST: Final = 24 * 60
AMOUNT_MOST_WON: Final = 100_000_000
DISTANCE_MOST_M: Final = 2_000_000
MERGED_BY: Final = "대통령령 제36492호"
"""What made 제18조제2항 speak of a merged city."""


class Car(StrEnum):
    """By what one went."""

    NONE = "none"
    OFFICE = "office"
    """공무용 차량."""
    ASSIGNED = "assigned"
    """전용 차량을 배정받은 사람."""


class Region(StrEnum):
    """Where one slept."""

    SEOUL = "seoul"
    METROPOLITAN = "metropolitan"
    OTHER = "other"


_TWICE: Final = (
    "하루 두 번의 출장을 따로 셈하는지 합쳐 셈하는지는 글에 없습니다. 여비 조례와 처리지침을 "
    "보십시오. 하루 2만원까지라는 글이 있습니다(2차)."
)
REGIONS: Final = {Region.SEOUL: "서울", Region.METROPOLITAN: "광역시", Region.OTHER: "그 밖의 지역"}


@dataclass(frozen=True, slots=True)
class Night:
    """One night: where, what was paid, and whether the cap could not be kept (제16조제1항 단서)."""

    region: Region
    paid_won: int
    is_unavoidable: bool = False


@dataclass(frozen=True, slots=True)
class Outing:
    """One near trip: 여행시간 as ordered, in minutes, and by what."""

    minutes: int
    car: Car = Car.NONE


def near(book: RuleBook, day: date, *outings: Outing) -> Answer:
    """근무지 내 출장 of one day: one trip, or two, which the text does not say how to add up.

    Where both ways give the same there is an amount; else both are told.

    Raises:
        NotPossible, OutsideTable.
    """
    for one in outings:
        if not 0 < one.minutes <= MINUTES_MOST:
            raise NotPossible("minutes", "여행시간은 1분부터 24시간까지 적습니다.")
    work = Working(book, day)
    if len(outings) == 1:
        pay = _outing(work, outings[0])
        told, ways = won.digits(pay), {}
    else:
        each = sum(_outing(work, one, f"{nth}번째 ") for nth, one in enumerate(outings, 1))
        once = Outing(sum(one.minutes for one in outings), _one_car(outings))
        together = _outing(work, once, "합쳐서 ")
        work.note(_TWICE)
        pay, ways = each if each == together else None, {"each_won": each, "together_won": together}
        told = f"따로 셈하면 {won.digits(each)}, 합쳐 셈하면 {won.digits(together)}"
    minutes = sum(one.minutes for one in outings)
    amount = told if pay is None else won.official(pay)
    return work.answer(
        f"근무지 내 출장 여비 {told if pay is None else won.digits(pay)}",
        f"관내출장 여비 {amount} ({working_days.written(day)}, {_hours(minutes)})",
        pay_won=pay, is_long=minutes >= work.number("travel.near.long_h") * 60, **ways,
    )  # fmt: skip


def _one_car(outings: Sequence[Outing]) -> Car:
    """By what one went who is reckoned to have gone once: what pays least."""
    return max((one.car for one in outings), key=list(Car).index)


def _outing(work: Working, one: Outing, which: str = "") -> int:
    hours = work.number("travel.near.long_h")
    is_long = one.minutes >= hours * 60
    pay = work.number("travel.near.long_won" if is_long else "travel.near.short_won")
    told = f"{hours}시간 {'이상' if is_long else '미만'}"
    work.step(f"{which}여행시간", f"{_hours(one.minutes)}, {told} → {won.digits(pay)}")
    return _by_car(work, pay, one.car)


def _by_car(work: Working, pay: int, car: Car) -> int:
    if car is Car.NONE:
        return pay
    if car is Car.ASSIGNED:
        work.found("travel.near.office_car_won")
        work.step("전용 차량", "배정받은 사람에게는 주지 않음")
        return 0
    less = work.number("travel.near.office_car_won")
    left = max(pay - less, 0)
    work.step("공무용 차량", f"{won.digits(pay)} − {won.digits(less)} = {won.digits(left)}")
    return left


def is_near(book: RuleBook, day: date, *, same_city: bool, distance_m: int) -> bool:
    """Whether a trip is 근무지 내: in the same city, county or island, or under the distance."""
    limit = book.at("travel.near.km", day).value
    return same_city or (isinstance(limit, int) and distance_m < limit * 1000)


def far(
    book: RuleBook, first: date, last: date, nights: Sequence[Night], fare_won: int = 0,
    office_car: Collection[date] = (),
) -> Answer:  # fmt: skip
    """근무지 외 출장 from `first` to `last`, both included, in one place.

    Args:
        book: the rules.
        first: the day one leaves and arrives.
        last: the day one is back.
        nights: one for each night that was paid for, in their order.
        fare_won: fares really paid.
        office_car: the days on which an office car was used.

    Raises:
        NotPossible, OutsideTable.
    """
    days = _days(first, last, nights, fare_won, office_car)
    work = Working(book, first)
    daily = _daily(work, days, office_car)
    each = work.number("travel.far.meals_won")
    meals = each * len(days)
    work.step("식비", f"{won.digits(each)} × {len(days)}일 = {won.digits(meals)}")
    lodging = sum(_night(work, nth, one) for nth, one in enumerate(nights, 1))
    if fare_won:
        work.step("운임", f"실제로 쓴 {won.digits(fare_won)}")
    total = daily + meals + lodging + fare_won
    _note_caps(work, nights)
    if office_car and fare_won:
        none = won.digits(work.number("travel.far.office_car_fare_won"))
        work.note(f"공무용 차량으로 간 길의 운임은 {none}입니다(제15조). 적은 운임에서 빼십시오.")
    work.note("운임과 숙박비는 카드로 내고 증거서류를 붙입니다(제8조의2).")
    work.note("출장 증빙은 운임과 숙박비의 증거서류를 대신하지 않습니다.")
    parts = {"일비": daily, "식비": meals, "숙박비": lodging, "운임": fare_won}
    told = ", ".join(f"{name} {won.digits(part)}" for name, part in parts.items())
    return work.answer(
        f"여비 {won.digits(total)}", f"여비 {won.official(total)} ({told})",
        total_won=total, daily_won=daily, meals_won=meals, lodging_won=lodging, fare_won=fare_won,
        days=len(days), settle_by=_settle_by(work, last),
        extra_by=_extra_by(work, last, nights),
    )  # fmt: skip


def _days(
    first: date, last: date, nights: Sequence[Night], fare_won: int, office_car: Collection[date]
) -> list[date]:
    count = (last - first).days + 1
    if not 0 < count <= DAYS_MOST:
        raise NotPossible("last", "돌아오는 날은 떠나는 날부터 1년 안이어야 합니다.")
    days = [first + timedelta(days=nth) for nth in range(count)]
    if len(nights) >= count:
        raise NotPossible("nights", _nights_most(count), count - 1)
    if outside := [nth for nth, day in enumerate(office_car) if day not in days]:
        raise NotPossible("office_car", "출장 기간 밖의 날입니다.", outside[0], "day")
    for nth, one in enumerate(nights):
        if not 0 <= one.paid_won <= AMOUNT_MOST_WON:
            raise NotPossible("nights", "숙박비는 0원부터 1억원까지 적습니다.", nth, "paid_won")
    if not 0 <= fare_won <= AMOUNT_MOST_WON:
        raise NotPossible("fare_won", "운임은 0원부터 1억원까지 적습니다.")
    return days


def _nights_most(count: int) -> str:
    if count == 1:
        return "하루 출장에는 숙박이 없습니다. 이 줄을 빼거나 돌아오는 날을 고치십시오."
    return f"{count}일 출장에는 {count - 1}박까지 있습니다. 이 줄을 빼거나 날을 고치십시오."


def _daily(work: Working, days: Sequence[date], office_car: Collection[date]) -> int:
    """일비: less on the days of a long stay, half of it with an office car."""
    each, half = work.number("travel.far.daily_won"), Decimal(1)
    if office_car:
        half = work.rate("travel.far.office_car_rate")
    shares = [
        (1 - _less(work, nth)) * (half if day in office_car else 1) for nth, day in enumerate(days)
    ]
    pay = won.floor(each * sum(shares))
    told = " + ".join(
        f"{count}일 × {won.percent(Decimal(share))}" for share, count in Counter(shares).items()
    )
    work.step("일비", f"{won.digits(each)} × ({told}) = {won.digits(pay)}")
    return pay


def _less(work: Working, nth: int) -> Decimal:
    """What is taken off on day `nth` in one place; day 0 is that of arrival and is not counted."""
    for stage in ("third", "second", "first"):
        after = work.book.at(f"travel.stay.{stage}_days", work.day)  # cited only where it is used
        if isinstance(after.value, int) and nth > after.value:
            work.found(after.key)
            return work.rate(f"travel.stay.{stage}_rate")
    return Decimal(0)


def _night(work: Working, nth: int, night: Night) -> int:
    cap = work.number(_cap_of(night))
    if night.is_unavoidable and night.paid_won > cap:
        cap += won.floor(cap * work.rate("travel.far.lodging_extra_rate"))
        work.note("상한을 넘은 숙박비는 부득이한 사유가 있을 때 상한의 10분의 3까지 더 줍니다.")
    pay = min(night.paid_won, cap)
    where = f"{REGIONS[night.region]} 상한 {won.digits(cap)}"
    work.step(f"숙박 {nth}박째", f"{won.digits(night.paid_won)}, {where} → {won.digits(pay)}")
    return pay


def _note_caps(work: Working, nights: Sequence[Night]) -> None:
    """Whether the caps of several nights are one sum was in the annex, which was not seen."""
    paid = [(one.paid_won, work.number(_cap_of(one))) for one in nights]
    kept = sum(min(one, cap) for one, cap in paid)
    room = min(sum(one for one, _ in paid), sum(cap for _, cap in paid))
    if room > kept:
        work.note(
            "숙박비 상한은 밤마다 보았습니다. 여러 밤의 상한을 합쳐 보면 "
            f"{won.digits(room)}입니다. 여비 조례와 처리지침을 보십시오."
        )


def _cap_of(night: Night) -> str:
    return f"travel.far.lodging_won.{night.region.value}"


def _settle_by(work: Working, last: date) -> date:
    """The day until which fares and lodging are settled (제8조의2제2항)."""
    by = working_days.after_days(last, work.number("travel.settle_days"))
    work.step(
        "정산 신청", f"{working_days.written(last)} 다음 날부터 세어 {working_days.written(by)}까지"
    )
    return by


def _extra_by(work: Working, last: date, nights: Sequence[Night]) -> date | None:
    """The earlier day until which lodging beyond its cap is asked for (제16조제2항)."""
    if not any(one.is_unavoidable and one.paid_won > work.number(_cap_of(one)) for one in nights):
        return None
    extra = working_days.after_days(last, work.number("travel.settle_extra_days"))
    work.step("숙박비 추가분", f"{working_days.written(extra)}까지, 카드 매출전표를 붙여")
    return extra


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours}시간 {rest}분" if rest else f"{hours}시간"


def kind(book: RuleBook, day: date, *, same_city: bool, distance_m: int | None = None) -> Answer:
    """근무지 내 or 근무지 외.

    Args:
        book: the rules.
        day: when.
        same_city: within one city, county or island.
        distance_m: 여행거리, where it is known.

    Raises:
        NotPossible, OutsideTable.
    """
    if not same_city and distance_m is None:
        raise NotPossible("distance_km", "같은 시·군·섬이 아니면 여행거리를 적으십시오.")
    if distance_m is not None and not 0 <= distance_m <= DISTANCE_MOST_M:
        raise NotPossible("distance_km", "여행거리는 0km부터 2,000km까지 적습니다.")
    work = Working(book, day)
    limit = work.number("travel.near.km")
    near_one = is_near(book, day, same_city=same_city, distance_m=distance_m or 0)
    if same_city:
        work.step("지역", "같은 시·군·섬 안이라 거리와 관계없이 근무지 내")
    else:
        sign = "미만" if near_one else "이상"
        work.step("여행거리", f"{_km(distance_m or 0)}, {limit}km {sign}")
    work.note("특별시·광역시·특별자치시도 한 시로 봅니다. 섬에 제주특별자치도는 들지 않습니다.")
    if book.rule("travel.near.km").at(day).by == MERGED_BY:
        work.note("통합특별시는 예전 전라남도의 시·군과 광주광역시를 기준으로 봅니다.")
    if not same_city:
        work.note(
            "여행거리가 왕복이라는 글이 있습니다(2차). 법은 정하지 않으니 여비 처리지침을 보십시오."
        )
    told = "근무지 내 출장" if near_one else "근무지 외 출장"
    by = "같은 시·군·섬" if same_city else f"여행거리 {_km(distance_m or 0)}"
    return work.answer(told, f"{told} ({by}, {working_days.written(day)})", is_near=near_one)


@dataclass(frozen=True, slots=True)
class Drive:
    """One's own car: how far, how far a litre goes, what a litre costs, and tolls."""

    distance_km: Decimal
    km_per_litre: Decimal
    won_per_litre: Decimal
    tolls_won: int = 0


def own_car(book: RuleBook, last: date, drive: Drive) -> Answer:
    """운임 by one's own car. What a litre is reckoned at is the office's: nothing is filled in.

    Raises:
        NotPossible, OutsideTable.
    """
    if not 0 < drive.distance_km * 1000 <= DISTANCE_MOST_M:
        raise NotPossible("distance_km", "여행거리는 2,000km까지 적습니다.")
    if not 0 < drive.km_per_litre <= 100 or not 0 < drive.won_per_litre <= 100_000:
        raise NotPossible("km_per_litre", "연비는 100km, 단가는 10만원까지 적습니다.")
    if not 0 <= drive.tolls_won <= AMOUNT_MOST_WON:
        raise NotPossible("tolls_won", "통행료는 0원부터 1억원까지 적습니다.")
    work = Working(book, last)
    fuel = won.floor(drive.distance_km / drive.km_per_litre * drive.won_per_litre)
    total = fuel + drive.tolls_won
    parts = [_plain(one) for one in (drive.distance_km, drive.km_per_litre, drive.won_per_litre)]
    work.step("연료비", "{}km ÷ {}km × {}원 → ".format(*parts) + won.digits(fuel))
    if drive.tolls_won:
        work.step("통행료", won.digits(drive.tolls_won))
    by = _settle_by(work, last)
    work.note(
        "연비와 단가는 법이 정하지 않습니다. 우리 기관의 여비 조례·처리지침의 값을 적으십시오."
    )
    work.note("자가용을 써도 되는지, 일비를 줄이는지는 기관의 처리지침을 보십시오.")
    return work.answer(
        f"자가용 운임 {won.digits(total)}",
        f"자가용 운임 {won.official(total)} (연료비 {won.digits(fuel)}, "
        f"통행료 {won.digits(drive.tolls_won)})",
        fare_won=total, fuel_won=fuel, tolls_won=drive.tolls_won, settle_by=by,
    )  # fmt: skip


def _km(metres: int) -> str:
    return f"{_plain(Decimal(metres) / 1000)}km"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
