"""Law files: read as they are, and refused in words where they are none."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.rules import law_text
from hub.rules.law_text import LawUnreadable

FILE = """---
제목: 가나다 규정
공포일자: 2026-01-02
시행일자: 2026-02-01
출처: https://www.law.go.kr/법령/가나다규정
---

# 가나다 규정

##### 제1조 (목적)

이 영은 **가나다**를 정한다.

##### 제1조의2 (뜻)

**①** 첫째.

  1\\. 하나
  2\\. 둘

## 부칙

##### 제1조 (시행일)

이 영은 공포한 날부터 시행한다.
"""


def test_a_law_is_read_article_by_article_and_without_its_supplements():
    law = law_text.read(FILE.encode())
    assert (law.title, law.promulgated, law.since) == (
        "가나다 규정", date(2026, 1, 2), date(2026, 2, 1)
    )  # fmt: skip
    assert [(one.number, one.heading) for one in law.articles] == [
        ("제1조", "목적"),
        ("제1조의2", "뜻"),
    ]
    assert law.articles[0].text == "이 영은 가나다를 정한다."
    assert law.articles[1].text == "① 첫째.\n  1. 하나\n  2. 둘"


def test_windows_files_are_read_alike():
    crlf = b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode()
    assert law_text.read(crlf) == law_text.read(FILE.encode())


@pytest.mark.parametrize(
    ("wrong", "instead"),
    [
        ("시행일자: 2026-02-01\n", ""),
        ("시행일자: 2026-02-01", "시행일자: 곧"),
        ("제목: 가나다 규정\n", ""),
        ("제목: 가나다 규정", "제목: [가, 나]"),
        ("---\n", ""),
        ("##### ", ""),
        ("제목: 가나다 규정", "제목: [" * 5_000),
        ("첫째.", "첫\0째."),
        ("제목: 가나다 규정", "제목: !!python/object/apply:os.system ['true']"),
    ],
)
def test_what_is_no_law_is_refused_in_words(wrong: str, instead: str):
    assert wrong in FILE
    with pytest.raises(LawUnreadable, match=r"\w"):
        law_text.read(FILE.replace(wrong, instead).encode())


def test_a_file_that_is_too_large_or_no_text_is_refused():
    for wrong in (FILE.encode() + b" " * law_text.MOST_BYTES, FILE.encode("euc-kr", "replace")):
        with pytest.raises(LawUnreadable):
            law_text.read(wrong)


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
@example(b"---\n&a [*a]\n---\n")
@example(b"---\n? [a]\n: b\n---\n")
def test_any_bytes_are_a_law_or_refused(encoded: bytes):
    for file in (encoded, b"---\n" + encoded + b"\n---\n##### \xec\xa0\x9c1\xec\xa1\xb0\n"):
        with suppress(LawUnreadable):
            law_text.read(file)


def test_every_collected_law_is_read(law_dir: Path):
    found = [one for one in law_dir.glob("*.md") if one.read_text().startswith("---\n")]
    assert len(found) >= 20
    assert all(law_text.read(one.read_bytes()).articles for one in found)
