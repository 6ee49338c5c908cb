"""Every cell and every row of the log's tables, touched one after the other by a superuser.

After each touch the log is exported from the same transaction and verified against a checkpoint
that had left before. Either the export says that something was changed, or every entry of it is
what it was, byte by byte: what the hub keeps beside the log for its lists is not what auditors
verify.
"""

import io
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
import pytest
from psycopg import AsyncConnection

from hub.kit import clock
from hub.tripproof import bundle, bundling, checkpoint, office
from hub.tripproof.bundle import Entry
from hub.tripproof.leaf import LeafType, Revoked
from hub.tripproof.logbook import Logbook
from hub.tripproof.refusals import TripNotReady
from hub.tripproof.verify import log as log_verifier
from hub.tripproof.verify.held import Held
from hub.tripproof.words import Answer
from tests.conftest import Database
from tests.web.trips import World, opened

Conn = AsyncConnection[Any]
TABLES: Final = (
    "trip_leaf", "trip_sealed", "trip_checkpoint", "trip_node", "trip_proof", "trip_appeal",
)  # fmt: skip
# Of each table, the columns of which a byte reaches the export as it is read or signed anew.
SIGNED: Final = {
    "trip_leaf": {"log_index", "leaf", "body"},
    "trip_sealed": {"log_index", "wrapped"},
    "trip_checkpoint": set(),
    "trip_node": {"level", "place", "hash"},
}
OTHER: Final = {
    "bytea": "set_byte({0}, length({0}) / 2, get_byte({0}, length({0}) / 2) # 1)",
    "smallint": "{0} + 1",
    "bigint": "{0} + 1000",
    "integer": "{0} + 1",
    "text": "{0} || 'x'",
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "{0} + interval '1 second'",
    "ARRAY": "{0} || 70::smallint",
}


@pytest.fixture
async def world(database: Database, conn: Conn, tmp_path: Path) -> AsyncIterator[World]:
    """A log with most kinds of entries."""
    async with opened(database, conn, tmp_path) as world:
        await world.phone.enrol(world.han)
        told = [(await world.phone.touches())[1].json() for _ in range(3)]
        path = f"/api/v1/trips/proofs/{told[1]['cti']}"
        said = await world.han.does("POST", f"{path}/appeal", json={"text": "터널 안이었습니다."})
        assert said.status_code == 201, said.text
        opened_it = await world.gam.does("GET", f"{path}/bundle", params={"why": "점검"})
        assert opened_it.status_code == 200
        yield world


@asynccontextmanager
async def undone(conn: Conn) -> AsyncIterator[None]:
    """Whatever is done inside is not, afterwards."""
    async with conn.transaction(force_rollback=True):
        yield


class Column(NamedTuple):
    name: str
    type: str
    may_be_empty: bool


class Auditor:
    """Holds the newest checkpoint from before; reads exports of an open transaction."""

    def __init__(self, world: World, conn: Conn, note: str) -> None:
        self._conn = conn
        self._office = office.of(world.door.api.state.settings, clock.now())
        self._held = Held(world.phone.keys, (checkpoint.read(note),), world.auditor)

    async def reads(self, *, goes_on: bool = False) -> list[Entry] | None:
        """The entries of an export that is genuine. None: it says changed, or none is to be had.

        As `GET /api/v1/log/export` makes it; `goes_on`: after one more entry was logged.
        """
        async with undone(self._conn):
            try:
                told = await self._exported(goes_on)
            except (TripNotReady, psycopg.errors.UniqueViolation):
                return None
        answer = log_verifier.verify(io.BytesIO(told), self._held).answer
        _, parts = bundle.read_export(io.BytesIO(told))
        if answer is Answer.CHANGED:
            return None
        return [one for one in parts if isinstance(one, Entry)]

    async def _exported(self, goes_on: bool) -> bytes:
        book = await Logbook.opened(self._conn, self._office, clock.now())
        if goes_on:
            await book.add(LeafType.REVOCATION, ref=bytes(8), reason=Revoked.LOST)
        await book.checkpoint()
        pieces = bundling.export(self._conn, self._office, book.size)
        return b"".join([one async for one in pieces])


@pytest.fixture
async def auditor(world: World, conn: Conn) -> Auditor:
    found = await conn.execute("SELECT note FROM trip_checkpoint ORDER BY size DESC LIMIT 1")
    row = await found.fetchone()
    assert row is not None
    return Auditor(world, conn, row[0])


async def columns(conn: Conn, table: str) -> tuple[list[Column], int]:
    """The columns of a table, and how many rows it has."""
    found = await conn.execute(
        "SELECT column_name, data_type, is_nullable = 'YES' FROM information_schema.columns"
        " WHERE table_name = %s AND table_schema = current_schema() ORDER BY ordinal_position",
        (table,),
    )
    told = [Column(*row) for row in await found.fetchall()]
    counted = await conn.execute(f"SELECT count(*) FROM {table}")  # type: ignore[arg-type]
    ((rows,),) = await counted.fetchall()
    assert told
    assert rows
    return told, rows


def edits(table: str, told: Sequence[Column], rows: int) -> Iterator[tuple[str, str]]:
    """`(column, statement)`: each cell edited, emptied, swapped with the one before; rows gone."""
    order = f"ORDER BY {told[0].name}, {told[1].name}"
    numbered = f"SELECT ctid, row_number() OVER ({order}) - 1 AS n FROM {table}"
    for n in range(rows):
        here = f"WHERE ctid IN (SELECT ctid FROM ({numbered}) AS one WHERE n = {n})"
        yield "", f"DELETE FROM {table} {here}"
        for name, kind, may_be_empty in told:
            yield name, f"UPDATE {table} SET {name} = {OTHER[kind].format(name)} {here}"
            if may_be_empty:
                yield name, f"UPDATE {table} SET {name} = NULL {here}"
            if n:
                before = here.replace(f"n = {n}", f"n = {n - 1}")
                yield (
                    name,
                    f"UPDATE {table} SET {name} = (SELECT {name} FROM {table} {before}) {here}",
                )


async def touched(conn: Conn, edit: str) -> bool:
    """Whether the edit changed a row; what the schema itself refuses, it does not."""
    try:
        async with conn.transaction():
            return (await conn.execute(edit)).rowcount > 0  # type: ignore[arg-type]
    except psycopg.errors.IntegrityError:
        return False


@pytest.mark.parametrize("table", TABLES)
async def test_no_touch_of_a_cell_or_row_goes_unseen(auditor: Auditor, conn: Conn, table: str):
    await conn.execute("SET session_replication_role = replica")  # no trigger, no foreign key
    goes_on = table == "trip_node"  # what is in it is met when the log grows
    before = await auditor.reads()
    assert before
    told, rows = await columns(conn, table)
    unseen, seen = [], set[str]()
    for column, edit in edits(table, told, rows):
        async with undone(conn):
            if not await touched(conn, edit):
                continue
            entries = await auditor.reads(goes_on=goes_on)
        if entries is None:
            seen.add(column)
        elif entries[: len(before)] != before:
            unseen.append(edit)
    assert not unseen
    assert seen >= SIGNED.get(table, set())


@pytest.mark.parametrize("doubled", [False, True])
async def test_an_entry_put_in_between_shows(auditor: Auditor, conn: Conn, doubled: bool):
    await conn.execute("SET session_replication_role = replica")
    for at in range(1, 9):
        async with undone(conn):
            for table in ("trip_leaf", "trip_sealed"):  # room for one, as if it had always been
                for by in (1000, -999):
                    moved = f"UPDATE {table} SET log_index = log_index + {by} WHERE log_index >= "
                    await conn.execute(moved + str(at if by > 0 else 1000))  # type: ignore[arg-type]
            await conn.execute(
                "INSERT INTO trip_leaf (log_index, type, at, ref, leaf, body)"
                " SELECT %s, type, at, ref, leaf, body FROM trip_leaf WHERE log_index = %s",
                (at, at + 1 if doubled else at - 1),
            )
            assert await auditor.reads() is None, at
