"""The dead letters over HTTP: by reason, by node, page by page, as text in which nothing acts."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from psycopg import AsyncConnection

from hub.devices import hearing, refusal_words, refusals
from hub.devices.hearing import Refused
from hub.devices.store import letters
from hub.kit import clock, db
from hub.web import app
from tests.conftest import Database
from tests.hub.density.offices import open_office
from tests.web.people import Somebody, add, browser

LETTERS = "/api/v1/letters"
OURS = "cheongsa/v1/demo/cam-1/health"
STRANGER = "cheongsa/v1/demo/stranger/health"


def refused(topic: str, payload: bytes, now: datetime) -> Refused:
    heard = hearing.read(topic, payload, now)
    assert isinstance(heard, Refused)
    return heard


def bury(dsn: str, *heard: Refused, at: datetime) -> None:
    with db.connect_sync(dsn) as conn:
        letters.bury(conn, heard, at)
        conn.commit()


@pytest.fixture
async def admin(
    database: Database, conn: AsyncConnection[Any], door: app.Door
) -> AsyncIterator[Somebody]:
    await open_office(conn)
    await add(conn, "kim", "admin")
    async with browser(door) as somebody:
        assert (await somebody.sign_in("kim")).status_code == 200
        yield somebody


async def asked(admin: Somebody, **given: Any) -> Any:
    answer = await admin.does("GET", LETTERS, params=given)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_where_nothing_was_refused_there_is_nothing(admin: Somebody):
    seen = await asked(admin)
    assert (seen["letters"], seen["page"], seen["by_reason"], seen["next"]) == (0, [], [], None)


async def test_letters_are_counted_by_reason_and_by_node(admin: Somebody, database: Database):
    now = clock.now()
    bury(database.dsn, refused(OURS, b"{", now), refused(OURS, b"{", now), at=now)
    bury(database.dsn, refused(OURS, b" " * 100_000, now), at=now)
    bury(database.dsn, refused(STRANGER, b"[", now), at=now)
    bury(database.dsn, refused("elsewhere", b"x", now), at=now)
    seen = await asked(admin)
    assert (seen["letters"], seen["times"]) == (4, 5)
    assert {r["reason"]: r["times"] for r in seen["by_reason"]} == {
        "malformed": 3, "size": 1, "topic": 1,
    }  # fmt: skip
    assert [(n["node"], n["name"] is not None, n["times"]) for n in seen["by_node"]] == [
        ("cam-1", True, 3), ("stranger", False, 1),
    ]  # fmt: skip
    of_one = await asked(admin, site="demo", node="cam-1", reason="size")
    assert (of_one["letters"], [one["reason"] for one in of_one["page"]]) == (1, ["size"])
    assert of_one["page"][0]["payload_bytes"] == 100_000
    assert of_one["page"][0]["is_cut"]


async def test_pages_hold_every_letter_once_the_newest_first(admin: Somebody, database: Database):
    now = clock.now()
    for minute in range(4):  # 20 of one moment
        each = [refused(OURS, b"{%d %d" % (minute, n), now) for n in range(20)]
        bury(database.dsn, *each, at=now - timedelta(minutes=minute))
    seen, place = [], {}
    while place is not None:
        page = await asked(admin, **place)
        seen += page["page"]
        place = page["next"]
    assert len({one["letter_id"] for one in seen}) == len(seen) == 80
    times = [one["last_at"] for one in seen]
    assert times == sorted(times, reverse=True)


async def test_what_a_stranger_says_is_text_in_which_nothing_acts(
    admin: Somebody, database: Database
):
    now = clock.now()
    said = '{"a": "\u202e<script>alert(1)</script>'.encode() + b"\xff"
    bury(database.dsn, refused("other/\u202etopic", said, now), at=now)
    (one,) = (await asked(admin))["page"]
    assert one["begins"] == '{"a": "⟨U+202E⟩<script>alert(1)</script>⟨FF⟩'
    assert one["topic"] == "other/⟨U+202E⟩topic"
    assert "\u202e" not in one["why"]


async def test_what_to_do_is_said_in_the_language_asked_for(admin: Somebody, database: Database):
    now = clock.now()
    bury(database.dsn, refused(OURS, b"{", now), at=now)
    for lang, words in (("ko", "노드 프로그램의 판을"), ("en", "Check the node's version")):
        (one,) = (await asked(admin, lang=lang))["page"]
        assert words in one["to_do"]


def test_every_reason_has_words():
    assert set(refusal_words.WORDS) == set(refusals.CLASSES)


@pytest.mark.parametrize("reason", refusals.CLASSES)
async def test_letters_of_each_reason_can_be_asked_for(admin: Somebody, reason: str):
    assert (await asked(admin, reason=reason))["page"] == []


async def test_half_a_place_is_no_place(admin: Somebody):
    assert (await asked(admin, before_id=7))["page"] == []
    assert (await admin.does("GET", LETTERS, params={"reason": "none"})).status_code == 422
