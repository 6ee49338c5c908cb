"""Power cuts: the outbox killed at every write; cards with unsynced, torn or lost writes."""

import json
import os
import pickle
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from edge.outbox import Outbox
from edge.wire.messages import MAX_SEQ
from tests.edge.card import (
    PAGE_BYTES,
    Card,
    Op,
    everything,
    nothing,
    some,
    tear,
    used_pages,
)
from tests.edge.card_work import BOOT, HUB, put, zones
from tests.seeds import SEED

ROOT = Path(__file__).parents[2]
CHECKPOINT_PAGES = 256
Promised = dict[UUID, int]
"""Of each spool the highest seq that somebody was told."""


@pytest.fixture
def card_folder() -> Iterator[Path]:
    """In memory where there is such a place: here the syncs are what is tested, not the disk."""
    where = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="cheongsa-card-", dir=where))
    yield folder
    shutil.rmtree(folder)


def nobody(_spool: UUID, _seq: int) -> None:
    """A promise that nobody hears."""


def prepared(folder: Path, work: str) -> Path:
    """The folder in which `work` begins."""
    folder.mkdir()
    if work == "birth":
        return folder
    outbox = Outbox(folder, BOOT)
    while work == "damaged" or log_pages(folder) < CHECKPOINT_PAGES - 25:
        if put(outbox, nobody) == 300:
            break
    outbox.hold(outbox.newest - 2, HUB)
    if work == "day":  # left as a running node leaves it: with its log
        copy = folder.with_name(f"{folder.name}-running")
        shutil.copytree(folder, copy)
        outbox.close()
        return copy
    outbox.close()
    with (folder / "outbox.sqlite").open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(20_000))
    return folder


def log_pages(folder: Path) -> int:
    return (folder / "outbox.sqlite-wal").stat().st_size // (4096 + 24)


def card_work(*told: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.edge.card_work", *map(str, told)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def assert_kept(folder: Path, promised: Promised, *, set_aside: bool = False) -> None:
    """It opens, everything promised is there with its contents, and no seq is given twice."""
    with closing(Outbox(folder, BOOT)) as outbox:
        if set_aside:
            assert "damaged" in (outbox.trouble or "damaged")
        else:
            assert outbox.trouble is None
        told = promised.get(outbox.spool, 0)
        assert set(promised) <= {outbox.spool}
        assert outbox.newest >= told
        rows = outbox.load(list(range(1, outbox.newest + 1)))
        seqs = [row.seq for row in rows]
        assert seqs == list(range(seqs[0], outbox.newest + 1)) if seqs else not told
        assert all(row.zones == zones(row.seq) for row in rows)
        assert put(outbox, nobody) > told


@pytest.mark.parametrize("work", ["birth", "day", "damaged"])
def test_killed_at_every_write_nothing_promised_is_lost_and_no_seq_is_given_twice(
    card_folder: Path, work: str
):
    scratch = card_folder / "scratch"
    scratch.mkdir()
    told = card_work("kill", prepared(card_folder / work, work), scratch, work)
    points = [json.loads(line) for line in told.splitlines()]
    assert points[-1]["ended"]
    assert len(points) > {"birth": 60, "day": 120, "damaged": 30}[work]
    for point in points:
        assert_kept(Path(point["place"]), promises(point["promised"]), set_aside=work == "damaged")
        shutil.rmtree(point["place"])


def promises(lines: list[str]) -> Promised:
    return {UUID(spool): int(seq) for spool, seq in (line.split() for line in lines)}


@pytest.mark.parametrize("work", ["birth", "day"])
def test_a_card_whose_power_goes_keeps_what_was_promised_whatever_it_had_not_synced(
    card_folder: Path, work: str
):
    """Cut after every change; of the unsynced ones none, all, and a random half by sectors."""
    chance, ops, card = random.Random(SEED), *recorded(card_folder, work)
    promised: Promised = {}
    for nth, op in enumerate(ops):
        card.take(op)
        if op.kind == "promise":
            promised = {UUID(op.name): op.at}
        for how, lasts in enumerate((nothing, everything, some(chance))):
            place = card_folder / f"cut-{nth}-{how}"
            card.cut(place, lasts)
            assert_kept(place, promised)
            shutil.rmtree(place)
    assert sum(promised.values()) > 5


def recorded(folder: Path, work: str) -> tuple[list[Op], Card]:
    begin = prepared(folder / work, work)
    card = Card.of(begin)
    card_work("record", begin, work, folder / "ops")
    return pickle.loads((folder / "ops").read_bytes()), card


def test_the_cut_card_finds_an_outbox_that_does_not_sync(card_folder: Path):
    """The test of the test: without syncs a promise is broken at once."""
    ops, card = recorded(card_folder, "day")
    for op in ops:
        if op.kind != "sync":
            card.take(op)
    card.cut(card_folder / "cut", nothing)
    spool = next(UUID(op.name) for op in ops if op.kind == "promise")
    with pytest.raises(AssertionError):
        assert_kept(card_folder / "cut", {spool: max(op.at for op in ops if op.kind == "promise")})


def test_a_card_that_lies_about_its_syncs_holds_a_prefix_or_a_new_spool(card_folder: Path):
    """Everything since some moment is gone, though synced; no seq may then mean two windows."""
    chance, ops, card = random.Random(SEED), *recorded(card_folder, "day")
    for nth, op in enumerate(ops):
        card.take(op if op.kind != "sync" or chance.random() < 0.3 else Op("promise", ""))
        if nth % 5 == 0:
            card.cut(card_folder / "cut", some(chance))
            with closing(Outbox(card_folder / "cut", BOOT)) as outbox:
                rows = outbox.load(list(range(1, outbox.newest + 1)))
                assert outbox.trouble or all(row.zones == zones(row.seq) for row in rows)
                assert put(outbox, nobody) == outbox.newest
            shutil.rmtree(card_folder / "cut")


@pytest.mark.parametrize("torn", ["zeros", "noise", "an older page"])
def test_a_torn_page_is_noticed_or_its_rows_are_unreadable_but_never_wrong(
    card_folder: Path, torn: str
):
    chance, folder = random.Random(SEED), card_folder / "whole"
    with closing(Outbox(folder, BOOT)) as outbox:
        for _ in range(60):
            put(outbox, nobody)
    older = (folder / "outbox.sqlite").read_bytes()
    with closing(Outbox(folder, BOOT)) as outbox:
        for _ in range(60):
            put(outbox, nobody)
        outbox.hold(30, HUB)
        put(outbox, nobody)
    whole = (folder / "outbox.sqlite").read_bytes()
    for page in used_pages(whole):
        other = {
            "zeros": bytes(PAGE_BYTES),
            "noise": chance.randbytes(PAGE_BYTES),
            "an older page": older[page : page + PAGE_BYTES].ljust(PAGE_BYTES, b"\0"),
        }[torn]
        place = card_folder / "torn"
        place.mkdir()
        (place / "outbox.sqlite").write_bytes(tear(whole, page, other, chance))
        assert_honest(place)
        shutil.rmtree(place)


def assert_honest(folder: Path) -> None:
    """What it gives out is what was counted, or cannot be read, or a new spool began."""
    with closing(Outbox(folder, BOOT)) as outbox:
        rows = outbox.load(outbox.unheld(0, MAX_SEQ, settled_only=False))
        wrong = [row for row in rows if row.zones != zones(row.seq) and is_readable(row.zones)]
        assert wrong == []
        newest = outbox.newest
        assert put(outbox, nobody) == outbox.newest
        assert outbox.newest in (1, 122) or newest < 121  # a new spool, the true one, or an old one


def is_readable(text: bytes) -> bool:
    try:
        return bool(json.loads(text))
    except ValueError:
        return False
