"""회계: closing dates, 일상경비 and 개산급."""

from typing import Annotated, Final

from pydantic import Field

from hub.automation import closing
from hub.automation.answer import Answer
from hub.automation.question import YEAR, Asked, Day, Group, OfficeRules, Question, Questioned
from hub.automation.questions.typed import Won, WonOrNone


class Year(Questioned):
    """One fiscal year."""

    fiscal_year: Annotated[int, Field(ge=2016, le=2099), Asked("회계연도", unit=YEAR, today=True)]
    why: Annotated[closing.Late, Asked("예외", choices=closing.LATE)] = closing.Late.NONE


class Petty(Questioned):
    """One sum for one office."""

    what: Annotated[closing.Petty, Asked("경비", choices=closing.PETTY)] = closing.Petty.RUNNING
    amount_won: Annotated[Won, Asked("교부할 금액", unit="원")]
    months: Annotated[int, Field(ge=1, le=12), Asked("몇 달분", unit="개월")] = 1
    day: Annotated[Day, Asked("교부일", today=True)]


class Estimate(Questioned):
    """One sum that was given on an estimate."""

    done_on: Annotated[Day, Asked("사무가 끝난 날", today=True)]
    given_won: Annotated[WonOrNone, Asked("받은 금액", unit="원")]
    spent_won: Annotated[WonOrNone, Asked("쓴 금액", unit="원")]


def _year(office: OfficeRules, asked: Year) -> Answer:
    return closing.year(office.book, asked.fiscal_year, asked.why, office.holidays)


def _petty(office: OfficeRules, asked: Petty) -> Answer:
    return closing.petty(office.book, asked.day, asked.what, asked.amount_won, asked.months)


def _estimate(office: OfficeRules, asked: Estimate) -> Answer:
    return closing.estimate(office.book, **asked.model_dump(), local=office.holidays)


QUESTIONS: Final = (
    Question(
        "closing", Group.ACCOUNTING, "출납 폐쇄와 완결", "연말에 언제까지 쓰고 마치는지",
        Year, _year,
    ),
    Question(
        "petty-cash", Group.ACCOUNTING, "일상경비", "얼마까지, 몇 달분까지 주는지", Petty, _petty
    ),
    Question(
        "estimate", Group.ACCOUNTING, "개산급 정산", "언제까지 정산하고 얼마를 돌려주는지",
        Estimate, _estimate,
    ),
)  # fmt: skip
