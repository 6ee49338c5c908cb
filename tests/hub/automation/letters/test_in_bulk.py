"""Letters in a sheet: each row comes back mended and explained; none stops another."""

import io
from typing import Any

import openpyxl
import pytest

from hub.automation.letters import lint
from hub.automation.letters.in_bulk import LETTERS
from hub.automation.letters.letter import Letter
from hub.automation.sheets.answers import work_out
from hub.automation.sheets.cases import EXAMPLE
from hub.automation.sheets.columns import REMARK
from hub.automation.sheets.template import template
from tests.hub.automation.letters.real_letters import LETTERS as REAL
from tests.hub.automation.test_sheets import (
    OFFICE,
    answered,
    as_csv,
    as_workbook,
    cells,
    nothing,
)

BODY = "1. 관련: 총무과-123(2026.06.01.)\n2. 금일 오후 2시에 엽니다\n  ① 가\n"
RIGHT = "1. 관련: 총무과-123(2026. 6. 1.)\n2. 금일 14:00에 엽니다"


def test_a_row_comes_back_mended_with_every_reason_and_article():
    (row,) = answered(LETTERS, as_workbook(["제목", "본문"], ["회의 2026-06-01", BODY]))
    assert row["고친 제목"] == "회의 2026. 6. 1."
    assert row["고친 본문"] == lint.mended(BODY).text
    assert row["고칠 곳(곳)"] == len(lint.lint(BODY)) + 1
    assert "온점으로 나눕니다" in row["참고"]
    assert "[권장] ‘금일’" in row["참고"]
    assert "행정업무의 운영 및 혁신에 관한 규정 제7조제5항" in row["근거"]
    assert not row["이유"]


@pytest.mark.parametrize("with_advice", [False, True])
@pytest.mark.parametrize("body", [BODY, RIGHT, *REAL.values()])
def test_what_mending_found_and_left_is_what_reading_before_and_after_finds(
    body: str, with_advice: bool
):
    letter = Letter(title="회의 2026-06-01", body=body.replace(". 9. ", ".9."))
    written = lint.mended_written(letter, with_advice=with_advice)
    assert written.found == lint.lint_written(letter)
    assert written.left == lint.lint_written(written.letter)


def test_advice_is_mended_where_the_row_asks_for_it():
    rows = [["본문", "권장도 고침"], ["금일 쉽니다.  끝.", "예"], ["금일 쉽니다.  끝.", ""]]
    assert [one["고친 본문"] for one in answered(LETTERS, as_workbook(*rows))] == [
        "오늘 쉽니다.  끝.", "금일 쉽니다.  끝.",
    ]  # fmt: skip


def test_a_row_that_cannot_be_stops_no_other():
    rows = [
        ["제목", "본문"],
        ["가", None],
        ["나", "가" * 12_001],
        ["다" * 300, "글"],
        ["라", "가\n" * 1_100],
        ["마", "알립니다."],
    ]
    told = answered(LETTERS, as_workbook(*rows))
    assert [bool(one["이유"]) for one in told] == [True, True, True, True, False]
    assert told[-1]["고친 본문"] == "알립니다.  끝."


@pytest.mark.parametrize("name", REAL)
def test_a_letter_that_is_right_comes_back_as_it_stood(name: str):
    (row,) = answered(LETTERS, as_workbook(["본문"], [REAL[name]]))
    assert (row["고친 본문"], row["고칠 곳(곳)"]) == (REAL[name], 0)


def test_lines_of_a_cell_stay_lines_in_csv_too():
    (row,) = answered(LETTERS, as_csv(["본문"], [RIGHT + ".  끝."]))
    assert row["고친 본문"] == RIGHT + ".  끝."


def test_the_answer_put_in_again_has_nothing_more_to_mend():
    first = work_out(LETTERS, OFFICE, as_workbook(["본문"], [BODY]), nothing).workbook
    mended = cells(first)[1][cells(first)[0].index("고친 본문")]
    (row,) = answered(LETTERS, as_workbook(["본문"], [mended]))
    assert row["고친 본문"] == mended


def test_the_example_of_the_template_is_worked_out_once_its_mark_is_gone():
    book: Any = openpyxl.load_workbook(io.BytesIO(template(LETTERS)))
    sheet = book.worksheets[0]
    heading = [cell.value for cell in sheet[1]]
    assert heading == ["수신", "제목", "본문", "권장도 고침", REMARK]
    assert sheet.cell(2, len(heading)).value == EXAMPLE
    sheet.cell(2, len(heading)).value = None
    out = io.BytesIO()
    book.save(out)
    (row,) = answered(LETTERS, out.getvalue())
    assert row["고친 본문"].endswith("2026. 6. 10. 14:00에 엽니다.  끝.")
