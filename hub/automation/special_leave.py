"""특별휴가: how many days, on which conditions, paid or not, and what is left of them.

The conditions that a person must judge (whether a cause holds) are named, not decided. 별표 2, for
who works part of the day, was not seen: such people's leave is not worked out here.
"""

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from hub.automation import working_days
from hub.automation.ages import birthday
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

WEEKS_MOST: Final = 45
_PART_TIME: Final = "시간선택제공무원 등은 별표 2에 따릅니다. 여기서는 셈하지 않습니다."


class Cause(StrEnum):
    """Why special leave is asked for, where one number answers."""

    CHECKUP = "checkup"
    CHECKUP_WITH = "checkup-with"
    WOMEN = "women"
    INSEMINATION = "insemination"
    FROZEN = "frozen"
    EGG = "egg"
    MAN = "man"
    DISASTER = "disaster"
    LARGE_DISASTER = "large-disaster"
    CALM = "calm"


NAMES: Final = {
    Cause.CHECKUP: "임신검진휴가", Cause.CHECKUP_WITH: "임신검진 동행휴가(배우자)",
    Cause.WOMEN: "여성보건휴가", Cause.INSEMINATION: "난임치료시술휴가: 인공수정",
    Cause.FROZEN: "난임치료시술휴가: 동결 배아 이식", Cause.EGG: "난임치료시술휴가: 난자 채취",
    Cause.MAN: "난임치료시술휴가: 남성", Cause.DISASTER: "재해구호휴가",
    Cause.LARGE_DISASTER: "재해구호휴가: 대규모 재난", Cause.CALM: "심리안정휴가",
}  # fmt: skip
_RULES: Final = {
    Cause.CHECKUP: "leave.checkup_days", Cause.CHECKUP_WITH: "leave.checkup_with_days",
    Cause.WOMEN: "leave.women_days", Cause.INSEMINATION: "leave.fertility_days.insemination",
    Cause.FROZEN: "leave.fertility_days.frozen", Cause.EGG: "leave.fertility_days.egg",
    Cause.MAN: "leave.fertility_days.man", Cause.DISASTER: "leave.disaster_days",
    Cause.LARGE_DISASTER: "leave.disaster_days.large", Cause.CALM: "leave.calm_days",
}  # fmt: skip
_CONDITIONS: Final = {
    Cause.CHECKUP: "임신기간 안에 검진을 받는 여성공무원",
    Cause.CHECKUP_WITH: "배우자의 임신기간 안에 검진에 동행하는 남성공무원",
    Cause.WOMEN: "생리기간에 쉬려는 여성공무원, 매월 1일, 무급",
    Cause.INSEMINATION: "시술 당일 1일, 시술일 전날·시술일 후 2일 이내나 진료일에 1일",
    Cause.FROZEN: "시술 당일 1일, 시술일 전날·시술일 후 2일 이내나 진료일에 2일",
    Cause.EGG: "난자 채취일 1일, 시술 당일 1일, 그 전날·후 2일 이내나 진료일에 2일",
    Cause.MAN: "정자 채취일",
    Cause.DISASTER: "재난 피해를 입은 공무원(배우자·부모·자녀의 피해 포함)과 자원봉사자",
    Cause.LARGE_DISASTER: "대규모 재난의 피해 수습이 오래 걸린다고 기관장이 인정한 공무원",
    Cause.CALM: "직무 가운데 인명피해를 겪었고(공무원 재해보상법 제5조) 회복이 필요한 공무원",
}
_SPAN: Final = {Cause.WOMEN: "이번 달"}


def simple(book: RuleBook, day: date, cause: Cause, used_days: Decimal = Decimal(0)) -> Answer:
    """Days of a leave that has one number. `used_days`: taken already for the same cause.

    Raises:
        NotPossible, OutsideTable.
    """
    work = Working(book, day)
    days = work.number(_RULES[cause])
    if not 0 <= used_days <= days:
        raise NotPossible("used_days", f"{NAMES[cause]}는 {days}일까지입니다.")
    left = days - used_days
    work.step("조건", _CONDITIONS[cause])
    work.step("날수", f"{days}일 − 쓴 {_days(used_days)} = {_days(left)}")
    work.note(_PART_TIME)
    if cause in (Cause.DISASTER, Cause.LARGE_DISASTER):
        work.note("재난에 드는지는 「재난 및 안전관리 기본법」 제3조제1호와 제14조로 봅니다.")
    span = _SPAN.get(cause, "")
    paid = "무급" if cause is Cause.WOMEN else "유급"
    told = f"{NAMES[cause]} {span}{' ' if span else ''}{_days(left)} 남음"
    return work.answer(
        f"{told} ({paid})", f"{NAMES[cause]}: {days}일 가운데 {_days(left)} 남음",
        days=days, left_days=left, is_paid=cause is not Cause.WOMEN,
    )  # fmt: skip


class Births(StrEnum):
    """What kind of birth."""

    ONE = "one"
    EARLY = "early"
    """미숙아."""
    TWINS = "twins"


BIRTHS: Final = {Births.ONE: "한 명", Births.EARLY: "미숙아", Births.TWINS: "둘 이상"}


def birth(
    book: RuleBook, begins_on: date, born_on: date, births: Births = Births.ONE,
    split_days: int = 0,
) -> Answer:  # fmt: skip
    """출산휴가: its last day, and whether enough of it lies after the birth.

    Its days are calendar days: 30 days or more for one cause count days off (제7조의8).

    Args:
        book: the rules.
        begins_on: the first day of what is taken in one piece.
        born_on: the day of birth, or the day it is expected.
        births: what kind of birth.
        split_days: days before it that were taken apart (제7조의7제3항 단서).

    Raises:
        NotPossible, OutsideTable.
    """
    work = Working(book, born_on)
    twins = ".twins" if births is Births.TWINS else ""
    days = work.number("leave.birth_days" + {Births.EARLY: ".early"}.get(births, twins))
    after_least = work.number(f"leave.birth_after_days{twins}")
    most_split = work.number(f"leave.birth_split_days{twins}")
    if not 0 <= split_days <= most_split:
        raise NotPossible("split_days", f"나누어 쓰는 날은 {most_split}일까지입니다.")
    work.found("leave.counts_holidays_days")
    last = begins_on + timedelta(days=days - split_days - 1)
    if not begins_on <= born_on <= last:
        raise NotPossible("born_on", "출산일이 휴가 기간 밖에 있습니다.")
    after = (last - born_on).days
    enough = after >= after_least
    piece = working_days.written(begins_on)
    work.step("날수", f"{BIRTHS[births]} {days}일 (토요일·공휴일도 셈)")
    if split_days:
        work.step("미리 나누어 쓴 날", f"{days}일 − {split_days}일 = {days - split_days}일")
    work.step("기간", f"{piece}부터 {working_days.written(last)}까지")
    sign = "≥" if enough else "<"
    work.step("출산 다음 날부터", f"{after}일 {sign} {after_least}일")
    if not enough:
        work.note(f"출산 뒤가 {after_least}일에 못 미칩니다. 시작하는 날을 늦추어야 합니다.")
    work.note("출산 뒤의 날수는 출산일을 빼고 셌습니다. 출산일을 넣는지는 복무 예규를 보십시오.")
    work.note(_PART_TIME)
    return work.answer(
        f"출산휴가 {days}일, {working_days.written(last)}까지"
        + ("" if enough else f" · 출산 뒤 {after_least}일이 안 됨"),
        f"출산휴가 {piece}~{working_days.written(last)} ({days - split_days}일)",
        days=days, last_on=last, after_days=after, is_enough_after=enough,
    )  # fmt: skip


_LOSS: Final = ((28, "from_28_weeks"), (22, "to_27_weeks"), (16, "to_21_weeks"), (0, "to_15_weeks"))


def loss(book: RuleBook, lost_on: date, weeks: int, *, is_spouse: bool = False) -> Answer:
    """유산·사산휴가 by the weeks of pregnancy; `is_spouse`: the wife's, for the husband.

    Raises:
        NotPossible, OutsideTable.
    """
    if not 0 <= weeks <= WEEKS_MOST:
        raise NotPossible("weeks", f"임신 주수는 0부터 {WEEKS_MOST}까지 적습니다.")
    work = Working(book, lost_on)
    stage = next(name for least, name in _LOSS if weeks >= least)
    window = work.number(f"leave.loss_days.{stage}")
    until = lost_on + timedelta(days=window - 1)
    work.step("임신 기간", f"{weeks}주 → {window}일")
    work.step("기간", f"그날을 첫날로 세면 {working_days.written(until)}까지")
    work.note("유산·사산한 날부터 셉니다. 늦게 신청하면 그만큼 짧아집니다.")
    if window < work.number("leave.counts_holidays_days"):
        work.note(f"{window}일에서 토요일·공휴일을 빼는지(제7조의8)는 복무 예규를 보십시오.")
    work.note("모자보건법이 허용하지 않는 인공임신중절에 의한 유산은 빼고입니다.")
    days = window
    if is_spouse:
        days = work.number("leave.loss_days.spouse")
        work.step("배우자", f"그 기간 안에 {days}일")
    told = f"유산·사산휴가 {days}일"
    return work.answer(
        told, f"{told} (임신 {weeks}주, {working_days.written(lost_on)})",
        days=days, window_days=window, until=until,
    )  # fmt: skip


def pregnancy_hours(book: RuleBook, day: date, weeks: int) -> Answer:
    """모성보호시간 of one day. Raises NotPossible, OutsideTable."""
    if not 0 <= weeks <= WEEKS_MOST:
        raise NotPossible("weeks", f"임신 주수는 0부터 {WEEKS_MOST}까지 적습니다.")
    work = Working(book, day)
    hours = work.number("leave.pregnancy_h")
    first, last = (work.number(f"leave.pregnancy_weeks.{one}") for one in ("early", "late"))
    must = weeks <= first or weeks >= last
    granted = "신청하면 허가해야 함" if must else "기관장이 허가할 수 있음"
    work.step("임신 주수", f"{weeks}주 ({first}주 이내와 {last}주 이후에는 허가해야 함)")
    work.step("하루", f"{hours}시간까지, {granted}")
    work.note(_PART_TIME)
    return work.answer(
        f"하루 {hours}시간, {granted}",
        f"모성보호시간 하루 {hours}시간 (임신 {weeks}주, {working_days.written(day)})",
        hours=hours, must_grant=must,
    )  # fmt: skip


def childcare(
    book: RuleBook, day: date, born_on: date, used_months: Decimal = Decimal(0),
    *, in_second_grade: bool = False,
) -> Answer:  # fmt: skip
    """육아시간: whether this child still gives it, until when by age, and the months left.

    `in_second_grade`: the child is in the second grade of primary school or below.

    Raises:
        NotPossible, OutsideTable.
    """
    if born_on > day:
        raise NotPossible("born_on", "자녀의 생일이 기준일보다 뒤입니다.")
    work = Working(book, day)
    months, hours = work.number("leave.childcare_months"), work.number("leave.childcare_h")
    age = work.number("leave.childcare_age")
    if not 0 <= used_months <= months:
        raise NotPossible("used_months", f"육아시간은 {months}개월까지입니다.")
    last = birthday(born_on, age + 1) - timedelta(days=1)
    young = day <= last
    left = months - used_months if young or in_second_grade else Decimal(0)
    work.step("나이", f"{age}세인 마지막 날 {working_days.written(last)}")
    if in_second_grade:
        work.step("학년", "초등학교 2학년 이하")
    work.step("남은 달", f"{months}개월 − {_plain(used_months)}개월 = "
              f"{_plain(months - used_months)}개월")  # fmt: skip
    if not (young or in_second_grade):
        work.step("조건", f"{age}세를 넘었고 초등학교 2학년 이하도 아님")
    work.note("쓴 날을 몇 달로 세는지는 복무 예규가 정합니다. 인사랑의 남은 달을 적으십시오.")
    work.note(_PART_TIME)
    can = left > 0
    told = f"하루 {hours}시간까지, {_plain(left)}개월 남음" if can else "육아시간을 쓸 수 없음"
    return work.answer(
        told, f"육아시간 {told} ({working_days.written(day)} 기준)",
        can=can, left_months=left, hours=hours if can else 0, by_age_until=last,
    )  # fmt: skip


def _days(value: Decimal) -> str:
    return f"{_plain(value)}일"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
