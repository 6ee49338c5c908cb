"""기안문 over HTTP: linted, mended and drawn for whoever is signed in; nothing typed is kept."""

import io
import logging
from collections.abc import AsyncIterator
from typing import Any

import openpyxl
import pytest
from psycopg import AsyncConnection, sql

from hub.web import app
from tests.conftest import Database
from tests.web import ndjson
from tests.web.conftest import settings_for
from tests.web.people import Somebody, add, browser

AT = "/api/v1/automation/letter"
SECRET = "아무도 몰라야 할 글"
NAME = "남궁아무개"
BODY = f"1. {SECRET}\n2. 2026-06-01 오후 2시 30분"


@pytest.fixture
async def kim(database: Database, conn: AsyncConnection[Any]) -> AsyncIterator[Somebody]:
    await add(conn, "kim", "staff")
    door = app.create_app(settings_for(database))
    async with door.api.router.lifespan_context(door.api), browser(door) as somebody:
        await somebody.sign_in("kim")
        yield somebody


async def test_a_text_is_told_what_is_wrong_where_and_why(kim: Somebody):
    answer = await kim.does("POST", f"{AT}/lint", json={"text": "😀 2026-06-01까지"})
    assert answer.status_code == 200, answer.text
    found = answer.json()["findings"]
    (day,) = [one for one in found if one["rule"] == "date-separator"]
    assert (day["field"], day["start"], day["end"]) == ("text", 2, 12)
    assert day["article"] == "「행정업무의 운영 및 혁신에 관한 규정」 제7조제5항"
    assert day["address"].startswith("https://www.law.go.kr/")
    assert (day["severity"], day["confidence"]) == ("wrong", "text")
    assert day["edits"] == [{"field": "text", "start": 2, "end": 12, "text": "2026. 6. 1."}]
    assert answer.headers["cache-control"] == "no-store"


async def test_a_letter_is_told_of_its_parts_too_and_mended(kim: Somebody):
    letter = {"title": "회의 알림.", "body": BODY, "sender": "가람시장"}
    told = (await kim.does("POST", f"{AT}/lint", json={"letter": letter})).json()
    fields = {(one["field"], one["rule"]) for one in told["findings"]}
    assert {("sender", "sender-internal"), ("body", "time-half"), ("title", "title-dot")} <= fields
    body = {"letter": letter, "with_advice": True}
    mended = (await kim.does("POST", f"{AT}/fix", json=body)).json()
    assert mended["letter"]["sender"] == ""
    assert mended["letter"]["title"] == "회의 알림"
    assert mended["letter"]["body"] == f"1. {SECRET}\n2. 2026. 6. 1. 14:30  끝."
    again = (await kim.does("POST", f"{AT}/fix", json={**body, "letter": mended["letter"]})).json()
    assert (again["count"], again["letter"]) == (0, mended["letter"])


async def test_advice_is_mended_only_where_it_is_asked_for(kim: Somebody):
    answer = await kim.does("POST", f"{AT}/fix", json={"text": "금일 알립니다.  끝."})
    assert answer.json() == {"text": "금일 알립니다.  끝.", "letter": None, "count": 0}
    body = {"text": "금일 알립니다.  끝.", "with_advice": True}
    assert (await kim.does("POST", f"{AT}/fix", json=body)).json()["text"] == "오늘 알립니다.  끝."


@pytest.mark.parametrize(
    ("form", "media", "begins"),
    [
        ("hwpx", "application/hwp+zip", b"PK"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("html", "text/html; charset=utf-8", b"<!doctype html>"),
        ("text", "text/plain; charset=utf-8", "가람시".encode()),
    ],
)
async def test_a_letter_is_drawn_in_four_ways(kim: Somebody, form: str, media: str, begins: bytes):
    letter = {"office": "가람시", "title": "알림", "body": BODY}
    answer = await kim.does("POST", f"{AT}?format={form}", json=letter)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == media
    assert answer.content.startswith(begins)


@pytest.mark.parametrize(
    "body",
    [
        {}, {"text": "가", "letter": {}}, {"text": "가" * 12_001}, {"text": "\n" * 1_000},
        {"letter": {"body": "가" * 12_001}}, {"letter": {"to": ["가"] * 101}},
        {"letter": {"unknown": 1}}, {"letter": {"title": "가" * 201}},
        {"letter": {"issued_on": "1999-12-31"}}, {"text": 3},
    ],
)  # fmt: skip
async def test_what_is_too_much_or_unknown_is_refused(kim: Somebody, body: dict[str, Any]):
    answer = await kim.does("POST", f"{AT}/lint", json=body)
    assert answer.status_code == 422, answer.text


async def test_what_no_document_can_hold_is_refused_in_words(kim: Somebody):
    answer = await kim.does("POST", AT, json={"title": "표", "body": "\t" * 30})
    assert answer.status_code == 422
    assert "20" in answer.json()["detail"]


async def test_a_sheet_of_letters_comes_back_mended_with_its_progress(kim: Somebody):
    template = await kim.does("GET", f"{AT}/sheet")
    assert template.status_code == 200, template.text
    rows = "\n".join(["제목,본문", *(["알림,2026-06-01에 엽니다."] * 60), "빈 글,"])
    headers = {"Accept": "application/x-ndjson"}
    answer = await kim.does("POST", f"{AT}/sheet", content=rows.encode(), headers=headers)
    progress, last, sheet = ndjson.read(answer)
    assert [one["done"] for one in progress] == [0, 25, 50, 61]
    assert (last["worked"], last["refused"]) == (60, 1)
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    heading, first, *_ = [list(row) for row in book.worksheets[0].values]
    assert first[heading.index("고친 본문")] == "2026. 6. 1.에 엽니다.  끝."


async def test_nobody_who_is_not_signed_in_is_answered(kim: Somebody):
    kim.client.cookies.clear()
    for path in ("", "/lint", "/fix"):
        answer = await kim.does("POST", AT + path, json={"text": "가"})
        assert answer.status_code == 401


async def test_nothing_that_was_typed_is_kept_or_logged(
    kim: Somebody, conn: AsyncConnection[Any], caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    letter = {"title": SECRET, "body": BODY, "to": [NAME], "sender": NAME}
    letter["signers"] = [{"role": "drafter", "post": "주무관", "name": NAME}]
    ways = [(f"?format={one}", letter) for one in ("hwpx", "pdf", "html", "text")]
    for path, body in (("/lint", {"letter": letter}), ("/fix", {"letter": letter}), *ways):
        assert (await kim.does("POST", AT + path, json=body)).status_code == 200
    sheet = f"제목,본문\n{NAME},{SECRET}".encode()
    assert (await kim.does("POST", f"{AT}/sheet", content=sheet)).status_code == 200
    wrong = {"letter": {**letter, "unknown": SECRET}}
    assert (await kim.does("POST", f"{AT}/lint", json=wrong)).status_code == 422
    for typed in (SECRET, NAME):
        assert typed not in caplog.text
        assert await _tables_with(conn, typed) == []


async def _tables_with(conn: AsyncConnection[Any], text: str) -> list[str]:
    """The tables that hold this text anywhere."""
    cursor = await conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    holding = []
    for (name,) in await cursor.fetchall():
        asked = sql.SQL("SELECT EXISTS (SELECT FROM {} AS t WHERE t::text LIKE %s)")
        found = await conn.execute(asked.format(sql.Identifier(name)), (f"%{text}%",))
        if (await found.fetchone() or [False])[0]:
            holding.append(name)
    return holding
