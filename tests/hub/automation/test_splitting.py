"""쪼개기: what is added up, over which time, and what it asks for then; and the ledger's sheet."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.automation import splitting, splitting_sheet
from hub.automation.contract import Kind
from hub.automation.splitting import Contract, Finding, Level, Why
from hub.kit import sheet
from hub.kit.sheet import SheetUnreadable
from hub.rules.book import RuleBook
from hub.rules.tables import nation

BOOK = RuleBook(nation())
VAT = Decimal("0.1")
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


# -- the sheet

HEADING = ["계약일", "계약명", "업체", "구분", "계약금액", "추정가격"]


def ledger(*rows: list[str], heading: list[str] = HEADING) -> splitting_sheet.Ledger:
    body = sheet.workbook("대장", heading, rows, [10] * len(heading))
    return splitting_sheet.read(body, VAT)


def test_a_ledger_is_read_by_its_headings_and_bad_rows_stop_no_other():
    told = ledger(
        ["2026-03-02", "복사지 구입", "가람상사", "물품", "1,980,000원", ""],
        ["2026. 3. 2.", "청소 용역", "", "용역", "", "1,000,000"],
        ["어제", "가", "", "물품", "1,000", ""],
        ["2026-03-02", "가", "", "과자", "1,000", ""],
        ["2026-03-02", "가", "", "물품", "", ""],
        ["2026-03-02", "가", "", "물품", "-5", ""],
        ["2026-03-02", "", "", "물품", "1,000", ""],
        ["2026-03-02", "도로 보수", "", "공사", "1,100", "900"],
    )
    assert [(one.row, one.estimated_won) for one in told.contracts] == [
        (2, 1_800_000), (3, 1_000_000), (9, 900),
    ]  # fmt: skip
    assert [one.row for one in told.refused] == [4, 5, 6, 7, 8]
    assert all(one.says for one in told.refused)
    assert told.is_vague


def test_columns_may_stand_in_any_order_below_a_title():
    heading = ["구분", "금액", "상호", "사업명", "계약일자"]
    rows = [["2026년 계약대장", "", "", "", ""], heading, ["물품", "1100", "가", "나", "20260302"]]
    body = sheet.workbook("대장", rows[0], rows[1:], [10] * 5)
    (only,) = splitting_sheet.read(body, VAT).contracts
    assert (only.row, only.title, only.vendor, only.estimated_won) == (3, "나", "가", 1_000)


def test_a_ledger_in_euc_kr_is_read():
    text = '계약일,계약명,구분,추정가격\n2026-03-02,복사지 구입,물품,"1,000,000"\n'
    (only,) = splitting_sheet.read(text.encode("euc-kr"), VAT).contracts
    assert (only.title, only.kind, only.estimated_won) == ("복사지 구입", Kind.GOODS, 1_000_000)


@pytest.mark.parametrize(
    "heading", [["계약일", "계약명"], ["계약일", "계약명", "구분"], ["가", "나", "다"]]
)
def test_a_table_that_is_no_ledger_is_refused(heading: list[str]):
    with pytest.raises(SheetUnreadable):
        ledger(["1"] * len(heading), heading=heading)


def test_the_template_is_a_ledger():
    (only,) = splitting_sheet.read(splitting_sheet.template(), VAT).contracts
    assert only.estimated_won == 1_800_000


@given(st.binary(max_size=300))
def test_whatever_is_sent_is_read_or_refused(body: bytes):
    try:
        told = splitting_sheet.read(body, VAT)
    except SheetUnreadable as error:
        assert error.says  # noqa: PT017  either way out is right
    else:
        assert all(one.estimated_won > 0 for one in told.contracts)
