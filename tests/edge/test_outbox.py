"""The outbox: what survives a kill, a cut, a damaged file, a full disk."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.clock import Stamp
from edge.outbox import Limits, Outbox, OutboxBusyError
from edge.outbox.file import open_memory
from edge.outbox.spool import Spool

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
BOOT = UUID(int=7)
HUB = UUID(int=9)
ZONES = b'[{"zone":"queue","people":3,"people_max":4,"served":0,"entered":0,"confidence":0.8}]'


def put(outbox: Outbox, *, synced: bool = True, at: datetime = NOON, zones: bytes = ZONES) -> int:
    return outbox.append(zones, 100.0, 5.0, Stamp(at, synced), at if synced else None)


def seqs(outbox: Outbox) -> list[int]:
    """What is to be sent."""
    return outbox.unheld(outbox.held, 100_000, settled_only=False)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path, BOOT)
    yield made
    made.close()


def test_a_count_read_back_is_the_count_written(outbox: Outbox):
    seq = put(outbox, at=NOON + timedelta(microseconds=123_457))
    (row,) = outbox.load([seq])
    assert (row.seq, row.boot_id, row.start_mono_s, row.window_s) == (1, BOOT, 100.0, 5.0)
    assert row.stamp == Stamp(NOON + timedelta(microseconds=123_457), True)
    assert row.zones == ZONES


def test_seq_and_spool_go_on_over_a_restart(tmp_path: Path):
    first = Outbox(tmp_path, BOOT)
    put(first)
    put(first)
    spool = first.spool
    first.close()
    second = Outbox(tmp_path, uuid4())
    assert second.spool == spool
    assert put(second) == 3
    assert seqs(second) == [1, 2, 3]
    second.close()


def test_a_held_seq_is_never_given_again(tmp_path: Path):
    for expected in range(1, 6):
        outbox = Outbox(tmp_path, BOOT)
        assert put(outbox) == expected
        outbox.hold(expected, HUB)
        outbox.close()
    reopened = Outbox(tmp_path, BOOT)
    assert seqs(reopened) == []
    assert put(reopened) == 6
    reopened.close()


def test_what_is_held_is_kept_for_a_while_and_told_again_to_a_hub_that_lost_it(tmp_path: Path):
    outbox = Outbox(tmp_path, BOOT)
    for _ in range(5):
        put(outbox)
    outbox.hold(4, HUB)
    assert (seqs(outbox), outbox.depth().rows) == ([5], 1)
    outbox.close()
    outbox = Outbox(tmp_path, BOOT)
    assert (outbox.held, outbox.epoch, seqs(outbox)) == (4, HUB, [5])
    outbox.hold(2, UUID(int=10))
    assert seqs(outbox) == [3, 4, 5]
    assert outbox.oldest() == 1
    outbox.close()


def test_of_what_is_held_only_so_much_is_kept_and_nothing_counts_as_given_up():
    spool = Spool(open_memory(), Limits(), kept=3)
    for seq in range(1, 9):
        spool.append((str(BOOT), 100.0, 0, 5.0, True, True, ZONES), None)
        spool.held = seq - 1
    assert [seq for seq, _, _ in spool.unheld(0, 99)] == [4, 5, 6, 7, 8]
    assert spool.oldest() == 4
    assert spool.depth().dropped == 0
    spool.close()


def test_oldest_is_the_lowest_seq_that_may_still_come(outbox: Outbox):
    assert outbox.oldest() == 1
    for _ in range(5):
        put(outbox)
    assert outbox.oldest() == 1
    outbox.hold(3, HUB)
    assert outbox.oldest() == 1  # a restored hub may ask for it
    outbox.set_aside(4)
    assert outbox.oldest() == 5  # 4 never comes: the hub must not wait for it
    outbox.hold(5, HUB)
    assert (seqs(outbox), outbox.oldest()) == ([], 1)


def test_two_nodes_cannot_share_a_folder(outbox: Outbox, tmp_path: Path):
    with pytest.raises(OutboxBusyError, match="EDGE_DATA_DIR"):
        Outbox(tmp_path, BOOT)


def test_a_session_grows_with_each_connection_over_a_new_card_and_a_clock_set_back(tmp_path: Path):
    outbox = Outbox(tmp_path / "a", BOOT)
    assert outbox.next_session(1000.0) == 1000
    assert outbox.next_session(1000.0) == 1001
    assert outbox.next_session(5.0) == 1002
    outbox.close()
    new_card = Outbox(tmp_path / "b", BOOT)
    assert new_card.next_session(2000.0) == 2000
    new_card.close()


def test_a_window_of_this_boot_gets_its_time_once_and_keeps_it(outbox: Outbox):
    seq = put(outbox, synced=False)
    assert outbox.unheld(0, 10, settled_only=True) == []
    outbox.freeze([(seq, Stamp(NOON + timedelta(hours=1), True))])
    outbox.freeze([(seq, Stamp(NOON + timedelta(hours=9), True))])
    (row,) = outbox.load([seq])
    assert row.frozen
    assert row.stamp == Stamp(NOON + timedelta(hours=1), True)
    assert outbox.unheld(0, 10, settled_only=True) == [seq]


def test_a_window_stored_with_a_certain_time_keeps_it(outbox: Outbox):
    seq = put(outbox)
    outbox.freeze([(seq, Stamp(NOON + timedelta(hours=9), True))])
    assert outbox.load([seq])[0].stamp.at == NOON


def test_windows_of_an_earlier_boot_do_not_wait_for_the_time(tmp_path: Path):
    before = Outbox(tmp_path, BOOT)
    put(before, synced=False)
    before.close()
    after = Outbox(tmp_path, uuid4())
    put(after, synced=False)
    assert after.unheld(0, 10, settled_only=True) == [1]
    after.close()


def test_counts_older_than_the_limit_are_given_up_and_counted(tmp_path: Path):
    outbox = Outbox(tmp_path, BOOT, Limits(days=7))
    for day in (0, 1, 8):
        put(outbox, at=NOON + timedelta(days=day, seconds=1))
    assert seqs(outbox) == [2, 3]
    assert outbox.depth().dropped == 1
    outbox.close()


def test_a_clock_that_nobody_trusts_makes_nothing_too_old(tmp_path: Path):
    outbox = Outbox(tmp_path, BOOT, Limits(days=7))
    put(outbox)
    put(outbox, synced=False, at=NOON + timedelta(days=400))
    assert seqs(outbox) == [1, 2]
    outbox.close()


def test_when_the_space_is_used_up_the_oldest_are_given_up_and_counted(tmp_path: Path):
    outbox = Outbox(tmp_path, BOOT, Limits(size_bytes=2_000_000))
    for _ in range(300):
        put(outbox, zones=b"x" * 20_000)
    kept = seqs(outbox)
    assert kept == list(range(kept[0], 301))
    assert len(kept) > 80
    assert outbox.depth().dropped == kept[0] - 1 > 0
    assert (tmp_path / "outbox.sqlite").stat().st_size < 2_600_000
    outbox.close()


def test_what_is_set_aside_is_sent_no_more_but_shown(outbox: Outbox):
    for _ in range(3):
        put(outbox)
    outbox.set_aside(1)
    assert seqs(outbox) == [2, 3]
    assert outbox.oldest() == 2
    assert outbox.depth().set_aside == 1


def test_a_new_spool_takes_along_what_was_never_told(outbox: Outbox):
    for second in range(5):
        put(outbox, at=NOON + timedelta(seconds=second))
    session, spool = outbox.next_session(0.0), outbox.spool
    outbox.hold(2, HUB)
    outbox.begin_spool(4, "why")
    assert (outbox.spool != spool, outbox.held, outbox.epoch) == (True, 0, None)
    assert [(row.seq, row.stamp.at.second) for row in outbox.load([1, 2, 3])] == [(1, 3), (2, 4)]
    assert put(outbox) == 3
    assert outbox.next_session(0.0) == session + 1
    assert outbox.depth().dropped == 1  # 3 was neither held nor taken along
    assert outbox.trouble == "why"


def test_an_outbox_of_the_first_version_goes_on_with_its_rows(tmp_path: Path):
    outbox = Outbox(tmp_path, BOOT)
    put(outbox)
    spool = outbox.spool
    outbox.close()
    with closing(sqlite3.connect(tmp_path / "outbox.sqlite")) as db:
        db.executescript(
            "ALTER TABLE spool DROP COLUMN held; ALTER TABLE spool DROP COLUMN epoch;"
            "PRAGMA user_version = 1"
        )
    outbox = Outbox(tmp_path, BOOT)
    assert (outbox.spool, outbox.trouble, put(outbox), seqs(outbox)) == (spool, None, 2, [1, 2])
    outbox.close()


# Power cuts. The writer says each seq after the call came back; what it said must be there.

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from edge.clock import Stamp
from edge.outbox import Outbox
outbox = Outbox(Path(sys.argv[1]), UUID(int=7))
at = datetime(2026, 11, 21, 3, tzinfo=UTC)
print("spool", outbox.spool, flush=True)
while True:
    seq = outbox.append(b"[]" * 40, 1.0, 5.0, Stamp(at, True), at)
    print(seq, flush=True)
    if seq % 50 == 0:
        outbox.hold(seq - 20, UUID(int=9))
"""


def run_writer(folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE)


def wait_for_line(writer: "subprocess.Popen[bytes]") -> str:
    assert writer.stdout
    return writer.stdout.readline().decode()


def kill_and_read(writer: "subprocess.Popen[bytes]") -> int:
    """Kill the writer; the last seq it said."""
    writer.kill()
    assert writer.stdout
    said = writer.stdout.read().decode().splitlines()
    writer.wait()
    writer.stdout.close()
    return max((int(line) for line in said if line.isdigit()), default=0)


def test_a_killed_writer_loses_nothing_it_said_and_no_seq_is_given_twice(tmp_path: Path):
    chance, last, spools = random.Random(4), 0, set()
    for _ in range(12):
        writer = run_writer(tmp_path)
        spools.add(wait_for_line(writer).split()[1])
        time.sleep(chance.uniform(0.0, 0.15))
        said = kill_and_read(writer) or last
        outbox = Outbox(tmp_path, BOOT)
        left = seqs(outbox)
        assert outbox.trouble is None
        assert outbox.newest >= said
        assert left == list(range(left[0], outbox.newest + 1)) if left else True
        assert put(outbox) > said
        last = outbox.newest
        outbox.close()
    assert len(spools) == 1
    assert last > 100


def test_a_card_pulled_at_any_moment_holds_a_prefix(tmp_path: Path):
    """The files as they lie at a random instant, the writer frozen: what a power cut leaves."""
    chance, live = random.Random(5), tmp_path / "live"
    writer = run_writer(live)
    wait_for_line(writer)
    try:
        for shot in range(25):
            time.sleep(chance.uniform(0.0, 0.05))
            os.kill(writer.pid, signal.SIGSTOP)
            card = tmp_path / f"card-{shot}"
            shutil.copytree(live, card)
            os.kill(writer.pid, signal.SIGCONT)
            outbox = Outbox(card, BOOT)
            left = seqs(outbox)
            assert outbox.trouble is None
            assert not left or left == list(range(left[0], outbox.newest + 1))
            outbox.close()
            shutil.rmtree(card)
    finally:
        said = kill_and_read(writer)
    assert said > 25


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An outbox of 30 windows that are all still in the write-ahead log."""
    folder = tmp_path_factory.mktemp("journal")
    writer = run_writer(folder)
    while True:
        line = wait_for_line(writer).strip()
        if line == "30":
            kill_and_read(writer)
            return folder


@given(cut=st.floats(0, 1))
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_write_ahead_log_cut_at_any_byte_holds_a_prefix(
    cut: float, journal: Path, tmp_path_factory: pytest.TempPathFactory
):
    card = tmp_path_factory.mktemp("card")
    shutil.copytree(journal, card, dirs_exist_ok=True)
    log = card / "outbox.sqlite-wal"
    os.truncate(log, int(log.stat().st_size * cut))
    outbox = Outbox(card, BOOT)
    left = seqs(outbox)
    assert not left or left == list(range(left[0], outbox.newest + 1))
    assert put(outbox) == max(left, default=outbox.newest - 1) + 1
    outbox.close()


# Damage and full disks.


def _garble(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    if how == "overwritten":
        data = bytearray(b"not a database " * 400)
    elif how == "halved":
        data = data[: len(data) // 2 - 100]
    elif how == "noise inside":
        data[4096:12288] = os.urandom(8192)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("how", ["overwritten", "halved", "noise inside"])
def test_a_damaged_file_is_set_aside_and_a_new_spool_begins(tmp_path: Path, how: str):
    outbox = Outbox(tmp_path, BOOT)
    for _ in range(200):
        put(outbox)
    spool = outbox.spool
    outbox.close()
    _garble(tmp_path / "outbox.sqlite", how)
    reopened = Outbox(tmp_path, BOOT)
    assert reopened.spool != spool
    assert put(reopened) == 1
    assert "damaged" in (reopened.trouble or "")
    assert len(list(tmp_path.glob("damaged-*-outbox.sqlite"))) == 1
    reopened.close()


def test_a_file_damaged_while_in_use_is_set_aside_too(tmp_path: Path):
    outbox = Outbox(tmp_path, BOOT)
    for _ in range(300):  # more than SQLite keeps in memory
        put(outbox, zones=b"x" * 20_000)
    spool = outbox.spool
    with (tmp_path / "outbox.sqlite").open("r+b") as file:
        file.seek(4096 * 20)
        file.write(os.urandom(5_000_000))
    outbox.load(list(range(1, 301)))
    assert outbox.spool != spool
    assert "damaged" in (outbox.trouble or "")
    assert put(outbox) == 1
    outbox.close()


def test_a_garbled_schema_whose_complaint_cannot_be_read_is_set_aside(tmp_path: Path):
    outbox = Outbox(tmp_path, BOOT)
    put(outbox)
    outbox.close()
    path = tmp_path / "outbox.sqlite"
    garbled = path.read_bytes().replace(b"tableobservedobserved", b"table\x80bserved\x80bserved")
    path.write_bytes(garbled.replace(b"CREATE TABLE observed", b"CREATE TABLO \x80bserved"))
    assert b"\x80bserved" in path.read_bytes()
    outbox = Outbox(tmp_path, BOOT)
    seq = put(outbox)
    assert [row.seq for row in outbox.load([seq])] == [seq]
    assert outbox.trouble
    outbox.close()


@given(noise=st.binary(max_size=5000), at=st.integers(0, 40_000))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_damage_stops_the_counting(
    noise: bytes, at: int, journal: Path, tmp_path_factory: pytest.TempPathFactory
):
    card = tmp_path_factory.mktemp("card")
    shutil.copytree(journal, card, dirs_exist_ok=True)
    with (card / "outbox.sqlite-wal").open("r+b") as file:
        file.seek(at)
        file.write(noise)
    with (card / "outbox.sqlite").open("r+b") as file:
        file.seek(at // 3)
        file.write(noise)
    outbox = Outbox(card, BOOT)
    seq = put(outbox)
    assert seq in seqs(outbox)
    assert [row.seq for row in outbox.load([seq])] == [seq]
    outbox.close()


FULL_DISK = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from edge.clock import Stamp
from edge.outbox import Outbox
folder, at = Path(sys.argv[1]), datetime(2026, 11, 21, 3, tzinfo=UTC)
put = lambda box, size=400: box.append(b"x" * size, 1.0, 5.0, Stamp(at, True), at)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
"""


def on_a_disk_that_fills(folder: Path, what: str) -> str:
    """Run `what` in a process of its own, where files cannot grow once `fill()` was called."""
    limit = "def fill(size): resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))\n"
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK + limit + what, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_on_a_full_disk_counting_goes_on_for_hours_in_room_kept_free(tmp_path: Path):
    told = on_a_disk_that_fills(
        tmp_path,
        "import os\n"
        "box = Outbox(folder, UUID(int=7))\n"
        "fill(max(os.path.getsize(p) for p in folder.iterdir()))\n"
        "for _ in range(1000): put(box)\n"
        "print(box.newest, box.trouble)\n",
    )
    assert told.split() == ["1000", "None"]


def test_when_that_room_is_used_up_too_counts_go_on_in_memory_and_health_says_so(tmp_path: Path):
    told = on_a_disk_that_fills(
        tmp_path,
        "import os\n"
        "box = Outbox(folder, UUID(int=7))\n"
        "spool = box.spool\n"
        "fill(max(os.path.getsize(p) for p in folder.iterdir()))\n"
        "for _ in range(900): put(box, 4000)\n"
        "print(spool == box.spool, len(box.unheld(0, 9999, settled_only=False)) > 100)\n"
        "print(box.trouble)\n",
    )
    assert told.startswith("False True")
    assert "memory only" in told


def test_a_node_starts_on_a_full_disk(tmp_path: Path):
    told = on_a_disk_that_fills(
        tmp_path,
        "fill(0)\n"
        "box = Outbox(folder, UUID(int=7))\n"
        "print(put(box), put(box), box.next_session(5.0), box.trouble)\n",
    )
    assert told.startswith("1 2 5 Counts are kept in memory only")


def test_when_the_disk_is_free_again_the_file_takes_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("edge.outbox.outbox._BACK_TO_FILE_S", 0.0)
    (tmp_path / "outbox.sqlite").mkdir()  # no file can be opened here
    outbox = Outbox(tmp_path, BOOT)
    in_memory = outbox.spool
    put(outbox)
    (tmp_path / "outbox.sqlite").rmdir()
    put(outbox)
    assert outbox.spool == in_memory  # what is not held yet must not be left behind
    outbox.hold(2, HUB)
    assert put(outbox) == 1
    assert outbox.spool != in_memory
    assert outbox.trouble is None
    assert (tmp_path / "outbox.sqlite").is_file()
    outbox.close()


def test_a_file_of_another_program_version_is_set_aside(tmp_path: Path):
    with sqlite3.connect(tmp_path / "outbox.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    outbox = Outbox(tmp_path, BOOT)
    assert "another version" in (outbox.trouble or "")
    assert put(outbox) == 1
    outbox.close()
