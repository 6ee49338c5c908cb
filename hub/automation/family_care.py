"""가족돌봄휴가: for what, how many days are left of the year, and how many of them are paid."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from hub.automation import working_days
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

CHILDREN_MOST: Final = 20
BETWEEN_BY: Final = "대통령령 제36443호"
"""What made care between nursery and school a cause."""


class Care(StrEnum):
    """The causes of 제7조의7제9항."""

    CLOSED = "closed"
    EVENT = "event"
    BETWEEN = "between"
    CLINIC = "clinic"
    ILL = "ill"


CARES: Final = {
    Care.CLOSED: "어린이집·유치원·학교의 휴업·휴원·휴교", Care.EVENT: "공식 행사나 교사와의 상담",
    Care.BETWEEN: "어린이집 등을 졸업하고 입학하기 전까지",
    Care.CLINIC: "미성년·장애인 자녀(손자녀)의 병원 진료 동행",
    Care.ILL: "가족의 질병·사고·노령",
}  # fmt: skip


class Whom(StrEnum):
    """Who is cared for."""

    CHILD = "child"
    """미성년이거나 장애인인 자녀."""
    GROWN_CHILD = "grown-child"
    GRANDCHILD = "grandchild"
    ELDER = "elder"
    """조부모·외조부모·부모(배우자의 부모 포함)·배우자."""


WHOM: Final = {
    Whom.CHILD: "미성년이거나 장애인인 자녀", Whom.GROWN_CHILD: "그 밖의 자녀",
    Whom.GRANDCHILD: "손자녀", Whom.ELDER: "배우자·부모·조부모·외조부모",
}  # fmt: skip


def care(
    book: RuleBook, day: date, cause: Care, whom: Whom, children: int = 0,
    *, is_single_or_disabled: bool = False, used_days: Decimal = Decimal(0),
    used_paid_days: Decimal = Decimal(0),
) -> Answer:  # fmt: skip
    """What is left of the year, and of it with pay.

    Args:
        book: the rules.
        day: on which day it is taken.
        cause: for what.
        whom: for whom.
        children: 제9항제1호의 어린이집등에 다니거나 미성년인 자녀, 장애인인 자녀의 수.
        is_single_or_disabled: 한부모이거나 장애인인 자녀가 있음.
        used_days: taken this year, paid or not.
        used_paid_days: of them with pay.

    Raises:
        NotPossible, OutsideTable.
    """
    work = Working(book, day)
    _may_be(work, cause, whom, children)
    most = work.number("leave.family_care_days")
    if not 0 <= used_paid_days <= used_days <= most:
        raise NotPossible("used_days", f"한 해 {most}일까지이고, 유급은 그 가운데 일부입니다.")
    left = most - used_days
    work.step("사유", f"{CARES[cause]}, {WHOM[whom]}")
    work.step("한 해", f"{most}일 − 쓴 {_days(used_days)} = {_days(left)}")
    is_paid = whom is Whom.CHILD or (whom is Whom.GROWN_CHILD and cause is not Care.ILL)
    year = _paid(work, children if is_paid else 0, is_single_or_disabled)
    paid = max(min(year - used_paid_days, left), Decimal(0))
    told = f"{_days(left)} 남음, 그 가운데 유급 {_days(paid)}"
    return work.answer(
        f"가족돌봄휴가 {told}", f"가족돌봄휴가 {told} ({CARES[cause]})",
        left_days=left, paid_days=paid, unpaid_days=left - paid,
    )  # fmt: skip


def _may_be(work: Working, cause: Care, whom: Whom, children: int) -> None:
    rows = work.book.rule("leave.family_care_days").rows
    since = next(row.since for row in rows if row.by == BETWEEN_BY)
    if cause is Care.BETWEEN and work.day < since:
        told = working_days.written(since)
        raise NotPossible("cause", f"졸업 뒤 입학 전까지의 돌봄은 {told}부터 쓸 수 있습니다.")
    if cause is not Care.ILL and whom is Whom.ELDER:
        raise NotPossible("whom", "이 사유는 자녀와 손자녀를 돌볼 때만 됩니다.")
    if cause is Care.CLINIC and whom is Whom.GROWN_CHILD:
        raise NotPossible("whom", "병원 진료 동행은 미성년이거나 장애인인 자녀·손자녀만 됩니다.")
    if not 0 <= children <= CHILDREN_MOST:
        raise NotPossible("children", f"자녀 수는 0부터 {CHILDREN_MOST}까지 적습니다.")
    if whom is Whom.CHILD and not children:
        raise NotPossible("children", "자녀를 돌보는 휴가이면 자녀 수를 적으십시오.")


def _paid(work: Working, children: int, more: bool) -> Decimal:
    """제10항: only for children, and in illness only for those under age or disabled."""
    if not children:
        work.found("leave.family_care_paid_more")
        work.step("유급", "자녀(질병 등은 미성년·장애인 자녀)를 돌볼 때만 유급이라 0일")
        return Decimal(0)
    one = work.number("leave.family_care_paid_more")
    days = children + one
    told = f"자녀 {children}명 + {one}일"
    if more:
        another = work.number("leave.family_care_paid_single")
        days += another
        told += f" + 장애인 자녀·한부모 {another}일"
    work.step("유급", f"{told} = 한 해 {days}일")
    return Decimal(days)


def _days(value: Decimal) -> str:
    return f"{value.normalize():f}일"
