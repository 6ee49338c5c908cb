"""The audit trail is a chain: what is changed, removed or put elsewhere shows."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import AsyncConnection, sql

from hub.identity import audit, spreadsheet
from hub.identity.audit import GENESIS, Entry
from hub.identity.store import audit as trail
from hub.kit import db
from tests.conftest import Database

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
WORDS = st.text(max_size=12)
DETAILS = st.dictionaries(WORDS, st.one_of(WORDS, st.booleans(), st.integers(), st.lists(WORDS)))


@st.composite
def chains(draw: st.DrawFn) -> list[Entry]:
    before, entries = GENESIS, []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        at = NOW + timedelta(microseconds=draw(st.integers(0, 10**12)))
        told = (draw(WORDS), draw(WORDS), draw(WORDS), draw(WORDS), draw(DETAILS))
        entry = Entry(number, at, *told)
        entries.append(replace(entry, hash=audit.hash_of(before, entry)))
        before = entries[-1].hash
    return entries


@given(chains())
def test_a_trail_as_it_was_written_is_whole(entries: list[Entry]):
    assert audit.first_broken(entries) is None


@given(chains(), st.data())
def test_whatever_is_changed_in_an_entry_shows_there(entries: list[Entry], data: st.DataObject):
    at = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(["actor", "action", "subject", "address"]))
    entries[at] = replace(entries[at], **{field: getattr(entries[at], field) + "!"})
    broken = audit.first_broken(entries)
    assert broken is not None
    assert (broken.number, broken.reason) == (at + 1, "changed")


@given(chains(), st.data())
def test_an_entry_that_is_missing_shows(entries: list[Entry], data: st.DataObject):
    at = data.draw(st.integers(0, len(entries) - 1))
    del entries[at]
    broken = audit.first_broken(entries)
    assert broken is None if at == len(entries) else broken == audit.Broken(at + 1, "missing")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=1))
def test_a_row_for_a_spreadsheet_reads_back_and_begins_no_formula(cells: list[str]):
    (read,) = csv.reader(io.StringIO(spreadsheet.line(cells).decode(), newline=""))
    assert [word.removeprefix("'") for word in read] == [cell.removeprefix("'") for cell in cells]
    assert not any(word.startswith(spreadsheet.FORMULA) for word in read)


async def _write(conn: AsyncConnection[Any], *actions: str) -> None:
    for action in actions:
        await trail.append(
            conn, at=NOW, actor="kim", action=action, detail={"이름": "김 \u0001", "n": 10**15}
        )
    await conn.commit()


async def _walked(conn: AsyncConnection[Any]) -> list[Entry]:
    return [entry async for entry in trail.walk(conn)]


async def test_what_comes_back_from_the_database_still_follows(conn: AsyncConnection[Any]):
    await _write(conn, "person.add", "person.change", "session.end")
    entries = await _walked(conn)
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert audit.first_broken(entries) is None


@pytest.mark.parametrize(
    "act", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
async def test_the_database_refuses_to_change_the_trail(conn: AsyncConnection[Any], act: str):
    await _write(conn, "person.add")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        await conn.execute(sql.SQL(act))  # type: ignore[arg-type]


async def test_an_owner_who_takes_the_lock_off_is_still_seen(conn: AsyncConnection[Any]):
    await _write(conn, "person.add", "person.change", "session.end")
    await conn.execute("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
    await conn.execute("UPDATE audit_entry SET detail = '{}' WHERE number = 2")
    assert audit.first_broken(await _walked(conn)) == audit.Broken(2, "changed")
    await conn.execute("DELETE FROM audit_entry WHERE number = 1")
    assert audit.first_broken(await _walked(conn)) == audit.Broken(1, "missing")


async def test_two_who_write_at_once_make_one_chain(database: Database):
    async with await db.connect(database.dsn) as one, await db.connect(database.dsn) as other:
        await trail.append(one, at=NOW, actor="kim", action="a")
        waiting = _write(other, "b")
        await one.commit()
        await waiting
        assert audit.first_broken(await _walked(one)) is None


async def test_the_trail_is_searched_in_any_column(conn: AsyncConnection[Any]):
    await _write(conn, *(f"act.{n}" for n in range(trail.PAGE + 5)))
    assert [e.action for e in await trail.search(conn, trail.Wanted("ACT.17"))][-1] == "act.17"
    assert len(await trail.search(conn, trail.Wanted("이름"))) == trail.PAGE
    older = await trail.search(conn, trail.Wanted(before=6))
    assert [entry.number for entry in older] == [5, 4, 3, 2, 1]
    assert await trail.search(conn, trail.Wanted(until=NOW)) == []
    assert await trail.search(conn, trail.Wanted("100%")) == []
