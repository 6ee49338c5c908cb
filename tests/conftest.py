"""The world the tests run in: a real PostgreSQL, a real broker, the models and videos."""

import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import AsyncConnection, sql
from psycopg.conninfo import make_conninfo

from hub.kit import db, migrate
from hub.kit.embedded import broker as brokers
from hub.kit.embedded import postgres as postgreses
from hub.kit.embedded.broker import Broker

# A busy machine is not a defect: no example of any test has to be ready in time.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

TEST_NODES = ("demo/cam-1", "demo/cam-2", "other/cam-1")


@dataclass(frozen=True)
class Server:
    """A PostgreSQL in which test databases are made."""

    kind: migrate.Kind
    admin_dsn: str
    template: str

    def dsn(self, database: str) -> str:
        return make_conninfo(self.admin_dsn, dbname=database)


@dataclass(frozen=True)
class Database:
    """A fresh database with the whole schema."""

    dsn: str
    kind: migrate.Kind


def kinds() -> list[migrate.Kind]:
    return ["plain", "timescale"] if os.environ.get("TEST_TIMESCALE_DSN") else ["plain"]


def pytest_report_header() -> list[str]:
    lines = [f"databases: {', '.join(kinds())}; broker: {brokers.mosquitto() or 'amqtt'}"]
    if not os.environ.get("TEST_TIMESCALE_DSN"):
        lines.append("TimescaleDB not tested: TEST_TIMESCALE_DSN is not set")
    if not os.environ.get("CHEONGSA_ASSETS"):
        lines.append("models and videos not tested: CHEONGSA_ASSETS is not set")
    return lines


@pytest.fixture(scope="session", params=kinds())
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param == "timescale":
        dsn = os.environ["TEST_TIMESCALE_DSN"]
        yield _prepared(Server("timescale", dsn, f"cheongsa_template_{uuid.uuid4().hex[:8]}"))
        return
    folder = Path(tempfile.mkdtemp(prefix="cheongsa-test-"))
    running = postgreses.start(folder / "data", {"fsync": "off"})
    yield _prepared(Server("plain", running.dsn("postgres"), "cheongsa_template"))
    running.forget()
    shutil.rmtree(folder, ignore_errors=True)


def _prepared(server: Server) -> Server:
    _admin(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(server.template)))
    with db.connect_sync(server.dsn(server.template), autocommit=True) as conn:
        migrate.migrate(conn)
    return server


def _admin(server: Server, *statements: sql.Composed) -> None:
    with psycopg.connect(server.admin_dsn, autocommit=True) as conn:
        for statement in statements:
            conn.execute(statement)


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    name = f"test_{uuid.uuid4().hex}"
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _admin(server, make.format(sql.Identifier(name), sql.Identifier(server.template)))
    yield Database(server.dsn(name), server.kind)
    _admin(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
async def conn(database: Database) -> AsyncIterator[AsyncConnection[Any]]:
    async with await db.connect(database.dsn) as connection:
        yield connection


@pytest.fixture(scope="session")
def broker_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cheongsa-test-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def broker(broker_folder: Path) -> Iterator[Broker]:
    """The broker a newcomer gets: mosquitto where there is one, else amqtt."""
    running = brokers.start(broker_folder / uuid.uuid4().hex[:8], TEST_NODES)
    yield running
    running.stop()
    shutil.rmtree(running.place.files, ignore_errors=True)
    shutil.rmtree(running.place.sockets, ignore_errors=True)


@pytest.fixture(params=["mosquitto", "amqtt"])
def each_broker(request: pytest.FixtureRequest, broker_folder: Path) -> Iterator[Broker]:
    """Both kinds, one after the other."""
    if request.param == "mosquitto" and brokers.mosquitto() is None:
        pytest.skip("mosquitto 2 is not installed: apt-get install mosquitto")
    running = brokers.start(broker_folder / uuid.uuid4().hex[:8], TEST_NODES, kind=request.param)
    yield running
    running.stop()
    shutil.rmtree(running.place.files, ignore_errors=True)
    shutil.rmtree(running.place.sockets, ignore_errors=True)


@pytest.fixture(scope="session")
def assets() -> Path:
    """The folder of models, videos and ground truth; the test says so where it is not there."""
    path = os.environ.get("CHEONGSA_ASSETS")
    if not path or not Path(path).is_dir():
        pytest.skip("CHEONGSA_ASSETS is not set: models, videos and ground truth are not here")
    return Path(path)
