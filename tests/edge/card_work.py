"""Real outbox work in a process of its own, recorded or killed on a watched card.

record FOLDER WORK OUT          do WORK, and write every change and promise to OUT (pickle)
kill FOLDER SCRATCH WORK        do WORK on a copy of FOLDER again and again, killed at the first,
                                second, ... change, until it ends by itself; print what was promised

Whoever was told a seq was promised that its count is safe.
"""

import json
import os
import pickle
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from edge.clock import Stamp
from edge.outbox import Outbox
from edge.outbox import file as files
from edge.outbox import spool as spools
from tests.edge.card import Op, watch

BOOT, HUB = UUID(int=7), UUID(int=9)
NOON = datetime(2026, 11, 21, 3, tzinfo=UTC)
Promise = Callable[[UUID, int], None]


def zones(seq: int) -> bytes:
    """What is counted in window `seq`: different in each."""
    zone = {"zone": "queue", "people": seq % 10_000, "people_max": seq % 10_000, "confidence": 0.9}
    return json.dumps([zone] * 8).encode()


def put(outbox: Outbox, promise: Promise, *, synced: bool = True) -> int:
    """Append the next window, and promise it."""
    stamp = Stamp(NOON + timedelta(seconds=5 * outbox.newest), synced)
    seq = outbox.append(zones(outbox.newest + 1), 1.0, 5.0, stamp, stamp.at if synced else None)
    promise(outbox.spool, seq)
    return seq


def birth(folder: Path, promise: Promise) -> None:
    """A first start: the file is made, a few windows, an orderly end, and a second start."""
    for _ in range(2):
        outbox = Outbox(folder, BOOT)
        outbox.next_session(1.0)
        for _ in range(3):
            put(outbox, promise)
        outbox.close()


def day(folder: Path, promise: Promise) -> None:
    """Everything that a running node does to its outbox, past a checkpoint of the log."""
    outbox = Outbox(folder, BOOT)
    for turn in range(20):
        seq = put(outbox, promise, synced=turn % 3 > 0)
        if turn % 3 == 0:
            outbox.freeze([(seq, Stamp(NOON, True))])
        if turn % 4 == 0:
            outbox.hold(seq - 3, HUB)
        if turn == 10:
            outbox.set_aside(seq)
    outbox.close()


def damaged(folder: Path, promise: Promise) -> None:
    """A start with a damaged file, which is set aside."""
    outbox = Outbox(folder, BOOT)
    put(outbox, promise)
    outbox.close()


WORKS: Final = {work.__name__: work for work in (birth, day, damaged)}


def record(folder: Path, work: str, out: Path) -> None:
    ops: list[Op] = []
    watch(ops.append)
    WORKS[work](folder, lambda spool, seq: ops.append(Op("promise", str(spool), seq)))
    out.write_bytes(pickle.dumps(ops))


def promise_to(pipe: int) -> Promise:
    """A promise that is heard at once, by whoever reads the pipe."""

    def promise(spool: UUID, seq: int) -> None:
        os.write(pipe, f"{spool} {seq}\n".encode())

    return promise


def kill(folder: Path, scratch: Path, work: str) -> None:
    at, came = sys.maxsize, 0

    def count(*_: object) -> None:
        nonlocal came
        came += 1
        if came == at:
            os.kill(os.getpid(), signal.SIGKILL)

    watch(count)
    sys.addaudithook(lambda event, _: count() if event in ("os.rename", "os.remove") else None)
    nth, ended = 0, False
    while not ended:
        nth += 1
        place = scratch / str(nth)
        shutil.copytree(folder, place)
        hear, tell = os.pipe()
        if (child := os.fork()) == 0:
            at, came = nth, 0
            WORKS[work](place, promise_to(tell))
            os._exit(0)
        os.close(tell)
        with os.fdopen(hear) as told:
            promised = told.read().split("\n")[:-1]
        ended = os.waitpid(child, 0)[1] == 0
        print(json.dumps({"place": str(place), "promised": promised, "ended": ended}), flush=True)


if __name__ == "__main__":
    spools.KEPT_HELD = 4  # type: ignore[misc]  # so that rows are deleted, too
    files.ROOM_BYTES = 20_000  # type: ignore[misc]  # else most writes would be of this filler
    told = [Path(arg) if "/" in arg else arg for arg in sys.argv[2:]]
    {"record": record, "kill": kill}[sys.argv[1]](*told)  # type: ignore[operator]
