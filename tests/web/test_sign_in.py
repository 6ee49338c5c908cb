"""Signing in and out, and what a browser must show to change something."""

import asyncio
import codecs
import csv
import io
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg import AsyncConnection

from hub.identity import audit, begin, sessions
from hub.identity.store import audit as trail
from hub.kit import clock
from hub.web import app
from tests.conftest import Database
from tests.web.people import HOST, PASSWORD, Somebody, add, browser

NEW = "새로운 비밀번호는 더 길어요"


@pytest.fixture
async def somebody(door: app.Door) -> AsyncIterator[Somebody]:
    async with browser(door) as somebody:
        yield somebody


@pytest.fixture
async def another(door: app.Door) -> AsyncIterator[Somebody]:
    async with browser(door) as another:
        yield another


async def _actions(conn: AsyncConnection[Any]) -> list[str]:
    await conn.rollback()
    return [
        f"{e.actor} {e.action} {e.subject}".strip()
        for e in reversed(await trail.search(conn, trail.Wanted()))
    ]


async def test_somebody_signs_in_and_out(conn: AsyncConnection[Any], somebody: Somebody):
    await add(conn, "kim", "facilities")
    answer = await somebody.sign_in("Kim")
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-cheongsa=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    me = (await somebody.does("GET", "/api/v1/me")).json()
    assert (me["login"], me["roles"]) == ("kim", ["facilities", "staff"])
    assert (await somebody.does("DELETE", "/api/v1/session")).status_code == 204
    assert (await somebody.does("GET", "/api/v1/me")).status_code == 401
    assert await _actions(conn) == ["kim session.begin", "kim session.end"]


@pytest.mark.parametrize("login", ["kim", "nobody"])
async def test_which_of_name_and_password_is_wrong_is_not_said(
    conn: AsyncConnection[Any], somebody: Somebody, login: str
):
    await add(conn, "kim")
    answer = await somebody.sign_in(login, "not the password")
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:cheongsa:problem:wrong-sign-in"
    assert "set-cookie" not in answer.headers
    assert await _actions(conn) == [f"{login} session.refuse"]


async def test_after_five_wrong_passwords_also_the_right_one_waits(
    conn: AsyncConnection[Any], somebody: Somebody
):
    kim = await add(conn, "kim")
    for _ in range(5):
        await somebody.sign_in("kim", "not the password")
    locked = await somebody.sign_in("kim")
    assert locked.status_code == 429
    assert 0 < int(locked.headers["retry-after"]) <= 15 * 60
    assert "15" in locked.json()["detail"]
    await add(conn, "han", "admin")
    async with browser(somebody_door(somebody)) as admin:
        await admin.sign_in("han")
        reset = await admin.does("POST", f"/api/v1/people/{kim}/first-password")
    first = reset.json()["first_password"]
    assert (await somebody.sign_in("kim", first)).status_code == 200


def somebody_door(somebody: Somebody) -> app.Door:
    return somebody.client._transport.app  # type: ignore[attr-defined]


async def test_guesses_made_at_once_are_counted_too(conn: AsyncConnection[Any], somebody: Somebody):
    await add(conn, "kim")
    tries = [somebody.sign_in("kim", f"guess number {n}") for n in range(12)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*tries))
    assert statuses == [401] * 5 + [429] * 7


async def test_a_first_password_opens_only_its_own_change(
    database: Database, conn: AsyncConnection[Any], somebody: Somebody
):
    first = await begin.make_admin(database.dsn, "han", "한관리", clock.now())
    await somebody.sign_in("han", first)
    refused = await somebody.does("GET", "/api/v1/people")
    assert refused.json()["type"] == "urn:cheongsa:problem:password-to-be-changed"
    change = {"old": first, "new": NEW}
    assert (await somebody.does("PUT", "/api/v1/me/password", json=change)).status_code == 204
    assert (await somebody.does("GET", "/api/v1/people")).status_code == 200
    weak = {"old": NEW, "new": "짧아요"}
    answer = await somebody.does("PUT", "/api/v1/me/password", json=weak)
    assert answer.json()["type"] == "urn:cheongsa:problem:password-too-short"
    same = await somebody.does("PUT", "/api/v1/me/password", json={"old": NEW, "new": NEW})
    assert same.json()["type"] == "urn:cheongsa:problem:password-unchanged"


async def test_a_new_password_ends_the_other_sessions(
    conn: AsyncConnection[Any], somebody: Somebody
):
    await add(conn, "kim")
    await somebody.sign_in("kim")
    async with browser(somebody_door(somebody)) as elsewhere:
        await elsewhere.sign_in("kim")
        change = {"old": PASSWORD, "new": NEW}
        await somebody.does("PUT", "/api/v1/me/password", json=change)
        assert (await elsewhere.does("GET", "/api/v1/me")).status_code == 401
    assert (await somebody.does("GET", "/api/v1/me")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "0" * 64},
    ],
)
async def test_a_page_elsewhere_changes_nothing(
    conn: AsyncConnection[Any], somebody: Somebody, headers: dict[str, str]
):
    await add(conn, "han", "admin")
    await somebody.sign_in("han")
    body = {"login": "new", "name": "새 사람", "roles": []}
    answer = await somebody.does("POST", "/api/v1/people", json=body, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:cheongsa:problem:foreign-request"


@pytest.mark.parametrize(
    ("origin", "status"),
    [(HOST, 200), ("https://evil.test", 403), ("null", 403), (None, 403)],
)
async def test_an_old_browser_is_known_by_its_origin(
    conn: AsyncConnection[Any], somebody: Somebody, origin: str | None, status: int
):
    await add(conn, "kim")
    headers = {"Origin": origin} if origin else {}
    body = {"login": "kim", "password": PASSWORD}
    answer = await somebody.client.post("/api/v1/session", json=body, headers=headers)
    assert answer.status_code == status


async def test_a_session_left_alone_or_too_old_is_over(
    conn: AsyncConnection[Any], somebody: Somebody
):
    await add(conn, "kim")
    await somebody.sign_in("kim")
    for column, ago in (("seen_at", sessions.IDLE), ("began_at", sessions.ABSOLUTE)):
        await conn.execute(f"UPDATE login_session SET {column} = %s", (clock.now() - ago,))  # type: ignore[arg-type]
        await conn.commit()
        assert (await somebody.does("GET", "/api/v1/me")).status_code == 401
        await somebody.sign_in("kim")


async def test_using_a_session_keeps_it(conn: AsyncConnection[Any], somebody: Somebody):
    await add(conn, "kim")
    await somebody.sign_in("kim")
    await conn.execute("UPDATE login_session SET seen_at = seen_at - interval '20 minutes'")
    await conn.commit()
    await somebody.does("GET", "/api/v1/me")
    rows = await conn.execute("SELECT seen_at FROM login_session")
    ((seen_at,),) = await rows.fetchall()
    assert clock.now() - seen_at < timedelta(minutes=1)


async def test_people_are_added_changed_and_sent_home(
    conn: AsyncConnection[Any], somebody: Somebody
):
    await add(conn, "han", "admin")
    await somebody.sign_in("han")
    body = {"login": "Kim.Minji", "name": " 김민지 ", "roles": ["field"], "email": "kim@office.kr"}
    added = await somebody.does("POST", "/api/v1/people", json=body)
    assert added.status_code == 201
    first = added.json()
    async with browser(somebody_door(somebody)) as kim:
        assert (await kim.sign_in("kim.minji", first["first_password"])).status_code == 200
        gone = {"name": "김민지", "roles": [], "is_retired": True}
        path = f"/api/v1/people/{first['person_id']}"
        assert (await somebody.does("PUT", path, json=gone)).json()["retired_at"]
        assert (await kim.does("GET", "/api/v1/me")).status_code == 401
        assert (await kim.sign_in("kim.minji", first["first_password"])).status_code == 401
    again = await somebody.does("POST", "/api/v1/people", json=body)
    assert again.json()["type"] == "urn:cheongsa:problem:login-taken"
    people = (await somebody.does("GET", "/api/v1/people")).json()
    (me,) = [one for one in people if one["login"] == "han"]
    weaker = {"name": "한", "roles": ["staff"]}
    last = await somebody.does("PUT", f"/api/v1/people/{me['person_id']}", json=weaker)
    assert last.json()["type"] == "urn:cheongsa:problem:last-admin"


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "a\nb"}, {"roles": ["king"]}, {"login": "김"}, {"more": 1}]
)
async def test_a_person_that_cannot_be_is_refused_in_words(
    conn: AsyncConnection[Any], somebody: Somebody, wrong: dict[str, Any]
):
    await add(conn, "han", "admin")
    await somebody.sign_in("han")
    body = {"login": "kim", "name": "김", "roles": [], **wrong}
    answer = await somebody.does("POST", "/api/v1/people", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["name"] == next(iter(wrong))


async def test_the_auditor_searches_verifies_and_takes_the_trail_home(
    conn: AsyncConnection[Any], somebody: Somebody
):
    await add(conn, "jung", "auditor")
    await somebody.sign_in("jung", "wrong one here")
    await somebody.sign_in("jung")
    found = (await somebody.does("GET", "/api/v1/audit", params={"text": "refuse"})).json()
    assert [entry["action"] for entry in found] == ["session.refuse"]
    assert (await somebody.does("GET", "/api/v1/audit/verdict")).json()["is_whole"]
    export = await somebody.does("GET", "/api/v1/audit/export")
    lines = export.text.splitlines()
    assert len(lines) == 3
    assert '"action": "audit.export"' in lines[-1]
    await conn.execute("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
    await conn.execute("UPDATE audit_entry SET actor = 'somebody else' WHERE number = 2")
    await conn.commit()
    verdict = (await somebody.does("GET", "/api/v1/audit/verdict")).json()
    assert (verdict["is_whole"], verdict["broken_at"], verdict["reason"]) == (False, 2, "changed")


async def test_the_trail_is_searched_by_who_and_what(
    conn: AsyncConnection[Any], somebody: Somebody
):
    await add(conn, "jung", "admin")
    await somebody.sign_in("kim", "wrong one here")
    await somebody.sign_in("jung")

    async def found(**given: str) -> list[tuple[str, str]]:
        answer = await somebody.does("GET", "/api/v1/audit", params=given)
        return [(entry["actor"], entry["action"]) for entry in answer.json()]

    assert await found(actor="kim") == [("kim", "session.refuse")]
    assert await found(actor="ki") == []
    assert await found(action="session.begin") == [("jung", "session.begin")]
    assert len(await found(action="session")) == 2
    assert await found(action="sess") == []
    assert await found(actor="jung", action="session.refuse") == []


async def test_the_trail_is_taken_home_as_a_table_that_calculates_nothing(
    conn: AsyncConnection[Any], somebody: Somebody
):
    await add(conn, "jung", "auditor")
    await somebody.sign_in('=cmd|"calc"!a1', "wrong one here")
    await somebody.sign_in("jung")
    export = await somebody.does("GET", "/api/v1/audit/export", params={"form": "csv"})
    assert export.headers["content-type"].startswith("text/csv")
    assert export.content.startswith(codecs.BOM_UTF8)
    header, *rows = csv.reader(io.StringIO(export.content.decode("utf-8-sig")))
    assert header == list(audit.COLUMNS)
    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("1", '\'=cmd|"calc"!a1', "session.refuse"),
        ("2", "jung", "session.begin"),
        ("3", "jung", "audit.export"),
    ]
    entries = [entry async for entry in trail.walk(conn)]
    assert [row[-1] for row in rows] == [entry.hash.hex() for entry in entries]


async def test_who_is_locked_out_is_seen_and_let_in_again(
    conn: AsyncConnection[Any], somebody: Somebody, another: Somebody
):
    await add(conn, "han", "admin")
    kim = await add(conn, "kim")
    for _ in range(5):
        await another.sign_in("kim", "wrong one here")
    assert (await another.sign_in("kim")).status_code == 429
    await somebody.sign_in("han")

    async def seen() -> dict[str, Any]:
        everybody = (await somebody.does("GET", "/api/v1/people")).json()
        return next(one for one in everybody if one["login"] == "kim")

    assert datetime.fromisoformat((await seen())["locked_until"]) > clock.now()
    unlocked = await somebody.does("DELETE", f"/api/v1/people/{kim}/lockout")
    assert unlocked.status_code == 204
    assert (await seen())["locked_until"] is None
    assert (await another.sign_in("kim")).status_code == 200
    assert (await seen())["sessions"] == 1


async def test_somebody_is_signed_out_everywhere(
    conn: AsyncConnection[Any], somebody: Somebody, another: Somebody
):
    await add(conn, "han", "admin")
    kim = await add(conn, "kim")
    await another.sign_in("kim")
    await somebody.sign_in("han")
    ended = await somebody.does("DELETE", f"/api/v1/people/{kim}/sessions")
    assert ended.status_code == 204
    assert (await another.does("GET", "/api/v1/me")).status_code == 401
    entries = [entry async for entry in trail.walk(conn)]
    assert (entries[-1].action, entries[-1].subject) == ("person.sign-out", "kim")
    for path in ("sessions", "lockout"):
        nobody = await somebody.does("DELETE", f"/api/v1/people/{UUID(int=7)}/{path}")
        assert nobody.status_code == 404


async def test_duties_have_people(conn: AsyncConnection[Any], somebody: Somebody):
    kim = await add(conn, "kim", "editor")
    await somebody.sign_in("kim")
    body = {"name": "여비 정산", "department": "총무과", "people": [str(kim)]}
    made = (await somebody.does("POST", "/api/v1/duties", json=body)).json()
    (holder,) = made["people"]
    assert (holder["person_id"], holder["name"], holder["has_left"]) == (str(kim), "kim", False)
    assert (await somebody.does("GET", "/api/v1/duties")).json() == [made]
    (colleague,) = (await somebody.does("GET", "/api/v1/duties/people")).json()
    assert colleague == {"person_id": str(kim), "login": "kim", "name": "kim"}
    path = f"/api/v1/duties/{made['duty_id']}"
    assert (await somebody.does("PUT", path, json={**body, "people": []})).json()["people"] == []
    assert (await somebody.does("DELETE", path)).status_code == 204
    assert (await somebody.does("GET", "/api/v1/duties")).json() == []
    assert (await somebody.does("PUT", path, json=body)).status_code == 404
    entries = [entry async for entry in trail.walk(conn)]
    assert audit.first_broken(entries) is None
    assert entries[-1].detail == {"name": "여비 정산", "people": []}
    assert entries[1].detail == {"name": "여비 정산", "people": ["kim"]}
