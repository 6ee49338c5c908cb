"""Full disks: the broker's and the database's. The node's is in tests/edge/test_full_card.py."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from hub.kit.embedded import broker as brokers
from hub.kit.embedded import place as places
from tests.disks import Disk, small_disk
from tests.seeds import SEED
from tests.system.office import Office

FULL_S = 4.0
PATIENCE_S = 60.0
FILL_LOG = """
    SELECT pg_logical_emit_message(false, 'x', repeat('x', 4000000)) FROM generate_series(1, 99)
"""
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


def until(true: Callable[[], Any]) -> Any:
    end_s = time.monotonic() + PATIENCE_S
    while not (found := true()):
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.2)
    return found


def small_office(folder: Path) -> Office:
    return Office(
        folder,
        cameras=0,
        senders=1,
        webs=1,
        workers=0,
        ingests=1,
        window_s=0.1,
        database={"max_wal_size": "32MB", "min_wal_size": "32MB"},
        seed=SEED,
    )


def server_disk(data_dir: Path, megabytes: int) -> Any:
    """A small disk where the server of `data_dir` will keep its files."""
    place = places.find(data_dir)
    return small_disk(place.files, megabytes, (place.uid, place.gid))


@pytest.fixture
def broker_disk(tmp_path: Path) -> Iterator[Disk]:
    with server_disk(tmp_path / "broker", 4) as disk:
        yield disk


@pytest.fixture
def database_disk(tmp_path: Path) -> Iterator[Disk]:
    with server_disk(tmp_path / "database", 160) as disk:
        yield disk


def test_a_broker_with_a_full_disk_carries_on_and_starts_again(tmp_path: Path, broker_disk: Disk):
    with small_office(tmp_path) as office:
        broker_disk.fill()
        office["broker"].kill()
        office["broker"].start()
        office.wait_until_live()
        office["broker"].stop()
        office["broker"].start()
        office.wait_until_live()
        broker_disk.free()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert office.onlooker.lies == []


def test_while_the_databases_disk_is_full_the_nodes_keep_and_then_all_is_stored(
    tmp_path: Path, database_disk: Disk
):
    chance = Random(SEED)
    with small_office(tmp_path) as office:
        database_disk.fill()
        until(lambda: "No space left on device" in office["database"].log.read_text())
        stored = office.ledger.newest()
        time.sleep(chance.uniform(0, FULL_S))
        database_disk.free()
        if not office["database"].is_running:  # a full log ends it; a supervisor would start it
            office["database"].start()
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert verdict.made > sum(stored.values())
        assert office.onlooker.lies == []


def test_a_database_that_cannot_write_its_log_ends_and_recovers(
    tmp_path: Path, database_disk: Disk
):
    with small_office(tmp_path) as office:
        database_disk.fill()
        with pytest.raises(psycopg.Error), psycopg.connect(office.database.dsn) as conn:
            conn.execute(FILL_LOG)
        time.sleep(FULL_S)
        database_disk.free()
        until(lambda: office["database"].is_running or office["database"].start() is None)
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert "PANIC" in office["database"].log.read_text()
        assert office.onlooker.lies == []
