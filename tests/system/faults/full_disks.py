"""Full disks: the broker's, the database's, the node's. Each is a small tmpfs that really fills."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Final, Self, cast

import psycopg

from hub.kit.embedded import place as places
from tests.disks import Disk, small_disk
from tests.system.faults.registry import fault
from tests.system.faults.waiting import until
from tests.system.office import ONE_OF_EACH, Office, verdict

NODE: Final = "office/s1-1"
MEGABYTES: Final = {"broker": 4, "database": 160, "node": 8}
FULL_S: Final = (0.2, 3.0)
NO_SPACE: Final = "No space left on device"
FILL_LOG: Final = """
    SELECT pg_logical_emit_message(false, 'x', repeat('x', 4000000)) FROM generate_series(1, 99)
"""


class SmallDisks(Office):
    """A small office: its broker, its database and its one node have a small disk each."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        wal = {"max_wal_size": "32MB", "min_wal_size": "32MB"}
        super().__init__(folder, window_s=0.1, database=wal, seed=seed, **ONE_OF_EACH)
        self.disks: dict[str, Disk] = {}
        self._mounted = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as mounted:
            for name, megabytes in MEGABYTES.items():
                self.disks[name] = mounted.enter_context(self._disk(name, megabytes))
            super().__enter__()
            self._mounted = mounted.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with self._mounted:
            super().__exit__(kind, error, at)

    def _disk(self, name: str, megabytes: int) -> AbstractContextManager[Disk]:
        if name == "node":
            return small_disk(self.data_dir(NODE), megabytes)
        place = places.find(self.folder / name)
        return small_disk(place.files, megabytes, (place.uid, place.gid))


def small_disks(folder: Path, seed: int) -> Office:
    return SmallDisks(folder, seed=seed)


@contextmanager
def full(office: Office, name: str) -> Iterator[None]:
    """Not one byte is left on this disk meanwhile."""
    disk = cast("SmallDisks", office).disks[name]
    disk.fill()
    try:
        yield
    finally:
        disk.free()


@fault(
    "full disk: the broker's",
    "Messages pass on without it. Killed and stopped like that the broker starts again, and the "
    "board is live before there is space.",
    open=small_disks,
    at_once=10,
)
def full_broker(office: Office, chance: Random) -> None:
    broker = office["broker"]
    with full(office, "broker"):
        for end in chance.sample((broker.kill, broker.stop), 2):
            end()
            broker.start()
        office.wait_until_live()


@fault(
    "full disk: the database's tables",
    "Nothing is said to be held that was not committed: the nodes keep it, and then all is stored.",
    open=small_disks,
    at_once=10,
)
def full_database(office: Office, chance: Random) -> None:
    said = complaints(office)
    with full(office, "database"):
        until(lambda: complaints(office) > said)
        time.sleep(chance.uniform(*FULL_S))
    until(lambda: answers(office))


@fault(
    "full disk: the database's log (PANIC)",
    "PostgreSQL ends itself, and starts again with all that it had committed.",
    open=small_disks,
    at_once=10,
)
def full_database_log(office: Office, chance: Random) -> None:
    with full(office, "database"):
        with suppress(psycopg.Error), psycopg.connect(office.database.dsn) as conn:
            conn.execute(FILL_LOG)
        time.sleep(chance.uniform(*FULL_S))
    until(lambda: answers(office))


def complaints(office: Office) -> int:
    """How often ingest was told that the disk is full: the database's own log is on that disk."""
    return office["ingest-1"].log.read_text().count(NO_SPACE)


def answers(office: Office) -> bool:
    """Whether the database is there; one that a full log ended is started, as by a supervisor."""
    if not office["database"].is_running:
        office["database"].start()
    with suppress(psycopg.Error), verdict.connect(office.database.dsn):
        return True
    return False


@fault(
    "full disk: the node's",
    "There is room inside the outbox for such a day. A node that starts on a full card counts in "
    "memory, and says so; what is in memory is sent like any other.",
    open=small_disks,
    at_once=10,
)
def full_node(office: Office, chance: Random) -> None:
    node, before = office["sender-1"], times_in_memory(office)
    how = chance.choice(("runs", "is killed", "is stopped", "starts"))
    if how == "starts":
        node.stop()
    with full(office, "node"):
        time.sleep(chance.uniform(*FULL_S))
        if how.startswith("is"):
            (node.kill if how == "is killed" else node.stop)()
        if not node.is_running:
            node.start()
        office.wait_until_live()
    if times_in_memory(office) > before:  # it ends when all is sent and a minute is over: or now
        until(lambda: memory_is_held(office))
        node.stop()
        node.start()


def memory_is_held(office: Office) -> bool:
    """Whether the hub holds what the newest outbox of the node made; an older file waits for it."""
    outbox, seq = list(office.ledger.newest().items())[-1]
    with verdict.connect(office.database.dsn) as conn:
        return verdict.marks_of(conn).get(outbox, 0) >= seq


def times_in_memory(office: Office) -> int:
    """How often the node said that it counts in memory."""
    return office["sender-1"].log.read_text().count("outbox in memory")
