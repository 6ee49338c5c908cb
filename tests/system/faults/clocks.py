"""Clocks that jump both ways: the node's, with NTP and without, and the hub's."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

import pytest

from tests.system.faults.registry import fault
from tests.system.faults.waiting import until
from tests.system.office import ONE_OF_EACH, Office
from tests.system.office.part import Program

NODE: Final = "office/s1-1"
LIBRARY: Final = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
HOURS: Final = ("+3h", "-5h")
YEARS: Final = (*HOURS, "-400d", "+400d")
WRONG_S: Final = (0.5, 2.5)
WINDOWS_UNSYNCED: Final = 5


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
    """A small office in which `sender-1` wears the clock `node_clock`, ingest `hub_clock`."""

    def __init__(self, folder: Path, *, trusted: bool, seed: int) -> None:
        if LIBRARY is None:
            pytest.skip("libfaketime is not installed: apt install faketime")
        super().__init__(folder, window_s=0.2, seed=seed, **ONE_OF_EACH)
        self.trusted = trusted
        self.node_clock = FakeClock(folder / "clock-node")
        self.hub_clock = FakeClock(folder / "clock-hub")

    @property
    def node(self) -> Program:
        """The one that wears the clock."""
        part = self["sender-1"]
        assert isinstance(part, Program)
        return part

    def _hub_program(self, kind: str, nth: int) -> Program:
        program = super()._hub_program(kind, nth)
        if kind == "ingest":
            program.module[1] = "tests.system.faults.clocked_hub"
            program.env["CLOCK"] = str(self.hub_clock.file)
        return program

    def sender(self, name: str, nodes: Any, **more: Any) -> Program:
        program = super().sender(name, nodes, clock_trusted=str(int(self.trusted)), **more)
        program.module = ["-m", "tests.system.faults.clocked"]
        program.env |= {
            "NTP_FILE": str(self.node_clock.ntp),
            "BOOT_ID": str(UUID(int=1)),
        }
        return self.node_clock.worn_by(program)


def without_ntp(folder: Path, seed: int) -> Office:
    return Clocks(folder, trusted=False, seed=seed)


def with_ntp(folder: Path, seed: int) -> Office:
    return Clocks(folder, trusted=True, seed=seed)


def clocks_of(office: Office) -> Clocks:
    assert isinstance(office, Clocks)
    return office


@fault(
    "a node's clock jumps by hours and years, both ways, without NTP",
    "The hub's word is its time, and its monotonic clock between two of them: its own clock may "
    "say what it likes, also when it starts again.",
    open=without_ntp,
)
def node_jumps(office: Office, chance: Random) -> None:
    clocks = clocks_of(office)
    clocks.node_clock.set(chance.choice(YEARS))
    time.sleep(chance.uniform(*WRONG_S))
    if chance.random() < 0.3:
        chance.choice((clocks.node.stop, clocks.node.kill))()
        clocks.node.start()


@fault(
    "a node counts before any time came, and loses its power, and counts on",
    "What this boot counted gets its time when the hub is heard. What a boot before counted never "
    "gets one: it is stored once, apart, and in no figure and on no board.",
    open=without_ntp,
    at_once=5,
)
def before_any_time(office: Office, chance: Random) -> None:
    clocks = clocks_of(office)
    clocks.node.stop()
    office["broker"].stop()
    clocks.node_clock.set(chance.choice(YEARS))
    boot(clocks)
    until(lambda: count_unsynced(office) > WINDOWS_UNSYNCED)
    clocks.node.kill()
    boot(clocks)
    until(lambda: count_unsynced(office) > WINDOWS_UNSYNCED)
    office["broker"].start()


def boot(clocks: Clocks) -> None:
    """Start the node as after a power cut."""
    clocks.node.env["BOOT_ID"] = str(UUID(int=boot_of(clocks).int + 1))
    clocks.node.start()


def boot_of(clocks: Clocks) -> UUID:
    """The node's newest."""
    return UUID(clocks.node.env["BOOT_ID"])


def count_unsynced(office: Office) -> int:
    """Windows of this boot that wait for a time."""
    with closing(sqlite3.connect(office.data_dir(NODE) / "outbox.sqlite")) as outbox:
        (count,) = outbox.execute(
            "SELECT count(*) FROM observed WHERE boot_id = ? AND NOT synced",
            (str(boot_of(clocks_of(office))),),
        ).fetchone()
    return count


@fault(
    "a node's clock is set wrong by hours, both ways, by its NTP",
    "The node believes its NTP, as it must. The hub refuses what is ahead of it, into the dead "
    "letters, with that reason; the board shows none of it as live.",
    open=with_ntp,
)
def node_set_wrong(office: Office, chance: Random) -> None:
    set_wrong(clocks_of(office).node_clock, chance)


@fault(
    "the clock of ingest is set wrong by hours, both ways",
    "Windows keep the time that the node gave them. What seems to come from the future is refused, "
    "into the dead letters, with that reason.",
    open=with_ntp,
)
def hub_set_wrong(office: Office, chance: Random) -> None:
    set_wrong(clocks_of(office).hub_clock, chance)


def set_wrong(clock: FakeClock, chance: Random) -> None:
    """For a while."""
    clock.set(chance.choice(HOURS))
    time.sleep(chance.uniform(*WRONG_S))
    clock.set("+0")
