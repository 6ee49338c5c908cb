"""복무: leave, the pay for it, overtime."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from hub.automation import leave, overtime
from hub.automation.answer import Answer
from hub.automation.question import Asked, Day, Group, OfficeRules, Question, Questioned
from hub.automation.questions.typed import Days, Hours, Pay


class AnnualLeave(Questioned):
    """One person in one year."""

    begun_on: Annotated[Day, Asked("임용일")]
    day: Annotated[Day, Asked("기준일", "재직기간을 세는 날", today=True)]
    left_out_days: Annotated[
        int, Field(ge=0, le=20_000), Asked("재직기간에서 빠지는 날", "휴직·정직 등", "일")
    ] = 0
    worked_months: Annotated[
        int, Field(ge=0, le=12), Asked("올해 근무한 달", "15일 이상이면 한 달로", "달")
    ] = 12
    no_sick_leave: Annotated[bool, Asked("지난해 병가를 쓰지 않음")] = False
    unpaid_rest: Annotated[bool, Asked("지난해 연가가 남았고 보상받지 못함")] = False
    similar_career: Annotated[bool, Asked("유사경력이 있음", "재직 5년 미만만")] = False
    late_hours: Annotated[Hours, Asked("지각·조퇴·외출", "질병이 아닌 것의 합", "시간")] = Decimal(
        0
    )
    sick_days_without_note: Annotated[Days, Asked("진단서 없는 병가", "한 해의 합", "일")] = (
        Decimal(0)
    )
    absent_days: Annotated[int, Field(ge=0, le=366), Asked("결근·정직·직위해제·강등", "", "일")] = 0
    saved_days: Annotated[Days, Asked("저축연가", "", "일")] = Decimal(0)


class Half(StrEnum):
    """As of which day leave is paid for."""

    JUNE = "june"
    DECEMBER = "december"


class LeavePay(Questioned):
    """One person's leave that was left over."""

    half: Annotated[
        Half, Asked("기준일", choices={"june": "6월 30일", "december": "12월 31일"})
    ] = Half.DECEMBER
    monthly_won: Annotated[Pay, Asked("월봉급액", "기준일의 봉급", "원")]
    unused_days: Annotated[int, Field(ge=0, le=366), Asked("남은 연가", "8시간 미만은 뺌", "일")]
    june_paid_won: Annotated[
        int, Field(ge=0, le=leave.PAY_MOST_WON), Asked("6월에 준 금액", "12월에만", "원")
    ] = 0
    paid_on: Annotated[Day, Asked("지급일", today=True)]


class Evening(Questioned):
    """What was ordered and worked on one day."""

    day: Annotated[Day, Asked("날", today=True)]
    hours: Annotated[int, Field(ge=0, le=24), Asked("시간", unit="시간")] = 0
    minutes: Annotated[int, Field(ge=0, le=59), Asked("분", unit="분")] = 0
    is_exempt: Annotated[bool, Asked("한도 없음", "현업·재난 등")] = False


class Overtime(Questioned):
    """One person's month."""

    base_won: Annotated[Pay, Asked("기준호봉의 봉급액", "수당규정 별표 11", "원")]
    grade: Annotated[
        overtime.Grade,
        Asked("직급", choices={"9": "9급 등", "8": "8급 등", "other": "7급 이상 등"}),
    ] = overtime.Grade.OTHER
    evenings: Annotated[
        tuple[Evening, ...], Field(min_length=1, max_length=31), Asked("시간외근무한 날")
    ]
    paid_on: Annotated[Day, Asked("지급일", today=True)]


def _annual(office: OfficeRules, asked: AnnualLeave) -> Answer:
    served = leave.tenure(asked.begun_on, asked.day, asked.left_out_days)
    told = asked.model_dump(exclude={"begun_on", "day", "left_out_days"})
    return leave.annual(office.book, asked.day, served, leave.Year(**told))


def _pay(office: OfficeRules, asked: LeavePay) -> Answer:
    return leave.compensation(
        office.book, asked.paid_on, asked.monthly_won, asked.unused_days,
        june=asked.half is Half.JUNE, june_paid_won=asked.june_paid_won,
    )  # fmt: skip


def _overtime(office: OfficeRules, asked: Overtime) -> Answer:
    evenings = [
        overtime.Evening(one.day, one.hours * 60 + one.minutes, one.is_exempt)
        for one in asked.evenings
    ]
    return overtime.month(
        office.book, evenings, asked.base_won, asked.grade, asked.paid_on, office.holidays
    )


QUESTIONS: Final = (
    Question(
        "annual-leave", Group.ATTENDANCE, "연가 일수", "올해 쓸 수 있는 연가", AnnualLeave, _annual
    ),
    Question(
        "leave-pay", Group.ATTENDANCE, "연가보상비", "남은 연가에 줄 돈", LeavePay, _pay
    ),
    Question(
        "overtime", Group.ATTENDANCE, "시간외근무수당",
        "한 달의 시간과 수당. 2026. 10. 1. 앞뒤가 달라요", Overtime, _overtime,
    ),
)  # fmt: skip
