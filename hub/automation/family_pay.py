"""가족수당 of a month: who of a family counts, and what is paid for each (제10조).

What the text leaves open is told both ways: whether the order of children counts those for whom
nothing is paid any more, and whether children take of the places of the others. Left out: what is
taken off under 제8항, whose annex was not seen.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from hub.automation import won
from hub.automation.ages import birthday
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

FAMILY_MOST: Final = 30


class Kin(StrEnum):
    """Who somebody is to the official, or to the official's spouse."""

    SPOUSE = "spouse"
    CHILD = "child"
    DESCENDANT = "descendant"
    ELDER_MAN = "elder-man"
    ELDER_WOMAN = "elder-woman"
    SIBLING = "sibling"
    SIBLING_ALONE = "sibling-alone"


KIN: Final = {
    Kin.SPOUSE: "배우자", Kin.CHILD: "자녀", Kin.DESCENDANT: "손자녀 등 그 밖의 직계비속",
    Kin.ELDER_MAN: "직계존속(남)", Kin.ELDER_WOMAN: "직계존속(여)", Kin.SIBLING: "형제자매",
    Kin.SIBLING_ALONE: "형제자매(부모가 사망했거나 장애)",
}  # fmt: skip


class Lives(StrEnum):
    """With whom somebody lives."""

    TOGETHER = "together"
    APART = "apart"
    WITH_SPOUSE = "with-spouse"
    ELSEWHERE = "elsewhere"


LIVES: Final = {
    Lives.TOGETHER: "한 세대에서 생계를 같이함",
    Lives.APART: "취학·요양·주거·근무 형편으로 별거",
    Lives.WITH_SPOUSE: "그 형편으로 별거하며 배우자와 한 세대",
    Lives.ELSEWHERE: "그 밖에 따로 삶",
}


class Couple(StrEnum):
    """What the spouse is and gets."""

    NONE = "none"
    MINE = "mine"
    THEIRS = "theirs"
    PUBLIC = "public"


COUPLE: Final = {
    Couple.NONE: "해당 없음", Couple.MINE: "배우자도 공무원, 내가 받음",
    Couple.THEIRS: "배우자도 공무원, 배우자가 받음", Couple.PUBLIC: "배우자가 공공기관 등에서 받음",
}  # fmt: skip
_ELDERS: Final = (Kin.ELDER_MAN, Kin.ELDER_WOMAN)
_APART: Final = (Kin.SPOUSE, Kin.CHILD)
"""Who counts though apart, wherever they live (제2항 단서)."""
_CHILD_WON: Final = ("first_child_won", "second_child_won", "later_child_won")


@dataclass(frozen=True, slots=True)
class Member:
    """One of a family. `since`, `until`: when the reason to pay came and went."""

    kin: Kin
    born_on: date | None = None
    lives: Lives = Lives.TOGETHER
    is_disabled: bool = False
    is_paid_elsewhere: bool = False
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class _Month:
    first: date
    last: date


def family(book: RuleBook, month: date, couple: Couple, members: Sequence[Member]) -> Answer:
    """What is paid in the month of `month`. Raises NotPossible, OutsideTable."""
    _check(members)
    whole = _Month(month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1]))
    work = Working(book, whole.last)
    why = [_why_not(work, whole, one) for one in members]
    if couple in (Couple.THEIRS, Couple.PUBLIC):
        return _nothing(work, whole, couple)
    counted = [nth for nth, said in enumerate(why) if not said]
    ways = dict(_ways(work, members, counted))
    _tell(work, members, why, ways)
    return _told(work, whole, ways, len(counted))


def _check(members: Sequence[Member]) -> None:
    """Raises NotPossible."""
    spouses = 0
    for nth, one in enumerate(members):
        spouses += one.kin is Kin.SPOUSE
        if spouses > 1:
            raise NotPossible("family", "배우자는 한 사람입니다.", nth, "kin")
        if one.born_on is None and one.kin is not Kin.SPOUSE:
            raise NotPossible("family", "생년월일을 적으십시오.", nth, "born_on")
        if one.since and one.until and one.until < one.since:
            raise NotPossible("family", "사유가 생긴 날보다 앞섭니다.", nth, "until")


def _why_not(work: Working, month: _Month, one: Member) -> str:
    """Why somebody does not count in this month; empty: they do."""
    if one.is_paid_elsewhere:
        return "다른 공무원이 이 사람의 수당을 받음(제4항)"
    if (one.since and one.since > month.last) or (one.born_on and one.born_on > month.last):
        return "사유가 이달 뒤에 생김(제7항)"
    if one.until and one.until < month.first:
        return "사유가 지난달까지 사라짐(제7항)"
    return _not_at_home(one) or _not_of_age(work, month, one)


def _not_at_home(one: Member) -> str:
    together = one.lives is Lives.TOGETHER
    apart = one.lives in (Lives.APART, Lives.WITH_SPOUSE) and one.kin in _APART
    with_spouse = one.lives is Lives.WITH_SPOUSE and one.kin in _ELDERS
    return "" if together or apart or with_spouse else "세대와 생계를 같이하지 않음(제2항)"


def _not_of_age(work: Working, month: _Month, one: Member) -> str:
    if one.is_disabled or one.kin is Kin.SPOUSE or one.born_on is None:
        return ""
    if one.kin is Kin.SIBLING:
        return "장애가 없고 부모가 있음(제2항제4호)"
    if one.kin in _ELDERS:
        which = "elder_woman_age" if one.kin is Kin.ELDER_WOMAN else "elder_age"
        age = work.number(f"pay.family.{which}")
        return (
            "" if birthday(one.born_on, age) <= month.last else f"{age}세가 되지 않음(제2항제2호)"
        )
    age = work.number("pay.family.young_age")
    ends_on = birthday(one.born_on, age)
    if ends_on == month.first:
        work.note(f"{age}세가 되는 생일이 1일인 사람은 그 생일이 있는 달까지 셌습니다.")
    return "" if ends_on >= month.first else f"지난달까지 {age}세가 됨(제2항)"


def _ways(
    work: Working, members: Sequence[Member], counted: Sequence[int]
) -> Iterator[tuple[str, Mapping[int, int]]]:
    """What each is paid, by every way to read what the text leaves open."""
    children = sorted(
        (nth for nth, one in enumerate(members) if one.kin is Kin.CHILD),
        key=lambda nth: members[nth].born_on or date.max,
    )
    paid = [nth for nth in children if nth in counted]
    others = [nth for nth in counted if nth not in paid]
    won_of = {nth: _won(work, members[nth].kin) for nth in others}
    others.sort(key=lambda nth: -won_of[nth])
    most = work.number("pay.family.most")
    for order, ranked in (("모든 자녀의 태어난 순서", children), ("받는 자녀끼리의 순서", paid)):
        of_children = {nth: _child_won(work, ranked.index(nth)) for nth in paid}
        for first, room in (("다른 가족부터", most), ("자녀부터", max(most - len(paid), 0))):
            of_others = {nth: won_of[nth] for nth in others[:room]}
            yield f"{order}, {most}명을 {first}", {**of_children, **of_others}


def _won(work: Working, kin: Kin) -> int:
    return work.number(f"pay.family.{'spouse_won' if kin is Kin.SPOUSE else 'other_won'}")


def _child_won(work: Working, rank: int) -> int:
    return work.number(f"pay.family.{_CHILD_WON[min(rank, len(_CHILD_WON) - 1)]}")


def _tell(
    work: Working, members: Sequence[Member], why: Sequence[str],
    ways: Mapping[str, Mapping[int, int]],
) -> None:  # fmt: skip
    """A step for each: what is paid, or why nothing is."""
    for nth, one in enumerate(members):
        amounts = sorted({each.get(nth, 0) for each in ways.values()}, reverse=True)
        told = " 또는 ".join(won.digits(amount) for amount in amounts)
        work.step(f"{nth + 1}. {KIN[one.kin]}", f"셈하지 않음: {why[nth]}" if why[nth] else told)


def _told(
    work: Working, month: _Month, ways: Mapping[str, Mapping[int, int]], counted: int
) -> Answer:
    sums = {way: sum(each.values()) for way, each in ways.items()}
    least, most = min(sums.values()), max(sums.values())
    _note(work)
    figures = {"people": counted}
    if least == most:
        told = won.digits(least)
        return work.answer(
            f"가족수당 {told}", f"{_named(month)} 가족수당 {won.official(least)}",
            pay_won=least, **figures,
        )  # fmt: skip
    each = ", ".join(f"{way}: {won.digits(amount)}" for way, amount in sums.items())
    work.note(f"글로는 다 정해지지 않아 셈하는 길마다 다릅니다({each}). 보수 업무지침을 보십시오.")
    told = f"{won.digits(least)} 또는 {won.digits(most)}"
    return work.answer(
        f"가족수당 {told}", f"{_named(month)} 가족수당 {told}",
        pay_won=None, least_won=least, at_most_won=most, **figures,
    )  # fmt: skip


def _nothing(work: Working, month: _Month, couple: Couple) -> Answer:
    why = (
        "부부가 공무원이면 한 사람에게만 줍니다(제4항)."
        if couple is Couple.THEIRS
        else "배우자가 국가기관·공공기관 등에서 가족수당을 받으면 주지 않습니다(제5항)."
    )
    work.found("pay.family.most")
    work.step("배우자", why)
    _note(work)
    return work.answer(
        "가족수당 없음", f"{_named(month)} 가족수당 없음", pay_won=0, people=0
    )  # fmt: skip


def _note(work: Working) -> None:
    work.note("사유가 생긴 달부터 사라진 달까지 한 달 치를 줍니다. 날수로 나누지 않습니다(제7항).")
    work.note("부양가족신고서를 낸 사람에게 줍니다. 가족이 달라져도 냅니다(제6항).")
    work.note(
        "징계·직위해제·휴직으로 봉급이 줄면 별표 4만큼 뺍니다(제8항). 별표 4는 보지 못했습니다."
    )
    work.note("시간선택제·한시임기제도 전일제와 같은 금액입니다(제21조의2, 제21조의3).")


def _named(month: _Month) -> str:
    return f"{month.first.year}년 {month.first.month}월"
