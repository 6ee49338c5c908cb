"""복무: family allowance, festival pay and meals."""

from typing import Annotated, Final

from pydantic import Field

from hub.automation import family_pay, office_pay
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


class Member(Questioned):
    """One of the family."""

    kin: Annotated[family_pay.Kin, Asked("관계", "배우자 쪽 가족도", choices=family_pay.KIN)]
    born_on: Annotated[Day | None, Asked("생년월일", "배우자는 비워 두어도 돼요")] = None
    lives: Annotated[family_pay.Lives, Asked("함께 사는지", choices=family_pay.LIVES)] = (
        family_pay.Lives.TOGETHER
    )
    since: Annotated[
        Day | None, Asked("사유가 생긴 날", "결혼·출생·전입한 날, 전부터면 비워 두세요")
    ] = None
    until: Annotated[
        Day | None, Asked("사유가 사라진 날", "이혼·사망·분가한 날, 없으면 비워 두세요")
    ] = None
    is_disabled: Annotated[bool, Asked("장애가 있음", "제10조제3항")] = False
    is_paid_elsewhere: Annotated[
        bool, Asked("다른 공무원이 받음", "이 사람의 가족수당을, 예: 형제가 부모의 것을")
    ] = False


class Family(Questioned):
    """One person's month. Children who are grown stand there too: their order counts."""

    month: Annotated[Day, Asked("달", "그 달의 아무 날", today=True)]
    couple: Annotated[family_pay.Couple, Asked("맞벌이", choices=family_pay.COUPLE)] = (
        family_pay.Couple.NONE
    )
    family: Annotated[
        tuple[Member, ...], Field(min_length=1, max_length=family_pay.FAMILY_MOST),
        Asked("가족", "19세가 넘은 자녀도 적어요"),
    ]  # fmt: skip


def _family(office: OfficeRules, asked: Family) -> Answer:
    members = [family_pay.Member(**one.model_dump()) for one in asked.family]
    return family_pay.family(office.book, asked.month, asked.couple, members)


def _festival(office: OfficeRules, asked: Festival) -> Answer:
    return office_pay.festival(office.book, asked.festival_on, asked.monthly_won)


def _meals(office: OfficeRules, asked: Meals) -> Answer:
    return office_pay.meals(office.book, asked.month, asked.absent_days, asked.worked_days)


QUESTIONS: Final = (
    Question(
        "family-pay", Group.ATTENDANCE, "가족수당", "그 달에 누구 몫으로 얼마인지", Family, _family
    ),
    Question(
        "festival-pay", Group.ATTENDANCE, "명절휴가비", "얼마이고 언제 주는지", Festival, _festival
    ),
    Question(
        "meal-pay", Group.ATTENDANCE, "정액급식비", "결근·휴직이 있는 달의 급식비", Meals, _meals
    ),
)
