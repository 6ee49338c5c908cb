"""Budget codes: found by what people pay, read from an office's sheet however it is made."""

import io
import zipfile
from contextlib import suppress
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.kit.sheet import SheetUnreadable
from hub.rules import budget_sheet
from hub.rules.budget_codes import BudgetCode, defaults, find, with_words
from hub.rules.budget_sheet import Wrong

CODES = defaults()[2026].codes


def first(words: str, year: int = 2026) -> str:
    found = find(defaults()[year].codes, words)
    return found[0].code if found else ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("강사료", "201-01"),
        ("외부 강사료 지급", "201-01"),
        ("외부강사 강사료를", "201-01"),
        ("위원수당", "201-01"),
        ("출장비", "202-01"),
        ("국내 여비", "202-01"),
        ("시설비", "401-01"),
        ("책", "405-02"),
        ("민간 위탁금", "307-05"),
        ("201-03", "201-03"),
        ("20103", "201-03"),
        ("급량비", "201-01"),
        ("야근 급식비", "201-01"),
        ("토너", "201-01"),
        ("프린터 토너 구입", "201-01"),
        ("복사용지", "201-01"),
        ("A4 복사용지를 사려고", "201-01"),
        ("현수막", "201-01"),
        ("현수막 제작", "201-01"),
        ("행사 현수막", "201-03"),
        ("위원회 참석수당", "201-01"),
        ("임차료", "201-01"),
        ("정수기 렌탈료", "201-01"),
        ("도서 구입", "405-02"),
        ("신문 구독료", "201-01"),
        ("유류비", "201-02"),
        ("관용차 기름값", "201-02"),
        ("전기요금", "201-02"),
        ("우편요금", "201-02"),
        ("승강기 유지보수", "201-02"),
        ("청사 청소용역", "201-02"),
        ("자동차 보험료", "201-02"),
        ("노트북 구입", "405-01"),
        ("간담회", "203-03"),
        ("해외출장", "202-03"),
        ("학술용역", "207-01"),
        ("홈페이지 구축", "207-02"),
        ("자원봉사자 실비", "301-14"),
        ("도로 공사비", "401-01"),
        ("토지매입비", "401-01"),
        ("무대 설치", "401-04"),
        ("사무괸리비", "201-01"),
    ],
)
def test_people_find_a_code_by_what_they_pay(words: str, code: str):
    assert first(words) == code


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        ("월액여비", "202-02", "202-01"), ("해외출장", "202-03", "202-02"),
        ("시설비", "401-01", "401-02"), ("공사비", "401-01", "401-02"),
        ("토지매입비", "401-01", "401-01"), ("무대", "401-04", "201-03"),
        ("행사관련시설비", "401-04", "201-03"), ("강사료", "201-01", "201-01"),
    ],
)  # fmt: skip
def test_the_same_word_finds_the_code_of_its_year(words: str, before: str, after: str):
    assert (first(words, 2026), first(words, 2027)) == (before, after)


def test_a_small_book_and_a_library_are_both_shown():
    assert {"405-02", "201-01"} <= {one.code for one in find(CODES, "도서 구입")}


def test_a_word_that_fits_nothing_finds_nothing():
    assert find(CODES, "우주왕복선") == []
    assert find(CODES, "999-99") == []


def test_without_words_all_codes_come_in_order():
    assert find(CODES, " ·-") == list(CODES)
    assert [one.code for one in CODES] == sorted(one.code for one in CODES)


def test_the_codes_of_2027_are_those_of_its_reform():
    codes = {one.code: one.name for one in defaults()[2027].codes}
    assert not {"202-03", "202-04", "401-04"} & set(codes)
    assert codes["202-02"] == "국외업무여비"
    assert (codes["401-01"], codes["401-02"]) == ("시설공사 보상비", "시설비")
    assert first("월액여비", 2027) == "202-01"
    assert first("월액여비", 2026) == "202-02"
    assert defaults()[2027].changes


def test_a_year_of_which_nothing_is_known_has_no_codes():
    assert set(defaults()) == {2026, 2027}


def test_words_are_lent_to_an_offices_code_of_the_same_name_alone():
    ours = (BudgetCode("201-01", "사무 관리비"), BudgetCode("202-01", "다른 것"))
    same, other = with_words(ours, 2026)
    assert "강사료" in same.words
    assert (same.section, other.words) == ("일반운영비", ())
    assert with_words(ours, 2031) == ours


@given(st.text(max_size=60))
def test_whatever_is_typed_finds_codes_of_the_table_once_each(words: str):
    found = find(CODES, words)
    assert len(set(found)) == len(found)
    assert set(found) <= set(CODES)


def book(*rows: tuple[Any, ...]) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        made.worksheets[0].append(row)
    made.save(out)
    return out.getvalue()


def read(body: bytes) -> list[tuple[int, str, str]]:
    return [
        (row.number, row.code.code, row.code.name) if row.code else (row.number, str(row.wrong), "")
        for row in budget_sheet.read(body)
    ]


def test_bad_rows_are_told_by_their_number_and_stop_nothing():
    body = book(
        ("2026년 통계목",), ("통계목 코드", "통계목명"), ("201-01", "사무관리비"), ("합계", 3),
        (20102, "공공운영비"), (None, None), ("201-03", ""), ("201-01", "또"),
    )  # fmt: skip
    assert read(body) == [
        (3, "201-01", "사무관리비"),
        (4, Wrong.CODE, ""),
        (5, "201-02", "공공운영비"),
        (7, Wrong.NAME, ""),
        (8, Wrong.TWICE, ""),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "euc-kr", "cp949"])
def test_csv_is_read_as_korean_excel_writes_it(encoding: str):
    body = '편성목,통계목,설명\r\n일반운영비,201-01 사무관리비,"강사료, 수당"\r\n'.encode(encoding)
    (row,) = budget_sheet.read(body)
    assert row.code == BudgetCode("201-01", "사무관리비", "일반운영비", "강사료, 수당")


def test_what_begins_like_a_formula_is_read_as_text_and_never_reckoned():
    body = book(("코드", "이름"), ("201-01", "=1+1"), ("201-02", '=HYPERLINK("http://x")'))
    assert all(row.code is None or "http" not in row.code.name for row in budget_sheet.read(body))


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * 40_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xd0\xcf\x11\xe0", b"PK\x03\x04", bomb(), b"\xff\xfe\x00", "가,나\n1,2\n".encode(),
        "이름\n사무관리비\n".encode("euc-kr"),
    ],
    ids=["empty", "old", "cut", "bomb", "no text", "no heading", "no code"],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words(body: bytes):
    with pytest.raises(SheetUnreadable) as refused:
        budget_sheet.read(body)
    assert refused.value.says.endswith(".")


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"코드\n{text}".encode()))
@example(b"\xec\xbd\x94\xeb\x93\x9c\n" + b"1" * 200)
def test_any_bytes_are_a_table_or_refused(body: bytes):
    with suppress(SheetUnreadable):
        codes = budget_sheet.codes(budget_sheet.read(body))
        assert len({one.code for one in codes}) == len(codes)


def test_merged_cells_leave_the_rows_below_without_a_section_and_stop_nothing():
    made, out = openpyxl.Workbook(), io.BytesIO()
    sheet = made.worksheets[0]
    for row in (("편성목", "코드", "이름"), ("일반운영비", "201-01", "가"), (None, "201-02", "나")):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    made.save(out)
    assert [row.code.section for row in budget_sheet.read(out.getvalue()) if row.code] == [
        "일반운영비", "",
    ]  # fmt: skip
