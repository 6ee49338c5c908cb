"""The rules over HTTP: with their article's text, the office's ordinances and its budget codes."""

import io
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from psycopg import AsyncConnection

from hub.kit import clock
from hub.rules import law_text
from hub.rules.rule import KNOWN_UNTIL
from hub.rules.store import texts
from hub.rules.tables import nation
from hub.web import app
from tests.web.people import Somebody, add, browser

Conn = AsyncConnection[Any]
RULES, ORDINANCES, CODES = "/api/v1/rules", "/api/v1/ordinances", "/api/v1/budget-codes"
CAP = "overtime.day_cap_h"
NEAR = "travel.near.long_won"
OURS = {
    "key": NEAR, "since": "2026-03-01", "until": None, "value": "25000",
    "law": "가나시 공무원 여비 조례", "place": "제5조",
}  # fmt: skip
LAW = """---
제목: 지방공무원 수당 등에 관한 규정
시행일자: {since}
---
##### 제15조 (시간외근무수당)
④ {words}
"""


@pytest.fixture
async def kim(conn: Conn, door: app.Door) -> AsyncIterator[Somebody]:
    """An administrator."""
    await add(conn, "kim", "admin")
    async with browser(door) as somebody:
        await somebody.sign_in("kim")
        yield somebody


async def load(conn: Conn, since: str, words: str) -> None:
    law = law_text.read(LAW.format(since=since, words=words).encode())
    await texts.keep(conn, law, "system", clock.now())
    await conn.commit()


async def get(who: Somebody, path: str, **params: str) -> Any:
    answer = await who.client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_rule_is_shown_as_it_holds_on_a_day(kim: Somebody):
    before = await get(kim, f"{RULES}/{CAP}", day="2026-09-30")
    after = await get(kim, f"{RULES}/{CAP}", day="2026-10-01")
    assert (before["now"]["value"], before["now"]["until"]) == ("4", "2026-09-30")
    assert (after["now"]["value"], after["now"]["by"]) == (None, "")
    assert [row["since"] for row in after["rows"]][-1] == "2026-10-01"
    assert after["rows"][-1]["by"].endswith("제36701호")
    every = await get(kim, RULES, day="2026-10-01")
    assert {one["key"] for one in every} == {rule.key for rule in nation()}
    late = await get(kim, f"{RULES}/{CAP}", day="2028-01-01")
    assert date(2028, 1, 1) > KNOWN_UNTIL
    assert late["now"] is None


async def test_an_unknown_rule_and_a_day_without_one_are_told(kim: Somebody):
    none = await kim.client.get(f"{RULES}/overtime.wrong")
    assert (none.status_code, none.json()["type"].rsplit(":", 1)[1]) == (404, "unknown-rule")
    early = await kim.client.get(f"{RULES}/{CAP}/text", params={"day": "2000-01-01"})
    assert early.status_code == 422
    assert early.json()["type"].endswith("no-rule-for-that-day")


async def test_without_texts_a_rule_has_its_citation_and_the_official_address(kim: Somebody):
    told = await get(kim, f"{RULES}/{CAP}/text", day="2026-10-01")
    assert (told["text"], told["newer"], told["difference"]) == (None, None, [])
    assert told["article"]["place"] == "제15조제4항"
    assert told["article"]["address"].startswith("https://www.law.go.kr/법령/")
    annex = await get(kim, f"{RULES}/travel.far.daily_won/text", day="2026-10-01")
    assert annex["has_text"] is False
    missing = (await get(kim, "/api/v1/law-texts"))["missing"]
    assert "지방공무원 수당 등에 관한 규정" in missing


async def test_a_rule_shows_the_text_of_its_own_days(kim: Somebody, conn: Conn):
    await load(conn, "2026-01-02", "1일에 4시간, 1개월에 57시간을 초과할 수 없다.")
    old = await get(kim, f"{RULES}/{CAP}/text", day="2026-09-30")
    assert (old["text"]["since"], old["is_older"]) == ("2026-01-02", False)
    behind = await get(kim, f"{RULES}/{CAP}/text", day="2026-10-01")
    assert (behind["text"]["since"], behind["is_older"]) == ("2026-01-02", True)
    await load(conn, "2026-10-01", "1개월에 57시간을 초과할 수 없다.")
    now = await get(kim, f"{RULES}/{CAP}/text", day="2026-10-01")
    assert (now["text"]["since"], now["is_older"], now["newer"]) == ("2026-10-01", False, None)


async def test_a_newer_text_in_other_words_is_shown_with_the_difference(kim: Somebody, conn: Conn):
    await load(conn, "2026-10-01", "1개월에 57시간을 초과할 수 없다.")
    await load(conn, "2027-03-01", "1개월에 67시간을 초과할 수 없다.")
    told = await get(kim, f"{RULES}/{CAP}/text", day="2026-10-01")
    assert told["newer"]["since"] == "2027-03-01"
    parts = [(one["kind"], one["words"].strip()) for one in told["difference"]]
    assert parts[1:3] == [("gone", "57시간을"), ("new", "67시간을")]
    asked = {"law": "지방공무원 수당 등에 관한 규정", "number": "제15조"}
    article = await get(kim, "/api/v1/law-texts/article", **asked, day="2027-03-01")
    assert article["before"]["since"] == "2026-10-01"
    assert [(one["kind"], one["words"].strip()) for one in article["difference"]] == parts
    first = await get(kim, "/api/v1/law-texts/article", **asked, day="2027-02-28")
    assert (first["text"]["since"], first["before"]) == ("2026-10-01", None)
    none = await kim.client.get("/api/v1/law-texts/article", params={**asked, "day": "2026-01-01"})
    assert none.json()["type"].endswith("unknown-law-text")


async def test_every_row_is_a_change_the_newest_first(kim: Somebody):
    changes = await get(kim, f"{RULES}/changes")
    assert len(changes) == sum(len(rule.rows) for rule in nation())
    days = [one["since"] for one in changes]
    assert days == sorted(days, reverse=True)
    (cap,) = [one for one in changes if one["key"] == CAP and not one["is_first"]]
    assert (cap["since"], cap["before"], cap["value"]) == ("2026-10-01", "4", None)


async def test_an_ordinance_is_in_every_answer_and_in_the_trail(kim: Somebody, conn: Conn):
    body = {"version": 0, "ordinances": [OURS]}
    saved = await kim.does("PUT", ORDINANCES, json=body)
    assert saved.status_code == 200, saved.text
    assert (saved.json()["version"], saved.json()["saved_by"]) == (1, "kim")
    rule = await get(kim, f"{RULES}/{NEAR}", day="2026-04-01")
    assert (rule["now"]["value"], rule["now"]["nation"]) == ("25000", "20000")
    assert rule["now"]["article"]["law"] == OURS["law"]
    assert [one["since"] for one in rule["ordinances"]] == ["2026-03-01"]
    (change,) = [
        one
        for one in await get(kim, f"{RULES}/changes")
        if one["key"] == NEAR and one["confidence"] == "setting"
    ]
    assert (change["before"], change["value"]) == ("20000", "25000")
    trail = await conn.execute("SELECT detail FROM audit_entry WHERE action = 'ordinance.save'")
    assert await trail.fetchall() == [({"version": 1, "changes": [NEAR]},)]


async def test_an_answer_goes_by_the_ordinance(kim: Somebody):
    asked = {"day": "2026-04-01", "begins_at": "09:00", "ends_at": "14:00"}
    path = "/api/v1/automation/near-trip"
    before = await kim.does("POST", path, json=asked)
    await kim.does("PUT", ORDINANCES, json={"version": 0, "ordinances": [OURS]})
    after = await kim.does("POST", path, json=asked)
    assert before.status_code == after.status_code == 200, after.text
    assert "20,000" in before.text
    assert "25,000" in after.text
    assert OURS["law"] in after.text


async def test_ordinances_go_back_to_any_version_as_a_new_one(kim: Somebody):
    await kim.does("PUT", ORDINANCES, json={"version": 0, "ordinances": [OURS]})
    back = await kim.does("POST", f"{ORDINANCES}/back", json={"version": 1, "back_to": 0})
    assert (back.json()["version"], back.json()["ordinances"]) == (2, [])
    again = await kim.does("POST", f"{ORDINANCES}/back", json={"version": 2, "back_to": 1})
    assert again.json()["ordinances"] == [OURS]
    history = await get(kim, f"{ORDINANCES}/history")
    assert [(one["version"], one["back_to"], one["count"]) for one in history] == [
        (3, 1, 1), (2, 0, 0), (1, None, 1),
    ]  # fmt: skip
    unknown = await kim.does("POST", f"{ORDINANCES}/back", json={"version": 3, "back_to": 9})
    assert unknown.status_code == 404
    late = await kim.does("PUT", ORDINANCES, json={"version": 1, "ordinances": []})
    assert (late.status_code, late.json()["type"].rsplit(":", 1)[1]) == (
        409, "ordinances-superseded",
    )  # fmt: skip


async def test_what_no_ordinance_can_say_is_refused_in_words(kim: Somebody):
    wrong = [{**OURS, "key": "overtime.month_cap_h"}, {**OURS, "value": "2.5"}]
    for one in wrong:
        refused = await kim.does("PUT", ORDINANCES, json={"version": 0, "ordinances": [one]})
        assert refused.status_code == 422
        assert refused.json()["type"].endswith("ordinance-refused")
        assert "1번째" in refused.json()["detail"]
    assert (await get(kim, ORDINANCES))["version"] == 0


def sheet(*rows: tuple[str, ...]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (("통계목코드", "통계목명", "편성목명", "설명"), *rows):
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


async def test_budget_codes_are_found_by_what_people_pay(kim: Somebody):
    for year in ("2026", "2027"):
        found = await get(kim, CODES, year=year, words="강사료")
        assert (found["source"], found["confidence"]) == ("default", "secondary")
        assert found["codes"][0]["code"] == "201-01"
    assert (await get(kim, CODES, year="2026", words="시설비"))["codes"][0]["code"] == "401-01"
    later = await get(kim, CODES, year="2027", words="시설비")
    assert later["codes"][0]["code"] == "401-02"
    assert any("401-02" in one for one in later["changes"])
    unknown = await get(kim, CODES, year="2030")
    assert (unknown["source"], unknown["codes"], unknown["confidence"]) == ("none", [], None)


async def test_an_offices_own_table_goes_before_the_default_and_there_is_a_way_back(
    kim: Somebody, conn: Conn
):
    body = sheet(
        ("201-01", "사무관리비", "일반운영비", "우리 기관"), ("20199", "새 통계목", "", ""),
        ("합계", "", "", ""),
    )  # fmt: skip
    read = await kim.does("POST", f"{CODES}/reading", content=body)
    assert read.status_code == 200, read.text
    assert [one["code"] for one in read.json()["codes"]] == ["201-01", "201-99"]
    assert read.json()["wrong"] == [{"number": 4, "wrong": "code", "shown": "합계"}]
    assert (await get(kim, CODES, year="2028"))["source"] == "none"
    save = f"{CODES}/sheet?year=2026&version=0"
    saved = await kim.does("PUT", save, content=body)
    assert saved.status_code == 200, saved.text
    assert (saved.json()["source"], saved.json()["version"], saved.json()["total"]) == (
        "office", 1, 2,
    )  # fmt: skip
    found = await get(kim, CODES, year="2026", words="강사료")
    assert [one["code"] for one in found["codes"]] == ["201-01"]
    assert (await kim.does("PUT", save, content=body)).status_code == 409
    back = {"year": 2026, "version": 1, "back_to": 0}
    assert (await kim.does("POST", f"{CODES}/back", json=back)).json()["source"] == "default"
    history = await get(kim, f"{CODES}/history", year="2026")
    assert [(one["version"], one["back_to"], one["count"]) for one in history] == [
        (2, 0, 0), (1, None, 2),
    ]  # fmt: skip
    trail = await conn.execute("SELECT count(*) FROM audit_entry WHERE action = 'budget.save'")
    assert await trail.fetchone() == (2,)


async def test_the_template_is_read_as_it_is(kim: Somebody):
    template = await kim.client.get(f"{CODES}/template")
    read = await kim.does("POST", f"{CODES}/reading", content=template.content)
    assert [one["code"] for one in read.json()["codes"]] == ["201-01"]


@pytest.mark.parametrize(
    "wrong", [b"", b"PK\x03\x04 no", "가,나\n".encode("euc-kr"), b"\xd0\xcf\x11\xe0"]
)
async def test_what_is_no_table_is_refused_and_nothing_is_saved(kim: Somebody, wrong: bytes):
    for method, path in (("POST", "reading"), ("PUT", "sheet?year=2026&version=0")):
        refused = await kim.does(method, f"{CODES}/{path}", content=wrong)
        assert refused.status_code == 422, refused.text
        assert refused.json()["type"].endswith("sheet-unreadable")
    assert (await get(kim, CODES, year="2026"))["version"] == 0


async def test_staff_read_and_an_administrator_writes(conn: Conn, door: app.Door):
    await add(conn, "lee")
    async with browser(door) as lee:
        await lee.sign_in("lee")
        await get(lee, ORDINANCES)
        await get(lee, CODES)
        body = {"version": 0, "ordinances": [OURS]}
        assert (await lee.does("PUT", ORDINANCES, json=body)).status_code == 403
        sent = await lee.does("PUT", f"{CODES}/sheet?year=2026&version=0", content=sheet())
        assert sent.status_code == 403
