"""Full disks of a running office. The outbox alone on a full card: tests/edge/test_full_card.py."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from hub.kit.embedded import broker as brokers
from tests.seeds import SEED
from tests.system.faults import full_disks
from tests.system.faults.full_disks import SmallDisks
from tests.system.office import Office

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


def broken(folder: Path, strike: Callable[[Office, Random], None]) -> str:
    """Break a new office so; nothing is lost and no board lies. Returns the database's log."""
    with SmallDisks(folder, seed=SEED) as office:
        strike(office, Random(SEED))
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert verdict.made > 10
        assert office.onlooker.lies == []
        return office["database"].log.read_text()


def test_a_broker_with_a_full_disk_carries_on_and_starts_again(tmp_path: Path):
    broken(tmp_path, full_disks.full_broker)


def test_while_the_databases_disk_is_full_the_nodes_keep_and_then_all_is_stored(tmp_path: Path):
    assert full_disks.NO_SPACE in broken(tmp_path, full_disks.full_database)


def test_a_database_that_cannot_write_its_log_ends_and_recovers(tmp_path: Path):
    assert "PANIC" in broken(tmp_path, full_disks.full_database_log)


def test_a_node_whose_card_is_full_counts_on_and_starts_again(tmp_path: Path):
    broken(tmp_path, full_disks.full_node)
