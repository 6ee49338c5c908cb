"""The ledger of 쪼개기: read as offices write it, given back with what was found of each row."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.automation import splitting_beside, splitting_sheet
from hub.automation.contract import Kind
from hub.automation.sheets.cases import EMPTY, LINES_MOST, TOO_MANY
from hub.automation.splitting_sheet import MERGED, NO_HEADING, Ledger
from hub.kit.sheet import SheetUnreadable
from hub.rules.book import RuleBook
from hub.rules.tables import nation
from tests.hub.automation.test_sheets import as_csv, as_workbook, book_of, cells, nothing, saved

BOOK = RuleBook(nation())
VAT = Decimal("0.1")
TODAY = date(2026, 11, 22)
HEADING = ["계약일", "계약명", "업체", "구분", "계약금액", "추정가격"]
PAPER = ["2026-03-02", "복사지 구입(1차)", "가람상사", "물품", 16_500_000, ""]
MORE_PAPER = [date(2026, 5, 4), "복사지 구입(2차)", "나래상사", "물품", "", 15_000_000]
CHAIR = ["2026-05-04", "의자", "다래상사", "물품", "1,980,000원", ""]
SNACK = ["2026-05-04", "과자", "다래상사", "간식", "1,000", ""]
OLD = ["2024-05-04", "의자", "다래상사", "물품", "1,000", ""]


def ledger(*rows: Sequence[Any], heading: Sequence[str] = HEADING) -> Ledger:
    return splitting_sheet.read(as_workbook(heading, *rows), VAT)


def given_back(body: bytes) -> bytes:
    looked = splitting_beside.look_through(BOOK, TODAY, body, nothing)
    return splitting_beside.given_back(looked, nothing)


def answered(body: bytes) -> list[dict[str, Any]]:
    """Rows of what went back, by their headings."""
    heading, *rows = cells(given_back(body))
    return [dict(zip(heading, row, strict=True)) for row in rows]


def why(body: bytes) -> str:
    with pytest.raises(SheetUnreadable) as refused:
        splitting_sheet.read(body, VAT)
    return refused.value.says


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
    assert list(told.refused) == [4, 5, 6, 7, 8]
    assert all(told.refused.values())
    assert (told.vague, told.divided) == ({9}, {2})


def test_columns_may_stand_in_any_order_below_a_title():
    heading = ["구분", "금액", "상호", "사업명", "계약일자"]
    body = as_workbook(["2026년 계약대장"], heading, ["물품", "1100", "가", "나", "20260302"])
    (only,) = splitting_sheet.read(body, VAT).contracts
    assert (only.row, only.title, only.vendor, only.estimated_won) == (3, "나", "가", 1_000)


def test_a_ledger_in_euc_kr_is_read_and_given_back():
    body = as_csv(HEADING, ["2026-03-02", "복사지 구입", "", "물품", "", "1,000,000"],
                  encoding="euc-kr")  # fmt: skip
    (only,) = splitting_sheet.read(body, VAT).contracts
    assert (only.title, only.kind, only.estimated_won) == ("복사지 구입", Kind.GOODS, 1_000_000)
    assert answered(body)[0]["계약명"] == "복사지 구입"


@pytest.mark.parametrize(
    "heading", [["계약일", "계약명"], ["계약일", "계약명", "구분"], ["가", "나", "다"]]
)
def test_a_table_that_is_no_ledger_is_refused(heading: list[str]):
    assert why(as_workbook(heading, ["1"] * len(heading))) == NO_HEADING


@pytest.mark.parametrize("body", [b"", as_workbook(), as_workbook(HEADING), as_csv(HEADING)])
def test_nothing_and_a_heading_alone_are_said_to_be_empty(body: bytes):
    assert why(body) == EMPTY


def test_as_many_rows_as_are_said_and_not_one_more():
    row = ["2026-03-02", "의자", "", "물품", "1000", ""]
    assert len(splitting_sheet.read(as_csv(HEADING, *[row] * LINES_MOST), VAT).contracts) == 5_000
    assert why(as_csv(HEADING, *[row] * (LINES_MOST + 1))) == TOO_MANY


def test_the_example_of_the_template_is_never_looked_at():
    template = splitting_sheet.template()
    assert why(template) == EMPTY
    heading, example = cells(template)
    in_its_place, only = answered(as_workbook(heading, example, [*CHAIR, ""]))
    assert not any(in_its_place.values())
    assert only["계약명"] == "의자"


def test_a_row_whose_cell_was_made_one_with_the_row_above_is_told_and_stops_no_other():
    book = book_of(HEADING, PAPER, MORE_PAPER, CHAIR, ["합계", None, None, None, 1, None])
    book.worksheets[0].merge_cells("C2:C3")
    book.worksheets[0].merge_cells("A5:D5")  # of one row nothing is gone but what stands there
    told = splitting_sheet.read(saved(book), VAT)
    assert [one.row for one in told.contracts] == [2, 4]
    assert told.refused == {3: MERGED, 5: "'합계'은(는) 날짜가 아니에요. 예: 2026-11-02"}


def test_each_row_goes_back_with_its_group_why_and_by_which_articles():
    paper, more, chair, snack, old = answered(
        as_workbook(HEADING, PAPER, MORE_PAPER, CHAIR, SNACK, OLD)
    )
    for row in (paper, more):
        assert row["결과"] == "합하면 입찰 대상"
        assert (row["묶음"], row["묶인 계약(건)"], row["묶음 합계(원)"]) == ("1번", 2, 30_000_000)
        assert row["참고"].startswith(
            "1번: 이름이 비슷함, 2026회계연도, 2건 합계 30,000,000원. "
            "따로는 1인 견적 수의계약, 합하면 입찰."
        )
        assert "시행령 제7조 · " in row["근거"]
        assert "제25조제1항제5호" in row["근거"]
        assert row["이유"] is None
    assert paper["셈에 쓴 추정가격(원)"] == 15_000_000
    assert "부가가치세법" in paper["근거"]
    assert "부가가치세법" not in more["근거"]
    assert (chair["결과"], chair["묶음"]) == (splitting_beside.CLEAN, None)
    assert chair["참고"].startswith(splitting_beside.ALONE)
    assert [snack["결과"], old["결과"]] == [None, None]
    assert snack["이유"] == splitting_sheet.NO_SUCH_KIND
    assert old["이유"] == "계약일(2024. 5. 4.)의 규칙을 몰라 보지 못했습니다."


def test_what_came_in_comes_back_as_it_stood():
    title, heading, row = cells(given_back(as_csv(["대장"], [*HEADING, "담당"], [*CHAIR, "=1+1"])))
    assert title[0] == "대장"
    assert heading[:7] == [*HEADING, "담당"]
    assert row[:7] == [*CHAIR[:5], None, "=1+1"]


def test_a_row_of_two_groups_names_both_and_goes_by_the_stricter():
    """By its name 30 million with another vendor, by its vendor 40 million with other names."""
    paper = ["2026-03-02", "복사지 구입", "가람상사", "물품", "", "15000000"]
    named = ["2026-03-03", "복사지 구입", "나래상사", "물품", "", "15000000"]
    sold = ["2026-03-04", "의자", "가람상사", "물품", "", "18000000"]
    told = answered(as_workbook(HEADING, paper, named, sold))
    assert [row["묶음"] for row in told] == ["1번, 2번", "2번", "1번"]
    assert told[0]["묶음 합계(원)"] == 33_000_000
    assert "2번: 이름이 비슷함" in told[0]["참고"]


def test_an_answer_that_is_put_in_again_is_the_same_answer():
    once = given_back(as_workbook(HEADING, PAPER, MORE_PAPER, CHAIR, SNACK))
    assert cells(given_back(once)) == cells(once)


def test_progress_never_goes_back_and_ends_with_every_row():
    heard = list[tuple[int, int]]()
    body = as_workbook(HEADING, PAPER, MORE_PAPER, CHAIR, SNACK)
    looked = splitting_beside.look_through(BOOK, TODAY, body, lambda *far: heard.append(far))
    splitting_beside.given_back(looked, lambda *far: heard.append(far))
    assert heard == sorted(heard)
    assert heard[-1] == (4, 4)


@pytest.mark.parametrize("after", [1, 3, 4, 6])
def test_it_stops_wherever_nobody_waits(after: int):
    """While lines are read or compared."""

    class Stopped(Exception):
        pass

    left = iter(range(after))

    def progress(done: int, of: int) -> None:
        if next(left, None) is None:
            raise Stopped

    body = as_workbook(HEADING, PAPER, MORE_PAPER, CHAIR, SNACK)
    with pytest.raises(Stopped):
        splitting_beside.look_through(BOOK, TODAY, body, progress)


@given(st.binary(max_size=300))
def test_whatever_is_sent_is_read_or_refused(body: bytes):
    try:
        told = splitting_sheet.read(body, VAT)
    except SheetUnreadable as error:
        assert error.says  # noqa: PT017  either way out is right
    else:
        assert all(one.estimated_won > 0 for one in told.contracts)
