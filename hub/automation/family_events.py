"""경조사휴가: how many days by the event, and until when if they are taken in one piece.

별표 1 itself was not seen: its values are secondary, and an ordinance may say otherwise.
"""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Final

from hub.automation import working_days
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

APART_MOST_DAYS: Final = 366


class Event(StrEnum):
    """What happened."""

    OWN_WEDDING = "own-wedding"
    CHILD_WEDDING = "child-wedding"
    SPOUSE_BIRTH = "spouse-birth"
    SPOUSE_BIRTH_TWINS = "spouse-birth-twins"
    ADOPTION = "adoption"
    DEATH_SPOUSE = "death-spouse"
    DEATH_PARENT = "death-parent"
    DEATH_GRANDPARENT = "death-grandparent"
    DEATH_CHILD = "death-child"
    DEATH_SIBLING = "death-sibling"


EVENTS: Final = {
    Event.OWN_WEDDING: "본인 결혼", Event.CHILD_WEDDING: "자녀 결혼",
    Event.SPOUSE_BIRTH: "배우자 출산", Event.SPOUSE_BIRTH_TWINS: "배우자 출산(둘 이상)",
    Event.ADOPTION: "입양", Event.DEATH_SPOUSE: "배우자 사망",
    Event.DEATH_PARENT: "부모 사망(배우자의 부모 포함)",
    Event.DEATH_GRANDPARENT: "조부모·외조부모 사망(배우자의 조부모 포함)",
    Event.DEATH_CHILD: "자녀와 그 배우자 사망",
    Event.DEATH_SIBLING: "형제자매 사망(배우자의 형제자매 포함)",
}  # fmt: skip


def days(
    book: RuleBook, happened_on: date, event: Event, begins_on: date,
    local: Collection[date] = (),
) -> Answer:  # fmt: skip
    """Days for an event, and the last of them when they are taken from `begins_on` on.

    Raises:
        NotPossible, OutsideTable.
    """
    if abs((begins_on - happened_on).days) > APART_MOST_DAYS:
        raise NotPossible("begins_on", "휴가를 시작하는 날이 경조사와 1년 넘게 떨어져 있습니다.")
    work = Working(book, happened_on)
    count = work.number(f"leave.event.{event.value.replace('-', '_')}")
    work.step(EVENTS[event], f"{count}일")
    if not count:
        told = f"경조사휴가 없음 ({EVENTS[event]})"
        return work.answer(told, told, days=0, last_on=None)
    last, told = _last(work, begins_on, count, local)
    period = f"{working_days.written(begins_on)}~{working_days.written(last)}"
    work.step("기간", f"{period}, {told}")
    work.note("언제까지 쓰고 몇 번에 나누는지는 복무 예규가 정합니다.")
    work.note("조례가 더 정한 경조사가 있는지 보십시오(제7조의7제1항).")
    told = f"경조사휴가 {count}일"
    return work.answer(
        f"{told}, {working_days.written(last)}까지",
        f"{told} ({EVENTS[event]}, {period})",
        days=count, last_on=last,
    )  # fmt: skip


def _last(work: Working, begins_on: date, count: int, local: Collection[date]) -> tuple[date, str]:
    """Days off are left out, but for a leave of 30 days or more: only an ordinance gives one."""
    least = work.number("leave.counts_holidays_days")
    if count >= least:
        return working_days.after_days(begins_on, count - 1), f"{least}일 이상이라 모든 날을 셈"
    first = working_days.on_or_after(begins_on, local)
    last = working_days.after_working_days(first, count - 1, local)
    return last, f"{least}일이 안 되어 토요일·공휴일은 넣지 않음"
