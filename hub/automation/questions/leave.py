"""복무: days of leave, sick leave, and what becomes of leave at the end of the year."""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from hub.automation import leave, leave_days, leave_rest
from hub.automation.answer import Answer
from hub.automation.question import YEAR, Asked, Day, Group, OfficeRules, Question, Questioned
from hub.automation.questions.typed import Added, Days, Hours, LeftOut

OvertimeHours = Annotated[int, Field(ge=1, le=leave_rest.HOURS_MOST)]


class Span(Questioned):
    """One leave from a day to another."""

    leave: Annotated[leave_days.Leave, Asked("휴가", choices=leave_days.LEAVES)] = (
        leave_days.Leave.YEAR
    )
    first: Annotated[Day, Asked("첫날", today=True)]
    last: Annotated[Day, Asked("마지막 날", "같은 해 안", today=True)]
    before_days: Annotated[
        Days, Asked("앞서 쓴 날", "병가는 올해, 공가·특별휴가는 같은 사유", "일")
    ] = Decimal(0)


class Sick(Questioned):
    """One sick leave."""

    first: Annotated[Day, Asked("첫날", today=True)]
    last: Annotated[Day, Asked("마지막 날", "같은 해 안", today=True)]
    is_duty: Annotated[bool, Asked("공무상 병가", "공무로 다치거나 아픔")] = False
    has_note: Annotated[bool, Asked("이번 병가에 진단서가 있음")] = False
    before_days: Annotated[Days, Asked("올해 이미 쓴 병가", "", "일")] = Decimal(0)
    noted_days: Annotated[Days, Asked("그 가운데 진단서를 낸 날", "", "일")] = Decimal(0)


class Carried(Questioned):
    """One person's leave at the end of a year."""

    day: Annotated[Day, Asked("기준일", "그 해의 마지막 날")]
    unused_days: Annotated[int, Field(ge=0, le=366), Asked("남은 연가", "", "일")]
    unused_hours: Annotated[Hours, Asked("남은 시간", "하루가 안 되는", "시간")] = Decimal(0)
    paid_days: Annotated[int, Field(ge=0, le=366), Asked("보상하는 날", "", "일")] = 0
    converted_hours: Annotated[Hours, Asked("시간외에서 바꾼 연가", "안 쓴 것", "시간")] = Decimal(
        0
    )


class Ahead(Questioned):
    """One person who needs more leave than is left."""

    begun_on: Annotated[Day, Asked("임용일")]
    day: Annotated[Day, Asked("기준일", today=True)]
    left_out_days: LeftOut = 0
    added_months: Added = 0
    left_days: Annotated[Days, Asked("남은 연가", "저축연가를 더해", "일")] = Decimal(0)
    wanted_days: Annotated[Days, Asked("필요한 날", "", "일")]
    taken_days: Annotated[Days, Asked("이미 당겨쓴 날", "", "일")] = Decimal(0)


class Plan(Questioned):
    """One year of an office."""

    year: Annotated[int, Field(ge=2020, le=2099), Asked("연도", unit=YEAR, today=True)]
    recommended_days: Annotated[int, Field(ge=0, le=30), Asked("권장 연가", "10일 이상", "일")] = 10
    urged_on: Annotated[Day | None, Asked("촉구한 날", "아직이면 비워 두세요")] = None


class Converted(Questioned):
    """One month's overtime."""

    day: Annotated[Day, Asked("근무한 달의 마지막 날")]
    paid_hours: Annotated[OvertimeHours, Asked("수당을 받을 시간", "", "시간")]
    converted_hours: Annotated[OvertimeHours, Asked("연가로 바꿀 시간", "", "시간")]


def _span(office: OfficeRules, asked: Span) -> Answer:
    which = (asked.leave, asked.first, asked.last, asked.before_days)
    return leave_days.days(office.book, *which, office.holidays)


def _sick(office: OfficeRules, asked: Sick) -> Answer:
    return leave_days.sick(office.book, **asked.model_dump(), local=office.holidays)


def _carried(office: OfficeRules, asked: Carried) -> Answer:
    return leave_rest.carried(office.book, **asked.model_dump())


def _ahead(office: OfficeRules, asked: Ahead) -> Answer:
    service = leave.Service(asked.begun_on, asked.left_out_days, asked.added_months)
    days = (asked.left_days, asked.wanted_days, asked.taken_days)
    return leave_rest.ahead(office.book, asked.day, service.until(asked.day), *days)


def _plan(office: OfficeRules, asked: Plan) -> Answer:
    return leave_rest.plan(office.book, asked.year, asked.recommended_days, asked.urged_on)


def _converted(office: OfficeRules, asked: Converted) -> Answer:
    return leave_rest.converted(office.book, **asked.model_dump())


QUESTIONS: Final = (
    Question(
        "leave-days", Group.ATTENDANCE, "휴가 일수 세기",
        "토요일과 공휴일을 넣는지, 그래서 며칠인지", Span, _span,
    ),
    Question(
        "sick-leave", Group.ATTENDANCE, "병가", "며칠이고, 진단서가 드는지, 연가에서 빠지는지",
        Sick, _sick,
    ),
    Question(
        "leave-carried", Group.ATTENDANCE, "연가 이월·저축", "남은 연가에서 보상·저축·소멸하는 날",
        Carried, _carried,
    ),
    Question(
        "leave-ahead", Group.ATTENDANCE, "연가 당겨쓰기", "다음 연가를 며칠 미리 쓸 수 있는지",
        Ahead, _ahead,
    ),
    Question(
        "leave-plan", Group.ATTENDANCE, "권장 연가", "공지·촉구·지정의 날짜", Plan, _plan
    ),
    Question(
        "overtime-leave", Group.ATTENDANCE, "시간외를 연가로", "수당 대신 받는 연가",
        Converted, _converted,
    ),
)  # fmt: skip
