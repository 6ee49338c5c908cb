"""A node that was cut off for long, and counted on."""

import json
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from os import W_OK, access
from pathlib import Path
from random import Random
from uuid import UUID

import psutil

from edge.clock import Stamp
from edge.outbox import Outbox
from tests.system.faults.registry import Result, trial
from tests.system.office import Office, Verdict
from tests.system.office.book import Book, BookedOutbox
from tests.system.office.part import Part

NODE = "office/s1-1"
WINDOW_S = 5.0  # the default rate
DRAINED_PATIENCE_S = 600.0


@dataclass(frozen=True)
class Return:
    """What happened when the network was back."""

    verdict: Verdict
    windows: int
    live_s: float
    """Until the board showed a new number."""
    drained_s: float
    """Until everything counted meanwhile was held."""
    grown_mib: float
    """Memory of the node's process above what it had before, with an empty outbox."""
    lies: list[str]
    boards: int


def cut_off(folder: Path, hours: float, chance: Random) -> Return:
    """A node counts for so many hours without a network, by the real outbox; then it has one."""
    with memory_card() as card, small(folder) as office:
        node = office["sender-1"]
        office.wait_until_live()
        rest_mib = resident_mib(node)
        node.stop()
        assert office.recovery.wait(office.recovery.begin(), 60)
        shutil.rmtree(office.data_dir(NODE))
        office.data_dir(NODE).symlink_to(card, target_is_directory=True)
        windows = count_unheard(office, card, hours, chance)

        awaited = office.recovery.begin()
        node.start()
        live_s = office.wait_until_live()
        peak_mib = resident_mib(node)
        while awaited.took_s is None:
            assert time.monotonic() - awaited.since_s < DRAINED_PATIENCE_S
            peak_mib = max(peak_mib, resident_mib(node))
            time.sleep(0.2)
        verdict = office.verdict()
        told = office.onlooker
        grown_mib = peak_mib - rest_mib
        return Return(verdict, windows, live_s, awaited.took_s, grown_mib, told.lies, told.boards)


def resident_mib(part: Part) -> float:
    return psutil.Process(part.pid).memory_info().rss / 2**20


def small(folder: Path) -> Office:
    return Office(folder, cameras=0, senders=1, nodes_each=1, webs=1, workers=1, ingests=2)


@contextmanager
def memory_card() -> Iterator[Path]:
    """In memory where there is such a place: here 19,000 syncs are not what is tested."""
    where = "/dev/shm" if access("/dev/shm", W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="cheongsa-card-", dir=where))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def count_unheard(office: Office, card: Path, hours: float, chance: Random) -> int:
    """So many hours of windows until now, with the clock handed in."""
    booked = type("OwnOutbox", (BookedOutbox,), {"book": Book(office.ledger.book(NODE))})
    outbox: Outbox = booked(card, UUID(int=1))
    windows = int(hours * 3600 / WINDOW_S)
    began = datetime.now(UTC) - timedelta(hours=hours)
    for nth in range(windows):
        start = began + nth * timedelta(seconds=WINDOW_S)
        end = start + timedelta(seconds=WINDOW_S)
        outbox.append(zones(chance), nth * WINDOW_S, WINDOW_S, Stamp(start, True), end)
    depth = outbox.depth()
    outbox.close()
    assert (depth.rows, depth.dropped) == (windows, 0)
    return windows


def zones(chance: random.Random) -> bytes:
    told = {"people_max": 40, "confidence": 0.5}
    return json.dumps(
        [{"zone": zone, "people": chance.randint(0, 40), **told} for zone in ("queue", "seats")]
    ).encode()


@trial(
    "a node cut off for 26 h of simulated time",
    "Its newest count goes beside the backlog: the board is right within seconds, and all the "
    "rest arrives once within minutes.",
    at_most=2,
)
def day(folder: Path, chance: Random) -> Result:
    back = cut_off(folder, 26.0, chance)
    return Result(back.verdict, back.drained_s, len(back.lies), back.boards)
