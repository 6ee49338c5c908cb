"""Clocks that jump: the node's and the hub's, both ways, with NTP and without."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from hub.kit.embedded import broker as brokers
from tests.seeds import SEED
from tests.system.office import Office
from tests.system.office.part import Program

NODE = "office/s1-1"
PATIENCE_S = 60.0
LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        LIBRARY is None, reason="libfaketime is not installed: apt install faketime"
    ),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


class FakeClock:
    """The system clock of the programs that wear it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file, self.ntp = folder / "clock", folder / "ntp"
        self.set("+0")

    def set(self, offset: str) -> None:
        """`+3h`, `-5h`, `-400d` from the true time; at once, also for who is running."""
        draft = self.file.with_suffix(".new")
        draft.write_text(offset)
        draft.rename(self.file)

    def worn_by(self, program: Program) -> Program:
        """Give it to a program that is not running."""
        program.env |= {
            "LD_PRELOAD": str(LIBRARY),
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
        }
        return program


class Clocks(Office):
    """A small office in which `sender-1` wears the clock `node_clock`."""

    def __init__(self, folder: Path, *, trusted: bool, **more: Any) -> None:
        more = {"webs": 1, "ingests": 1, "workers": 0, "nodes_each": 1, **more}
        super().__init__(folder, cameras=0, senders=1, window_s=0.2, seed=SEED, **more)
        self.trusted = trusted
        self.node_clock, self.hub_clock = (
            FakeClock(folder / "clock-node"),
            FakeClock(folder / "clock-hub"),
        )

    def _hub_program(self, kind: str, nth: int) -> Program:
        program = super()._hub_program(kind, nth)
        if kind == "ingest":
            program.module[1] = "tests.system.faults.clocked_hub"
            program.env["CLOCK"] = str(self.hub_clock.file)
        return program

    def sender(self, name: str, nodes: Any, **more: Any) -> Program:
        program = super().sender(name, nodes, clock_trusted=str(int(self.trusted)), **more)
        program.module = ["-m", "tests.system.faults.clocked"]
        program.env |= {"NTP_FILE": str(self.node_clock.ntp), "BOOT_ID": str(UUID(int=1))}
        return self.node_clock.worn_by(program)


def until(true: Callable[[], Any]) -> Any:
    end_s = time.monotonic() + PATIENCE_S
    while not (found := true()):
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.2)
    return found


def off_by_s(office: Office, *, since: int = 1, boot: int = 1) -> float:
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
    wrong = [abs(truth[seq] - at_s) for seq, at_s in told if seq >= since and seq in truth]
    assert wrong
    return max(wrong)


def test_without_ntp_a_nodes_own_clock_may_jump_as_it_likes(tmp_path: Path):
    with Clocks(tmp_path, trusted=False) as office:
        for offset in ("+3h", "-5h", "-400d", "+400d"):
            office.node_clock.set(offset)
            time.sleep(1.0)
        office["sender-1"].stop()
        office["sender-1"].start()
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert off_by_s(office) < 2.0


def test_windows_counted_before_any_time_came_get_it_later_and_those_of_a_boot_before_never(
    tmp_path: Path,
):
    with Clocks(tmp_path, trusted=False) as office:
        node = office["sender-1"]
        assert isinstance(node, Program)
        node.stop()
        office["broker"].stop()
        office.node_clock.set("-400d")
        node.start()
        until(lambda: count_in_outbox(office) > 5)
        node.kill()
        node.env["BOOT_ID"] = str(UUID(int=2))  # a power cut before the hub was ever heard
        node.start()
        until(lambda: count_in_outbox(office, boot=2) > 5)
        office["broker"].start()
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert off_by_s(office, boot=2) < 2.0
        with psycopg.connect(office.database.dsn) as conn:
            unsynced = conn.execute("SELECT DISTINCT boot_id FROM sample_unsynced").fetchall()
        assert unsynced == [(UUID(int=1),)]
        assert [lie for lie in office.onlooker.lies if "never made" not in lie] == []


def count_in_outbox(office: Office, boot: int = 1) -> int:
    """Windows that wait for a time."""
    with closing(sqlite3.connect(office.data_dir(NODE) / "outbox.sqlite")) as outbox:
        (count,) = outbox.execute(
            "SELECT count(*) FROM observed WHERE boot_id = ? AND NOT synced",
            (str(UUID(int=boot)),),
        ).fetchone()
    return count


def test_clocks_that_are_set_wrong_and_right_again_lose_only_what_the_hub_says(tmp_path: Path):
    """The node believes its NTP, as it must. The hub refuses what is ahead of it, and says so."""
    with Clocks(tmp_path, trusted=True) as office:
        for clock in (office.node_clock, office.hub_clock):
            for offset in ("+3h", "+0", "-5h", "+0"):
                clock.set(offset)
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
