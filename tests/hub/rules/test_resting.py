"""Which text a rule rests on, and what a newer one says otherwise."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.rules import resting
from hub.rules.resting import Stored
from hub.rules.rule import Article, Row, Rule, Unit

READ = date(2026, 10, 2)
LAW = Article("가나다 규정", "제2조제1항")
NEW_ROW = Row(date(2026, 7, 1), 12, LAW, "열둘.")
RULE = Rule("a.b", "가", Unit.DAYS, (Row(date(2024, 1, 1), 10, LAW, "열."), NEW_ROW))
OLD_ROW = RULE.rows[0]


def text(since: str, words: str) -> Stored:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    return Stored(LAW.law, "제2조", date.fromisoformat(since), "한도", words, "", "", at)


@pytest.mark.parametrize(
    ("texts", "of_old", "of_new"),
    [
        ([], None, None),
        (["2025-01-01"], "2025-01-01", "2025-01-01"),
        (["2025-01-01", "2026-07-01"], "2025-01-01", "2026-07-01"),
        (["2026-06-30", "2026-07-01", "2026-10-02"], "2026-06-30", "2026-10-02"),
        (["2026-10-03"], None, None),
    ],
)
def test_a_row_rests_on_the_text_of_its_own_days(texts, of_old, of_new):
    for row, expected in ((OLD_ROW, of_old), (NEW_ROW, of_new)):
        found = resting.rested(RULE, row, READ, [text(one, one) for one in texts])
        assert (str(found.text.since) if found.text else None) == expected


def test_a_text_from_before_the_row_is_said_to_be_older():
    assert resting.rested(RULE, NEW_ROW, READ, [text("2026-06-30", "열")]).is_older
    assert not resting.rested(RULE, NEW_ROW, READ, [text("2026-07-01", "열둘")]).is_older


def test_a_newer_text_that_says_otherwise_is_shown_with_the_difference():
    texts = [text("2026-07-01", "하루에 12시간까지."), text("2027-01-01", "하루에 14시간까지.")]
    found = resting.rested(RULE, NEW_ROW, READ, texts)
    assert found.newer == texts[1]
    assert [(one.kind, one.words.strip()) for one in found.difference] == [
        ("same", "하루에"),
        ("gone", "12시간까지."),
        ("new", "14시간까지."),
    ]
    assert resting.rested(RULE, OLD_ROW, READ, texts).newer is None


def test_a_newer_text_that_says_the_same_is_no_news():
    texts = [text("2026-07-01", "가·나  “다”"), text("2027-01-01", '가ㆍ나\n"다"')]
    assert resting.rested(RULE, NEW_ROW, READ, texts).newer is None


def test_a_newer_text_alone_is_shown_without_a_difference():
    found = resting.rested(RULE, NEW_ROW, READ, [text("2027-01-01", "새 글")])
    assert (found.text, found.newer is None, found.difference) == (None, False, ())


WORDS = st.text("가나다 \n①.", max_size=60)


@given(WORDS, WORDS)
def test_what_is_left_and_gone_is_the_old_text_and_what_is_left_and_came_the_new(old, new):
    parts = resting.difference(old, new)
    kept = "".join(one.words for one in parts if one.kind != "gone")
    assert resting.said(kept) == resting.said(new)
    were = "".join(one.words for one in parts if one.kind != "new")
    assert resting.said(were) == resting.said(old)
    assert resting.is_same(old, new) is all(
        not resting.said(one.words) or one.kind == "same" for one in parts
    )


def test_a_very_long_article_is_compared_by_its_lines():
    long = "\n".join(f"{n}. 가 나 다 라" for n in range(1_500))
    parts = resting.difference(long, long.replace("700. 가", "700. 마"))
    assert [one.kind for one in parts] == ["same", "gone", "new", "same"]
    assert parts[1].words == "700. 가 나 다 라\n"
