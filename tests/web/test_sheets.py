"""Sheets of many rows over HTTP: a workbook for programs, lines of progress for pages."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import openpyxl
import pytest

from hub.automation.questions import QUESTIONS
from hub.automation.routes import sheets
from hub.automation.sheets import limits
from tests.hub.automation.test_sheets import HEADING, LECTURE, ROW, as_csv, as_workbook, cells
from tests.web import ndjson
from tests.web.conftest import Web
from tests.web.people import OURS, PASSWORD, Somebody, add, browser

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ADDRESS = "/api/v1/automation/withholding/sheet"
LINES = {"Accept": "application/x-ndjson"}
PATIENCE_S = 90.0


@pytest.fixture
async def kim(door, conn):
    await add(conn, "kim", "staff")
    async with browser(door) as somebody:
        await somebody.sign_in("kim")
        yield somebody


async def put(kim: Somebody, body: bytes, **headers: str) -> httpx.Response:
    return await kim.does("POST", ADDRESS, content=body, headers=headers)


async def test_every_question_has_a_template_that_excel_opens(kim):
    for name in QUESTIONS:
        answer = await kim.does("GET", f"/api/v1/automation/{name}/sheet")
        assert answer.headers["content-type"] == XLSX
        assert "filename*=UTF-8''" in answer.headers["content-disposition"]
        assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[1] == "설명"


async def test_a_program_gets_the_workbook(kim):
    answer = await put(kim, as_workbook(HEADING, ROW))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == XLSX
    assert cells(answer.content)[1][5] == 300_000


async def test_a_page_hears_how_far_it_is_and_gets_the_workbook_at_the_end(kim):
    answer = await put(kim, as_workbook(HEADING, *[ROW] * 120, ["", "?", 1, 1]), **LINES)
    assert answer.headers["content-type"] == "application/x-ndjson"
    progress, last, workbook = ndjson.read(answer)
    assert progress == [{"done": done, "of": 121} for done in (0, 25, 50, 75, 100, 121)]
    assert (last["worked"], last["refused"], last["name"]) == (120, 1, "원천징수 결과.xlsx")
    assert len(cells(workbook)) == 122


async def test_a_large_file_comes_in_pieces(kim, monkeypatch):
    monkeypatch.setattr(sheets, "PIECE_BYTES", 1_000)
    answer = await put(kim, as_workbook(HEADING, *[ROW] * 120), **LINES)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert sum("piece" in one for one in lines) > 5
    assert len(cells(ndjson.read(answer)[2])) == 121


@pytest.mark.parametrize("headers", [{}, LINES], ids=["program", "page"])
async def test_what_is_no_table_is_a_problem_in_one_sentence(kim, headers):
    answer = await put(kim, as_csv(["이름"], ["김가"]), **headers)
    assert answer.status_code == 422
    told = answer.json()
    assert told["type"].endswith(":sheet-unreadable")
    assert told["detail"].startswith("'지급액(원)', '지급일' 열을 찾지 못했어요.")


async def test_a_question_that_is_not_there_is_said(kim):
    for method in ("GET", "POST"):
        answer = await kim.does(method, "/api/v1/automation/fortune/sheet", content=b"")
        assert answer.status_code == 404
        assert answer.json()["type"].endswith(":unknown-question")


async def test_only_here_a_file_may_be_large_and_not_larger_than_is_said(kim):
    large = as_csv(HEADING, *[["가" * 2_000, LECTURE, "1", "20261102"]] * 20)
    assert (await put(kim, large)).status_code == 200
    assert (await put(kim, b" " * (limits.BYTES_MOST + 1))).status_code == 413
    other = await kim.does("POST", "/api/v1/automation/withholding", content=large)
    assert other.status_code == 413


async def test_no_more_sheets_are_held_than_there_are_places(kim, monkeypatch):
    monkeypatch.setattr(sheets, "HELD_MOST", 0)
    answer = await put(kim, as_workbook(HEADING, ROW))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    monkeypatch.undo()
    assert (await put(kim, as_workbook(HEADING, ROW))).status_code == 200


@asynccontextmanager
async def signed_in(web: Web, conn: Any) -> AsyncIterator[httpx.AsyncClient]:
    await add(conn, "kim", "staff")
    async with httpx.AsyncClient(base_url=web.url, timeout=PATIENCE_S, headers=OURS) as client:
        answer = await client.post("/api/v1/session", json={"login": "kim", "password": PASSWORD})
        # the cookie is Secure, and this is plain HTTP
        cookie = answer.headers["set-cookie"].partition(";")[0]
        client.headers.update({"Cookie": cookie, "X-CSRF-Token": answer.json()["csrf_token"]})
        yield client


async def test_who_goes_away_frees_the_place_and_others_are_served(web: Web, conn):
    """All threads and all places are taken by pages that are closed at once, twice over."""
    body = as_csv(HEADING, *[["", LECTURE, "300,000원", "2026. 11. 2."]] * 4_000)
    line = as_csv(HEADING, ["", LECTURE, "300,000원", "2026. 11. 2."])
    async with signed_in(web, conn) as client:
        for _ in range(2 * limits.HELD_MOST):
            async with client.stream("POST", ADDRESS, content=body, headers=LINES) as answer:
                assert answer.status_code in (200, 503)
                if answer.status_code == 200:
                    assert json.loads(await anext(answer.aiter_lines()))["of"] == 4_000
        async with asyncio.timeout(PATIENCE_S):
            while True:
                small = await client.post(ADDRESS, content=line)
                if small.status_code == 200:
                    break
                assert small.status_code == 503
                await asyncio.sleep(0.1)
    assert len(cells(small.content)) == 2
