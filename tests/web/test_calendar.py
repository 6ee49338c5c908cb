"""The calendar over HTTP: the year, what an office adds, and a secret address without a session."""

import httpx
import pytest

from hub.kit import clock
from tests.web.people import HOST, add, browser

CALENDAR = "/api/v1/automation/calendar"


@pytest.fixture
async def kim(door, conn):
    await add(conn, "kim", "staff")
    async with browser(door) as somebody:
        await somebody.sign_in("kim")
        yield somebody


@pytest.fixture
async def lee(door, conn):
    await add(conn, "lee", "editor")
    async with browser(door) as somebody:
        await somebody.sign_in("lee")
        yield somebody


def stranger(door) -> httpx.AsyncClient:
    """A calendar program: no cookie, no header of a browser."""
    transport = httpx.ASGITransport(door)
    return httpx.AsyncClient(transport=transport, base_url=HOST)


async def test_a_year_has_its_duties_its_days_off_and_what_is_due_after_something(kim):
    told = (await kim.does("GET", f"{CALENDAR}?year=2026")).json()
    late = next(one for one in told["duties"] if one["key"] == "leave-name-2026")
    assert (late["last"], late["safe"], late["ask"]) == ("2026-10-31", "2026-10-30", "leave-plan")
    assert late["basis"][0]["address"].startswith("https://www.law.go.kr/")
    spring = {"day": "2026-03-02", "name": "삼일절 대체공휴일", "is_ours": False, "version": None}
    assert spring in told["off"]
    assert "출장이 끝난 뒤 여비 정산" in [one["title"] for one in told["after"]]
    assert told["unknown"] == []


async def test_a_local_holiday_counts_in_the_calendar_and_in_every_deadline(kim, lee):
    asked = {"finished_on": "2026-11-02", "claimed_on": "2026-11-20"}
    before = (await kim.does("POST", "/api/v1/automation/contract-dates", json=asked)).json()
    assert before["figures"]["pay_by"] == "2026-11-27"
    given = {"day": "2026-11-24", "name": "시민의 날"}
    assert (await kim.does("POST", f"{CALENDAR}/holidays", json=given)).status_code == 403
    assert (await lee.does("POST", f"{CALENDAR}/holidays", json=given)).status_code == 204
    after = (await kim.does("POST", "/api/v1/automation/contract-dates", json=asked)).json()
    assert after["figures"]["pay_by"] == "2026-11-30"
    off = (await kim.does("GET", f"{CALENDAR}?year=2026")).json()["off"]
    assert {"day": "2026-11-24", "name": "시민의 날", "is_ours": True, "version": 1} in off
    assert (await lee.does("DELETE", f"{CALENDAR}/holidays/2026-11-24")).status_code == 204
    assert (await lee.does("DELETE", f"{CALENDAR}/holidays/2026-11-24")).status_code == 404


async def test_a_duty_of_the_office_comes_every_year_until_it_is_dropped(kim, lee, conn):
    given = {"day": "2026-05-04", "title": "비상대비 훈련", "says": "문서, 계획; 결과"}
    made = await lee.does("POST", f"{CALENDAR}/duties", json=given)
    assert made.status_code == 201
    year = (await kim.does("GET", f"{CALENDAR}?year=2027")).json()
    assert [one["last"] for one in year["duties"] if one["group"] == "우리 기관"] == ["2027-05-04"]
    path = f"{CALENDAR}/duties/{made.json()['duty_id']}"
    assert (await lee.does("DELETE", path)).status_code == 204
    assert (await kim.does("GET", f"{CALENDAR}?year=2027")).json()["own"] == []
    found = await conn.execute("SELECT action FROM audit_entry WHERE action LIKE 'calendar.%%'")
    assert {row[0] for row in await found.fetchall()} == {"calendar.add", "calendar.drop"}


async def test_a_duty_is_edited_by_who_saw_its_last_version(kim, lee, conn):
    given = {"day": "2026-05-04", "title": "비상대비 훈련", "says": "계획"}
    made = (await lee.does("POST", f"{CALENDAR}/duties", json=given)).json()
    path = f"{CALENDAR}/duties/{made['duty_id']}"
    new = {"day": "2026-05-06", "title": "비상대비 훈련 계획", "is_yearly": False, "version": 1}
    assert (await kim.does("PUT", path, json=new)).status_code == 403
    told = await lee.does("PUT", path, json=new)
    assert told.status_code == 200
    assert told.json() == {**new, "duty_id": made["duty_id"], "says": "", "version": 2}
    stale = await lee.does("PUT", path, json={**new, "title": "다른 것"})
    assert (stale.status_code, stale.json()["type"][-23:]) == (409, ":calendar-entry-changed")
    year = (await kim.does("GET", f"{CALENDAR}?year=2026")).json()
    assert [one["title"] for one in year["own"]] == ["비상대비 훈련 계획"]
    assert (await lee.does("DELETE", path)).status_code == 204
    assert (await lee.does("PUT", path, json={**new, "version": 2})).status_code == 404
    found = await conn.execute("SELECT detail FROM audit_entry WHERE action = 'calendar.change'")
    ((detail,),) = await found.fetchall()
    assert (detail["day"], detail["before"]["day"]) == ("2026-05-06", "2026-05-04")
    assert detail["before"]["title"] == "비상대비 훈련"


async def test_a_local_holiday_moves_to_another_day_and_every_deadline_with_it(kim, lee, door):
    for day, name in [("2026-11-24", "시민의 날"), ("2026-11-25", "다른 날")]:
        given = {"day": day, "name": name}
        assert (await lee.does("POST", f"{CALENDAR}/holidays", json=given)).status_code == 204
    before = (await kim.does("GET", f"{CALENDAR}/file")).text
    path, new = f"{CALENDAR}/holidays/2026-11-24", {"name": "도민의 날", "version": 1}
    taken = await lee.does("PUT", path, json={**new, "day": "2026-11-25"})
    assert taken.status_code == 409
    assert (await lee.does("PUT", path, json={**new, "day": "2026-11-26"})).status_code == 204
    assert (await lee.does("PUT", path, json={**new, "day": "2026-11-27"})).status_code == 404
    off = (await kim.does("GET", f"{CALENDAR}?year=2026")).json()["off"]
    assert [(one["day"], one["name"], one["version"]) for one in off if one["is_ours"]] == [
        ("2026-11-25", "다른 날", 1), ("2026-11-26", "도민의 날", 2),
    ]  # fmt: skip
    after = (await kim.does("GET", f"{CALENDAR}/file")).text
    ids = [{line for line in text.split("\r\n") if line.startswith("UID:off-")}
           for text in (before, after)]  # fmt: skip
    assert ids[0] == ids[1]
    assert len(ids[0]) == 2
    assert "SEQUENCE:1" in after


async def test_a_file_is_for_who_is_signed_in(kim, door):
    answer = await kim.does("GET", f"{CALENDAR}/file")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
    async with stranger(door) as program:
        assert (await program.get(f"{CALENDAR}/file")).status_code == 401


async def test_a_secret_address_opens_for_a_program_until_it_is_withdrawn(kim, door, conn):
    assert (await kim.does("GET", f"{CALENDAR}/feed")).json() == {"made_at": None}
    path = (await kim.does("POST", f"{CALENDAR}/feed")).json()["path"]
    found = await conn.execute("SELECT digest FROM calendar_feed")
    assert path.partition("key=")[2].encode() not in bytes((await found.fetchone())[0])
    async with stranger(door) as program:
        assert "SUMMARY:권장 연가" in (await program.get(path)).text
        newer = (await kim.does("POST", f"{CALENDAR}/feed")).json()["path"]
        assert (await program.get(path)).status_code == 404
        assert (await program.get(newer)).status_code == 200
        assert (await kim.does("DELETE", f"{CALENDAR}/feed")).status_code == 204
        gone = await program.get(newer)
        assert (gone.status_code, gone.json()["type"][-17:]) == (404, ":unknown-calendar")
        assert (await program.get(f"{CALENDAR}.ics?key=")).status_code == 404
        assert (await program.get(f"{CALENDAR}.ics")).status_code == 422
    assert (await kim.does("DELETE", f"{CALENDAR}/feed")).status_code == 404


async def test_the_address_of_who_has_left_opens_nothing(kim, door, conn):
    path = (await kim.does("POST", f"{CALENDAR}/feed")).json()["path"]
    await conn.execute("UPDATE person SET retired_at = %s WHERE login = 'kim'", (clock.now(),))
    await conn.commit()
    async with stranger(door) as program:
        assert (await program.get(path)).status_code == 404


async def test_what_a_program_gets_names_nobody(kim, lee, door):
    given = {"day": "2026-05-04", "title": "비상대비 훈련"}
    await lee.does("POST", f"{CALENDAR}/duties", json=given)
    path = (await kim.does("POST", f"{CALENDAR}/feed")).json()["path"]
    async with stranger(door) as program:
        text = (await program.get(path)).text
    assert "비상대비 훈련" in text
    assert "kim" not in text
    assert "lee" not in text
