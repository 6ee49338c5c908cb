"""The outbox on a card that really is full."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from edge.clock import Stamp
from edge.outbox import Outbox
from tests.disks import Disk, small_disk

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
BOOT, HUB = UUID(int=7), UUID(int=9)


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "card", megabytes=8) as mounted:
        yield mounted


def put(outbox: Outbox, size: int = 400) -> int:
    return outbox.append(b"x" * size, 1.0, 5.0, Stamp(NOON, True), NOON)


def test_counting_goes_on_for_an_hour_in_the_room_that_was_kept_free(card: Disk):
    with closing(Outbox(card.at, BOOT)) as outbox:
        spool = outbox.spool
        put(outbox)
        card.fill()
        seqs = [put(outbox) for _ in range(720)]
        assert (outbox.spool, outbox.trouble, seqs[-1]) == (spool, None, 721)


def test_what_is_held_makes_room_for_what_is_not(card: Disk):
    with closing(Outbox(card.at, BOOT)) as outbox:
        spool = outbox.spool
        for _ in range(6_000):  # held as they come: 3 MB, kept for a restored hub
            outbox.hold(put(outbox), HUB)
        card.fill()
        seqs = [put(outbox) for _ in range(5_000)]
        assert (outbox.spool, outbox.trouble, seqs[-1]) == (spool, None, 11_000)
        assert outbox.unheld(outbox.held, 9_999, settled_only=False) == seqs
        assert outbox.depth().dropped == 0


def test_beyond_that_counts_go_on_in_memory_and_the_file_keeps_its_own(card: Disk):
    with closing(Outbox(card.at, BOOT)) as outbox:
        spool = outbox.spool
        put(outbox)
        card.fill()
        last = 0
        while outbox.spool == spool:
            last = put(outbox, 4_000)
        assert last == 1  # of the spool in memory
        assert "memory only" in (outbox.trouble or "")
        assert put(outbox) == 2
    card.free()
    with closing(Outbox(card.at, BOOT)) as outbox:
        assert (outbox.spool, outbox.trouble) == (spool, None)
        kept = outbox.unheld(0, 99_999, settled_only=False)
        assert kept == list(range(1, len(kept) + 1))
        assert len(kept) > 100


def test_a_node_starts_on_a_full_card_and_its_counts_are_in_memory(card: Disk):
    card.fill()
    with closing(Outbox(card.at, BOOT)) as outbox:
        assert [put(outbox), put(outbox)] == [1, 2]
        assert "memory only" in (outbox.trouble or "")
