"""A hub whose database came back from an older backup gets again what it had since."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from hub.kit.embedded import broker as brokers
from tests.seeds import SEED
from tests.system.faults import backups
from tests.system.office import Office

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


def test_what_was_counted_since_the_backup_is_stored_again_and_nothing_twice(tmp_path: Path):
    chance = Random(SEED)
    with Office(tmp_path, cameras=0, senders=1, webs=1, seed=SEED) as office:
        for _ in range(2):
            backups.restored(office, chance)
            office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert verdict.made > 30
        assert office.onlooker.lies == []


def test_what_a_node_no_longer_has_is_written_down_as_lost_in_the_restore(tmp_path: Path):
    with Office(tmp_path, cameras=0, senders=1, webs=1, workers=0, ingests=1) as office:
        backup = backups.dump(office, tmp_path / "backup")
        time.sleep(3.0)
        office["sender-1"].stop()
        for node in office.sender_nodes["sender-1"]:
            forget_what_is_held(office.data_dir(node))
        backups.restore(office, backup)
        office["sender-1"].start()
        verdict = office.verdict()
        assert verdict.is_clean, verdict
        assert verdict.lost_with_reason > 0
        assert all("restored" in reason for reason in verdict.reasons)
        assert office.onlooker.lies == []


def forget_what_is_held(data_dir: Path) -> None:
    """As after a day, when the node has trimmed it."""
    with closing(sqlite3.connect(data_dir / "outbox.sqlite")) as outbox, outbox:
        (held,) = outbox.execute("SELECT held FROM spool").fetchone()
        assert held > 0
        outbox.execute("DELETE FROM observed WHERE seq <= ?", (held,))
