"""쪼개기 over HTTP: a ledger in, itself with what was found beside each row out."""

import io

import httpx
import openpyxl
import pytest

from hub.kit import sheet
from tests.hub.automation.test_sheets import as_csv, cells
from tests.web import ndjson
from tests.web.people import Somebody, add, browser

PATH = "/api/v1/automation/splitting/sheet"
AS_JSON = {"Accept": "application/json"}
LINES = {"Accept": "application/x-ndjson"}
HEADING = ["계약일", "계약명", "업체", "구분", "계약금액"]
ROWS = [
    ["2026-03-02", "복사지 구입(1차)", "가람상사", "물품", "16,500,000"],
    ["2026-05-04", "복사지 구입(2차)", "나래상사", "물품", "16,500,000"],
    ["2026-05-04", "의자 구입", "나래상사", "과자", "1,000"],
    ["2024-05-04", "의자 구입", "나래상사", "물품", "1,000"],
]
CHAIR = ["2026-05-04", "의자", "", "물품", "1,000"]


@pytest.fixture
async def kim(door, conn):
    """Somebody of the staff."""
    await add(conn, "kim", "staff")
    async with browser(door) as somebody:
        await somebody.sign_in("kim")
        yield somebody


async def put(kim: Somebody, body: bytes, **headers: str) -> httpx.Response:
    return await kim.does("POST", PATH, content=body, headers=headers)


async def test_a_ledger_comes_back_with_what_was_found_beside_each_row(kim):
    answer = await put(kim, sheet.workbook("대장", HEADING, ROWS, [14] * 5))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == sheet.WORKBOOK
    assert "no-store" in answer.headers["cache-control"]
    heading, *rows = cells(answer.content)
    assert [row[:5] for row in rows] == ROWS
    assert [row[heading.index("묶음")] for row in rows] == ["1번", "1번", None, None]
    assert [row[-1] is None for row in rows] == [True, True, False, False]


async def test_what_looks_split_and_which_rows_were_not_looked_at_is_told_to_programs(kim):
    answer = await put(kim, sheet.workbook("대장", HEADING, ROWS, [14] * 5), **AS_JSON)
    assert answer.status_code == 200, answer.text
    assert "no-store" in answer.headers["cache-control"]
    told = answer.json()
    (finding,) = told["findings"]
    assert finding["sum_won"] == 30_000_000
    assert (finding["why_said"], finding["together_said"]) == ("이름이 비슷함", "입찰")
    assert [one["row"] for one in finding["contracts"]] == [2, 3]
    assert [one["row"] for one in told["refused"]] == [4, 5]
    assert told["checked"] == 2
    assert {"contract.similar_months", "vat.rate"} <= {one["key"] for one in told["rules"]}
    assert "30,000,000원" in told["paste"]


async def test_a_page_hears_how_far_it_is_and_gets_both_at_the_end(kim):
    answer = await put(kim, as_csv(HEADING, *ROWS, *[CHAIR] * 120), **LINES)
    assert answer.headers["content-type"] == "application/x-ndjson"
    progress, last, sheet = ndjson.read(answer)
    *compared, written = progress
    assert compared == [{"done": done, "of": 123} for done in (0, 25, 50, 75, 100)]
    assert written == {"done": 124, "of": 124}  # with the one that cannot be read
    assert (last["worked"], last["refused"], last["name"]) == (122, 2, "쪼개기 점검 결과.xlsx")
    assert len(cells(sheet)) == 125
    assert last["seen"]["found"] == 1


@pytest.mark.parametrize("headers", [{}, AS_JSON, LINES], ids=["sheet", "json", "page"])
async def test_what_is_no_ledger_is_refused_in_words(kim, headers):
    refused = await put(kim, b"a,b\n1,2\n", **headers)
    assert refused.status_code == 422
    assert refused.json()["type"].endswith(":sheet-unreadable")
    assert "계약일" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "표가 비어 있어요."),
        (as_csv(HEADING), "표가 비어 있어요."),
        (as_csv(HEADING, *[CHAIR] * 5_001), "한 번에 5,000줄까지예요."),
    ],
    ids=["nothing", "a heading", "too many"],
)
async def test_nothing_and_too_much_are_said(kim, body: bytes, says: str):
    refused = await put(kim, body)
    assert refused.status_code == 422
    assert refused.json()["detail"].startswith(says)


async def test_the_empty_ledger_can_be_downloaded_and_its_example_is_not_looked_at(kim):
    empty = await kim.does("GET", PATH)
    assert empty.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(empty.content))
    book.worksheets[0].append(CHAIR)
    filled = io.BytesIO()
    book.save(filled)
    told = await put(kim, filled.getvalue(), **AS_JSON)
    assert told.json()["checked"] == 1
