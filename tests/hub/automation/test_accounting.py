"""Guarantees, closing dates, petty cash, requests and receipts: worked examples with articles."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.automation import closing, guarantees, spending
from hub.automation.answer import NotPossible
from hub.automation.closing import Late, Petty
from hub.automation.guarantees import Bond, Made
from hub.automation.spending import Item, Paid, Seller, Spent, Tier, Wanted
from hub.rules.book import RuleBook
from hub.rules.rule import OutsideTable
from hub.rules.tables import nation

BOOK = RuleBook(nation())
DAY = date(2026, 11, 20)
WON = st.integers(1, 10_000_000_000)
ITEM = st.builds(Item, st.just("가"), st.integers(1, 100), st.integers(0, 10**6))
WANTED = Wanted("회의용 다과 구입", "201-01 사무관리비", "총무과-123(2026. 11. 2.)")


# -- 보증금: 지방계약법 시행령 제37조, 제51조, 제53조, 시행규칙 제70조


@pytest.mark.parametrize(
    ("what", "crisis", "amount", "least"),
    [
        (Bond.BID, False, 100_000_000, 5_000_000),  # 제37조제1항
        (Bond.BID, True, 100_000_000, 2_500_000),
        (Bond.BID, False, 99, 5),
        (Bond.CONTRACT, False, 50_000_000, 0),  # 제53조제1항제2호
        (Bond.CONTRACT, False, 50_000_001, 5_000_001),  # 제51조
        (Bond.CONTRACT, True, 60_000_000, 3_000_000),
        (Bond.PERFORMANCE, False, 100_000_000, 40_000_000),  # 제51조제1항제2호
        (Bond.PERFORMANCE, True, 100_000_000, 20_000_000),
    ],
)
def test_a_guarantee_is_a_share_of_the_amount(what: Bond, crisis: bool, amount: int, least: int):
    figures = guarantees.bond(BOOK, DAY, what, amount, is_crisis=crisis).figures
    assert (figures["least_won"], figures["is_needed"]) == (least, least > 0)


@pytest.mark.parametrize(
    ("awarded", "crisis", "least"),
    [(70, False, 40), (69, False, 50), (70, True, 20), (69, True, 30)],
)
def test_who_was_awarded_under_seven_tenths_guarantees_more(awarded: int, crisis: bool, least: int):
    """제51조제1항제2호."""
    figures = guarantees.bond(
        BOOK, DAY, Bond.PERFORMANCE, 1_000_000, is_crisis=crisis,
        awarded_won=awarded * 10_000, planned_won=1_000_000,
    ).figures  # fmt: skip
    assert figures["least_won"] == least * 10_000


@pytest.mark.parametrize(
    ("what", "since"), [(Bond.BID, date(2020, 7, 14)), (Bond.PERFORMANCE, date(2023, 3, 7))]
)
def test_guarantees_are_known_from_the_day_of_their_text(what: Bond, since: date):
    guarantees.bond(BOOK, since, what, 1_000)
    with pytest.raises(OutsideTable):
        guarantees.bond(BOOK, since - timedelta(days=1), what, 1_000)


@pytest.mark.parametrize(
    ("made", "amount", "owed"),
    [
        (Made.STRUCTURES, 100_000_000, 5_000_000),
        (Made.LANDSCAPE, 30_000_000, 1_500_000),  # 제2항제3호 leaves landscaping out
        (Made.HARBOURS, 100_000_000, 4_000_000),
        (Made.ROADS, 30_000_000, 0),
        (Made.ROADS, 30_000_001, 900_001),
        (Made.OTHER_WORKS, 100_000_000, 2_000_000),
        (Made.MADE_GOODS, 10_000_000, 300_000),  # 제2항 speaks of works alone
        (Made.BOUGHT_GOODS, 10_000_000, 200_000),
    ],
)
def test_a_guarantee_for_defects_goes_by_what_was_made(made: Made, amount: int, owed: int):
    """시행규칙 제70조."""
    figures = guarantees.defect(BOOK, DAY, made, amount).figures
    assert (figures["least_won"], figures["is_needed"]) == (owed, owed > 0)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (Made.BOUGHT_GOODS, "제20조제2항"), (Made.MADE_GOODS, "제20조제2항"),
        (Made.ROADS, "규칙 제68조"), (Made.LANDSCAPE, "규칙 제68조"),
    ],
)  # fmt: skip
def test_goods_are_guaranteed_where_a_time_was_agreed_and_works_by_their_laws(
    made: Made, says: str
):
    """법 제20조제1항·제2항, 제21조제1항, 규칙 제68조."""
    notes = guarantees.defect(BOOK, DAY, made, 100_000_000).notes
    told = [one for one in ("제20조제2항", "규칙 제68조") if any(one in note for note in notes)]
    assert told == [says]


@given(st.sampled_from(Bond), WON, WON)
def test_a_larger_contract_never_guarantees_less(what: Bond, one: int, other: int):
    less, more = (
        guarantees.bond(BOOK, DAY, what, amount).figures["least_won"]
        for amount in sorted((one, other))
    )
    assert 0 <= less <= more  # type: ignore[operator]


# -- 선금: 지방회계법 시행령 제44조


def test_an_advance_is_seven_tenths_within_fourteen_days():
    """제44조제1항제13호, 제2항."""
    figures = guarantees.advance(BOOK, DAY, 100_000_001, 100_000_000, DAY).figures
    assert (figures["most_won"], figures["pay_won"]) == (70_000_000, 70_000_000)
    assert figures["pay_by"] == date(2026, 12, 4)
    less = guarantees.advance(BOOK, DAY, 100_000_000, 69_999_999).figures
    assert (less["pay_won"], less["pay_by"]) == (69_999_999, None)


def test_an_advance_before_the_contract_or_its_text_is_refused():
    with pytest.raises(NotPossible):
        guarantees.advance(BOOK, DAY, 100, 50, DAY - timedelta(days=1))
    guarantees.advance(BOOK, date(2026, 6, 2), 100, 50)
    with pytest.raises(OutsideTable):
        guarantees.advance(BOOK, date(2026, 6, 1), 100, 50)


@given(WON, WON)
def test_an_advance_never_exceeds_what_was_asked_or_the_limit(contract_won: int, asked: int):
    asked = min(asked, contract_won)
    figures = guarantees.advance(BOOK, DAY, contract_won, asked).figures
    assert 0 <= figures["pay_won"] <= min(asked, figures["most_won"])  # type: ignore[operator,type-var]
    assert figures["most_won"] * 10 <= contract_won * 7  # type: ignore[operator]


# -- 출납 폐쇄: 지방회계법 제7조, 영 제3조


@pytest.mark.parametrize("why", Late)
def test_a_year_closes_on_its_last_day_but_for_what_the_law_names(why: Late):
    figures = closing.year(BOOK, 2026, why).figures
    by = date(2026, 12, 31) if why is Late.NONE else date(2027, 1, 20)
    assert (figures["pay_by"], figures["books_by"]) == (by, date(2027, 2, 10))


def test_a_closing_date_on_a_day_off_is_not_moved_and_says_so():
    """제7조: 20 January 2024 was a Saturday."""
    answer = closing.year(BOOK, 2023, Late.CARD)
    assert answer.figures["pay_by"] == date(2024, 1, 20)
    assert any("1. 19.(금)까지" in note for note in answer.notes)


def test_the_law_of_closing_begins_in_2016():
    closing.year(BOOK, 2016)
    with pytest.raises(OutsideTable):
        closing.year(BOOK, 2015)


# -- 일상경비: 영 제38조, 제39조


TEN = (Petty.TRAVEL, Petty.MOVING, Petty.MANY_SMALL, Petty.SHIP, Petty.OUTSIDE, Petty.MATERIAL)


@pytest.mark.parametrize("what", Petty)
def test_each_kind_of_petty_cash_has_its_limit(what: Petty):
    """제38조제2항."""
    most = 10_000_000 if what in TEN else 20_000_000 if what is Petty.WORKS else None
    for amount, can in [(most or 1, True), ((most or 9_999_999_999) + 1, most is None)]:
        figures = closing.petty(BOOK, DAY, what, amount).figures
        assert (figures["most_won"], figures["can"]) == (most, can)


def test_every_kind_of_petty_cash_is_known_by_its_number():
    """제38조제1항제1호~제15호."""
    assert [f"제{nth}호" in told for nth, told in enumerate(closing.PETTY.values(), 1)] == [
        True
    ] * 15


@pytest.mark.parametrize(
    ("what", "months", "can"),
    [
        (Petty.RUNNING, 1, True), (Petty.RUNNING, 2, False),
        (Petty.MOVING, 3, True), (Petty.MOVING, 4, False),
        (Petty.ABROAD, 3, True), (Petty.ABROAD, 4, False),
    ],
)  # fmt: skip
def test_petty_cash_is_given_for_a_month_or_three(what: Petty, months: int, can: bool):
    """제39조제1항."""
    assert closing.petty(BOOK, DAY, what, 1_000, months).figures["can"] is can


# -- 개산급: 훈령 제53조, 제54조


@pytest.mark.parametrize(
    ("given_won", "spent", "back", "more"),
    [(100, 70, 30, 0), (100, 100, 0, 0), (100, 130, 0, 30)],
)
def test_an_estimate_is_settled_within_five_days(given_won: int, spent: int, back: int, more: int):
    answer = closing.estimate(BOOK, DAY, given_won, spent)
    figures = answer.figures
    assert (figures["back_won"], figures["more_won"]) == (back, more)
    assert figures["settle_by"] == date(2026, 11, 25)
    assert ("제54조제2항" in {one.article.place for one in answer.rules}) is bool(back)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_what_was_given_and_what_is_asked_is_what_was_spent(given_won: int, spent: int):
    figures = closing.estimate(BOOK, DAY, given_won, spent).figures
    back, more = figures["back_won"], figures["more_won"]
    assert given_won - back + more == spent  # type: ignore[operator]
    assert min(back, more) == 0  # type: ignore[type-var]


# -- 품의, 지출결의: 훈령 제11조, 제12조, 규칙 제2조제2항


def test_a_request_is_written_as_offices_write_it():
    items = [Item("다과", 20, 5_000), Item("생수", 40, 500)]
    answer = spending.request(BOOK, DAY, Spent.GOODS, WANTED, items)
    assert answer.paste == (
        "1. 회의용 다과 구입 예산을 다음과 같이 집행하고자 합니다.\n"
        "2. 근거: 총무과-123(2026. 11. 2.)\n"
        "3. 소요예산: 금120,000원(금일십이만원)\n"
        "4. 예산과목: 201-01 사무관리비\n"
        "5. 산출근거\n"
        "  가. 다과: 5,000원 × 20 = 100,000원\n"
        "  나. 생수: 500원 × 40 = 20,000원  끝."
    )
    assert answer.figures["total_won"] == 120_000


def test_an_item_alone_has_no_letter_and_vat_is_added_where_it_is_apart():
    """시행규칙 제2조제1항: one item is not numbered; 부가가치세법 제30조."""
    apart = Wanted("복사지 구입", "201-01", "", vat_apart=True)
    answer = spending.request(BOOK, DAY, Spent.GOODS, apart, [Item("복사지", 3, 20_000)])
    assert answer.figures["total_won"] == 66_000
    assert "  가. 복사지: 20,000원 × 3 = 60,000원\n  나. 부가가치세: 6,000원  끝." in answer.paste
    alone = spending.request(BOOK, DAY, Spent.GOODS, WANTED, [Item("복사지", 3, 20_000)])
    assert "5. 산출근거: 복사지: 20,000원 × 3 = 60,000원  끝." in alone.paste


@pytest.mark.parametrize("spent", Spent)
def test_some_spending_goes_without_a_request_and_some_needs_agreement(spent: Spent):
    """훈령 제11조제5항, 제12조제1항."""
    without = {"duty", "utilities", "taxes", "pay", "travel", "petty"}
    agreed = {"works", "goods", "promotion", "grants"}
    figures = spending.request(BOOK, DAY, spent, WANTED, [Item("가", 1, 1)]).figures
    assert figures["is_needed"] is (spent.value not in without)
    assert figures["needs_agreement"] is (spent.value in agreed)


@pytest.mark.parametrize("spent", [Spent.PAY, Spent.TRAVEL])
def test_pay_beyond_the_salary_is_agreed_to_though_no_request_is_needed(spent: Spent):
    """훈령 제12조제1항."""
    notes = spending.request(BOOK, DAY, spent, WANTED, [Item("가", 1, 1)]).notes
    assert any("성과상여금" in note for note in notes) is (spent is Spent.PAY)


def test_a_payment_says_what_is_to_be_attached():
    """훈령 제39조제1항."""
    notes = spending.payment(BOOK, DAY, WANTED, "가람식품", 300_000).notes
    assert any("청구서" in note and "제39조제1항" in note for note in notes)


@pytest.mark.parametrize(
    ("tier", "spent", "most"),
    [
        (Tier.LOCAL, Spent.WORKS, 1_000_000_000), (Tier.LOCAL, Spent.GOODS, 500_000_000),
        (Tier.LOCAL, Spent.OTHER, 200_000_000), (Tier.LARGE, Spent.WORKS, 2_000_000_000),
        (Tier.LARGE, Spent.GOODS, 1_000_000_000), (Tier.LARGE, Spent.OTHER, 500_000_000),
        (Tier.DO, Spent.WORKS, 5_000_000_000), (Tier.DO, Spent.GOODS, 2_000_000_000),
        (Tier.DO, Spent.OTHER, 1_000_000_000),
    ],
)  # fmt: skip
def test_a_request_is_within_the_limit_of_its_office(tier: Tier, spent: Spent, most: int):
    """훈령 제11조제1항."""
    for amount, fits in [(most, True), (most + 1, False)]:
        answer = spending.request(BOOK, DAY, spent, WANTED, [Item("가", 1, amount)], tier)
        assert answer.figures["is_within"] is fits
        assert any("2차" in note for note in answer.notes)


def test_after_the_last_letter_of_the_alphabet_comes_the_next_vowel():
    items = [Item(f"품목 {nth}", 1, 100) for nth in range(15)]
    paste = spending.request(BOOK, DAY, Spent.GOODS, WANTED, items).paste
    assert "  하. 품목 13: 100원 × 1 = 100원\n  거. 품목 14: 100원 × 1 = 100원  끝." in paste


@given(st.lists(ITEM, min_size=1, max_size=20))
def test_a_request_is_the_sum_of_its_items(items: list[Item]):
    answer = spending.request(BOOK, DAY, Spent.GOODS, WANTED, items)
    assert answer.figures["total_won"] == sum(one.total_won for one in items)
    assert answer.paste.endswith("  끝.")


def test_a_payment_names_the_whole_what_is_taken_off_and_the_rest():
    """훈령 제40조, 제43조제1항."""
    answer = spending.payment(BOOK, DAY, WANTED, "가람식품", 300_000, 26_400, Paid.PETTY)
    assert answer.paste == (
        "(일상경비)\n적요: 회의용 다과 구입\n예산과목: 201-01 사무관리비\n"
        "지출액: 금300,000원(금삼십만원)\n공제액: 금26,400원(금이만육천사백원)\n"
        "채권자 지급액: 금273,600원(금이십칠만삼천육백원)\n채권자: 가람식품\n"
        "근거: 총무과-123(2026. 11. 2.)"
    )
    with pytest.raises(NotPossible):
        spending.payment(BOOK, DAY, WANTED, "가람식품", 100, 100)


# -- 증빙: 훈령 제107조, 부가가치세법 제32조, 제36조


@pytest.mark.parametrize(
    ("seller", "card", "exempt", "receipt", "vat"),
    [
        (Seller.COMMON, False, False, "세금계산서", True),
        (Seller.COMMON, True, False, "신용카드매출전표", True),
        (Seller.COMMON, False, True, "계산서", False),
        (Seller.SIMPLE, False, False, "신용카드매출전표 또는 현금영수증", False),
        (Seller.SIMPLE_INVOICE, False, False, "세금계산서", True),
        (Seller.EXEMPT, False, False, "계산서", False),
    ],
)
def test_the_receipt_goes_by_the_sellers_tax(
    seller: Seller, card: bool, exempt: bool, receipt: str, vat: bool
):
    figures = spending.receipt(BOOK, DAY, seller, by_card=card, is_exempt=exempt).figures
    assert (figures["receipt"], figures["shows_vat"]) == (receipt, vat)


def test_who_may_write_receipts_only_is_said_with_the_sum():
    """부가가치세법 제36조제1항제2호가목."""
    answer = spending.receipt(BOOK, DAY, Seller.SIMPLE, by_card=False, is_exempt=False)
    assert any("48,000,000원" in note for note in answer.notes)
    assert Decimal(48_000_000) in {one.value for one in answer.rules}
