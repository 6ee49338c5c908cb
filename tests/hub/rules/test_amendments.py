"""Lists of changed paragraphs: put into the older text, or left out and said so."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.rules import amendments, law_text
from hub.rules.law_text import ArticleText, LawUnreadable

LIST = """# 나중에 바뀐 조문

## 가나다 규정 — 대통령령 제12호, 2026-09-22 공포, **2026-10-01 시행**

제2조 ② 하루에 **네 시간**을 넘을 수 있다. 다음은 그렇지 않다. <개정 2026.9.22>  (1. 하나 2. 둘)
  - 종전: 넘을 수 없다.

제3조 ① 다음과 같다. 1. 새 하나 2. 새 둘

제2조 ③ 줄여서 … 적었다.

## 라마 규정 — 제1호, 2026-06-23 공포·시행 / 제2호, 2026-10-02 시행

제1조 ① 어느 날부터인지 모른다.
"""
BEFORE = ArticleText("제2조", "한도", "① 첫째.\n② 넘을 수 없다.\n  1. 가\n  2. 나\n③ 셋째.")


def test_a_list_is_told_from_a_law():
    assert amendments.is_list(LIST.encode())
    for other in ("# 읽어 두기\n", "---\n제목: 가\n---\n" + LIST, ""):
        assert not amendments.is_list(other.encode())


def test_whole_paragraphs_are_taken_and_the_others_are_said():
    found = amendments.read(LIST.encode())
    first, second = found.amendments
    assert (first.title, first.since, first.act) == (
        "가나다 규정", date(2026, 10, 1), "대통령령 제12호"
    )  # fmt: skip
    assert first.lead.endswith("그렇지 않다. <개정 2026.9.22>")
    assert "**" not in first.lead
    assert (first.items, second.items) == ((), ("1. 새 하나", "2. 새 둘"))
    assert [one.split(":")[0] for one in found.left_out] == [
        "가나다 규정 제2조 ③",
        "라마 규정 제1조 ①",
    ]


def test_what_is_told_in_another_form_is_said_and_never_lost_in_silence():
    told = """## 가나다 규정 — 대통령령 제12호, **2026-10-01 시행**

제7조의6(공가) 2호: "검찰" → "공소청". 10호: 가. 단체교섭.
제7조의7 ⑨(가족돌봄휴가, 연 10일): 1. 휴업 2. 상담
제16조(일비), 제17조는 같다.
"""
    found = amendments.read(told.encode())
    assert found.amendments == ()
    assert [one.split(":")[0] for one in found.left_out] == [
        "가나다 규정 제7조의6(공가) 2호",
        "가나다 규정 제7조의7 ⑨(가족돌봄휴가, 연 10일)",
    ]


def test_the_collected_list_says_which_articles_of_leave_it_does_not_quote(law_dir: Path):
    left_out = amendments.read((law_dir / "개정_2026-06_이후.md").read_bytes()).left_out
    for article in ("제7조의6", "제7조의7"):
        assert any(f"지방공무원 복무규정 {article}" in one for one in left_out)


def test_new_words_take_the_place_of_the_old_and_items_stay_where_none_are_told():
    first, second = amendments.read(LIST.encode()).amendments
    after = amendments.put_into(BEFORE, first)
    assert after is not None
    assert after.text == f"① 첫째.\n② {first.lead}\n  1. 가\n  2. 나\n③ 셋째."
    assert amendments.put_into(after, first) == after
    other = amendments.put_into(ArticleText("제3조", "", "① 옛 말.\n  1. 옛"), second)
    assert other is not None
    assert other.text == "① 다음과 같다.\n  1. 새 하나\n  2. 새 둘"


def test_a_paragraph_that_is_not_there_is_put_nowhere():
    first, _ = amendments.read(LIST.encode()).amendments
    assert amendments.put_into(ArticleText("제2조", "", "항이 없는 조."), first) is None


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_are_a_list_or_refused(encoded: bytes):
    with suppress(LawUnreadable):
        for change in amendments.read(LIST.encode() + encoded).amendments:
            amendments.put_into(BEFORE, change)


def test_the_collected_list_brings_the_new_cap_of_overtime(law_dir: Path):
    found = amendments.read((law_dir / "개정_2026-06_이후.md").read_bytes())
    (change,) = [one for one in found.amendments if one.number == "제15조"]
    law = law_text.read((law_dir / "지방공무원수당등에관한규정_대통령령.md").read_bytes())
    before = law.article("제15조")
    assert before is not None
    after = amendments.put_into(before, change)
    assert after is not None
    assert "1일에 4시간" in before.text
    assert "1일에 4시간" not in after.text
    assert "1개월에 57시간" in after.text
    assert change.since == date(2026, 10, 1)


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(LawUnreadable):
        amendments.read(LIST.encode() + b" " * law_text.MOST_BYTES)
