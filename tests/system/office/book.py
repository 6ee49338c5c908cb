"""A node's own words about what it makes, written where no fault of the node's can reach them.

Each line is one write to a file opened for appending, so it outlives a `kill -9`. A line before
the outbox commits and one after leave no doubt: the doubt in between (killed in the very moment)
is settled by the counter of the outbox when it is opened again; see `ledger`.
"""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from edge.clock import Stamp
from edge.outbox import Limits, Outbox

DEFAULT = Limits()


class Book:
    """The file of one node."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def write(self, **line: Any) -> None:
        os.write(self._file, json.dumps(line, separators=(",", ":")).encode() + b"\n")


class BookedOutbox(Outbox):
    """The real outbox; every seq it hands out is in the book, with what was counted."""

    book: Book

    def __init__(self, folder: Path, boot_id: UUID, limits: Limits = DEFAULT) -> None:
        super().__init__(folder, boot_id, limits)
        self.book.write(opened=str(self.spool), newest=self.newest)

    def append(
        self, zones: bytes, start_mono_s: float, window_s: float, stamp: Stamp, now: datetime | None
    ) -> int:
        with self._lock:
            counted = {zone["zone"]: zone["people"] for zone in json.loads(zones)}
            end_s = stamp.at.timestamp() + window_s
            self.book.write(makes=str(self.spool), end_s=end_s, people=counted)
            seq = super().append(zones, start_mono_s, window_s, stamp, now)
            self.book.write(made=str(self.spool), seq=seq)
        return seq

    def freeze(self, stamps: Sequence[tuple[int, Stamp]]) -> None:
        """A window's time is known only now: the book has both."""
        super().freeze(stamps)
        at = dict(stamps)
        for row in self.load(list(at)):
            people = {zone["zone"]: zone["people"] for zone in json.loads(row.zones)}
            self.book.write(settled_s=at[row.seq].at.timestamp() + row.window_s, people=people)
