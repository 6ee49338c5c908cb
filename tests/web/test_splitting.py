"""쪼개기 over HTTP: a ledger in, what looks split out, with the rules it rests on."""

import pytest

from hub.kit import sheet
from tests.web.people import add, browser

PATH = "/api/v1/automation/splitting/sheet"
HEADING = ["계약일", "계약명", "업체", "구분", "계약금액"]
ROWS = [
    ["2026-03-02", "복사지 구입(1차)", "가람상사", "물품", "16,500,000"],
    ["2026-05-04", "복사지 구입(2차)", "나래상사", "물품", "16,500,000"],
    ["2026-05-04", "의자 구입", "나래상사", "과자", "1,000"],
    ["2024-05-04", "의자 구입", "나래상사", "물품", "1,000"],
]


@pytest.fixture
async def kim(door, conn):
    """Somebody of the staff."""
    await add(conn, "kim", "staff")
    async with browser(door) as somebody:
        await somebody.sign_in("kim")
        yield somebody


async def test_a_ledger_tells_what_looks_split_and_which_rows_were_not_looked_at(kim):
    body = sheet.workbook("대장", HEADING, ROWS, [14] * 5)
    answer = await kim.does("POST", PATH, content=body)
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


async def test_what_is_no_ledger_is_refused_in_words(kim):
    refused = await kim.does("POST", PATH, content=b"a,b\n1,2\n")
    assert refused.status_code == 422
    assert refused.json()["type"].endswith(":sheet-unreadable")
    assert "계약일" in refused.json()["detail"]


async def test_the_empty_ledger_can_be_downloaded_and_is_read_again(kim):
    empty = await kim.does("GET", PATH)
    assert empty.status_code == 200
    told = await kim.does("POST", PATH, content=empty.content)
    assert told.json()["checked"] == 1
