"""Lists of numbers, the book as a sheet, and files that are carried: read whole or refused."""

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.automation import business_number
from hub.automation.vendors import answers, book, number_list, number_sheet, round_trip
from hub.automation.vendors.answers import MalformedAnswer
from hub.automation.vendors.book import Change, Vendor
from hub.automation.vendors.number_list import Given
from hub.automation.vendors.round_trip import Answer, FileRefused, Question
from hub.automation.vendors.told import Facts, Named, Source, Standing, State, Told, Trouble
from hub.kit import sheet
from hub.kit.sheet import SheetUnreadable

A, B, C = "124-81-00998", "220-81-62517", "120-81-47521"
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
TODAY = date(2026, 11, 21)
FORMULAS = ('=HYPERLINK("http://x")', "+1+1", "-1", "@SUM(A1)")


def digits(number: str) -> str:
    return number.replace("-", "")


def a_number(nine: int) -> str:
    return f"{nine:09}" + str(business_number.check_digit(f"{nine:09}"))


def lines(text: str) -> list[Given]:
    return [Given(at, line) for at, line in enumerate(text.split("\n"), 1)]


def workbook(*rows: list[Any]) -> bytes:
    file, out = openpyxl.Workbook(), io.BytesIO()
    one: Any = file.worksheets[0]
    for row in rows:
        one.append(row)
    file.save(out)
    return out.getvalue()


def of_sheet(body: bytes) -> list[Given]:
    return [one for one in number_sheet.read(body).given if one]


# -- 목록


def test_each_row_is_a_number_a_repetition_or_says_what_is_wrong():
    rows = number_list.read(lines(f"{A}\n{B}\n\n1248100998\n124-81-00999\n000-00-00000\n가나다"))
    assert [(one.row, one.same_as, bool(one.wrong)) for one in rows] == [
        (1, None, False), (2, None, False), (4, 1, False), (5, None, True), (6, None, True),
        (7, None, True),
    ]  # fmt: skip
    assert [one.written for one in number_list.to_ask(rows)] == [A, B]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (f"가나상사 {A}", [A]),
        (f"{A}, {B};{C}", [A, B, C]),
        (f"{A}\t가나상사\t02-123-4567", [A]),
        ("124 81 00998", [A]),
        ("124−81−00998", [A]),
        ("1248100998 2208162517", [A, B]),
    ],
)
def test_a_number_is_found_in_what_stands_around_it(text: str, numbers: list[str]):
    rows = number_list.read([Given(1, text)])
    assert [one.written for one in number_list.to_ask(rows)] == numbers


def test_after_a_hundred_numbers_the_rest_is_told_so_and_not_lost():
    rows = number_list.read(lines("\n".join(a_number(n) for n in range(1, 103))))
    assert len(rows) == 102
    assert len(number_list.to_ask(rows)) == 100
    assert all("100개까지" in one.wrong for one in rows[100:])


@given(st.lists(st.text(max_size=60), max_size=30))
def test_no_row_that_is_not_blank_is_lost(texts: list[str]):
    rows = number_list.read(Given(at, text) for at, text in enumerate(texts, 1))
    asked = {at for at, text in enumerate(texts, 1) if text.strip()}
    assert {one.row for one in rows} >= {at for at in asked if texts[at - 1].strip(" \t,;/·\n")}
    assert {one.row for one in rows} <= asked
    assert all(bool(one.number) != bool(one.wrong) for one in rows)


def test_a_sheets_column_is_found_by_its_heading_or_by_what_is_in_it():
    rows = [["가나상사", A], ["다라상사", 2208162517], ["마바상사", None], ["", "없음"]]
    with_heading = workbook(["거래처", "사업자등록번호"], *rows)
    found = of_sheet(with_heading)
    assert [(one.row, one.text) for one in found] == [
        (2, A), (3, digits(B)), (4, number_list.NO_NUMBER), (5, "없음"),
    ]  # fmt: skip
    assert [one.text for one in of_sheet(workbook(*rows))][:2] == [A, digits(B)]


def test_a_number_whose_zeros_a_spreadsheet_dropped_is_whole_again():
    number = a_number(1_234_567)
    found = of_sheet(workbook(["사업자번호"], [int(number)]))
    assert found[0].text == number


def test_a_row_that_has_a_name_and_no_number_is_told_and_not_passed_over():
    found = of_sheet(workbook(["상호", "사업자번호"], ["가나", None], [], ["다라", A]))
    assert [(one.row, one.text) for one in found] == [(2, number_list.NO_NUMBER), (4, A)]
    assert number_list.read(found)[0].wrong == "번호가 비어 있습니다."


def test_full_width_digits_are_digits():
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in A)
    assert [str(one.number) for one in number_list.read(lines(f"가나 {wide}"))] == [A]


def test_a_long_sheet_is_refused_and_never_cut():
    rows = [[A]] * number_list.ROWS_MOST
    above = [["목록"], [], ["사업자번호"]]
    assert len(of_sheet(workbook(*above, *rows))) == number_list.ROWS_MOST
    blanks: list[list[Any]] = [[]] * 30
    for body in (workbook(*above, *rows, [B]), workbook(*above, *rows, *blanks, [B])):
        with pytest.raises(SheetUnreadable, match="나누어"):
            of_sheet(body)


@pytest.mark.parametrize("cells", [[["이름"], ["가나"]], [[""]], []])
def test_a_sheet_without_numbers_is_refused(cells: list[list[str]]):
    with pytest.raises(SheetUnreadable):
        of_sheet(workbook(*cells))


# -- 장부


def read(body: bytes) -> list[book.Row]:
    return book.read(body, "han", NOW, TODAY)


def vendor(number: str = A, **given: Any) -> Vendor:
    told: dict[str, Any] = {
        "number": digits(number), "name": "가나상사", "representative": "김사장",
        "opened_on": date(2000, 1, 1), "address": "가나시", "memo": "단골", "source": "typed",
        "as_of": TODAY, "version": 3, "saved_at": NOW, "saved_by": "han",
    }  # fmt: skip
    return Vendor(**{**told, **given})


def test_what_the_book_writes_it_reads_again():
    ours = [vendor(), vendor(B, name="=1+1", memo="-1", representative="", opened_on=None)]
    rows = read(book.workbook(ours))
    assert [one.vendor.says_as(ours[at]) for at, one in enumerate(rows) if one.vendor] == [
        True,
        True,
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_korean_csv_is_read_in_either_encoding(encoding: str):
    text = f"업체명,사업자번호,개업일자\n가나상사,{A},2000. 1. 1.\n"
    row = read(text.encode(encoding))[0]
    assert row.vendor
    assert (row.vendor.name, row.vendor.opened_on) == ("가나상사", date(2000, 1, 1))


def test_a_row_that_is_wrong_says_why_and_stops_no_other():
    text = (
        "사업자등록번호,상호,개업일,기준일\n"
        f"{A},가나,,\n124-81-00999,다라,,\n{B},,,\n{C},마바,언제,\n{A},사아,,\n,,,\n"
        f"616-81-22531,자차,2000-01-01,2099-01-01\n"
    )
    rows = read(text.encode())
    assert [(one.number, one.change) for one in rows] == [
        (2, Change.NEW), (3, Change.WRONG), (4, Change.WRONG), (5, Change.WRONG),
        (6, Change.WRONG), (8, Change.WRONG),
    ]  # fmt: skip
    words = [" ".join(one.wrong) for one in rows]
    for word, told in zip(
        ["검증번호", "상호", "개업일", "2번째", "기준일"], words[1:], strict=True
    ):
        assert word in told


def test_a_blank_cell_leaves_what_the_book_has_and_nothing_new_is_the_same():
    known = {digits(A): vendor()}
    rows = read(f"사업자등록번호,상호,주소\n{A},가나상사,\n".encode())
    same = next(book.compared(rows, known))
    assert same.change is Change.SAME
    rows = read(f"사업자등록번호,상호,주소\n{A},가나상사,새 주소\n".encode())
    changed = next(book.compared(rows, known))
    assert changed.change is Change.CHANGED
    assert changed.vendor
    assert (changed.vendor.memo, changed.vendor.address) == ("단골", "새 주소")
    assert changed.vendor.version == 4


def test_a_formula_is_shown_and_never_reckoned():
    made = book.workbook([vendor(name=text) for text in FORMULAS])
    cells = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]["B"]
    assert [(cell.value, cell.data_type) for cell in cells[1:]] == [(t, "s") for t in FORMULAS]


def test_the_template_has_the_headings_that_are_read():
    with pytest.raises(SheetUnreadable) as refused:
        read(book.workbook([]))
    assert refused.value.says == sheet.NO_ROWS  # and not that a heading is missing


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (sheet.UNPACKED_MOST_BYTES + 1))
    return out.getvalue()


HOSTILE = {
    "a bomb": bomb(),
    "cut": book.workbook([])[:200],
    "an old workbook": b"\xd0\xcf\x11\xe0" + b"0" * 100,
    "no text": b"\xff\xfe\xfa\x00",
    "nothing": b"",
    "no heading": "가,나\n1,2\n".encode(),
    "an endless cell": b'"' + b"a" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sheet_is_refused_in_words(name: str):
    for reads in (read, of_sheet):
        with pytest.raises(SheetUnreadable) as refused:
            reads(HOSTILE[name])
        assert refused.value.says


def test_merged_cells_and_formulas_of_others_are_read_as_they_stand():
    file, out = openpyxl.Workbook(), io.BytesIO()
    one: Any = file.worksheets[0]
    for row in (["거래처 목록", None], ["사업자등록번호", "상호"], [A, "=1+1"], [B, "다라"]):
        one.append(row)
    one.merge_cells("A1:B1")
    file.save(out)
    rows = read(out.getvalue())
    assert [one.change for one in rows] == [Change.WRONG, Change.NEW]  # never reckoned: no name


@given(st.binary(max_size=300))
def test_any_bytes_are_a_sheet_or_are_refused(body: bytes):
    for reads in (read, of_sheet):
        try:
            reads(body)
        except SheetUnreadable:
            continue


# -- 파일로 오가기

WORDS = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp", "Zs")) | st.sampled_from(" ,\"'=+-@"),
    max_size=20,
)
DAYS = st.none() | st.dates()
STANDINGS = st.builds(
    Standing, st.sampled_from(State), WORDS, WORDS, DAYS, DAYS, WORDS, DAYS, st.booleans()
)
FACTS: dict[Source, st.SearchStrategy[Facts]] = {
    Source.STATUS: STANDINGS,
    Source.VALIDITY: st.booleans(),
    Source.PROCUREMENT: st.builds(Named, WORDS.filter(bool), WORDS, DAYS, WORDS),
    Source.MAIL_ORDER: st.builds(Named, WORDS.filter(bool), WORDS, DAYS, WORDS),
}
MOMENTS = st.datetimes(max_value=datetime(2026, 11, 21), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def told(draw: st.DrawFn) -> Told:
    source = draw(st.sampled_from(Source))
    trouble = draw(st.none() | st.sampled_from(Trouble))
    facts = None if trouble else draw(st.none() | FACTS[source])
    return Told(source, draw(st.none() | MOMENTS), facts, trouble)


@st.composite
def an_answer(draw: st.DrawFn) -> Answer:
    numbers = draw(st.lists(st.integers(1, 999_999_999), min_size=1, max_size=4, unique=True))
    said = {a_number(n): draw(st.lists(told(), min_size=1, max_size=4)) for n in numbers}
    return Answer(uuid4(), said)


@given(an_answer())
def test_an_answer_read_back_is_the_answer_written(answer: Answer):
    assert round_trip.read_answer(round_trip.answer_file(answer), NOW) == answer


@given(an_answer(), st.data())
def test_one_changed_byte_anywhere_is_noticed(answer: Answer, data: st.DataObject):
    file = bytearray(round_trip.answer_file(answer))
    at = data.draw(st.integers(0, len(file) - 1))
    file[at] ^= 1 << data.draw(st.integers(0, 6))
    try:
        assert round_trip.read_answer(bytes(file), NOW) == answer  # of a line's end alone
    except FileRefused as refused:
        assert refused.says  # noqa: PT017


@given(st.binary(max_size=400))
def test_any_bytes_are_an_answer_or_are_refused(body: bytes):
    for reads in (round_trip.read_question, lambda one: round_trip.read_answer(one, NOW)):
        with pytest.raises(FileRefused):
            reads(body)


def sample() -> Answer:
    said = [Told(Source.STATUS, NOW, Standing(State.CLOSED, ended_on=TODAY))]
    return Answer(uuid4(), {digits(A): said})


def test_a_question_read_back_is_the_question_written():
    question = Question(uuid4(), (business_number.read(A), business_number.read(B)))
    file = round_trip.question_file(question)
    assert round_trip.read_question(file) == question
    assert A in file.decode()


def test_line_ends_may_change_on_the_way():
    answer = sample()
    file = round_trip.answer_file(answer).replace(b"\r\n", b"\n")
    assert round_trip.read_answer(file, NOW) == answer


def cut(file: bytes) -> bytes:
    return file[: len(file) // 2]


def by_excel(file: bytes) -> bytes:
    """What a spreadsheet does to a number with hyphens or a moment, for one."""
    return file.replace(b"2026-11-21T03:00:00+00:00", b"2026-11-21 3:00")


@pytest.mark.parametrize(
    "harm", [cut, by_excel, lambda file: file.replace(b"closed", b"continuing")]
)
def test_a_damaged_answer_is_refused(harm: Any):
    with pytest.raises(FileRefused) as refused:
        round_trip.read_answer(harm(round_trip.answer_file(sample())), NOW)
    assert refused.value.says == round_trip.DAMAGED


def test_other_files_and_other_editions_are_told_apart():
    file = round_trip.answer_file(sample())
    question = round_trip.question_file(Question(uuid4(), (business_number.read(A),)))
    for body, says in [
        (question, round_trip.NOT_OURS),
        (book.workbook([]), round_trip.NOT_OURS),
        (file.replace(b",1,", b",9,", 1), round_trip.OTHER_EDITION),
    ]:
        with pytest.raises(FileRefused) as refused:
            round_trip.read_answer(body, NOW)
        assert refused.value.says == says


def test_an_answer_to_other_numbers_or_to_no_question_of_ours_is_refused():
    answer = sample()
    round_trip.fit(answer, round_trip.digest([digits(A)]))
    for known, says in [
        (round_trip.digest([digits(A), digits(B)]), round_trip.OTHER_NUMBERS),
        (None, round_trip.UNKNOWN),
    ]:
        with pytest.raises(FileRefused) as refused:
            round_trip.fit(answer, known)
        assert refused.value.says == says


def test_an_answer_from_tomorrow_is_refused():
    with pytest.raises(FileRefused) as refused:
        round_trip.read_answer(round_trip.answer_file(sample()), NOW - timedelta(days=1))
    assert refused.value.says == round_trip.FROM_THE_FUTURE


# -- 답을 읽기

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(
        ["OK", "00", "03", digits(A), "01", "20240301"]
    ),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["status_code", "data", "b_no", "b_stt_cd", "tax_type", "end_dt", "response", "header",
             "body", "items", "item", "resultCode", "totalCount", "bizno", "corpNm", "brno",
             "bzmnNm", "valid"]
        ),
        inner, max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_any_answer_of_a_source_is_read_or_is_malformed(told: Any):

    body = json.dumps(told).encode()
    for reads in (
        answers.standings,
        answers.validities,
        lambda one: answers.procurement(one, digits(A)),
        lambda one: answers.mail_order(one, digits(A)),
    ):
        try:
            reads(body)
        except MalformedAnswer:
            continue
