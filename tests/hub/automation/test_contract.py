"""What a contract needs, by kind and amount, and its dates: worked examples with their articles."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.automation import contract
from hub.automation.answer import NotPossible
from hub.automation.contract import Delayed, Kind, Partner
from hub.rules.book import RuleBook
from hub.rules.tables import nation

BOOK = RuleBook(nation())
DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("estimated", "quotes"),
    [(1_999_999, 0), (2_000_000, 2), (20_000_000, 2), (50_000_000, 2), (50_000_001, None)],
)
def test_a_lease_is_no_contract_that_one_quote_is_enough_for(estimated: int, quotes: int | None):
    """영 제30조제1항제2호 names works, goods and service; 시행규칙 제33조제2호 names 임차."""
    answer = contract.method(BOOK, DAY, Kind.LEASE, estimated, estimated)
    assert answer.figures["quotes"] == quotes
    assert any("제4호카목" in note for note in answer.notes)


def test_a_contract_below_its_estimate_is_answered():
    """영 제30조제5항: who offers less is chosen, so the contract may be below the estimate."""
    answer = contract.method(BOOK, DAY, Kind.OTHER_WORKS, 100_000_000, 96_800_000)
    assert answer.figures["is_direct"] is True
    assert any("추정가격보다 작습니다" in note for note in answer.notes)
    even = contract.method(BOOK, DAY, Kind.GOODS, 100, 100)
    assert not any("추정가격보다 작습니다" in note for note in even.notes)


def papers(kind: Kind, estimated: int, contract_won: int, partner: Partner = Partner.ANY) -> str:
    told = contract.method(BOOK, DAY, kind, estimated, contract_won, partner).figures["papers"]
    assert isinstance(told, str)
    return told


@pytest.mark.parametrize(
    ("kind", "estimated", "contract_won", "needed", "not_needed"),
    [
        # 규칙 제33조제2호, 제48조, 법 제6조의2
        (Kind.GOODS, 1_999_999, 2_199_998, ["청구서·각서·협정서", "청렴서약서"], ["견적서"]),
        (Kind.GOODS, 2_000_000, 2_200_000, ["견적서 1부"], ["예정가격", "검사조서"]),
        # 영 제8조제2항제1호: only what goes through 나라장터 has its price worked out before
        (Kind.OTHER_WORKS, 20_000_001, 22_000_001, ["견적서 2인 이상", "예정가격조서"], []),
        (Kind.GOODS, 20_000_001, 22_000_001, ["예정가격조서"], ["견적서"]),
        # 영 제65조
        (Kind.SERVICE, 20_000_000, 29_999_999, [], ["검사조서"]),
        (Kind.SERVICE, 20_000_000, 30_000_000, ["검사조서"], []),
        # 영 제50조제1항제1호, 제53조제1항제2호·제2항
        (Kind.SERVICE, 20_000_000, 50_000_000, ["계약보증금 지급 확약서"], ["계약서,"]),
        (Kind.SERVICE, 20_000_000, 50_000_001, ["계약서,", "계약보증금 또는 보증서"], ["확약서"]),
        # 규칙 제70조제2항제3호, 제50조
        (Kind.OTHER_WORKS, 20_000_000, 30_000_000, [], ["하자보수보증금"]),
        (Kind.OTHER_WORKS, 20_000_000, 30_000_001, ["하자보수보증금 납부서"], []),
    ],
)  # fmt: skip
def test_the_papers_go_by_kind_and_amount(
    kind: Kind, estimated: int, contract_won: int, needed: list[str], not_needed: list[str]
):
    told = papers(kind, estimated, contract_won)
    assert [one for one in needed if one not in told] == [], told
    assert [one for one in not_needed if one in told] == [], told
    assert "세금계산서" in told  # 훈령 제107조제1항


def test_who_is_favoured_shows_that_they_are():
    """영 제25조제1항제5호바목, 제30조제1항제2호."""
    for partner, word in [
        (Partner.FAVOURED, "여성·장애인·사회적기업"), (Partner.YOUNG, "청년창업기업"),
        (Partner.SMALL, "소기업·소상공인"),
    ]:  # fmt: skip
        assert f"{word} 등 확인서류" in papers(Kind.GOODS, 20_000_001, 22_000_001, partner)
    assert "확인서류" not in papers(Kind.GOODS, 2_000_000, 2_200_000)


AMOUNT = st.integers(1, 10**9)


@given(st.sampled_from(Kind), AMOUNT, AMOUNT, st.sampled_from(Partner))
def test_who_pays_more_never_needs_fewer_quotes_or_an_easier_method(
    kind: Kind, one: int, other: int, partner: Partner
):
    less, more = (
        contract.method(BOOK, DAY, kind, amount, amount, partner).figures
        for amount in sorted((one, other))
    )
    order = [0, 1, 2, None]
    assert order.index(less["quotes"]) <= order.index(more["quotes"])  # type: ignore[arg-type]
    for name in ("needs_paper", "needs_bond", "needs_inspection_record"):
        assert less[name] <= more[name]  # type: ignore[operator]


# -- 검사와 대가: 영 제64조, 제67조


@pytest.mark.parametrize(
    ("crisis", "extended", "by"),
    [
        (False, False, date(2026, 11, 16)), (False, True, date(2026, 11, 23)),
        (True, False, date(2026, 11, 9)), (True, True, date(2026, 11, 12)),
    ],
)  # fmt: skip
def test_an_inspection_may_be_put_off_where_the_ministry_says_so(
    crisis: bool, extended: bool, by: date
):
    """제64조제1항 단서: 7일, in a crisis 3일."""
    answer = contract.dates(BOOK, date(2026, 11, 2), is_crisis=crisis, is_extended=extended)
    assert answer.figures["inspect_by"] == by


def test_a_payment_may_be_agreed_to_come_later_by_as_many_days_again():
    """제67조제1항 후단: 5일, in a crisis 3일, without holidays and Saturdays."""
    for crisis, until in [(False, "12. 4.(금)"), (True, "11. 30.(월)")]:
        answer = contract.dates(BOOK, date(2026, 11, 2), DAY, is_crisis=crisis)
        assert any("특약" in note and until in note for note in answer.notes), answer.notes


@given(st.dates(date(2026, 1, 1), date(2027, 6, 1)), st.integers(0, 60), st.booleans())
def test_no_deadline_is_before_the_day_it_is_counted_from(first: date, later: int, crisis: bool):
    claimed = date.fromordinal(first.toordinal() + later)
    figures = contract.dates(BOOK, first, claimed, is_crisis=crisis).figures
    assert figures["inspect_by"] > first  # type: ignore[operator]
    assert figures["pay_by"] > claimed  # type: ignore[operator]


def test_a_claim_before_the_notice_is_refused():
    with pytest.raises(NotPossible):
        contract.dates(BOOK, DAY, date(2026, 11, 19))


# -- 지연배상금: 영 제90조, 법 제30조제4항


@pytest.mark.parametrize(("days", "says"), [(199, False), (200, True)])
def test_from_a_tenth_on_a_delay_asks_for_more_guarantee(days: int, says: bool):
    answer = contract.delay(BOOK, DAY, Delayed.WORKS, 100_000_000, days)
    assert any("제30조제4항" in note for note in answer.notes) is says


@pytest.mark.parametrize(("days", "says"), [(120, False), (121, True)])
def test_words_to_paste_say_where_the_limit_and_not_the_days_made_the_sum(days: int, says: bool):
    """제90조제3항."""
    paste = contract.delay(BOOK, DAY, Delayed.TRANSPORT, 100_000_000, days).paste
    assert ("30%" in paste) is says


@given(st.sampled_from(Delayed), st.integers(1, 10**10), st.integers(0, 3_000), st.integers(0, 600))
def test_a_longer_delay_never_costs_less_nor_over_the_limit(
    what: Delayed, amount: int, days: int, more: int
):
    less, later = (
        contract.delay(BOOK, DAY, what, amount, count).figures["owed_won"]
        for count in (days, days + more)
    )
    assert 0 <= less <= later <= amount * 3 // 10  # type: ignore[operator]
