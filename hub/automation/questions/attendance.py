"""복무: leave, the pay for it, overtime."""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from hub.automation import leave, overtime
from hub.automation.answer import Answer
from hub.automation.question import Asked, Day, Group, OfficeRules, Question, Questioned
from hub.automation.questions.typed import Added, Days, Hours, LeftOut, Pay

GRADES: Final = {
    overtime.Grade.NINTH: "9급 등", overtime.Grade.EIGHTH: "8급 등",
    overtime.Grade.OTHER: "7급 이상 등",
}  # fmt: skip


class AnnualLeave(Questioned):
    """One person in one year."""

    begun_on: Annotated[Day, Asked("임용일")]
    day: Annotated[Day, Asked("기준일", "재직기간을 세는 날", today=True)]
    left_out_days: LeftOut = 0
    added_months: Added = 0
    worked_months: Annotated[
        int | None,
        Field(ge=0, le=12),
        Asked("올해 근무한 달", "비우면 모두. 올해 임용이면 그날부터. 15일 이상은 한 달", "달"),
    ] = None
    no_sick_leave: Annotated[bool, Asked("지난해 병가를 쓰지 않음", "공무상 병가는 빼고")] = False
    unpaid_rest: Annotated[bool, Asked("지난해 연가가 남았고 보상받지 못함")] = False
    similar_career: Annotated[bool, Asked("유사경력이 있음", "조례로 정한 것, 재직 5년 미만만")] = (
        False
    )
    late_hours: Annotated[Hours, Asked("지각·조퇴·외출", "질병이 아닌 것의 합", "시간")] = Decimal(
        0
    )
    sick_days_without_note: Annotated[Days, Asked("진단서 없는 병가", "한 해의 합", "일")] = (
        Decimal(0)
    )
    absent_days: Annotated[int, Field(ge=0, le=366), Asked("결근", "", "일")] = 0
    suspended_days: Annotated[
        int, Field(ge=0, le=366), Asked("정직·직위해제·강등", "저축연가에서는 빼지 않음", "일")
    ] = 0
    saved_days: Annotated[Days, Asked("저축연가", "", "일")] = Decimal(0)


class LeavePay(Questioned):
    """One person's leave that was left over."""

    half: Annotated[leave.Half, Asked("기준일", choices=leave.HALVES)] = leave.Half.DECEMBER
    monthly_won: Annotated[Pay, Asked("월봉급액", "기준일의 봉급, 퇴직하면 그 전날의 봉급", "원")]
    unused_days: Annotated[int, Field(ge=0, le=366), Asked("남은 연가", "8시간 미만은 뺌", "일")]
    june_paid_won: Annotated[
        int,
        Field(ge=0, le=leave.PAY_MOST_WON),
        Asked("6월에 준 금액", "12월과 7월 뒤 퇴직에만", "원"),
    ] = 0
    paid_on: Annotated[Day, Asked("지급일", today=True)]


class Evening(Questioned):
    """What was ordered and worked on one day."""

    day: Annotated[Day, Asked("날", today=True)]
    hours: Annotated[int, Field(ge=0, le=24), Asked("시간", unit="시간")] = 0
    minutes: Annotated[int, Field(ge=0, le=59), Asked("분", unit="분")] = 0
    is_exempt: Annotated[bool, Asked("한도 없음", "재난 등, 제15조제4항제2호·제3호")] = False


class Overtime(Questioned):
    """One person's month."""

    base_won: Annotated[Pay, Asked("기준호봉의 봉급액", "수당규정 별표 11", "원")]
    grade: Annotated[
        overtime.Grade,
        Asked("직급", choices=GRADES),
    ] = overtime.Grade.OTHER
    is_shift: Annotated[
        bool, Asked("현업공무원등", "빼는 시간과 한도가 없음. 정규 근무·휴식은 빼고 적음")
    ] = False
    evenings: Annotated[
        tuple[Evening, ...], Field(min_length=1, max_length=31), Asked("시간외근무한 날")
    ]
    paid_on: Annotated[Day, Asked("지급일", today=True)]


class Shift(Questioned):
    """One person's month of shifts."""

    base_won: Annotated[Pay, Asked("기준호봉의 봉급액", "수당규정 별표 11", "원")]
    grade: Annotated[overtime.Grade, Asked("직급", choices=GRADES)] = overtime.Grade.OTHER
    night_hours: Annotated[
        int, Field(ge=0, le=overtime.NIGHT_MOST_H), Asked("야간근무", "하루 8시간 기준", "시간")
    ] = 0
    holiday_days: Annotated[
        int, Field(ge=0, le=overtime.HOLIDAYS_MOST), Asked("휴일근무", "9시부터 18시까지", "일")
    ] = 0
    paid_on: Annotated[Day, Asked("지급일", today=True)]


def _annual(office: OfficeRules, asked: AnnualLeave) -> Answer:
    service = leave.Service(asked.begun_on, asked.left_out_days, asked.added_months)
    told = asked.model_dump(exclude={"begun_on", "day", "left_out_days", "added_months"})
    return leave.annual(office.book, asked.day, service, leave.Year(**told))


def _pay(office: OfficeRules, asked: LeavePay) -> Answer:
    return leave.compensation(
        office.book, asked.paid_on, asked.monthly_won, asked.unused_days, asked.half,
        asked.june_paid_won,
    )  # fmt: skip


def _overtime(office: OfficeRules, asked: Overtime) -> Answer:
    evenings = [
        overtime.Evening(one.day, one.hours * 60 + one.minutes, one.is_exempt)
        for one in asked.evenings
    ]
    return overtime.month(
        office.book, evenings, asked.base_won, asked.grade, asked.paid_on, office.holidays,
        is_shift=asked.is_shift,
    )  # fmt: skip


def _shift(office: OfficeRules, asked: Shift) -> Answer:
    return overtime.shift(office.book, **asked.model_dump())


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
    Question(
        "shift-pay", Group.ATTENDANCE, "야간·휴일근무수당", "현업공무원의 한 달 야간과 휴일",
        Shift, _shift,
    ),
)  # fmt: skip
