"""복무: special leave, each kind by what it asks for."""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from hub.automation import family_care, family_events, public_leave, special_leave
from hub.automation.answer import Answer
from hub.automation.question import Asked, Day, Group, OfficeRules, Question, Questioned
from hub.automation.questions.typed import Days

Weeks = Annotated[int, Field(ge=0, le=special_leave.WEEKS_MOST)]


class Simple(Questioned):
    """A leave that has one number."""

    cause: Annotated[special_leave.Cause, Asked("휴가", choices=special_leave.NAMES)]
    day: Annotated[Day, Asked("쓰는 날", today=True)]
    used_days: Annotated[Days, Asked("이미 쓴 날", "같은 사유로", "일")] = Decimal(0)


class Birth(Questioned):
    """One birth."""

    births: Annotated[special_leave.Births, Asked("출산", choices=special_leave.BIRTHS)] = (
        special_leave.Births.ONE
    )
    begins_on: Annotated[Day, Asked("휴가를 시작하는 날")]
    born_on: Annotated[Day, Asked("출산일", "아직이면 예정일")]
    split_days: Annotated[
        int, Field(ge=0, le=366), Asked("미리 나누어 쓴 날", "위험·경험이 있거나 40세 이상", "일")
    ] = 0


class Loss(Questioned):
    """One loss."""

    lost_on: Annotated[Day, Asked("유산·사산한 날")]
    weeks: Annotated[Weeks, Asked("임신 주수", unit="주")]
    is_spouse: Annotated[bool, Asked("배우자의 유산·사산", "남성공무원")] = False


class Pregnancy(Questioned):
    """One day of pregnancy."""

    day: Annotated[Day, Asked("쓰는 날", today=True)]
    weeks: Annotated[Weeks, Asked("임신 주수", unit="주")]


class Childcare(Questioned):
    """One child."""

    born_on: Annotated[Day, Asked("자녀의 생일")]
    day: Annotated[Day, Asked("쓰는 날", today=True)]
    in_second_grade: Annotated[bool, Asked("초등학교 2학년 이하")] = False
    used_months: Annotated[Days, Asked("이미 쓴 달", "인사랑에 적힌 대로", "개월")] = Decimal(0)


class Care(Questioned):
    """One day of care."""

    cause: Annotated[family_care.Care, Asked("사유", choices=family_care.CARES)]
    whom: Annotated[family_care.Whom, Asked("누구를", choices=family_care.WHOM)] = (
        family_care.Whom.CHILD
    )
    children: Annotated[
        int,
        Field(ge=0, le=family_care.CHILDREN_MOST),
        Asked("자녀 수", "재학 중이거나 미성년, 또는 장애인인 자녀", "명"),
    ] = 0
    is_single_or_disabled: Annotated[bool, Asked("한부모이거나 장애인인 자녀가 있음")] = False
    used_days: Annotated[Days, Asked("올해 쓴 날", "유급과 무급 모두", "일")] = Decimal(0)
    used_paid_days: Annotated[Days, Asked("그 가운데 유급", "", "일")] = Decimal(0)
    day: Annotated[Day, Asked("쓰는 날", today=True)]


class Event(Questioned):
    """One event of the family."""

    event: Annotated[family_events.Event, Asked("경조사", choices=family_events.EVENTS)]
    happened_on: Annotated[Day, Asked("경조사가 있는 날")]
    begins_on: Annotated[Day, Asked("휴가를 시작하는 날")]


class Public(Questioned):
    """One cause of official leave."""

    cause: Annotated[public_leave.Cause, Asked("사유", choices=public_leave.CAUSES)]
    day: Annotated[Day, Asked("쓰는 날", today=True)]
    used_times: Annotated[
        int,
        Field(ge=0, le=public_leave.TIMES_MOST),
        Asked("올해 쓴 횟수", "대의원회·회계감사만", "번"),
    ] = 0


def _simple(office: OfficeRules, asked: Simple) -> Answer:
    return special_leave.simple(office.book, asked.day, asked.cause, asked.used_days)


def _birth(office: OfficeRules, asked: Birth) -> Answer:
    when = (asked.begins_on, asked.born_on)
    return special_leave.birth(office.book, *when, asked.births, asked.split_days)


def _loss(office: OfficeRules, asked: Loss) -> Answer:
    return special_leave.loss(office.book, asked.lost_on, asked.weeks, is_spouse=asked.is_spouse)


def _pregnancy(office: OfficeRules, asked: Pregnancy) -> Answer:
    return special_leave.pregnancy_hours(office.book, asked.day, asked.weeks)


def _childcare(office: OfficeRules, asked: Childcare) -> Answer:
    return special_leave.childcare(
        office.book, asked.day, asked.born_on, asked.used_months,
        in_second_grade=asked.in_second_grade,
    )  # fmt: skip


def _care(office: OfficeRules, asked: Care) -> Answer:
    return family_care.care(
        office.book, asked.day, asked.cause, asked.whom, asked.children,
        is_single_or_disabled=asked.is_single_or_disabled, used_days=asked.used_days,
        used_paid_days=asked.used_paid_days,
    )  # fmt: skip


def _event(office: OfficeRules, asked: Event) -> Answer:
    when = (asked.happened_on, asked.event, asked.begins_on)
    return family_events.days(office.book, *when, office.holidays)


def _public(office: OfficeRules, asked: Public) -> Answer:
    return public_leave.given(office.book, asked.day, asked.cause, asked.used_times)


QUESTIONS: Final = (
    Question(
        "family-event", Group.ATTENDANCE, "경조사휴가", "결혼·출산·사망에 며칠, 언제까지",
        Event, _event,
    ),
    Question(
        "childcare-time", Group.ATTENDANCE, "육아시간", "쓸 수 있는지, 몇 달 남았는지",
        Childcare, _childcare,
    ),
    Question(
        "family-care", Group.ATTENDANCE, "가족돌봄휴가", "남은 날과 그 가운데 유급인 날",
        Care, _care,
    ),
    Question(
        "birth-leave", Group.ATTENDANCE, "출산휴가", "며칠, 언제까지, 출산 뒤가 넉넉한지",
        Birth, _birth,
    ),
    Question(
        "pregnancy-time", Group.ATTENDANCE, "모성보호시간", "하루 몇 시간, 허가해야 하는지",
        Pregnancy, _pregnancy,
    ),
    Question(
        "loss-leave", Group.ATTENDANCE, "유산·사산휴가", "임신 주수에 따라 며칠", Loss, _loss
    ),
    Question(
        "special-leave", Group.ATTENDANCE, "그 밖의 특별휴가",
        "임신검진, 난임치료, 여성보건, 재해구호, 심리안정", Simple, _simple,
    ),
    Question(
        "public-leave", Group.ATTENDANCE, "공가", "공가가 되는 일인지, 몇 번까지인지",
        Public, _public,
    ),
)  # fmt: skip
