"""What becomes of consents when the words change."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection

from hub.tripproof import cbor, consent, record
from tests.conftest import Database
from tests.web.trips import World, octets, opened

Conn = AsyncConnection[Any]
OLD_WORDS = sha256(b"the words of last spring").digest()


@pytest.fixture
async def world(database: Database, conn: Conn, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(database, conn, tmp_path) as world:
        assert (await world.phone.enrol(world.han)).status_code == 201
        yield world


async def words_have_changed_since(conn: Conn) -> None:
    """As if what was consented to had been other words than those of now."""
    await conn.execute("UPDATE trip_consent SET text_sha256 = %s", (OLD_WORDS,))
    await conn.commit()


def test_the_words_are_known_by_their_hash_and_end_with_a_line():
    assert sha256(consent.TEXT.encode()).digest() == consent.SHA256
    assert consent.TEXT.endswith("\n")
    assert len(consent.TEXT.splitlines()) == 11, "a title and nine paragraphs"


async def test_the_page_shows_the_words_and_whose_key_it_is(world: World):
    me = world.phone.me
    assert me["consent"]["text"] == consent.TEXT
    assert octets(me["consent"]["sha256"]) == consent.SHA256
    assert octets(me["auditor"]["fingerprint"]) == world.auditor.fingerprint


async def test_a_consent_to_the_words_before_holds_until_its_year_is_over(world: World, conn: Conn):
    await words_have_changed_since(conn)
    _, answer = await world.phone.touches()
    assert answer.status_code == 201, answer.text


async def test_a_withdrawal_names_the_words_that_were_consented_to(world: World, conn: Conn):
    await words_have_changed_since(conn)
    assert (await world.han.does("DELETE", "/api/v1/trips/consent")).status_code == 204
    found = await conn.execute(
        "SELECT body FROM trip_leaf WHERE type = 13 ORDER BY log_index DESC LIMIT 1"
    )
    row = await found.fetchone()
    assert row is not None
    told: Any = cbor.decode(record.read(row[0]).payload)
    assert (told[2]["given"], told[2]["text"]) == (0, OLD_WORDS)
