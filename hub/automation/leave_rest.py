"""What becomes of leave: carried over, taken ahead, recommended by date, made of overtime."""

from datetime import date
from decimal import Decimal
from typing import Final

from hub.automation import leave, working_days
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

DAYS_MOST: Final = 366
HOURS_MOST: Final = 500


def carried(
    book: RuleBook, day: date, unused_days: int, unused_hours: Decimal, paid_days: int,
    converted_hours: Decimal = Decimal(0),
) -> Answer:  # fmt: skip
    """이월·저축 at the end of the year: what is paid for, what is saved, what is lost.

    Args:
        book: the rules.
        day: the end of the year.
        unused_days: whole days of the year's leave that were not taken.
        unused_hours: and hours that are less than a day.
        paid_days: for how many of them compensation is paid.
        converted_hours: leave made of overtime that was not taken (제4조제4항).

    Raises:
        NotPossible, OutsideTable.
    """
    work = Working(book, day)
    each, most = work.number("leave.day_h"), work.number("leave.paid_most_days")
    _may_be_left(unused_days, unused_hours, converted_hours, each)
    if not 0 <= paid_days <= min(unused_days, most):
        raise NotPossible("paid_days", f"보상하는 날은 남은 날 안에서 {most}일까지입니다.")
    unused = unused_days * each + unused_hours
    eligible = min(unused, Decimal(most * each))
    saved = eligible - paid_days * each + converted_hours
    lost = unused - eligible
    work.step("남은 연가", written(unused, each))
    work.step("보상 대상", f"{most}일까지라 {written(eligible, each)}")
    work.step("보상", f"−{paid_days}일")
    if converted_hours:
        work.step("시간외에서 바꾼 연가", f"+{written(converted_hours, each)}")
    work.step("이월·저축", written(saved, each))
    _carried_notes(work, lost, each)
    return work.answer(
        f"이월·저축 {written(saved, each)}",
        f"{day.year}년 이월·저축 연가 {written(saved, each)} (보상 {paid_days}일)",
        saved_hours=saved, paid_days=paid_days, lost_hours=lost,
    )  # fmt: skip


def _may_be_left(days: int, hours: Decimal, converted: Decimal, each: int) -> None:
    if not 0 <= days <= DAYS_MOST:
        raise NotPossible("unused_days", "남은 연가는 0일부터 366일까지 적습니다.")
    if not 0 <= hours < each:
        raise NotPossible("unused_hours", f"시간은 {each}시간보다 적게 적습니다.")
    if not 0 <= converted <= HOURS_MOST:
        raise NotPossible("converted_hours", f"시간은 0부터 {HOURS_MOST}까지 적습니다.")


def _carried_notes(work: Working, lost: Decimal, each: int) -> None:
    if lost:
        work.note(
            f"{written(lost, each)}은 보상 대상 20일을 넘어 이월·저축되지 않습니다(제7조의10제1항)."
        )
    work.note(
        "이월·저축한 연가에는 보상비가 없습니다. 직권면직과 사망은 예외입니다(제7조의10제3항)."
    )
    work.note("쓸 수 있는 기한을 둔 제7조의10제2항은 2024. 7. 2. 삭제되었습니다.")


def ahead(
    book: RuleBook, day: date, served: leave.Tenure, left_days: Decimal, wanted_days: Decimal,
    taken_days: Decimal = Decimal(0),
) -> Answer:  # fmt: skip
    """연가 당겨쓰기(미리 쓰기): of the next step of tenure, when this year's leave does not do.

    Args:
        book: the rules.
        day: when.
        served: 재직기간.
        left_days: leave left, with what was saved.
        wanted_days: days that are needed.
        taken_days: taken ahead already.

    Raises:
        NotPossible, OutsideTable.
    """
    for name, days in (
        ("left_days", left_days), ("wanted_days", wanted_days), ("taken_days", taken_days),
    ):  # fmt: skip
        if not 0 <= days <= DAYS_MOST:
            raise NotPossible(name, "날수는 0부터 366까지 적습니다.")
    work = Working(book, day)
    most = work.number(f"leave.ahead.{leave.ahead_of(served)}")
    short = max(wanted_days - left_days, Decimal(0))
    room = max(most - taken_days, Decimal(0))
    can = short <= room
    work.step("모자라는 날", f"{_days(wanted_days)} − {_days(left_days)} → {_days(short)}")
    work.step("미리 쓸 수 있는 날", f"재직 {served.written}: {most}일 − {_days(taken_days)} → "
              f"{_days(room)}")  # fmt: skip
    work.note("다음 재직기간의 연가에서 빠집니다. 기관장이 쓰게 할 수 있는 것입니다(제7조의3).")
    if not short:
        told = "미리 쓰지 않아도 됨"
    else:
        told = f"{_days(short)} 미리 쓸 수 있음" if can else f"{_days(short - room)} 모자람"
    return work.answer(
        f"연가 당겨쓰기: {told}",
        f"연가 당겨쓰기 {_days(min(short, room))} (재직 {served.written})",
        can=can, ahead_days=min(short, room), most_days=most,
    )  # fmt: skip


def plan(book: RuleBook, year: int, recommended_days: int, urged_on: date | None = None) -> Answer:
    """권장 연가 of a year: what is due when, and until when whoever was urged has to reply.

    Raises:
        NotPossible, OutsideTable.
    """
    work = Working(book, date(year, 1, 1))
    least = work.number("leave.plan.least_days")
    if recommended_days < least:
        raise NotPossible("recommended_days", f"권장 연가는 {least}일 이상으로 정합니다.")
    by, name_by = (_on(work, year, key) for key in ("leave.plan.by", "leave.plan.name_by"))
    opens, closes = (_on(work, year, f"leave.plan.urge_{end}") for end in ("from", "to"))
    if urged_on is not None and not opens <= urged_on <= closes:
        raise NotPossible("urged_on", "촉구는 6월 1일부터 7월 31일 사이에 합니다.")
    work.step("공지", f"{recommended_days}일과 보상 여부를 {working_days.written(by)}까지")
    work.step("촉구", f"{working_days.written(opens)}부터 {working_days.written(closes)}까지")
    reply = None
    days = work.number("leave.plan.reply_days")
    if urged_on is not None:
        reply = working_days.after_days(urged_on, days)
        work.step("사용 시기 통보", f"촉구 다음 날부터 세어 {working_days.written(reply)}까지")
    work.step("시기 지정", f"알려 오지 않으면 {working_days.written(name_by)}까지 정해 통보")
    work.note("둘을 다 했는데도 쓰지 않은 권장 연가에는 보상비를 주지 않을 수 있습니다.")
    for due in (by, closes, name_by):
        if not working_days.is_working(due):
            safe = working_days.written(working_days.on_or_before(due))
            work.note(f"{working_days.written(due)}은 쉬는 날: {safe}까지 하면 늦지 않습니다.")
    told = f"공지 {working_days.written(by)}까지, 시기 지정 {working_days.written(name_by)}까지"
    return work.answer(
        told, f"{year}년 권장 연가 {recommended_days}일: {told}",
        announce_by=by, urge_from=opens, urge_to=closes, reply_by=reply, name_by=name_by,
    )  # fmt: skip


def _on(work: Working, year: int, key: str) -> date:
    month, day = divmod(work.number(key), 100)
    return date(year, month, day)


def converted(book: RuleBook, day: date, paid_hours: int, converted_hours: int) -> Answer:
    """시간외근무 made into leave instead of pay, as far as the ordinance lets it (제4조제4항).

    Args:
        book: the rules.
        day: the last day of the month that was worked.
        paid_hours: hours for which overtime is paid.
        converted_hours: of them, hours to be made leave.

    Raises:
        NotPossible, OutsideTable.
    """
    if not 0 < paid_hours <= HOURS_MOST:
        raise NotPossible("paid_hours", f"시간은 1부터 {HOURS_MOST}까지 적습니다.")
    if not 0 < converted_hours <= paid_hours:
        raise NotPossible("converted_hours", "수당을 받을 시간 안에서만 연가로 바꿉니다.")
    work = Working(book, day)
    each = work.number("leave.day_h")
    rest = paid_hours - converted_hours
    made = written(Decimal(converted_hours), each)
    work.step("연가", f"{converted_hours}시간 → {made} ({each}시간이 하루)")
    work.step("수당", f"{paid_hours}시간 − {converted_hours}시간 = {rest}시간")
    work.note("지방자치단체의 조례가 정한 경우에만, 그 조례가 정한 대로 바꿉니다(제4조제4항).")
    work.note("쓰지 않고 남으면 이월·저축할 수 있습니다(제7조의10제1항).")
    return work.answer(
        f"연가 {made}, 수당 {rest}시간", f"시간외근무 {converted_hours}시간을 연가 {made}로 전환",
        leave_days=converted_hours // each, leave_hours=converted_hours % each, paid_hours=rest,
    )  # fmt: skip


def written(hours: Decimal, each: int) -> str:
    """`3일 4시간`."""
    days, rest = divmod(hours, each)
    told = [f"{days:.0f}일"] * bool(days) + [f"{rest.normalize():f}시간"] * bool(rest)
    return " ".join(told) or "0일"


def _days(value: Decimal) -> str:
    return f"{value.normalize():f}일"
