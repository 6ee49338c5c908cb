"""Texts of the law from the Ministry's open API: asked over real HTTP, refused in words."""

import argparse
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import AsyncConnection

from hub.kit.settings import Settings
from hub.rules import command, fetch, law_api
from hub.rules.law_api import LawNotFetched, Version
from hub.rules.law_text import LawText
from hub.rules.store import texts
from tests.conftest import Database
from tests.hub.rules.law_ministry import KEY, Ministry, listed, running, text_of, unit

Conn = AsyncConnection[Any]
TITLE = "가나다 규정"
PARAGRAPHS = [
    {"항번호": "①", "항내용": "① 첫째."},
    {
        "항번호": "②",
        "항내용": [["② 다음과 같다."]],
        "호": {"호번호": "1.", "호내용": "1. 하나", "목": [{"목내용": [["가. 잔 것"]]}]},
    },
]


@pytest.fixture
def ministry() -> Iterator[Ministry]:
    with running() as found:
        found.laws = [
            listed(TITLE, "100", "20260201"),
            listed(f"{TITLE} 시행규칙", "9", "20260201"),
        ]
        chapter = {"조문번호": "1", "조문여부": "전문", "조문내용": "제1장 총칙"}
        found.texts["100", "20260201"] = text_of(
            TITLE,
            "20260201",
            [
                chapter,
                unit("1", "목적", "제1조(목적) 이 영은 가나다를 정한다."),
                unit("2", "한도", "제2조의3(한도)", 항=PARAGRAPHS, 조문가지번호="3"),
            ],
        )
        yield found


async def all_of(ministry: Ministry, title: str = TITLE, key: str = KEY) -> list[LawText]:
    return [law async for law in fetch.texts(ministry.url, key, title)]


async def test_a_law_comes_article_by_article_as_from_a_file(ministry: Ministry):
    (law,) = await all_of(ministry)
    assert (law.title, law.since, law.promulgated) == (TITLE, date(2026, 2, 1), date(2026, 1, 2))
    first, second = law.articles
    assert (first.number, first.heading, first.text) == (
        "제1조",
        "목적",
        "이 영은 가나다를 정한다.",
    )
    assert (second.number, second.heading) == ("제2조의3", "한도")
    assert second.text == "① 첫째.\n② 다음과 같다.\n  1. 하나\n    가. 잔 것"
    assert KEY not in law.source


async def test_one_thing_instead_of_a_list_and_a_text_to_come_are_read(ministry: Ministry):
    ministry.laws = [listed(TITLE, "101", "20270101"), listed(TITLE, "100", "20260201")]
    only = unit("5", "", "제5조 삭제 <2027.1.1>")
    ministry.texts["101", "20270101"] = text_of(TITLE, "20270101", only)
    found = await all_of(ministry)
    assert [one.since for one in found] == [date(2026, 2, 1), date(2027, 1, 1)]
    assert found[1].articles[0].text == "삭제 <2027.1.1>"
    ministry.laws = listed(TITLE, "100", "20260201")
    assert len(await all_of(ministry)) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"laws": []}, "목록에 없습니다"),
        ({"laws": None}, "목록에 없습니다"),
        ({"laws": [listed(TITLE, "", "20260201")]}, "일련번호"),
        ({"laws": [listed(TITLE, "100", "2026")]}, "일련번호"),
        ({"texts": {}}, "본문이 아닌 답"),
        ({"texts": {("100", "20260201"): text_of("다른 법", "20260201", [])}}, "다른 법"),
        ({"texts": {("100", "20260201"): text_of(TITLE, "20250101", [])}}, "시행본이 아닌"),
        ({"texts": {("100", "20260201"): text_of(TITLE, "20260201", [])}}, "조문이 하나도"),
        ({"raw": b"<!DOCTYPE html><html></html>"}, "JSON이 아닌"),
        ({"raw": b"[" * 100_000}, "JSON이 아닌"),
        ({"raw": b"[]"}, "목록이 아닌"),
        ({"raw": b"\xff\xfe"}, "JSON이 아닌"),
        ({"raw": b'"' + b" " * fetch.BYTES_MOST + b'"'}, "MiB보다"),
        ({"status": 500}, "500"),
        ({"status": 302}, "302"),
    ],
)
async def test_a_wrong_answer_is_told_in_words(ministry: Ministry, change: Any, says: str):
    for name, value in change.items():
        setattr(ministry, name, value)
    with pytest.raises(LawNotFetched, match=says) as refused:
        await all_of(ministry)
    assert KEY not in str(refused.value)


async def test_a_wrong_key_is_told_although_the_status_is_200(ministry: Ministry):
    with pytest.raises(LawNotFetched, match="사용자 정보 검증에 실패"):
        await all_of(ministry, key="wrong")


async def test_nobody_there_is_told_without_the_key(ministry: Ministry):
    url = "http://127.0.0.1:9/DRF"
    with pytest.raises(LawNotFetched, match="닿지 않습니다") as refused:
        _ = [one async for one in fetch.texts(url, KEY, TITLE)]
    assert KEY not in str(refused.value)
    assert refused.value.__cause__ is None


def settings(database: Database, url: str, key: str = KEY) -> Settings:
    named = {"HUB_DATABASE_DSN": database.dsn, "HUB_LAW_URL": url}
    return Settings.from_env({**named, "HUB_LAW_KEY": key} if key else named)


async def act(database: Database, told: Settings, *titles: str) -> tuple[int, list[str]]:
    said: list[str] = []
    asked = argparse.Namespace(act="fetch-law", titles=list(titles))
    return await command.run(asked, database.dsn, told, said.append), said


async def test_what_was_fetched_is_stored_once_and_says_what_changed(
    ministry: Ministry, database: Database, conn: Conn
):
    told = settings(database, ministry.url)
    assert await act(database, told, TITLE) == (
        0,
        [f"「{TITLE}」 2026-02-01 시행: 새 조문 2, 바뀐 조문 0, 그대로 0"],
    )
    again = await act(database, told, TITLE)
    assert again[1][0].endswith("그대로 2 (이미 실려 있음)")
    (stored,) = await texts.of_article(conn, TITLE, "제1조")
    assert stored.words == "이 영은 가나다를 정한다."


async def test_half_a_character_and_a_nul_are_left_out(
    ministry: Ministry, database: Database, conn: Conn
):
    odd = unit("1", "목\0적", "제1조(목적) 하나\ud800 둘\0.")
    ministry.texts["100", "20260201"] = text_of(TITLE, "20260201", odd)
    assert (await act(database, settings(database, ministry.url), TITLE))[0] == 0
    (stored,) = await texts.of_article(conn, TITLE, "제1조")
    assert (stored.heading, stored.words) == ("목적", "하나 둘.")
    found = await conn.execute("SELECT subject, detail FROM audit_entry WHERE action = 'law.load'")
    told = {"since": "2026-02-01", "new": 1, "changed": 0}
    assert await found.fetchall() == [(TITLE, told)]


async def test_one_law_that_cannot_be_had_does_not_stop_the_others(
    ministry: Ministry, database: Database, capsys: pytest.CaptureFixture[str]
):
    told = settings(database, ministry.url)
    status, said = await act(database, told, "없는 법", TITLE)
    assert (status, len(said)) == (1, 1)
    assert "없는 법" in capsys.readouterr().err
    ministry.status = 500
    assert (await act(database, told, TITLE))[0] == 2


async def test_without_a_key_nobody_is_asked(
    ministry: Ministry, database: Database, capsys: pytest.CaptureFixture[str]
):
    status, _ = await act(database, settings(database, ministry.url, ""), TITLE)
    assert (status, ministry.asked) == (2, [])
    assert "HUB_LAW_KEY" in capsys.readouterr().err


def test_the_key_is_a_secret_of_the_logs():
    told = Settings.from_env({"HUB_DATABASE_DSN": "postgresql:///x", "HUB_LAW_KEY": KEY})
    assert KEY in told.secrets
    assert KEY not in repr(told)


NAMES = st.sampled_from(
    ["법령", "기본정보", "조문", "조문단위", "조문번호", "조문내용", "항", "항내용", "호", "목"]
) | st.sampled_from(
    ["law", "LawSearch", "법령명한글", "법령명_한글", "시행일자", "법령일련번호", "result"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(TITLE)
ANSWERS = st.recursive(
    LEAVES | st.sampled_from(["20260201", "제1조", "1"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)


@given(ANSWERS)
def test_any_answer_is_a_law_or_refused(answer: Any):
    asked = Version(TITLE, "100", date(2026, 2, 1))
    with suppress(LawNotFetched):
        law_api.versions(answer, TITLE)
    with suppress(LawNotFetched):
        law_api.law(answer, asked)


@given(ANSWERS)
def test_any_articles_are_read_or_left_out(units: Any):
    asked = Version(TITLE, "100", date(2026, 2, 1))
    with suppress(LawNotFetched):
        law = law_api.law(text_of(TITLE, "20260201", units), asked)
        assert all(one.number.startswith("제") and one.text for one in law.articles)


def test_a_bottomless_answer_is_read_to_a_depth():
    deep: Any = {"항내용": "① 바닥."}
    for _ in range(300):
        deep = {"항내용": "①", "항": deep}
    asked = Version(TITLE, "100", date(2026, 2, 1))
    units = unit("1", "", "제1조", 항=deep)
    assert law_api.law(text_of(TITLE, "20260201", units), asked).articles
