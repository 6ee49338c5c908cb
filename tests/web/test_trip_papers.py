"""출장신청서 and 여비정산 신청서 over HTTP: three forms of file, and what is refused."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest

from hub.kit.sheet import WORKBOOK
from tests.hub.automation.test_sheets import as_workbook
from tests.hub.automation.test_trip_sheets import HEADING, NINE, SIX, row
from tests.web import ndjson
from tests.web.people import Somebody, add, browser

WHOSE: dict[str, Any] = {
    "office": "청사시", "travellers": [{"name": "김가"}], "requested_on": "2026-11-23",
    "signers": ["팀장", "과장"],
}  # fmt: skip
WHAT = {"order": "총무-2026-0412", "destination": "도청", "purpose": "예산 협의"}
NEAR = {**WHAT, "day": "2026-11-20", "begins_at": "13:00", "ends_at": "17:30"}
FAR = {
    **WHAT, "first": "2026-11-24", "begins_at": "09:00", "last": "2026-11-25", "ends_at": "18:00",
    "nights": [{"region": "seoul", "paid_won": 90_000}], "fare_won": 96_000,
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "request": {
        **WHOSE, **WHAT, "begins": "2026-11-20T13:00+09:00", "ends": "2026-11-20T17:30+09:00",
    },
    "settlement": {**WHOSE, "near": [NEAR]},
}  # fmt: skip
BEGINS = {"hwpx": b"PK\x03\x04", "pdf": b"%PDF-", "html": b"<!doctype html>"}


@pytest.fixture
async def kim(door, conn):
    """Somebody of the staff."""
    await add(conn, "kim", "staff")
    async with browser(door) as somebody:
        await somebody.sign_in("kim")
        yield somebody


async def draw(kim: Somebody, paper: str, form: str = "html", **changed: Any) -> Any:
    path = f"/api/v1/automation/trip-papers/{paper}?format={form}"
    return await kim.does("POST", path, json={**BODIES[paper], **changed})


@pytest.mark.parametrize("paper", ["request", "settlement"])
async def test_a_paper_comes_as_hwpx_pdf_or_page_and_is_not_kept(kim, paper: str):
    for form, begins in BEGINS.items():
        answer = await draw(kim, paper, form)
        assert answer.status_code == 200, answer.text
        assert answer.content.lower().startswith(begins.lower())
        assert answer.headers["cache-control"] == "no-store"
        assert f"trip-{paper}.{form}" in answer.headers["content-disposition"]


async def test_a_settlement_has_the_amounts_of_the_rules_and_their_sum(kim):
    near = await draw(kim, "settlement", near=[{**NEAR, "proof": "원터치 2건, 가장 낮은 등급 A"}])
    assert "금20,000원(금이만원)" in near.text
    assert "원터치 2건" in near.text
    both = await draw(kim, "settlement", far=[FAR])
    assert "금306,000원(금삼십만육천원)" in both.text
    assert "근무지 내 1건, 근무지 외 1건" in both.text


async def answer(kim: Somebody, **changed: Any) -> Any:
    path = "/api/v1/automation/trip-papers/settlement/answer"
    return await kim.does("POST", path, json={**BODIES["settlement"], **changed})


async def test_the_page_hears_the_sum_before_it_is_drawn(kim):
    told = (await answer(kim, far=[FAR])).json()
    assert told["headline"] == "2건 여비 306,000원"
    assert told["figures"]["total_won"] == 306_000
    assert told["figures"]["settle_by"] == "2026-12-09"
    assert {rule["place"] for rule in told["rules"]} >= {"제18조제1항", "별표 2"}
    three = (await answer(kim, travellers=[{"name": name} for name in "가나다"])).json()
    assert three["headline"] == "여비 60,000원 (3명)"


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"near": [{**NEAR, "ends_at": "12:00"}]}, "#/near/0/ends_at"),
        ({"near": [], "far": [{**FAR, "fare_won": -1}]}, "#/far/0/fare_won"),
        ({"far": [{**FAR, "nights": [{"paid_won": 1}] * 2}]}, "#/far/0/nights/1"),
        ({"far": [{**FAR, "office_car": [{"day": "2026-11-23"}]}]}, "#/far/0/office_car/0/day"),
        ({"near": [NEAR, {**NEAR, "begins_at": "17:00", "ends_at": "18:00"}]},
         "#/near/1/begins_at"),
        ({"near": [{**NEAR, "begins_at": "09:00", "ends_at": "10:00"},
                   {**NEAR, "ends_at": "14:00"}]}, "#/same_day"),
        ({"near": [{**NEAR, "day": "2024-07-01"}]}, "#/near/0/day"),
        ({"near": []}, "#/near"),
        ({"travellers": [{"name": "가"}, {"name": "나"}], "far": [FAR]}, "#/travellers"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
async def test_what_cannot_be_settled_is_said_where_it_was_typed(
    kim, changed: dict[str, Any], pointer: str
):
    for refused in (await answer(kim, **changed), await draw(kim, "settlement", **changed)):
        assert refused.status_code == 422, refused.text
        assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    "changed",
    [
        {"ends": "2026-11-20T12:00+09:00"},
        {"ends": "2026-11-20T12:00"},
        {"begins": "0001-01-01T00:00+14:00"},
        {"travellers": []},
        {"destination": ""},
    ],
)
async def test_what_cannot_be_asked_for_is_refused(kim, changed: dict[str, Any]):
    refused = await draw(kim, "request", **changed)
    assert refused.status_code == 422, refused.text


async def test_a_sheet_of_settlements_comes_back_as_one_file_of_papers_and_result(kim):
    path = "/api/v1/automation/trip-settlement/sheet"
    body = as_workbook(HEADING, row("1", "김가"), row("2", "이나", 시작=SIX, 끝=NINE))
    told = await kim.does("POST", path, content=body)
    assert told.headers["content-type"] == "application/zip"
    assert told.headers["cache-control"] == "no-store"
    names = zipfile.ZipFile(io.BytesIO(told.content)).namelist()
    assert names == ["0002-1 여비정산 신청서 김가.hwpx", "여비정산 결과.xlsx"]
    lines = await kim.does("POST", path, content=body, headers={"Accept": "application/x-ndjson"})
    _, last, file = ndjson.read(lines)
    assert (last["worked"], last["refused"], last["name"]) == (1, 1, "여비정산 결과.zip")
    assert zipfile.ZipFile(io.BytesIO(file)).namelist() == names


@pytest.mark.parametrize("name", ["trip-request", "trip-settlement"])
async def test_each_paper_has_a_template(kim, name: str):
    answer = await kim.does("GET", f"/api/v1/automation/{name}/sheet")
    assert answer.headers["content-type"] == WORKBOOK
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[1] == "설명"
