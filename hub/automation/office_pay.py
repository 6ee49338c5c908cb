"""명절휴가비 and 정액급식비: what one person gets, and when."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from hub.automation import won, working_days
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

PAY_MOST_WON: Final = 20_000_000


def festival(book: RuleBook, festival_on: date, monthly_won: int) -> Answer:
    """명절휴가비 for 설날 or 추석날 on `festival_on`. Raises NotPossible, OutsideTable."""
    if not 0 < monthly_won <= PAY_MOST_WON:
        raise NotPossible("monthly_won", "월봉급액은 1원부터 2천만원까지 적습니다.")
    work = Working(book, festival_on)
    rate, around = work.rate("pay.festival_rate"), work.number("pay.festival_days")
    pay = won.floor(monthly_won * rate, work.number("withholding.round_won"))
    span = timedelta(days=around)
    opens, closes = festival_on - span, festival_on + span
    work.step("금액", f"{won.digits(monthly_won)} × {won.percent(rate)} → {won.digits(pay)}")
    work.step(
        "지급일",
        f"보수지급일, 또는 {working_days.written(opens)}부터 {working_days.written(closes)} 사이",
    )
    work.note("설날과 추석날에 재직 중인 사람에게 줍니다. 감봉이면 감액 전의 봉급으로 셈합니다.")
    work.note("휴직·정직·직위해제로 일하지 않은 달에는 주지 않습니다(제19조제5항).")
    work.note("연봉제 적용대상자에게는 따로 주지 않습니다(제19조제10항).")
    return work.answer(
        f"명절휴가비 {won.digits(pay)}",
        f"명절휴가비 {won.official(pay)} ({working_days.written(festival_on)} 기준)",
        pay_won=pay, pay_from=opens, pay_to=closes,
    )  # fmt: skip


def meals(
    book: RuleBook, month: date, absent_days: int = 0, worked_days: int | None = None
) -> Answer:
    """정액급식비 of the month of `month`.

    Args:
        book: the rules.
        month: any day of it.
        absent_days: days absent, or of special leave without pay (제19조제4항·제6항).
        worked_days: days really served, where it was begun or left off within the month
            (제19조제5항); None: all of it.

    Raises:
        NotPossible, OutsideTable.
    """
    whole = monthrange(month.year, month.month)[1]
    served = whole if worked_days is None else worked_days
    if not 0 <= served <= whole:
        raise NotPossible("worked_days", f"이 달은 {whole}일까지 있습니다.")
    if not 0 <= absent_days <= served:
        raise NotPossible("absent_days", "빠지는 날은 근무한 날보다 많을 수 없습니다.")
    work = Working(book, date(month.year, month.month, whole))
    full = work.number("pay.meals_won")
    days = served - absent_days
    unit = work.number("withholding.round_won")
    pay = full if days == whole else won.floor(full * days / Decimal(whole), unit)
    work.step("한 달", won.digits(full))
    if days < whole:
        work.step("날수", f"{won.digits(full)} × {days}/{whole} → {won.digits(pay)}")
    work.note("결근과 무급 특별휴가 하루마다 그 달의 하루치를 뺍니다(제19조제4항·제6항).")
    return work.answer(
        f"정액급식비 {won.digits(pay)}",
        f"{month.year}년 {month.month}월 정액급식비 {won.official(pay)}",
        pay_won=pay, days=days,
    )  # fmt: skip
