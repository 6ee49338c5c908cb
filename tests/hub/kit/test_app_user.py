"""The doors' database user does its work and cannot reach for more."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from edge.wire.messages import CountObserved, ZoneCount
from hub.density.store import intake
from hub.devices import hearing
from hub.kit import app_user, clock, db
from tests.conftest import Database
from tests.hub.density.offices import open_office

TOPIC = "cheongsa/v1/demo/cam-1/counts"
FORBIDDEN = [
    "DROP TABLE sample",
    "ALTER TABLE site ADD COLUMN mine text",
    "CREATE TABLE mine ()",
    "TRUNCATE sample",
    "UPDATE audit_entry SET actor = 'x'",
    "DELETE FROM audit_entry",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "UPDATE hub SET epoch = gen_random_uuid()",
    "DELETE FROM schema_version",
    "COPY site TO PROGRAM 'cat'",
    "SET ROLE cheongsa",
]


@pytest.fixture
def as_app(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """A connection with the rights of `web` and `ingest`, and a transaction of its own."""
    with db.connect_sync(database.dsn, autocommit=True) as owner:
        app_user.let_in(owner, "only for this test")
    with db.connect_sync(database.dsn) as conn:
        conn.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(app_user.USER)))
        conn.commit()
        yield conn
        conn.rollback()


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_it_cannot_change_the_schema_nor_the_audit_trail(
    as_app: psycopg.Connection[Any], statement: str
):
    with pytest.raises(
        (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue)
    ):
        as_app.execute(sql.SQL(statement))  # type: ignore[arg-type]


async def test_it_stores_what_nodes_say_and_makes_the_days_for_it(
    database: Database, as_app: psycopg.Connection[Any]
):
    async with await db.connect(database.dsn) as conn:
        await open_office(conn)
    now = clock.now()
    said = [_window(seq, now - timedelta(days=seq)) for seq in range(1, 4)]
    heard = [hearing.read(TOPIC, window, now) for window in said]
    assert intake.take(as_app, heard, now).rows == 3
    refused = hearing.read(TOPIC, b"{", now)
    assert intake.take(as_app, [refused], now).refused == 1


async def test_it_serves_the_board(database: Database, as_app: psycopg.Connection[Any]):
    async with await db.connect(database.dsn) as conn:
        await open_office(conn)
    for view in ("density_1m", "density_15m", "density_1d"):
        as_app.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(view)))


def _window(seq: int, at: datetime) -> bytes:
    zone = ZoneCount(zone="main", people=3, people_max=4, confidence=0.9)
    return CountObserved(
        schema_version=1, node="demo/cam-1", spool=UUID(int=7), seq=seq, oldest=1,
        boot_id=UUID(int=8), window_start=at, window_s=5.0, clock_synced=True, zones=(zone,),
    ).encode()  # fmt: skip
