"""Proofs that wait at the same moment: taken in together, answered each for itself."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection, sql

from hub.kit import clock
from hub.tripproof import accepting, checkpoint, leaf, office, receipt
from hub.tripproof.accepting import Accepted, Brought
from hub.tripproof.gathering import Desk
from hub.tripproof.office import Office
from hub.tripproof.provider import SoftwareKey
from hub.tripproof.refusals import UnknownDevice
from hub.tripproof.store import log as store
from tests.conftest import Database
from tests.web.trips import Phone, World, opened

Conn = AsyncConnection[Any]
PATIENCE_S = 90.0


@pytest.fixture
async def world(database: Database, conn: Conn, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(database, conn, tmp_path) as world:
        yield world


@pytest.fixture
async def phones(world: World) -> tuple[Phone, Phone]:
    """Of two people."""
    both = world.phone, Phone(world.phone.client)
    for phone, owner in zip(both, (world.han, world.lim), strict=True):
        assert (await phone.enrol(owner)).status_code == 201
    return both


def keys_of(world: World) -> Office:
    return office.of(world.door.api.state.settings, clock.now())


def brought(phone: Phone) -> Brought:
    said = phone.says()
    return Brought(said.cti, phone.seals(said))


async def taken(world: World, some: list[Brought]) -> list[Accepted | Exception]:
    async with world.door.api.state.pool.connection() as conn:
        return await accepting.accept_all(conn, keys_of(world), some, clock.now())


async def waits_for_the_lock(conn: Conn) -> bool:
    found = await conn.execute(
        "SELECT FROM pg_locks JOIN pg_database d ON d.oid = database"
        " WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
    )
    waits = await found.fetchone() is not None
    await conn.rollback()
    return waits


async def test_those_that_come_together_are_answered_as_if_they_came_alone(
    world: World, phones: tuple[Phone, Phone], conn: Conn
):
    one, other = phones
    first, second, third = brought(one), brought(other), brought(one)
    stranger = brought(Phone(one.client, key=SoftwareKey.new(), me=one.me))
    answers = await taken(world, [first, stranger, second, first, third])
    assert isinstance(answers[1], UnknownDevice)
    good = [answer for answer in answers if isinstance(answer, Accepted)]
    assert [answer.is_new for answer in good] == [True, True, False, True]
    assert good[0].receipt == good[2].receipt
    hub = one.hub
    for answer in good:
        root = receipt.read(answer.receipt).root(answer.leaf, hub)
        assert checkpoint.read(answer.checkpoint).root == root
    rows = await (await conn.execute("SELECT reasons FROM trip_proof")).fetchall()
    assert rows == [([60],)] * 3, "not linked to an order, and nothing else: the chain is whole"


async def test_the_log_of_what_came_together_has_no_gap_and_every_node(
    world: World, phones: tuple[Phone, Phone], conn: Conn
):
    for _ in range(5):
        await taken(world, [brought(phone) for phone in phones])
    found = await conn.execute("SELECT log_index, leaf FROM trip_leaf ORDER BY log_index")
    leaves = await found.fetchall()
    assert [index for index, _ in leaves] == list(range(len(leaves)))
    head = await store.head(conn)
    for index, encoded in leaves:
        made = await world.phone.client.get("/api/v1/log/inclusion", params={"index": index})
        assert made.status_code == 200, (index, head)
        assert leaf.decoded(encoded).at <= head.at


async def test_what_piles_up_behind_the_lock_is_taken_in_once_each(
    world: World, phones: tuple[Phone, Phone], database: Database, conn: Conn
):
    """Other parts of the hub hold the log's lock now and then."""
    desk: Desk = world.door.api.state.desk
    some = [brought(phone) for _ in range(4) for phone in phones]
    async with await AsyncConnection.connect(database.dsn) as busy:
        await store.lock(busy)
        waiting = [asyncio.create_task(desk.take(keys_of(world), one)) for one in some]
        async with asyncio.timeout(PATIENCE_S):
            while not await waits_for_the_lock(conn):  # noqa: ASYNC110  the server knows
                await asyncio.sleep(0.05)
    answers = await asyncio.wait_for(asyncio.gather(*waiting), PATIENCE_S)
    assert len({answer.index for answer in answers}) == len(some)
    assert all(answer.is_new for answer in answers)


async def test_one_that_the_database_will_not_have_takes_nothing_from_the_others(
    world: World, phones: tuple[Phone, Phone], conn: Conn
):
    desk: Desk = world.door.api.state.desk
    bad, good = (brought(phone) for phone in phones)
    await conn.execute(
        sql.SQL(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN IF NEW.cti = {} THEN RAISE EXCEPTION 'not this one'; END IF;"
            " RETURN NEW; END $$"
        ).format(sql.Literal(bad.cti))
    )
    await conn.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON trip_proof FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    await conn.commit()
    answers = await asyncio.wait_for(
        asyncio.gather(
            *(desk.take(keys_of(world), one) for one in (bad, good)), return_exceptions=True
        ),
        PATIENCE_S,
    )
    assert isinstance(answers[0], psycopg.errors.RaiseException)
    assert isinstance(answers[1], Accepted)


async def test_a_previous_statement_that_the_log_does_not_hold_is_not_looked_at(
    world: World, phones: tuple[Phone, Phone], conn: Conn
):
    phone, _ = phones
    never_sent = phone.says()
    phone.seals(never_sent)
    (answer,) = await taken(world, [brought(phone)])
    assert isinstance(answer, Accepted)
    row = await (await conn.execute("SELECT reasons FROM trip_proof")).fetchone()
    assert row == ([40, 52, 60],), "a gap, and speed was not looked at"
