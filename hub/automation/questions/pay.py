"""복무: festival pay and meals."""

from typing import Annotated, Final

from pydantic import Field

from hub.automation import office_pay
from hub.automation.answer import Answer
from hub.automation.question import Asked, Day, Group, OfficeRules, Question, Questioned
from hub.automation.questions.typed import Pay


class Festival(Questioned):
    """One person at one festival."""

    festival_on: Annotated[Day, Asked("설날 또는 추석날")]
    monthly_won: Annotated[Pay, Asked("월봉급액", "그날의 봉급", "원")]


class Meals(Questioned):
    """One person's month."""

    month: Annotated[Day, Asked("달", "그 달의 아무 날", today=True)]
    absent_days: Annotated[
        int, Field(ge=0, le=31), Asked("빠지는 날", "결근, 무급 특별휴가", "일")
    ] = 0
    worked_days: Annotated[
        int | None, Field(ge=0, le=31), Asked("근무한 날", "달 중간에 복직·휴직했을 때만", "일")
    ] = None


def _festival(office: OfficeRules, asked: Festival) -> Answer:
    return office_pay.festival(office.book, asked.festival_on, asked.monthly_won)


def _meals(office: OfficeRules, asked: Meals) -> Answer:
    return office_pay.meals(office.book, asked.month, asked.absent_days, asked.worked_days)


QUESTIONS: Final = (
    Question(
        "festival-pay", Group.ATTENDANCE, "명절휴가비", "얼마이고 언제 주는지", Festival, _festival
    ),
    Question(
        "meal-pay", Group.ATTENDANCE, "정액급식비", "결근·휴직이 있는 달의 급식비", Meals, _meals
    ),
)
