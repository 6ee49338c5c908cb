"""The schema and its views on every PostgreSQL found here, from 15 to 18."""

import re
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from edge.wire.messages import CountObserved
from edge.wire.topics import NodeName
from hub.density.store import rollups, samples
from hub.density.store.samples import Observed
from hub.kit import db, migrate
from hub.kit.embedded import place as places
from hub.kit.embedded import postgres, process
from hub.kit.embedded.place import Place

NODE = NodeName("demo", "cam-1")


def _found() -> dict[str, Path]:
    wheel = sorted(postgres.wheel_dir().parent.glob("pginstall*/bin"))
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    servers = {_version(path): path for path in [*debian, *wheel] if (path / "initdb").exists()}
    return {version: path for version, path in servers.items() if 15 <= int(version) <= 18}


def _version(bin_dir: Path) -> str:
    said = subprocess.run([bin_dir / "postgres", "-V"], capture_output=True, text=True, check=False)
    found = re.search(r"\) (\d+)", said.stdout)
    return found[1] if found else "0"


@pytest.fixture(params=_found().items(), ids=lambda pair: f"postgresql-{pair[0]}")
def dsn(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    _, bin_dir = request.param
    place = places.find(tmp_path / "data")
    bin_dir = places.readable_copy(bin_dir.parent) / "bin"
    data, log = place.files / "pg", place.files / "log"
    initdb = [bin_dir / "initdb", "-D", data, "-U", "cheongsa", "-E", "UTF8", "--locale=C.UTF-8"]
    assert process.start([*initdb, "-A", "trust"], place, log).wait() == 0, process.last_words(log)
    command = [bin_dir / "postgres", "-D", data, "-k", place.sockets, "-c", "listen_addresses="]
    running = process.start([*command, "-c", "fsync=off"], place, log)
    address = f"postgresql:///postgres?host={place.sockets}&user=cheongsa"
    _wait(address)
    yield address
    process.stop(running, signal.SIGINT)
    _forget(place)


def _wait(address: str) -> None:
    for _ in range(100):
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("PostgreSQL did not come up")


def _forget(place: Place) -> None:
    shutil.rmtree(place.files, ignore_errors=True)
    shutil.rmtree(place.sockets, ignore_errors=True)


def test_a_count_is_in_all_three_widths_before_and_after_the_roll_up(dsn: str):
    now = datetime.now(UTC)
    with db.connect_sync(dsn, autocommit=True) as conn:
        migrate.migrate(conn)
        conn.execute("INSERT INTO site (site, name, name_en) VALUES ('demo', '시범', 'Demo')")
        conn.execute(
            "INSERT INTO node (site, node, name, name_en) VALUES ('demo', 'cam-1', 'n', 'n')"
        )
        with conn.transaction():
            samples.record(conn, [_observed(now - timedelta(hours=26))], now)
        fresh = _totals(conn)
        rollups.refresh(conn)
        assert fresh == _totals(conn) == dict.fromkeys(fresh, (7, 3))


def _totals(conn: psycopg.Connection) -> dict[str, tuple]:
    views = ("density_1m", "density_15m", "density_1d")
    return {
        view: conn.execute(f"SELECT people_max, served FROM {view}").fetchone()  # type: ignore[arg-type]
        for view in views
    }


def _observed(at: datetime) -> Observed:
    told = {
        "schema_version": 1,
        "node": str(NODE),
        "spool": uuid.UUID(int=1),
        "seq": 1,
        "oldest": 1,
        "boot_id": uuid.UUID(int=2),
        "window_start": at,
        "window_s": 5.0,
        "clock_synced": True,
        "zones": [{"zone": "q", "people": 6, "people_max": 7, "served": 3, "confidence": 0.9}],
    }
    return Observed(NODE, 1, CountObserved.model_validate(told))
