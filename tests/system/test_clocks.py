"""Clocks that jump: the node's and the hub's, both ways, with NTP and without."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import Random
from uuid import UUID

import psycopg
import pytest

from hub.kit.embedded import broker as brokers
from tests.seeds import SEED
from tests.system.faults import clocks
from tests.system.faults.clocks import HOURS, NODE, YEARS, Clocks
from tests.system.office import Office

OFF_MOST_S = 30.0  # the wrong clocks are off by hours; a hub's word may be late on a busy machine
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


def off_by_s(office: Office, *, boot: int = 1) -> float:
    """By how much the worst stored time is wrong: the outbox knows when on the monotonic clock."""
    to_unix_s = time.time() - time.monotonic()
    with closing(sqlite3.connect(office.data_dir(NODE) / "outbox.sqlite")) as outbox:
        truth = {
            seq: to_unix_s + mono_s
            for seq, mono_s in outbox.execute(
                "SELECT seq, start_mono_s FROM observed WHERE boot_id = ?", (str(UUID(int=boot)),)
            )
        }
    with psycopg.connect(office.database.dsn) as conn:
        told = conn.execute(
            "SELECT DISTINCT seq, extract(epoch FROM window_start)::float8 FROM sample"
        ).fetchall()
    wrong = [abs(truth[seq] - at_s) for seq, at_s in told if seq in truth]
    assert wrong
    return max(wrong)


def test_without_ntp_a_nodes_own_clock_may_jump_as_it_likes(tmp_path: Path):
    with Clocks(tmp_path, trusted=False, seed=SEED) as office:
        for offset in YEARS:
            office.node_clock.set(offset)
            time.sleep(1.0)
        office.node.stop()
        office.node.start()
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert off_by_s(office) < OFF_MOST_S
        assert office.onlooker.lies == []


def test_windows_counted_before_any_time_came_get_it_later_and_those_of_a_boot_before_never(
    tmp_path: Path,
):
    with Clocks(tmp_path, trusted=False, seed=SEED) as office:
        clocks.before_any_time(office, Random(SEED))
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert off_by_s(office, boot=3) < OFF_MOST_S
        with psycopg.connect(office.database.dsn) as conn:
            unsynced = conn.execute("SELECT DISTINCT boot_id FROM sample_unsynced").fetchall()
        assert unsynced == [(UUID(int=2),)]
        assert office.onlooker.lies == []


def test_clocks_that_are_set_wrong_and_right_again_lose_only_what_the_hub_says(tmp_path: Path):
    """The node believes its NTP, as it must. The hub refuses what is ahead of it, and says so."""
    with Clocks(tmp_path, trusted=True, seed=SEED) as office:
        for clock in (office.node_clock, office.hub_clock):
            for offset in HOURS:
                clock.set(offset)
                time.sleep(2.0)
                clock.set("+0")
                time.sleep(2.0)
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.is_clean, verdict
        assert 0 < verdict.lost_with_reason < verdict.stored
        assert all(reason.startswith("refused") for reason in verdict.reasons)
        with psycopg.connect(office.database.dsn) as conn:
            reasons = conn.execute("SELECT DISTINCT left(reason, 17) FROM dead_letter").fetchall()
        assert reasons == [("the window begins",)]
        assert office.onlooker.lies == []
