"""Withholding, VAT, money in Hangul and business numbers: worked examples with their articles."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.automation import business_number, vat, won
from hub.automation.answer import NotPossible
from hub.automation.business_number import NotANumber, Wrong
from hub.automation.withholding import Income, withheld
from hub.rules.book import RuleBook
from hub.rules.rule import OutsideTable
from hub.rules.tables import nation

BOOK = RuleBook(nation())
DAY = date(2026, 11, 21)
WON = st.integers(1, 1_000_000_000)


@pytest.mark.parametrize(
    ("income", "paid", "tax", "local", "article"),
    [
        (Income.LECTURE, 300_000, 24_000, 2_400, "소득세법 시행령 제87조제1호의2"),
        (Income.LECTURE, 125_000, 0, 0, "소득세법 제84조제4호"),
        (Income.LECTURE, 125_001, 10_000, 1_000, "소득세법 제84조제4호"),
        (Income.LECTURE, 130_000, 10_400, 1_040, "소득세법 제129조제1항제6호"),
        (Income.WRITING, 125_000, 0, 0, "소득세법 시행령 제87조제1호의2"),
        (Income.WRITING, 125_001, 10_000, 1_000, "소득세법 시행령 제87조제1호의2"),
        (Income.REWARD, 50_000, 0, 0, "소득세법 제84조제4호"),
        (Income.REWARD, 50_001, 10_000, 1_000, "소득세법 제84조제4호"),
        (Income.REWARD, 100_000, 20_000, 2_000, "소득세법 제129조제1항제6호"),
        (Income.PRIZE, 250_000, 0, 0, "소득세법 제84조제4호"),
        (Income.PRIZE, 250_001, 10_000, 1_000, "소득세법 시행령 제87조제1호"),
        (Income.BUSINESS, 1_000_000, 30_000, 3_000, "소득세법 제129조제1항제3호"),
        (Income.BUSINESS, 10_000, 300, 30, "소득세법 제86조제1호"),
        (Income.DAILY, 150_000, 0, 0, "소득세법 제47조제2항"),
        (Income.DAILY, 187_037, 0, 0, "소득세법 제86조제1호"),
        (Income.DAILY, 187_038, 1_000, 100, "소득세법 제86조제1호"),
        (Income.DAILY, 200_000, 1_350, 130, "소득세법 제59조제3항"),
        (Income.COMMITTEE, 200_000, 0, 0, "소득세법 제12조제5호"),
    ],
)
def test_what_is_withheld(income: Income, paid: int, tax: int, local: int, article: str):
    answer = withheld(BOOK, DAY, income, paid)
    figures = answer.figures
    assert (figures["tax_won"], figures["local_tax_won"]) == (tax, local), article
    assert figures["rest_won"] == paid - tax - local
    cited = {str(one.article) for one in answer.rules}
    law, _, place = article.rpartition(" ")
    assert income is Income.COMMITTEE or f"「{law}」 {place}" in cited


@given(st.sampled_from(Income), WON)
def test_parts_sum_to_the_whole_and_nothing_is_below_zero(income: Income, paid: int):
    figures = withheld(BOOK, DAY, income, paid).figures
    tax, local, rest = (figures[key] for key in ("tax_won", "local_tax_won", "rest_won"))
    assert isinstance(tax, int)
    assert isinstance(local, int)
    assert isinstance(rest, int)
    assert tax + local + rest == paid
    assert min(tax, local, rest) >= 0
    assert tax % 10 == local % 10 == 0


@given(st.sampled_from(Income), WON, WON)
def test_who_is_paid_more_is_never_withheld_less(income: Income, one: int, other: int):
    less, more = sorted((one, other))
    taxes = [withheld(BOOK, DAY, income, paid).figures["tax_won"] for paid in (less, more)]
    assert taxes == sorted(taxes)  # type: ignore[type-var]


def test_tax_is_paid_by_the_tenth_of_the_next_month():
    """소득세법 제128조제1항."""
    for paid_on, by in [(DAY, date(2026, 12, 10)), (date(2026, 12, 31), date(2027, 1, 10))]:
        assert withheld(BOOK, paid_on, Income.LECTURE, 300_000).figures["pay_by"] == by
    assert withheld(BOOK, DAY, Income.LECTURE, 100_000).figures["pay_by"] is None


@pytest.mark.parametrize(
    ("paid_on", "by", "safe"),
    [
        (date(2026, 9, 30), date(2026, 10, 10), "2026. 10. 8.(목)"),  # Saturday after 한글날
        (date(2026, 12, 1), date(2027, 1, 10), "2027. 1. 8.(금)"),  # a Sunday
        (date(2026, 11, 30), date(2026, 12, 10), ""),
    ],
)
def test_a_tax_day_on_a_day_off_stays_and_the_day_before_is_shown(
    paid_on: date, by: date, safe: str
):
    """소득세법 제128조제1항 says no more; 국세기본법 제5조 was not read."""
    answer = withheld(BOOK, paid_on, Income.LECTURE, 300_000)
    assert answer.figures["pay_by"] == by
    found = [note for note in answer.notes if "쉬는 날" in note]
    assert bool(found) is bool(safe)
    assert all(safe in note for note in found)


@pytest.mark.parametrize(
    ("income", "says"),
    [
        (Income.LECTURE, "제164조의3제1항제3호"),  # with 제21조제1항제19호
        (
            Income.WRITING,
            "다음 해 2월 말일",
        ),  # 제164조제1항: 제21조제1항제15호 is not in 제164조의3
        (Income.REWARD, "다음 해 2월 말일"),
        (Income.PRIZE, "다음 해 2월 말일"),
        (Income.BUSINESS, "제164조의3제1항제2호"),
        (Income.DAILY, "제164조제1항 단서"),
        (Income.COMMITTEE, ""),
    ],
)
def test_what_is_to_be_handed_in_is_said_even_where_nothing_is_withheld(income: Income, says: str):
    """소득세법 시행령 제185조제2항."""
    notes = withheld(BOOK, DAY, income, 10_000).notes
    assert any("원천징수이행상황신고서" in note for note in notes) is bool(says)
    assert any(says in note and "지급명세서" in note for note in notes) is bool(says)


def test_where_more_is_paid_less_may_be_left():
    """제84조제4호: over the limit the whole is taxed, so 125,001 won leave less than 125,000."""
    kept = [
        withheld(BOOK, DAY, Income.LECTURE, won).figures["rest_won"] for won in (125000, 125001)
    ]
    assert kept == [125_000, 114_001]


def test_a_day_before_the_tables_is_refused_and_so_is_an_amount_that_is_none():
    with pytest.raises(OutsideTable):
        withheld(BOOK, date(2025, 12, 31), Income.BUSINESS, 100_000)
    for wrong in (0, -1, 10**11):
        with pytest.raises(NotPossible):
            withheld(BOOK, DAY, Income.LECTURE, wrong)


@pytest.mark.parametrize(
    ("total", "supply", "tax"),
    [(110, 100, 10), (1_100_000, 1_000_000, 100_000), (1_000, 909, 91), (1, 0, 1)],
)
def test_a_total_is_split_by_110_to_100(total: int, supply: int, tax: int):
    """부가가치세법 제29조제7항."""
    figures = vat.split(BOOK, DAY, total).figures
    assert (figures["supply_won"], figures["tax_won"]) == (supply, tax)


@given(WON)
def test_the_split_of_a_supply_with_its_tax_gives_the_supply_back(supply: int):
    total = vat.added(BOOK, DAY, supply).figures["total_won"]
    assert isinstance(total, int)
    back = vat.split(BOOK, DAY, total).figures["supply_won"]
    assert isinstance(back, int)
    assert abs(back - supply) <= 1  # both round down


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (113_560, "금113,560원(금일십일만삼천오백육십원)"),
        (1_100_000, "금1,100,000원(금일백일십만원)"),
        (0, "금0원(금영원)"),
        (10, "금10원(금일십원)"),
        (10_000, "금10,000원(금일만원)"),
        (100_010_000, "금100,010,000원(금일억일만원)"),
        (1_000_000_000_001, "금1,000,000,000,001원(금일조일원)"),
    ],
)
def test_money_in_hangul(amount: int, told: str):
    """행정업무의 운영 및 혁신에 관한 규정 시행규칙 제2조제2항."""
    assert won.official(amount) == told


def value_of(hangul: str) -> int:
    """Read it back, by another way than it was written."""
    total, four, digit = 0, 0, 0
    for one in hangul:
        if one in "영일이삼사오육칠팔구":
            digit = "영일이삼사오육칠팔구".index(one)
        elif one in "십백천":
            four += digit * 10 ** ("십백천".index(one) + 1)
            digit = 0
        else:
            total += (four + digit) * 10 ** (4 * ("만억조".index(one) + 1))
            four, digit = 0, 0
    return total + four + digit


@given(st.integers(0, won.MOST))
def test_money_in_hangul_reads_back(amount: int):
    assert value_of(won.hangul(amount)) == amount


@pytest.mark.parametrize(
    "number",
    [
        "124-81-00998", "220-81-62517", "120-81-47521", "101-81-09147", "107-86-14075",
        "104-81-37225", "120-82-00052", "616-81-22531",
    ],
)  # fmt: skip
def test_numbers_of_real_businesses_fit(number: str):
    plain = number.replace("-", "")
    wide = plain.translate({ord("0") + n: ord("０") + n for n in range(10)})
    for typed in (number, plain, f" {number.replace('-', ' ')} ", wide):
        assert str(business_number.read(typed)) == number


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("124-81-00999", Wrong.CHECK),
        ("123-45-67890", Wrong.CHECK),
        ("000-00-00000", Wrong.ZEROS),
        ("124-81-0099", Wrong.LENGTH),
        ("124-81-009980", Wrong.LENGTH),
        ("", Wrong.LENGTH),
        ("124-81-0099A", Wrong.LETTERS),
        ("124-81-0099²", Wrong.CHECK),
        ("일이사-81-00998", Wrong.LETTERS),
    ],
)
def test_what_is_no_business_number_is_refused_with_why(typed: str, wrong: Wrong):
    with pytest.raises(NotANumber) as refused:
        business_number.read(typed)
    assert refused.value.wrong is wrong


@given(st.integers(0, 10**9 - 1), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_found(nine: int, at: int, by: int):
    """Every single digit counts in the sum: of ten, no other fits the check digit."""
    digits = f"{nine:09}"
    if not digits.strip("0"):
        return
    right = digits + str(business_number.check_digit(digits))
    changed = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
    assert str(business_number.read(right)).replace("-", "") == right
    if at != 8:  # the ninth is weighted by five and carries: two of its digits can fit one
        assert str(business_number.check_digit(changed)) != right[-1]


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str):
    with suppress(NotANumber):
        assert len(business_number.read(text).digits) == 10


def test_a_rate_is_told_without_zeros_that_say_nothing():
    for rate, told in [("0.2", "20%"), ("0.0300", "3%"), ("0.0008", "0.08%"), ("1", "100%")]:
        assert won.percent(Decimal(rate)) == told
