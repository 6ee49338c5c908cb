"""Texts of the law in the database: loaded once, kept by their day, told apart."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from hub.kit import clock
from hub.kit.settings import Settings
from hub.rules import command, law_text, resting
from hub.rules.store import texts
from hub.rules.tables import nation, texts_read
from tests.conftest import Database
from tests.hub.rules.test_amendments import LIST

Conn = AsyncConnection[Any]
HEAD = "---\n제목: 가나다 규정\n시행일자: {since}\n출처: https://www.law.go.kr/\n---\n"
ONE = (
    HEAD.format(since="2026-02-01") + "##### 제1조 (뜻)\n하나.\n##### 제2조 (한도)\n① 가.\n② 나.\n"
)
TWO = (
    HEAD.format(since="2027-01-01") + "##### 제1조 (뜻)\n하나.\n##### 제2조 (한도)\n① 라.\n② 나.\n"
)


async def load(conn: Conn, text: str) -> Any:
    return await texts.keep(conn, law_text.read(text.encode()), "system", clock.now())


async def test_a_load_says_what_is_new_changed_and_unchanged(conn: Conn):
    first = await load(conn, ONE)
    assert (first.new, first.changed, first.unchanged) == (("제1조", "제2조"), (), ())
    second = await load(conn, TWO)
    assert (second.new, second.changed, second.unchanged) == ((), ("제2조",), ("제1조",))
    assert (first.stored, second.stored) == (2, 2)


async def test_loading_again_writes_nothing(conn: Conn):
    await load(conn, ONE)
    again = await load(conn, ONE.replace("하나.", "하나 ."))
    assert (again.stored, again.unchanged) == (0, ("제1조", "제2조"))
    found = await conn.execute("SELECT count(*) FROM law_text")
    assert await found.fetchone() == (2,)


async def test_older_texts_stay_and_the_newest_words_of_a_day_are_shown(conn: Conn):
    await load(conn, TWO)
    await load(conn, ONE)
    corrected = await load(conn, ONE.replace("① 가.", "① 다."))
    assert corrected.changed == ("제2조",)
    stored = await texts.of_article(conn, "가나다 규정", "제2조")
    assert [(str(one.since), one.words) for one in stored] == [
        ("2026-02-01", "① 다.\n② 나."),
        ("2027-01-01", "① 라.\n② 나."),
    ]
    laws = await texts.laws(conn)
    assert [(str(one.since), one.articles, one.changed) for one in laws] == [
        ("2026-02-01", 2, []),
        ("2027-01-01", 2, ["제2조"]),
    ]
    await conn.commit()
    for act in ("DELETE FROM law_text", "UPDATE law_text SET words = ''"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await conn.execute(act)
        await conn.rollback()


@pytest.fixture
def run(database: Database) -> Callable[..., Any]:
    settings = Settings.from_env({"HUB_DATABASE_DSN": database.dsn})

    async def act(*paths: Path) -> tuple[int, list[str]]:
        said: list[str] = []
        told = argparse.Namespace(act="load-law", paths=list(paths))
        return await command.run(told, database.dsn, settings, said.append), said

    return act


async def test_a_folder_is_loaded_with_the_paragraphs_that_changed_later(
    run: Callable[..., Any], conn: Conn, tmp_path: Path
):
    (tmp_path / "ga.md").write_text(ONE)
    (tmp_path / "later.md").write_text(LIST)
    (tmp_path / "README.md").write_text("# 읽어 두기\n")
    status, said = await run(tmp_path)
    assert status == 0
    assert "「가나다 규정」 2026-02-01 시행: 새 조문 2, 바뀐 조문 0, 그대로 0" in said
    assert "「가나다 규정」 2026-10-01 시행: 새 조문 0, 바뀐 조문 1 (제2조), 그대로 0" in said
    assert sum(one.startswith("넣지 않음") for one in said) == 3
    stored = await texts.of_article(conn, "가나다 규정", "제2조")
    assert stored[-1].amended_by == "대통령령 제12호"
    assert "네 시간" in stored[-1].words
    status, again = await run(tmp_path)
    assert sum(one.endswith("(이미 실려 있음)") for one in again) == 2


async def test_a_whole_text_of_the_day_is_not_touched_by_a_list(
    run: Callable[..., Any], conn: Conn, tmp_path: Path
):
    (tmp_path / "ga.md").write_text(ONE.replace("2026-02-01", "2026-10-01"))
    (tmp_path / "later.md").write_text(LIST)
    _, said = await run(tmp_path)
    assert any("온전히" in one for one in said)
    assert len(await texts.of_article(conn, "가나다 규정", "제2조")) == 1


async def test_a_wrong_file_is_told_and_the_others_are_loaded(
    run: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "ga.md").write_text(ONE)
    (tmp_path / "wrong.md").write_text("---\n제목: 가\n---\n##### 제1조\n가.\n")
    assert (await run(tmp_path))[0] == 1
    assert "시행일자" in capsys.readouterr().err
    assert (await run(tmp_path / "none.md"))[0] == 2


async def test_every_rule_of_a_collected_law_finds_the_text_it_rests_on(
    run: Callable[..., Any], conn: Conn, law_dir: Path
):
    await run(law_dir)
    laws = {one.title for one in await texts.laws(conn)}
    rows = [(rule, row) for rule in nation() for row in rule.rows]
    found = 0
    for rule, row in rows:
        article = row.article
        if article.law not in laws or not article.number.startswith("제"):
            continue
        stored = await texts.of_article(conn, article.law, article.number)
        rested = resting.rested(rule, row, texts_read()[article.law], stored)
        assert rested.text is not None or rule.last_day(row) is not None, (rule.key, article)
        assert rested.newer is None, rule.key
        found += rested.text is not None
    assert found > 100


def test_no_collected_law_is_newer_than_what_was_read_for_the_rules(law_dir: Path):
    read = texts_read()
    assert {row.article.law for rule in nation() for row in rule.rows} <= set(read)
    for file in law_dir.glob("*.md"):
        if file.read_text().startswith("---\n"):
            law = law_text.read(file.read_bytes())
            assert read.get(law.title, date.max) >= law.since, law.title
