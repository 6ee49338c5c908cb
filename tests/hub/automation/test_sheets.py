"""Sheets of many rows: read as offices write them, worked out row by row, given back whole."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.automation.question import Kind, OfficeRules
from hub.automation.questions import QUESTIONS
from hub.automation.sheets import words
from hub.automation.sheets.answers import work_out
from hub.automation.sheets.cases import EMPTY, EXAMPLE, LINES_MOST, TOO_MANY
from hub.automation.sheets.cells import Unreadable, value
from hub.automation.sheets.columns import KEY, REMARK, columns_of, plain
from hub.automation.sheets.template import template
from hub.kit.sheet import NO_TABLE, OLD, TOO_LARGE, SheetUnreadable
from hub.rules.book import RuleBook
from hub.rules.tables import nation

OFFICE = OfficeRules(RuleBook(nation()))
WITHHOLDING, VAT, FAR = QUESTIONS["withholding"], QUESTIONS["vat"], QUESTIONS["far-trip"]
HEADING = ["이름", "소득 유형", "지급액(원)", "지급일"]
LECTURE = "기타소득(일시 인적용역)"
ROW = ["김가", LECTURE, 300_000, date(2026, 11, 2)]
SHEET = "xl/worksheets/sheet1.xml"


def nothing(done: int, of: int) -> None:
    """Nobody looks at the progress."""


def book_of(*rows: Sequence[Any]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_workbook(*rows: Sequence[Any]) -> bytes:
    return saved(book_of(*rows))


def as_csv(*rows: Sequence[str], encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(f'"{one}"' for one in row) for row in rows).encode(encoding)


def cells(workbook: bytes) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0].values]


def answered(question: Any, body: bytes) -> list[dict[str, Any]]:
    """Rows of the answer by their headings."""
    heading, *rows = cells(work_out(question, OFFICE, body, nothing).workbook)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def why(question: Any, body: bytes) -> str:
    with pytest.raises(SheetUnreadable) as refused:
        work_out(question, OFFICE, body, nothing)
    return refused.value.says


def with_part(body: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook in which one part is another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as before, zipfile.ZipFile(out, "w", 8) as after:
        for part in before.infolist():
            held = before.read(part)
            after.writestr(part.filename, change(held) if part.filename == name else held)
    return out.getvalue()


# ---- what comes back


def test_each_row_has_its_result_its_figures_its_articles_and_no_reason():
    (told,) = answered(WITHHOLDING, as_workbook(HEADING, ROW))
    assert told["이름"] == "김가"
    assert (told["세액(원)"], told["지방소득세(원)"], told["실지급액(원)"]) == (
        24_000,
        2_400,
        273_600,
    )
    assert told["내는 기한"] == datetime(2026, 12, 10)  # noqa: DTZ001  as Excel has days
    assert "소득세법 제129조" in told["근거"]
    assert told["이유"] is None


def test_a_bad_row_says_why_and_stops_no_other():
    bad: list[list[Any]] = [
        ["", LECTURE, None, "2026-11-02"],
        ["", "강사료?", 300_000, "2026-11-02"],
        ["", LECTURE, "백만", "어제"],
        ["", LECTURE, 0, "2026-02-30"],
        ["", LECTURE, 0, "2026-11-02"],
        ["", LECTURE, 300_000, "2029-01-01"],
        ["", LECTURE, "1,000.5", "2026-11-02"],
    ]
    told = work_out(WITHHOLDING, OFFICE, as_workbook(HEADING, *bad, ROW), nothing)
    assert (told.worked, told.refused) == (1, len(bad))
    rows = cells(told.workbook)
    reasons = [row[-1] for row in rows[1:]]
    assert reasons == [
        "지급액(원): 비어 있어요. 수식이라면 값으로 붙여 넣어 주세요.",
        reasons[1],
        "지급액(원): '백만'은(는) 수가 아니에요. "
        "지급일: '어제'은(는) 날짜가 아니에요. 예: 2026-11-02",
        "지급일: '2026-02-30'은(는) 달력에 없는 날이에요.",
        "지급액(원): 1보다 작을 수 없어요.",
        reasons[5],
        "지급액(원): 소수점이 없는 수여야 해요.",
        None,
    ]
    assert reasons[1].startswith(
        "소득 유형: '강사료?'은(는) 고를 수 없어요. 이 가운데 하나여야 해요"
    )
    assert reasons[5].startswith("지급일: 2029. 1. 1.의 ‘")
    assert rows[-1][-1] is None
    assert [row[4] for row in rows[1:-1]] == [None] * len(bad)


def test_columns_that_are_not_ours_and_the_lines_above_come_back_as_they_stood():
    begins = datetime(2026, 11, 2, 9, 30)  # noqa: DTZ001
    heading = ["사번", "메모", *HEADING[1:], "시각", "참"]
    body = as_workbook(
        ["11월 강사료"], heading, [20190123, "=1+1", *ROW[1:], begins, True], ["00123", *ROW]
    )
    title, head, first, second = cells(work_out(WITHHOLDING, OFFICE, body, nothing).workbook)
    assert title[0] == "11월 강사료"
    assert head[:7] == heading
    assert (first[0], first[5], first[6]) == (20190123, begins, True)
    assert second[0] == "00123"


def test_blank_lines_stay_so_that_every_line_keeps_its_number():
    body = as_workbook(["11월"], [], HEADING, [], ROW, [], [], ["", "?", 1, 2])
    rows = cells(work_out(WITHHOLDING, OFFICE, body, nothing).workbook)
    assert [nth for nth, row in enumerate(rows, 1) if any(row)] == [1, 3, 5, 8]


def test_a_flood_of_blank_lines_is_left_out():
    line = '"","강사료","300000","2026-11-02"\n'
    body = ",".join(HEADING) + "\n" + line + "\n" * 1_100_000 + line
    assert len(cells(work_out(WITHHOLDING, OFFICE, body.encode(), nothing).workbook)) == 3


@pytest.mark.parametrize("text", ["=1+1", "+82-10", "-1-1", "@SUM(A1)", "=cmd|'/c calc'!A1"])
def test_a_text_that_begins_like_a_formula_comes_back_as_text(text: str):
    body = as_csv(HEADING, [text, LECTURE, "300000", "20261102"])
    told = work_out(WITHHOLDING, OFFICE, body, nothing).workbook
    cell = openpyxl.load_workbook(io.BytesIO(told)).worksheets[0]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_an_answer_that_is_put_in_again_is_the_same_answer():
    first = work_out(WITHHOLDING, OFFICE, as_workbook(HEADING, ROW, ["", "?", 1, 2]), nothing)
    again = work_out(WITHHOLDING, OFFICE, first.workbook, nothing)
    assert cells(first.workbook) == cells(again.workbook)


# ---- cases of many lines


def test_lines_with_the_same_word_are_one_case_wherever_they_stand():
    heading = [KEY, "떠나는 날", "돌아오는 날", "지역", "숙박비", "운임", "공무용 차량을 쓴 날"]
    body = as_workbook(
        heading,
        ["가", "2026. 11. 23.", "2026. 11. 25.", "서울", "90,000원", 96_000, None],
        ["나", "2026. 11. 23.", "2026. 11. 24.", "광역시", 70_000, None, "2026-11-24"],
        ["가", None, None, "서울", 80_000, None, None],
    )
    first, second, third = answered(FAR, body)
    assert (first["숙박비 합계(원)"], first["운임 합계(원)"]) == (170_000, 96_000)
    assert second["숙박비 합계(원)"] == 70_000
    assert third["결과"] == "2줄과 함께 셈함"
    assert third["합계(원)"] is None


def test_lines_of_one_case_that_say_different_things_are_told():
    heading = [KEY, "떠나는 날", "돌아오는 날"]
    body = as_workbook(heading, [1, "20261123", "20261124"], [1, "20261123", "20261125"])
    told = answered(FAR, body)
    assert told[0]["이유"] == "돌아오는 날: 같은 구분의 줄마다 달라요."


def test_a_reason_names_the_line_and_the_column_in_which_it_is():
    heading = [KEY, "떠나는 날", "돌아오는 날", "숙박비", "공무용 차량을 쓴 날"]
    body = as_workbook(
        heading,
        ["가", "20261123", "20261125", 90_000, None],
        ["가", None, None, None, None],  # no night: the next line is the second
        ["가", None, None, 200_000_000, None],
        ["나", "20261123", "20261124", 90_000, None],
        ["나", None, None, None, "20261130"],
        ["다", "20261123", "20261124", 90_000, None],
        ["다", None, None, "구만원", None],
        ["라", "20310101", "20310102", 90_000, None],
        ["마", "20261123", "20261123", 90_000, None],
    )
    reasons = [one["이유"] for one in answered(FAR, body)]
    assert reasons[0] == "4줄 숙박비(원): 100000000보다 클 수 없어요."
    assert reasons[3] == "6줄 공무용 차량을 쓴 날: 출장 기간 밖의 날입니다."
    assert reasons[5] == "8줄 숙박비(원): '구만원'은(는) 수가 아니에요."
    assert reasons[7].startswith("떠나는 날: 2031. 1. 1.의 ‘")
    assert reasons[8].startswith("숙박: 하루 출장에는 숙박이 없습니다.")


# ---- as offices write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_csv_of_korean_excel_is_read(encoding: str):
    body = as_csv(HEADING, ["김가", LECTURE, "300,000원", "2026. 11. 2."], encoding=encoding)
    assert answered(WITHHOLDING, body)[0]["세액(원)"] == 24_000


FIELDS = {
    kind: next(one for q in QUESTIONS.values() for one in q.fields if one.kind is kind)
    for kind in (Kind.DATE, Kind.TIME, Kind.YES)
}
WON = next(one for one in WITHHOLDING.fields if one.name == "paid_won")
DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("field", "cell", "said"),
    [
        *((FIELDS[Kind.DATE], cell, DAY) for cell in (
            "2026. 11. 2.", "2026.11.02", "2026-11-02", "2026/11/2", "20261102", 20261102,
            20261102.0, "2026년 11월 2일", "2026. 11. 2.(월)", "２０２６-１１-０２", DAY,
            datetime(2026, 11, 2),  # noqa: DTZ001
        )),
        *((FIELDS[Kind.TIME], cell, time(9, 30)) for cell in (
            "9:30", "09:30", "09:30:00", "9시 30분", "0930", time(9, 30),
        )),
        *((FIELDS[Kind.YES], cell, True) for cell in ("예", "O", "1", 1, "y", True)),
        *((FIELDS[Kind.YES], cell, False) for cell in ("아니오", "x", "0", 0, "N", False, "없음")),
        *((WON, cell, Decimal(300_000)) for cell in (
            300_000, 300_000.0, "300,000", "300,000원", "금300,000원", " 300000 원정 ",
            "３００,０００",
        )),
        *((field, blank, None) for field in FIELDS.values() for blank in (None, "", "  ")),
    ],
)  # fmt: skip
def test_what_offices_write_is_understood(field: Any, cell: Any, said: Any):
    assert value(field, cell) == said


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        *(
            (FIELDS[Kind.DATE], cell)
            for cell in ("11. 2.", "26.11.2", 46_000, "2026-13-01", "내일")
        ),
        *((FIELDS[Kind.TIME], cell) for cell in ("25:00", 0.5, "오후", "9시 반")),
        *((FIELDS[Kind.YES], cell) for cell in ("아마", 2)),
        *((WON, cell) for cell in ("30만", "1e5", "NaN", "Infinity", "#DIV/0!", DAY, True, "1..2")),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(field: Any, cell: Any):
    with pytest.raises(Unreadable):
        value(field, cell)


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_two_columns_of_a_question_go_by_the_same_word(name: str):
    columns = columns_of(QUESTIONS[name])
    every = [said for one in columns for said in one.words]
    assert len(set(every)) == len(every)
    assert plain(REMARK) not in every
    assert plain(KEY) not in every
    for one in columns:
        titles = [plain(title) for title in (one.field.asked.choices or {}).values()]
        assert len(set(titles)) == len(titles)


# ---- the template


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_example_of_a_template_is_worked_out_once_its_mark_is_gone(name: str):
    question = QUESTIONS[name]
    book = openpyxl.load_workbook(io.BytesIO(template(question)))
    sheet: Any = book.worksheets[0]
    assert why(question, saved(book)) == EMPTY
    (mark,) = [cell for cell in sheet[2] if cell.value == EXAMPLE]
    mark.value = "홍길동"
    told = work_out(question, OFFICE, saved(book), nothing)
    assert told.worked == 1, cells(told.workbook)[1][-1]
    heading, line = cells(told.workbook)
    assert words.FAULT not in line
    assert [one for one in heading if not re.search("[가-힣]", one)] == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_choice_of_a_template_is_offered_as_a_list(name: str):
    question = QUESTIONS[name]
    book = openpyxl.load_workbook(io.BytesIO(template(question)))
    offered: Any = book.worksheets[0]
    lists = {
        str(one.sqref).partition("2")[0]: one for one in offered.data_validations.dataValidation
    }
    for cell in offered[1][:-1]:
        column = next((one for one in columns_of(question) if one.heading == cell.value), None)
        if column and column.field.kind in (Kind.CHOICE, Kind.YES):
            of = lists[cell.column_letter].formula1.removeprefix("목록!").replace("$", "")
            cells_of: Any = book["목록"][of]
            named = [row[0].value for row in cells_of]
            want = column.field.asked.choices or {True: "예", False: "아니오"}
            assert named == list(want.values())
        assert cell.comment


# ---- hostile files: one clear sentence each


def test_a_workbook_that_unpacks_to_very_much_is_refused_before_it_is_unpacked():
    body = with_part(as_workbook(HEADING, ROW), SHEET, lambda part: part + b" " * 30_000_000)
    assert len(body) < 100_000
    assert why(WITHHOLDING, body) == TOO_LARGE


def test_entities_are_never_unfolded():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    head = f'<?xml version="1.0"?><!DOCTYPE worksheet [{laughs}]>'.encode()
    hostile = with_part(
        as_workbook(HEADING, ROW), SHEET,
        lambda part: head + part.partition(b"?>")[2].replace(b"<sheetData>", b"<sheetData>&l8;"),
    )  # fmt: skip
    assert why(WITHHOLDING, hostile) == NO_TABLE


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", EMPTY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, OLD),  # .xls, and locked workbooks
        (b"PK\x03\x04", NO_TABLE),
        (as_workbook(HEADING, ROW)[:-300], NO_TABLE),
        (b"\xff\xfe\x00\xd8" * 9, NO_TABLE),
        (as_workbook(), EMPTY),
        (as_workbook(HEADING), EMPTY),
    ],
    ids=["nothing", "old", "cut", "cut-at-its-end", "no-text", "no-cells", "no-lines"],
)
def test_what_is_no_table_is_refused_in_a_sentence(body: bytes, says: str):
    assert why(WITHHOLDING, body) == says


def test_a_picture_in_a_zip_is_no_table():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("사진.png", b"\x89PNG")
    assert why(WITHHOLDING, out.getvalue()) == NO_TABLE


def test_headings_that_are_missing_are_named():
    said = why(WITHHOLDING, as_workbook(["이름", "소득 유형", "액수"], ["김가", LECTURE, 1]))
    assert said.startswith("'지급액(원)', '지급일' 열을 찾지 못했어요.")


def test_a_heading_that_stands_twice_is_named():
    said = why(WITHHOLDING, as_workbook([*HEADING, "지급액"], [*ROW, 1]))
    assert said == "'지급액(원)' 열이 두 번 있어요. 하나만 남겨 주세요."


def test_cells_that_were_made_one_are_named_but_a_title_may_be():
    book = book_of(["11월 강사료"], HEADING, ROW, ROW)
    book.worksheets[0].merge_cells("A1:D1")
    assert work_out(WITHHOLDING, OFFICE, saved(book), nothing).worked == 2
    book.worksheets[0].merge_cells("A3:A4")
    assert "칸이 합쳐져 있어요(A3:A4)" in why(WITHHOLDING, saved(book))


def test_what_is_hidden_is_not_read():
    book = book_of(["무엇", "전혀"], ["다른", "표"])
    book.worksheets[0].sheet_state = "hidden"
    seen: Any = book.create_sheet("보이는 표")
    for row in (HEADING, ROW):
        seen.append(row)
    book.active = 1
    assert work_out(WITHHOLDING, OFFICE, saved(book), nothing).worked == 1


def test_a_formula_is_never_reckoned():
    (told,) = answered(WITHHOLDING, as_workbook(HEADING, ["", LECTURE, "=100000*3", "20261102"]))
    assert told["이유"] == "지급액(원): 비어 있어요. 수식이라면 값으로 붙여 넣어 주세요."


def test_macros_are_neither_run_nor_given_back():
    out = io.BytesIO(as_workbook(HEADING, ROW))
    with zipfile.ZipFile(out, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Auto_Open")
    told = work_out(WITHHOLDING, OFFICE, out.getvalue(), nothing)
    assert told.worked == 1
    with zipfile.ZipFile(io.BytesIO(told.workbook)) as parts:
        assert not [name for name in parts.namelist() if "vba" in name]


def test_a_sheet_that_goes_down_to_the_last_row_of_excel_is_read_by_what_it_holds():
    book = book_of(HEADING, ROW)
    book.worksheets[0]["A30000"] = " "
    assert work_out(WITHHOLDING, OFFICE, saved(book), nothing).refused == 0
    book.worksheets[0]["A1048576"] = "끝"
    told = work_out(WITHHOLDING, OFFICE, saved(book), nothing)
    assert (told.worked, told.refused) == (1, 1)


def test_a_size_that_a_file_lies_about_hides_no_rows():
    body = as_workbook(HEADING, ROW, ROW, ROW)
    lying = with_part(body, SHEET, lambda part: part.replace(b'ref="A1:D4"', b'ref="A1:D2"'))
    assert lying != body
    assert work_out(WITHHOLDING, OFFICE, lying, nothing).worked == 3


def test_more_lines_than_are_taken_are_refused_and_none_is_dropped():
    line = ["", LECTURE, "300000", "20261102"]
    assert why(WITHHOLDING, as_csv(HEADING, *[line] * (LINES_MOST + 1))) == TOO_MANY


def test_whoever_stops_it_is_heard_at_the_next_row():
    seen = list[tuple[int, int]]()

    class Enough(Exception):
        pass

    def stop(done: int, of: int) -> None:
        seen.append((done, of))
        if done == 3:
            raise Enough

    with pytest.raises(Enough):
        work_out(WITHHOLDING, OFFICE, as_workbook(HEADING, *[ROW] * 50), stop)
    assert seen[-1] == (3, 50)


# ---- whatever anybody types

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
CELLS = (
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXTS
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates() | st.times().map(lambda at: at.replace(microsecond=0))
    | st.sampled_from(["300,000원", LECTURE, "2026. 11. 2.", "=A1", "@x", "금액에 포함"])
)  # fmt: skip


@given(st.lists(st.lists(TEXTS, min_size=4, max_size=4), max_size=8))
@settings(max_examples=40)
def test_whatever_is_typed_comes_back_and_every_line_has_an_answer_or_a_reason(rows: Any):
    # a cell that begins with = is a formula, which has no value until Excel works it out
    typed = [["가", *(one.replace("=", "") for one in row[1:])] for row in rows]
    book = book_of(HEADING, *[[clean(one) for one in row] for row in typed], ROW)
    told = work_out(WITHHOLDING, OFFICE, saved(book), nothing)
    heading, *lines = cells(told.workbook)
    assert len(lines) == len(rows) + 1
    assert told.worked + told.refused == len(lines)
    for line, row in zip(lines, typed, strict=False):
        assert [one or "" for one in line[:4]] == [clean(one) for one in row]
    for line in lines:
        assert bool(line[heading.index("결과")]) != bool(line[-1])


def clean(text: str) -> str:
    """As a cell can hold it: openpyxl refuses control characters, and XML knows one line end."""
    return "".join(one for one in text if one.isprintable()).strip("_")


@given(st.sampled_from(list(QUESTIONS)), st.data())
@settings(max_examples=60)
def test_no_cell_breaks_any_question(name: str, data: st.DataObject):
    question = QUESTIONS[name]
    heading = [KEY, *(one.heading for one in columns_of(question))]
    rows = st.lists(CELLS, min_size=len(heading), max_size=len(heading))
    lines = data.draw(st.lists(rows, min_size=1, max_size=4))
    typed = [[clean(one) if isinstance(one, str) else one for one in line] for line in lines]
    text = [["" if one is None else str(one) for one in line] for line in typed]
    try:
        told = work_out(question, OFFICE, as_csv(heading, *text), nothing)
    except SheetUnreadable:
        return  # nothing but blanks
    assert not [row for row in cells(told.workbook) if words.FAULT in row]


@given(st.binary(max_size=400))
@settings(max_examples=40)
def test_no_bytes_break_the_reader(body: bytes):
    for held in (body, b"PK\x03\x04" + body, as_csv(HEADING) + b"\r\n" + body):
        with suppress(SheetUnreadable):
            work_out(WITHHOLDING, OFFICE, held, nothing)
