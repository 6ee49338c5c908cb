"""출장: near and far trips."""

from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from hub.automation import travel
from hub.automation.answer import Answer, NotPossible
from hub.automation.question import Asked, Day, Group, OfficeRules, Question, Questioned

Won = Annotated[int, Field(ge=0, le=travel.AMOUNT_MOST_WON)]
Kilometres = Annotated[Decimal, Field(ge=0, le=2_000, decimal_places=3, max_digits=8)]
Rate = Annotated[Decimal, Field(gt=0, le=100_000, decimal_places=3, max_digits=9)]
CARS: Final = {"none": "없음", "office": "공무용 차량", "assigned": "전용 차량을 배정받은 사람"}


class Near(Questioned):
    """One trip of one day, by its order."""

    day: Annotated[Day, Asked("출장일", today=True)]
    begins_at: Annotated[time, Asked("시작", "출장명령의 시각")]
    ends_at: Annotated[time, Asked("끝", "출장명령의 시각")]
    car: Annotated[travel.Car, Asked("차량", choices=CARS)] = travel.Car.NONE
    again_begins_at: Annotated[
        time | None, Asked("또 나간 출장 시작", "같은 날 한 번 더 나갔으면")
    ] = None
    again_ends_at: Annotated[time | None, Asked("또 나간 출장 끝")] = None
    again_office_car: Annotated[bool, Asked("또 나간 출장에 공무용 차량")] = False


class Night(Questioned):
    """One night that was paid for."""

    region: Annotated[travel.Region, Asked("지역", choices=travel.REGIONS)] = travel.Region.OTHER
    paid_won: Annotated[Won, Asked("숙박비", unit="원")]
    is_unavoidable: Annotated[bool, Asked("상한을 지킬 수 없었음", "부득이한 사유")] = False


class CarDay(Questioned):
    """A day on which an office car was used."""

    day: Annotated[Day, Asked("날", today=True)]


class Far(Questioned):
    """One trip to one place."""

    first: Annotated[Day, Asked("떠나는 날", today=True)]
    last: Annotated[Day, Asked("돌아오는 날", today=True)]
    nights: Annotated[tuple[Night, ...], Field(max_length=travel.DAYS_MOST), Asked("숙박")] = ()
    fare_won: Annotated[Won, Asked("운임", "실제로 쓴 금액", "원")] = 0
    office_car: Annotated[
        tuple[CarDay, ...], Field(max_length=travel.DAYS_MOST), Asked("공무용 차량을 쓴 날")
    ] = ()


class Where(StrEnum):
    """Whither a trip goes, seen from the office."""

    SAME = "same"
    """The same city, county or island."""
    OTHER = "other"


WHERE: Final = {Where.SAME: "같은 시·군·섬 안", Where.OTHER: "다른 시·군·섬"}


class TripKind(Questioned):
    """One trip before it is ordered."""

    day: Annotated[Day, Asked("출장일", today=True)]
    where: Annotated[Where, Asked("어디로", choices=WHERE)]
    distance_km: Annotated[
        Kilometres | None, Asked("여행거리", "갔다 오는 거리, 같은 시·군·섬이면 비워 두세요", "km")
    ] = None


class OwnCar(Questioned):
    """One trip by one's own car."""

    distance_km: Annotated[Kilometres, Asked("여행거리", "왕복", "km")]
    km_per_litre: Annotated[Rate, Asked("연비", "우리 기관이 정한 값", "km")]
    won_per_litre: Annotated[Rate, Asked("연료 단가", "우리 기관이 정한 값", "원")]
    tolls_won: Annotated[Won, Asked("통행료", unit="원")] = 0
    last: Annotated[Day, Asked("돌아오는 날", today=True)]


def _near(office: OfficeRules, asked: Near) -> Answer:
    outings = [_outing(asked.begins_at, asked.ends_at, asked.car, "ends_at")]
    if asked.again_begins_at is not None or asked.again_ends_at is not None:
        outings.append(_again(asked))
    return travel.near(office.book, asked.day, *outings)


def _again(asked: Near) -> travel.Outing:
    """The second trip of the day, which is another than the first."""
    begins, ends = asked.again_begins_at, asked.again_ends_at
    if begins is None or ends is None:
        missing = "again_begins_at" if begins is None else "again_ends_at"
        raise NotPossible(missing, "또 나간 출장은 시작과 끝을 모두 적으십시오.")
    own = asked.car if asked.car is travel.Car.ASSIGNED else travel.Car.NONE
    car = travel.Car.OFFICE if asked.again_office_car and own is travel.Car.NONE else own
    again = _outing(begins, ends, car, "again_ends_at")
    if begins < asked.ends_at and asked.begins_at < ends:
        raise NotPossible("again_begins_at", "두 출장의 시각이 겹칩니다.")
    return again


def _outing(begins: time, ends: time, car: travel.Car, field: str) -> travel.Outing:
    minutes = _minute(ends) - _minute(begins)
    if minutes <= 0:
        raise NotPossible(field, "끝나는 시각이 시작보다 뒤여야 합니다.")
    return travel.Outing(minutes, car)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _far(office: OfficeRules, asked: Far) -> Answer:
    nights = [travel.Night(one.region, one.paid_won, one.is_unavoidable) for one in asked.nights]
    by_car = [one.day for one in asked.office_car]
    return travel.far(office.book, asked.first, asked.last, nights, asked.fare_won, by_car)


def _kind(office: OfficeRules, asked: TripKind) -> Answer:
    metres = None if asked.distance_km is None else int(asked.distance_km * 1000)
    return travel.kind(
        office.book, asked.day, same_city=asked.where is Where.SAME, distance_m=metres
    )


def _own_car(office: OfficeRules, asked: OwnCar) -> Answer:
    sums = (asked.distance_km, asked.km_per_litre, asked.won_per_litre, asked.tolls_won)
    return travel.own_car(office.book, asked.last, travel.Drive(*sums))


QUESTIONS: Final = (
    Question(
        "trip-kind", Group.TRAVEL, "관내인지 관외인지", "12km와 시·군·섬으로 가름", TripKind, _kind
    ),
    Question(
        "near-trip", Group.TRAVEL, "관내 출장 여비", "근무지 내 출장 하루의 여비", Near, _near
    ),
    Question(
        "far-trip", Group.TRAVEL, "관외 출장 여비", "일비·식비·숙박비·운임과 정산 기한", Far, _far
    ),
    Question(
        "own-car",
        Group.TRAVEL,
        "자가용 운임",
        "거리와 연비로 셈한 연료비와 통행료",
        OwnCar,
        _own_car,
    ),
)
