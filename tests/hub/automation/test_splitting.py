"""쪼개기: what is added up, over which time, and what it asks for then; and the ledger's sheet."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.automation import splitting
from hub.automation.contract import Kind
from hub.automation.splitting import Contract, Finding, Level, Why
from hub.rules.book import RuleBook
from hub.rules.tables import nation

BOOK = RuleBook(nation())
MARCH = date(2026, 3, 2)
MILLION = 1_000_000


def contract(
    row: int, made_on: date, won: int, title: str = "복사지 구입", vendor: str = "",
    kind: Kind = Kind.GOODS,
) -> Contract:  # fmt: skip
    return Contract(row, made_on, title, vendor, kind, won)


def found(*contracts: Contract) -> tuple[Finding, ...]:
    return splitting.check(BOOK, contracts).findings


@pytest.mark.parametrize(
    ("kind", "each", "together"),
    [
        (Kind.GOODS, 10 * MILLION, None),  # 20,000,000 is still within
        (Kind.GOODS, 10 * MILLION + 1, Level.TENDER),
        (Kind.SERVICE, 10 * MILLION + 1, Level.TENDER),
        (Kind.OTHER_WORKS, 10 * MILLION, None),
        (Kind.OTHER_WORKS, 10 * MILLION + 1, Level.TWO_QUOTES),
        (Kind.OTHER_WORKS, 80 * MILLION, None),  # each asks for two quotes alone
        (Kind.OTHER_WORKS, 80 * MILLION + 1, Level.TENDER),
        (Kind.SPECIAL_WORKS, 100 * MILLION + 1, Level.TENDER),
        (Kind.BUILDING, 200 * MILLION + 1, Level.TENDER),
        (Kind.LEASE, 25 * MILLION + 1, Level.TENDER),
        (Kind.LEASE, 25 * MILLION, None),  # each asks for two quotes alone
        (Kind.LEASE, 999_999, None),  # together without any, 시행규칙 제33조제2호
        (Kind.LEASE, 1_000_000, Level.TWO_QUOTES),
    ],
)
def test_two_that_ask_for_more_together_are_found(kind: Kind, each: int, together: Level | None):
    """영 제7조제2호, 제25조제1항제5호, 제30조제1항."""
    told = found(
        contract(1, MARCH, each, kind=kind), contract(2, date(2026, 5, 4), each, kind=kind)
    )
    assert [one.together for one in told] == ([together] if together else [])
    assert all(one.sum_won == 2 * each for one in told)


def test_small_ones_that_stay_with_one_quote_are_not_found():
    """시행규칙 제33조: 견적 생략 to 1인 견적 is no other method of contract."""
    assert not found(*(contract(row, MARCH, 1_900_000) for row in range(10)))


@pytest.mark.parametrize(
    ("second", "is_year"),
    [
        (date(2026, 12, 31), True),
        (date(2027, 3, 1), False),  # within twelve months of 2 March 2026
        (date(2027, 3, 2), None),
    ],
)
def test_a_fiscal_year_or_twelve_months_are_added_up(second: date, is_year: bool | None):
    """영 제7조제2호가목·나목."""
    told = found(contract(1, MARCH, 15 * MILLION), contract(2, second, 15 * MILLION))
    assert [one.is_fiscal_year for one in told] == ([] if is_year is None else [is_year])


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 3, 2), 12, date(2027, 3, 1)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 2, 28), 12, date(2028, 2, 27)),
    ],
)
def test_months_are_counted_to_the_day_before(first: date, months: int, last: date):
    assert splitting._months_after(first, months) == last


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("2026년 3월 복사지 구입", "2026년 4월 복사지 구입", True),
        ("복사지 구입(1차)", "복사지 구입(2차)", True),
        ("복사지 구입", "복사용지 구입", True),
        ("복사지 구입", "의자 구입", False),
        ("청사 청소 용역", "도로 보수 공사", False),
        ("", "", False),
        ("2026", "2027", False),
    ],
)
def test_names_are_alike_without_their_numbers(one: str, other: str, alike: bool):
    told = found(contract(1, MARCH, 15 * MILLION, one), contract(2, MARCH, 15 * MILLION, other))
    assert bool(told) is alike


def test_the_same_vendor_is_a_sign_of_its_own_and_kinds_are_never_mixed():
    pair = (
        contract(1, MARCH, 15 * MILLION, "의자 구입", "㈜가람상사"),
        contract(2, MARCH, 15 * MILLION, "책상 제작", "가람상사(주)"),
    )
    (only,) = found(*pair)
    assert only.why is Why.VENDOR
    works = contract(2, MARCH, 15 * MILLION, "책상 제작", "가람상사", Kind.OTHER_WORKS)
    assert not found(pair[0], works)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("㈜가람상사", "가람상사(주)", True),
        ("주식회사 가람 상사", "가람상사", True),
        ("가람 1호점", "가람 2호점", False),
        ("업체 17", "업체 18", False),
    ],
)
def test_a_vendor_is_known_by_its_name_and_its_number(one: str, other: str, same: bool):
    told = found(
        contract(1, MARCH, 15 * MILLION, "의자", one), contract(2, MARCH, 15 * MILLION, "책", other)
    )
    assert bool(told) is same


def test_a_ledger_of_one_vendor_is_not_looked_through_a_million_times(monkeypatch):
    """As many prices are judged as there are rows and spans, not as many as there are pairs."""
    judged = []
    real = splitting._Levels.level
    monkeypatch.setattr(
        splitting._Levels, "level", lambda *told: judged.append(told) or real(*told)
    )
    rows = [
        contract(nth, MARCH + timedelta(days=nth), 900_000 + nth, f"{nth}", "가람")
        for nth in range(300)
    ]
    (only,) = found(*rows)
    assert only.together is Level.TENDER
    assert len(judged) <= 3 * len(rows) + 10


def test_found_by_both_signs_it_is_one_finding():
    told = found(*(contract(row, MARCH, 15 * MILLION, vendor="가람상사") for row in (1, 2)))
    assert [one.why for one in told] == [Why.VENDOR]


def test_a_tender_among_them_does_not_hide_the_others():
    """영 제7조제2호: what asks for a tender alone was not split from anything."""
    small = [contract(row, MARCH, 15 * MILLION) for row in (1, 2)]
    (only,) = found(*small, contract(3, MARCH, 900 * MILLION))
    assert [one.row for one in only.contracts] == [1, 2]


def test_what_asks_for_two_quotes_alone_does_not_hide_what_does_so_together():
    """영 제30조제1항제2호."""
    small = [contract(row, MARCH, 15 * MILLION, kind=Kind.OTHER_WORKS) for row in (1, 2)]
    (only,) = found(*small, contract(3, MARCH, 80 * MILLION, kind=Kind.OTHER_WORKS))
    assert ([one.row for one in only.contracts], only.together) == ([1, 2], Level.TWO_QUOTES)


def test_every_year_of_a_group_is_told():
    days = [date(2026, 1, 5), date(2026, 2, 5), date(2027, 6, 7), date(2027, 7, 7)]
    told = found(*(contract(row, day, 15 * MILLION) for row, day in enumerate(days, 1)))
    assert [[line.row for line in one.contracts] for one in told] == [[1, 2], [3, 4]]


def test_what_is_in_no_finding_says_how_many_are_like_it_and_on_what_that_rests():
    checked = splitting.check(
        BOOK,
        [
            contract(1, MARCH, 1_000, "의자"),
            contract(2, MARCH, 1_000, "복사지"),
            contract(3, MARCH, 1_000, "복사지"),
            contract(4, date(2023, 1, 2), 900 * MILLION, "책상"),
        ],
    )
    assert [(one.contract.row, one.others, one.alone) for one in checked.clean] == [
        (4, 0, Level.TENDER), (2, 1, Level.NO_QUOTE), (3, 1, Level.NO_QUOTE),
        (1, 0, Level.NO_QUOTE),
    ]  # fmt: skip
    keys = ["contract.similar_months", "contract.direct.goods_won", "contract.quote.one_won"]
    assert [one.key for one in checked.clean[1].rules] == keys


def test_a_contract_from_before_any_rule_stops_no_other():
    checked = splitting.check(
        BOOK, [contract(1, date(2014, 1, 2), 900 * MILLION), contract(2, MARCH, 1_000)]
    )
    assert [one.row for one in checked.unknown] == [1]
    assert [one.contract.row for one in checked.clean] == [2]


def test_a_day_for_which_no_rule_is_known_is_said_and_stops_nothing():
    """영 제30조제1항 is known from 2025-07-08 on."""
    checked = splitting.check(
        BOOK,
        [
            contract(1, date(2025, 7, 7), 15 * MILLION),
            contract(2, date(2025, 7, 8), 15 * MILLION),
            contract(3, date(2025, 7, 9), 15 * MILLION),
        ],
    )
    assert [one.row for one in checked.unknown] == [1]
    assert [[line.row for line in one.contracts] for one in checked.findings] == [[2, 3]]
    assert "contract.similar_months" in {one.key for one in checked.rules}


CONTRACTS = st.lists(
    st.builds(
        Contract, st.integers(1, 10**6), st.dates(date(2025, 1, 1), date(2027, 12, 31)),
        st.sampled_from(["복사지 구입", "복사지 구입(2차)", "의자", "도로 보수", ""]),
        st.sampled_from(["가람", "나래", ""]), st.sampled_from(Kind),
        st.integers(1, 500 * MILLION),
    ),
    max_size=25, unique_by=lambda one: one.row,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CONTRACTS)
def test_a_finding_is_the_sum_of_its_rows_within_its_span(contracts: list[Contract]):
    checked = splitting.check(BOOK, contracts)
    for one in checked.findings:
        assert len(one.contracts) > 1
        assert one.sum_won == sum(line.estimated_won for line in one.contracts)
        assert {line.kind for line in one.contracts} == {one.kind}
        assert all(one.first <= line.made_on <= one.last for line in one.contracts)
        assert list(Level).index(one.alone) < list(Level).index(one.together)
        assert (one.last - one.first) < timedelta(days=366)
    assert len({tuple(line.row for line in one.contracts) for one in checked.findings}) == len(
        checked.findings
    )
    held = {line.row for one in checked.findings for line in one.contracts}
    rest = [*(one.contract.row for one in checked.clean), *(one.row for one in checked.unknown)]
    assert sorted([*held, *rest]) == sorted(one.row for one in contracts)


def seen(contracts: list[Contract]) -> list[tuple[object, ...]]:
    """What is found, without the numbers of the rows."""
    return [
        (one.why, one.kind, one.first, one.last, one.together, one.sum_won,
         sorted((line.made_on, line.title, line.vendor, line.estimated_won)
                for line in one.contracts))
        for one in splitting.check(BOOK, contracts).findings
    ]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CONTRACTS, st.randoms(use_true_random=False))
def test_it_does_not_matter_in_which_order_the_rows_stand(contracts: list[Contract], by: Random):
    shuffled = by.sample(contracts, len(contracts))
    renumbered = [replace(one, row=nth) for nth, one in enumerate(shuffled, 1)]
    assert seen(renumbered) == seen(contracts)


def test_names_that_are_alike_in_a_chain_are_one_group_whichever_comes_first():
    """The middle one is like both, the outer two are not like each other."""
    names = ["복사지 토너 구입", "복사지 토너 잉크 구입", "토너 잉크 구입"]
    for order in permutations(names):
        rows = [contract(nth, MARCH, 7 * MILLION, name) for nth, name in enumerate(order, 1)]
        assert [len(one.contracts) for one in found(*rows)] == [3], order
