"""The office itself over HTTP: saved by version, gone back to, shown on the board, written down."""

import io
from datetime import timedelta
from typing import Any

import httpx
import openpyxl
import pytest
from psycopg import AsyncConnection

from hub.devices import meal_sheet
from hub.kit import clock
from hub.web import app
from tests.hub.density.offices import LUNCH, open_office
from tests.web.people import add, browser

Conn = AsyncConnection[Any]
SITE = "/api/v1/sites/demo"


def today() -> str:
    return clock.now().astimezone(clock.SEOUL).date().isoformat()


async def office(conn: Conn) -> None:
    await open_office(conn, hours=LUNCH)
    await add(conn, "lee", "facilities")


async def settings(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get(SITE)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_is_saved_is_on_the_board_and_in_the_trail(conn: Conn, door: app.Door):
    await office(conn)
    async with browser(door) as lee:
        await lee.sign_in("lee")
        seen = await settings(lee.client)
        told = seen["settings"]
        told["name"], told["name_en"] = "새 시청", ""
        told["levels"] = {"moderate_s": 60, "busy_s": 120, "crowded_s": 300}
        told["days"] = [{"day": today(), "is_open": False, "name": "창립기념일", "name_en": ""}]
        told["zones"][0] |= {"name": "배식 줄", "place": "지하 1층", "seats": 40}
        body = {"version": seen["version"], "settings": told}
        saved = await lee.does("PUT", SITE, json=body)
        assert saved.status_code == 200, saved.text
        assert (saved.json()["version"], saved.json()["saved_by"]) == (1, "lee")
        answer = await lee.client.get("/api/v1/density")
    board = answer.json()["sites"][0]
    assert (board["name"], board["name_en"], board["open"]) == ("새 시청", "새 시청", False)
    assert board["closed_for"] == "창립기념일"
    assert board["levels_s"] == [60, 120, 300]
    zone = board["zones"][0]
    assert (zone["name"], zone["place"], zone["reason"]) == ("배식 줄", "지하 1층", "closed_day")
    found = await conn.execute("SELECT actor, detail FROM audit_entry WHERE action = 'site.save'")
    assert await found.fetchall() == [
        ("lee", {"version": 1, "changes": ["name", "days", "levels", "zones"]})
    ]


async def test_an_earlier_version_is_taken_up_again_as_a_new_one(conn: Conn, door: app.Door):
    await office(conn)
    async with browser(door) as lee:
        await lee.sign_in("lee")
        first = (await settings(lee.client))["settings"]
        body = {"version": 0, "settings": {**first, "hours": [], "always_open": True}}
        assert (await lee.does("PUT", SITE, json=body)).status_code == 200
        back = await lee.does("POST", f"{SITE}/back", json={"version": 1, "back_to": 0})
        assert back.status_code == 200, back.text
        assert (back.json()["version"], back.json()["settings"]) == (2, first)
        history = (await lee.client.get(f"{SITE}/history")).json()
        unknown = await lee.does("POST", f"{SITE}/back", json={"version": 2, "back_to": 7})
    assert [(one["version"], one["back_to"]) for one in history] == [(2, 0), (1, None), (0, None)]
    assert history[1]["changes"] == ["hours"]
    assert unknown.json()["type"].endswith("unknown-version")


async def test_who_saves_over_somebody_else_is_told(conn: Conn, door: app.Door):
    await office(conn)
    async with browser(door) as lee:
        await lee.sign_in("lee")
        told = (await settings(lee.client))["settings"]
        body = {"version": 0, "settings": told}
        assert (await lee.does("PUT", SITE, json=body)).status_code == 200
        late = await lee.does("PUT", SITE, json=body)
    assert late.status_code == 409
    assert late.json()["type"].endswith("site-superseded")


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": []},
        {"always_open": True},
        {"name": ""},
        {"levels": {"moderate_s": 300, "busy_s": 200, "crowded_s": 400}},
        {"hours": [{"days": [8], "open": "11:30", "close": "13:30"}]},
        {"days": [{"day": "2026-12-01", "name": "a"}, {"day": "2026-12-01", "name": "b"}]},
        {"zones": [{"node": "cam-1", "zone": "main", "name": "a\u0000b"}]},
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_changes(
    conn: Conn, door: app.Door, wrong: dict[str, Any]
):
    await office(conn)
    async with browser(door) as lee:
        await lee.sign_in("lee")
        told = (await settings(lee.client))["settings"]
        refused = await lee.does("PUT", SITE, json={"version": 0, "settings": {**told, **wrong}})
        assert refused.status_code == 422, refused.text
        assert refused.json()["errors"]
        assert (await settings(lee.client))["version"] == 0


async def test_an_unknown_office_is_told(conn: Conn, door: app.Door):
    await office(conn)
    async with browser(door) as lee:
        await lee.sign_in("lee")
        answer = await lee.client.get("/api/v1/sites/nowhere")
        assert (await lee.client.get("/api/v1/sites")).json()[0]["site"] == "demo"
    assert (answer.status_code, answer.json()["type"]) == (
        404,
        "urn:cheongsa:problem:unknown-site",
    )


async def test_meals_are_saved_shown_today_and_emptied(conn: Conn, door: app.Door):
    await office(conn)
    course = {"name": "중식", "dishes": ["쌀밥", "미역국"]}
    async with browser(door) as lee:
        await lee.sign_in("lee")
        body = {"days": [{"day": today(), "courses": [course]}]}
        assert (await lee.does("PUT", f"{SITE}/meals", json=body)).status_code == 204
        span = f"{SITE}/meals?first={today()}&last={today()}"
        assert (await lee.client.get(span)).json() == body["days"]
        board = (await lee.client.get("/api/v1/density")).json()
        assert board["sites"][0]["meals"] == [course]
        none = {"days": [{"day": today(), "courses": []}]}
        assert (await lee.does("PUT", f"{SITE}/meals", json=none)).status_code == 204
        assert (await lee.client.get(span)).json() == []
    found = await conn.execute("SELECT count(*) FROM audit_entry WHERE action = 'site.meals'")
    assert await found.fetchone() == (2,)


async def test_a_workbook_and_a_pasted_table_are_read_and_nothing_is_saved(
    conn: Conn, door: app.Door
):
    await office(conn)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["11/23(월)", "11/24(화)"])
    sheet.append(["쌀밥", "국수"])
    body = io.BytesIO()
    book.save(body)
    reading = f"{SITE}/meals/reading?day=2026-11-23"
    async with browser(door) as lee:
        await lee.sign_in("lee")
        sheet_read = await lee.does("POST", reading, content=body.getvalue())
        pasted = await lee.does("POST", reading, content="11/23\t11/24\r\n쌀밥\t국수".encode())
        assert sheet_read.status_code == pasted.status_code == 200, sheet_read.text
        assert sheet_read.json()["days"] == pasted.json()["days"]
        assert [one["day"] for one in pasted.json()["days"]] == ["2026-11-23", "2026-11-24"]
        for wrong in (b"\xff\xfe\x00", b"", b"PK\x03\x04 no"):
            refused = await lee.does("POST", reading, content=wrong)
            assert refused.status_code == 422
            assert refused.json()["type"].endswith("meals-unreadable")
        large = await lee.does("POST", reading, content=bytes(meal_sheet.BYTES_MOST + 1))
        assert large.status_code == 413
        span = f"{SITE}/meals?first=2026-11-23&last=2026-11-29"
        assert (await lee.client.get(span)).json() == []


async def test_the_holidays_of_the_year_to_come_are_told(conn: Conn, door: app.Door):
    await office(conn)
    async with browser(door) as lee:
        await lee.sign_in("lee")
        holidays = (await settings(lee.client))["holidays"]
    names = {one["name"] for one in holidays}
    assert {"새해 첫날", "설날", "추석", "기독탄신일"} <= names
    last = clock.now().astimezone(clock.SEOUL).date() + timedelta(days=366)
    assert all(today() <= one["day"] <= last.isoformat() for one in holidays)
