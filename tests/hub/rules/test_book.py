"""Rules by the day, ordinances over the nation's values, and days for which nothing is known."""

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.rules.book import NotLocal, Ordinance, RuleBook, UnknownRule
from hub.rules.rule import KNOWN_UNTIL, Article, Confidence, OutsideTable
from hub.rules.tables import nation

BOOK = RuleBook(nation())
RULES = sorted(BOOK.rules)
OURS = Article("가나시 공무원 여비 조례", "제5조")
NEAR = "travel.near.long_won"


def ordinance(since: str, until: str | None, won: int) -> Ordinance:
    last = date.fromisoformat(until) if until else None
    return Ordinance(NEAR, date.fromisoformat(since), last, won, OURS)


@pytest.mark.parametrize(
    ("key", "last_day", "before", "after"),
    [
        ("overtime.day_cap_h", date(2026, 9, 30), 4, None),
        ("overtime.base_rate_8th", date(2025, 12, 31), Decimal("0.55"), Decimal("0.6")),
    ],
)
def test_a_change_of_law_holds_from_its_day_on(key, last_day, before, after):
    assert BOOK.at(key, last_day).value == before
    assert BOOK.at(key, last_day).until == last_day
    assert BOOK.at(key, last_day + timedelta(days=1)).value == after


@given(st.sampled_from(RULES), st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_a_day_is_either_in_the_table_or_refused(key: str, day: date):
    rows = BOOK.rule(key).rows
    if rows[0].since <= day <= KNOWN_UNTIL:
        found = BOOK.at(key, day)
        assert found.since <= day
        assert found.until is None or day <= found.until
    else:
        with pytest.raises(OutsideTable) as refused:
            BOOK.at(key, day)
        assert (refused.value.rule.key, refused.value.day) == (key, day)


def test_an_ordinance_speaks_instead_of_the_nation_on_its_days_alone():
    book = RuleBook(nation(), [ordinance("2026-03-01", "2026-08-31", 25_000)])
    assert book.at(NEAR, date(2026, 2, 28)).value == 20_000
    for day in (date(2026, 3, 1), date(2026, 8, 31)):
        found = book.at(NEAR, day)
        assert (found.value, found.nation, found.article) == (25_000, 20_000, OURS)
        assert found.confidence is Confidence.SETTING
        assert found.is_local
    assert book.at(NEAR, date(2026, 9, 1)).value == 20_000


def test_of_two_ordinances_the_later_one_speaks():
    both = [ordinance("2026-03-01", None, 25_000), ordinance("2026-06-01", None, 30_000)]
    for order in (both, both[::-1]):
        book = RuleBook(nation(), order)
        assert book.at(NEAR, date(2026, 5, 31)).value == 25_000
        assert book.at(NEAR, date(2026, 6, 1)).value == 30_000


def test_an_ordinance_answers_for_a_day_that_the_nations_table_does_not_know():
    book = RuleBook(nation(), [ordinance("2020-01-01", None, 15_000)])
    found = book.at(NEAR, date(2021, 1, 1))
    assert (found.value, found.nation) == (15_000, None)


def test_no_ordinance_changes_a_rule_of_the_nation():
    cap = Ordinance("overtime.month_cap_h", date(2026, 1, 1), None, 80, OURS)
    with pytest.raises(NotLocal):
        RuleBook(nation(), [cap])


def test_a_name_that_no_rule_has_is_refused():
    with pytest.raises(UnknownRule):
        BOOK.at("travel.near.wrong", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("place", "number"),
    [
        ("제15조제4항", "제15조"),
        ("제7조의2제6항", "제7조의2"),
        ("제8조의2", "제8조의2"),
        ("별표 2", "별표 2"),
    ],
)
def test_an_article_has_its_official_page(place: str, number: str):
    article = Article("지방공무원 복무규정", place)
    assert article.number == number
    assert article.address.startswith("https://www.law.go.kr/법령/")
    assert (quote(number) in article.address) is number.startswith("제")


def test_an_ordinance_and_a_directive_have_pages_of_their_own_kind():
    assert "/자치법규/" in Article("가나시 공무원 여비 조례", "제5조", is_local=True).address
    assert "/행정규칙/" in Article("지방자치단체 회계관리에 관한 훈령", "제53조").address
