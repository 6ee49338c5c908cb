"""When the books close, what 일상경비 may hold, when 개산급 is settled.

The law moves none of these dates when they fall on a day off: the day before which nobody is late
is shown beside them.
"""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Final

from hub.automation import won, working_days
from hub.automation.answer import Answer, NotPossible, Working
from hub.automation.contract import MOST_WON
from hub.rules.book import RuleBook


class Late(StrEnum):
    """Why something of the year is paid or taken in after it (지방회계법 제7조제1항, 영 제3조)."""

    NONE = "none"
    FINISHED = "finished"
    NOT_SENT = "not-sent"
    GRANT = "grant"
    GRANT_BACK = "grant-back"
    TRANSFER = "transfer"
    ADVANCE_BACK = "advance-back"
    CARD = "card"
    ENTRUSTED = "entrusted"


LATE: Final = {
    Late.NONE: "해당 없음",
    Late.FINISHED: "연말에 계약 이행이 끝나 연도 안에 지출이 곤란",
    Late.NOT_SENT: "국가·다른 지자체의 자금이 오지 않음",
    Late.GRANT: "국고·시도비 보조금을 정산해 반납",
    Late.GRANT_BACK: "지방보조사업자가 보조금을 정산해 반납",
    Late.TRANSFER: "회계끼리 대체납입",
    Late.ADVANCE_BACK: "선금을 반납",
    Late.CARD: "그 해에 쓴 신용카드 대금",
    Late.ENTRUSTED: "민간위탁 비용을 정산해 반납",
}


def year(
    book: RuleBook, fiscal_year: int, why: Late = Late.NONE, local: Collection[date] = ()
) -> Answer:
    """The last days of a fiscal year. Raises OutsideTable."""
    last = date(fiscal_year, 12, 31)
    work = Working(book, last)
    late = _on(work, fiscal_year + 1, "expenditure.late_by")
    books = _on(work, fiscal_year + 1, "expenditure.books_by")
    by = last if why is Late.NONE else late
    work.step("출납 폐쇄", f"회계연도가 끝나는 날 {working_days.written(last)}")
    work.step("예외", f"{LATE[why]}: {working_days.written(by)}까지")
    work.step(
        "일상경비 반납·세입금 납입", f"예외에 들면 {working_days.written(late)}까지(제7조제2항)"
    )
    work.step("출납사무 완결", f"{working_days.written(books)}까지")
    work.note("그 회계연도 예산에 든 것만 예외가 됩니다(제7조제1항).")
    work.note("법은 이 날들이 쉬는 날일 때 옮긴다고 하지 않습니다.")
    for day in sorted({by, late, books}):
        _if_off(work, day, local)
    told = f"{fiscal_year}회계연도 지출은 {working_days.written(by)}까지"
    return work.answer(
        told, f"{told}, 출납사무 완결 {working_days.written(books)}까지",
        pay_by=by, late_by=late, books_by=books,
    )  # fmt: skip


class Petty(StrEnum):
    """What 일상경비 may be for: 영 제38조제1항, by its numbers."""

    TRAVEL = "travel"
    RUNNING = "running"
    NO_PAYER = "no-payer"
    MOVING = "moving"
    WORKS = "works"
    MANY_SMALL = "many-small"
    ABROAD = "abroad"
    SHIP = "ship"
    DEBT = "debt"
    OUTSIDE = "outside"
    PAY = "pay"
    FEES = "fees"
    MATERIAL = "material"
    OTHERS_STAFF = "others-staff"
    GRANTS = "grants"


PETTY: Final = {
    Petty.TRAVEL: "여비(제1호)", Petty.RUNNING: "일반운영비(제2호)",
    Petty.NO_PAYER: "지출원이 없는 관서의 경비(제3호)",
    Petty.MOVING: "장소가 일정하지 않은 사무소(제4호)",
    Petty.WORKS: "관서가 하는 공사·제조·조림(제5호)",
    Petty.MANY_SMALL: "많은 사람에게 소액을 직접(제6호)",
    Petty.ABROAD: "외국에서 지급(제7호)", Petty.SHIP: "선박 운항(제8호)",
    Petty.DEBT: "지방채·차입금 원리금(제9호)", Petty.OUTSIDE: "관할구역 밖에서 지급(제10호)",
    Petty.PAY: "보수·수당·복리후생비(제11호)", Petty.FEES: "수당·사례금·업무추진비(제12호)",
    Petty.MATERIAL: "부식물, 공사·시험·검사 재료(제13호)",
    Petty.OTHERS_STAFF: "다른 기관 공무원에게 교부(제14호)",
    Petty.GRANTS: "민간이전·보상금·용역비·물품구입비(제15호)",
}  # fmt: skip
_TEN_MILLIONS: Final = frozenset({
    Petty.TRAVEL, Petty.MOVING, Petty.MANY_SMALL, Petty.SHIP, Petty.OUTSIDE, Petty.MATERIAL,
})  # fmt: skip
_THREE_MONTHS: Final = frozenset({Petty.MOVING, Petty.ABROAD})


def petty(book: RuleBook, day: date, what: Petty, amount_won: int, months: int = 1) -> Answer:
    """Whether `amount_won` for `months` may be given out as 일상경비.

    Raises:
        NotPossible, OutsideTable.
    """
    if not 0 < amount_won <= MOST_WON:
        raise NotPossible("amount_won", "금액은 1원부터 10조원까지 적습니다.")
    work = Working(book, day)
    most = _petty_most(work, what)
    span = "months_far" if what in _THREE_MONTHS else "months"
    most_months = work.number(f"expenditure.petty.{span}")
    if not 0 < months <= 12:
        raise NotPossible("months", "달은 1부터 12까지 적습니다.")
    fits, soon = most is None or amount_won <= most, months <= most_months
    limit = "필요금액" if most is None else won.digits(most)
    work.step("한도", f"{PETTY[what]}: {limit}, {won.digits(amount_won)}은 {_in(fits)}")
    work.step("기간", f"{most_months}개월분까지, {months}개월분은 {_in(soon)}")
    work.note("수시로 필요한 비용은 사무에 지장이 없으면 나누어 줍니다(제39조제2항).")
    can = fits and soon
    told = "교부할 수 있음" if can else "한도를 넘음" if not fits else "기간을 넘음"
    return work.answer(
        f"일상경비 {told} (한도 {limit}, {most_months}개월분)",
        f"일상경비 교부 {won.official(amount_won)} ({PETTY[what]}, {months}개월분)",
        can=can, most_won=most, most_months=most_months,
    )  # fmt: skip


def _petty_most(work: Working, what: Petty) -> int | None:
    if what is Petty.WORKS:
        return work.number("expenditure.petty.works_won")
    return work.number("expenditure.petty.travel_won") if what in _TEN_MILLIONS else None


def _in(fits: bool) -> str:
    return "안" if fits else "넘음"


def estimate(
    book: RuleBook, done_on: date, given_won: int, spent_won: int, local: Collection[date] = ()
) -> Answer:
    """개산급: until when to settle, and what is given back or asked for.

    Args:
        book: the rules.
        done_on: when the work was done.
        given_won: what was given.
        spent_won: what was really spent.
        local: days off of this office alone.

    Raises:
        NotPossible, OutsideTable.
    """
    for name, amount in (("given_won", given_won), ("spent_won", spent_won)):
        if not 0 <= amount <= MOST_WON:
            raise NotPossible(name, "금액은 0원부터 10조원까지 적습니다.")
    work = Working(book, done_on)
    by = working_days.after_days(done_on, work.number("expenditure.estimate.settle_days"))
    back, more = max(given_won - spent_won, 0), max(spent_won - given_won, 0)
    done = working_days.written(done_on)
    work.step("정산서", f"{done} 다음 날부터 세어 {working_days.written(by)}까지")
    work.step("차액", f"{won.digits(given_won)} − {won.digits(spent_won)} = "
              f"{won.digits(given_won - spent_won)}")  # fmt: skip
    told = "과부족이 없어 정산서를 생략할 수 있음"
    if back:
        days = work.number("expenditure.return_days")
        told = f"{won.digits(back)} 반납(고지한 날부터 {days}일 안의 기한)"
    elif more:
        told = f"{won.digits(more)} 더 지급"
    work.step("처리", told)
    work.note("정산서를 내지 않으면 다시 개산급을 주지 않습니다(훈령 제53조제3항).")
    work.note("훈령은 요지만 보았습니다. 쉬는 날에 옮기는지는 글에 없습니다.")
    _if_off(work, by, local)
    return work.answer(
        f"개산급 정산 {working_days.written(by)}까지 · {told}",
        f"개산급 {won.official(given_won)} 정산: 집행 {won.digits(spent_won)}, {told}",
        settle_by=by, back_won=back, more_won=more,
    )  # fmt: skip


def _on(work: Working, of_year: int, key: str) -> date:
    month, day = divmod(work.number(key), 100)
    return date(of_year, month, day)


def _if_off(work: Working, day: date, local: Collection[date]) -> None:
    if not working_days.is_working(day, local):
        safe = working_days.written(working_days.on_or_before(day, local))
        work.note(f"{working_days.written(day)}은 쉬는 날: {safe}까지 하면 늦지 않습니다.")
