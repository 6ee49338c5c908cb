"""The outbox of a node: a spool in a file, and what happens when the file fails.

A damaged file is set aside and a new spool begins. Where the file cannot be written (disk full,
read-only card) a spool of its own in memory takes over until it is empty and the file works
again; both are said in `trouble`.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

from edge.clock import Stamp
from edge.outbox import file
from edge.outbox.spool import USUAL, Depth, Limits, Row, Spool, us_of

log = logging.getLogger(__name__)
T = TypeVar("T")

_MEMORY_BYTES: Final = 16_000_000
_BACK_TO_FILE_S: Final = 60.0


class Outbox:
    """The queue between counting and the hub. Every method may be called from any thread."""

    def __init__(self, folder: Path, boot_id: UUID, limits: Limits = USUAL) -> None:
        """Open the outbox of `folder`, or make it. Raises OutboxBusyError."""
        self._path = folder / "outbox.sqlite"
        self.boot_id, self._limits = boot_id, limits
        self._lock = threading.RLock()
        self._memory_since_s: float | None = None
        self._said: str | None = None
        self._folder_lock = file.lock_folder(folder)
        self._open()
        self._first_here = self.newest + 1

    @property
    def spool(self) -> UUID:
        """Made with the file; another one means another count of seqs."""
        return self._spool.id

    @property
    def trouble(self) -> str | None:
        """One sentence for health: what is wrong with the storage and what to do."""
        return self._said

    @property
    def newest(self) -> int:
        """The highest seq ever given in this spool; 0 before the first."""
        return self._guarded(lambda spool: spool.newest)

    @property
    def held(self) -> int:
        """The hub's mark: everything up to it is stored there."""
        return self._spool.held

    @property
    def epoch(self) -> UUID | None:
        """The hub that said so; None before the first mark."""
        return self._spool.epoch

    @property
    def first_here(self) -> int:
        """The first seq that this process gave, or will give: no earlier life has told it."""
        return self._first_here

    def append(
        self, zones: bytes, start_mono_s: float, window_s: float, stamp: Stamp, now: datetime | None
    ) -> int:
        """Store one window; trim what is held for long, too old or too much. Returns its seq.

        Args:
            zones: JSON array of zone counts.
            start_mono_s: when the window began, on the monotonic clock.
            window_s: its length.
            stamp: its time as well as it is known; final when synced.
            now: UTC where the clock can be trusted, else None: then nothing is too old.
        """
        synced = stamp.synced
        row = (str(self.boot_id), start_mono_s, us_of(stamp.at), window_s, synced, synced, zones)
        with self._lock:
            self._back_to_file()
            return self._guarded(lambda spool: spool.append(row, now))

    def unheld(self, held: int, limit: int, *, settled_only: bool) -> list[int]:
        """The lowest seqs above `held`, ascending.

        With `settled_only` it stops before the first window of this boot whose time is open.
        """
        rows = self._guarded(lambda spool: spool.unheld(held, limit))
        seqs = []
        for seq, frozen, boot_id in rows:
            if settled_only and not frozen and boot_id == str(self.boot_id):
                break
            seqs.append(seq)
        return seqs

    def latest(self) -> int | None:
        """The newest seq whose time is settled; None where there is none."""
        return self._guarded(Spool.latest)

    def load(self, seqs: Sequence[int]) -> list[Row]:
        """The windows of `seqs` that are still there, ascending."""
        return self._guarded(lambda spool: spool.load(seqs))

    def freeze(self, stamps: Sequence[tuple[int, Stamp]]) -> None:
        """Fix the time of windows before they are first sent: (seq, time)."""
        if stamps:
            self._guarded(lambda spool: spool.freeze(stamps))

    def set_aside(self, seq: int) -> None:
        """Keep a window but send it no more; what is below the next one counts as given up."""
        self._guarded(lambda spool: spool.set_aside(seq))

    def hold(self, seq: int, epoch: UUID | None) -> None:
        """Everything up to `seq` is stored by the hub of `epoch`; kept for about a day more."""
        with self._lock:
            self._spool.held, self._spool.epoch = seq, epoch

    def oldest(self) -> int:
        """The seq below which nothing will ever come (again); above the newest: nothing waits."""
        return self._guarded(Spool.oldest)

    def depth(self) -> Depth:
        """How much waits, since when, and what was given up."""
        return self._guarded(Spool.depth)

    def next_session(self, unix_s: float) -> int:
        """A number for the next connection, above every earlier one.

        It is at least the Unix time, so that it also grows over a new card.
        """
        return self._guarded(lambda spool: spool.next_session(int(unix_s)))

    def begin_spool(self, first: int, why: str) -> None:
        """Count on under a new id with the windows from `first` on; `why` is said in health."""
        with self._lock:
            self._guarded(lambda spool: spool.begin_anew(first))
            self._first_here = 1
            self._said = why
        log.error("spool begun anew", extra={"spool": str(self.spool), "why": why})

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._spool.close()
            if self._folder_lock:
                self._folder_lock.close()

    # What happens when the file fails.

    def _guarded(self, act: Callable[[Spool], T]) -> T:
        """Run `act`; on a damaged or unwritable file bring another spool and run it there."""
        with self._lock:
            try:
                return self._retried(act)
            except sqlite3.Error as error:
                if self._memory_since_s is not None:
                    raise
                self._give_up_file(error)
                return act(self._spool)

    def _retried(self, act: Callable[[Spool], T]) -> T:
        """Run `act`; on a full disk make room inside the file, and once more.

        What the hub holds is only kept for a restored hub: it goes, until the program restarts.
        """
        try:
            return act(self._spool)
        except sqlite3.Error as error:
            if file.is_damage(error) or self._memory_since_s is not None:
                raise
            self._spool.kept = 0
            file.give_room(self._path)
            self._spool.db.execute("PRAGMA wal_checkpoint(RESTART)")
            return act(self._spool)

    def _open(self) -> None:
        try:
            self._use_file()
        except sqlite3.Error as error:
            self._give_up_file(error)

    def _use_file(self) -> None:
        self._spool = Spool(file.open_file(self._path), self._limits)
        file.keep_room(self._path)
        self._memory_since_s = None

    def _give_up_file(self, error: sqlite3.Error) -> None:
        with suppress(sqlite3.Error, AttributeError):
            self._spool.db.close()
        if file.is_damage(error):
            self._set_file_aside(error)
            try:
                self._use_file()
            except sqlite3.Error as again:
                error = again
            else:
                self._first_here = 1
                return
        self._use_memory(error)

    def _use_memory(self, error: sqlite3.Error) -> None:
        limits = Limits(self._limits.days, min(_MEMORY_BYTES, self._limits.size_bytes))
        self._spool = Spool(file.open_memory(), limits, kept=0)
        self._memory_since_s = time.monotonic()
        self._first_here = 1
        self._said = (
            f"Counts are kept in memory only: {self._path.name} cannot be written ({error}). "
            "Free space on the card, or replace it."
        )
        log.error("outbox in memory", extra={"error": str(error), "path": str(self._path)})

    def _back_to_file(self) -> None:
        """Leave memory for the file once everything in memory is held and the file works."""
        since_s = self._memory_since_s
        if since_s is None or time.monotonic() - since_s < _BACK_TO_FILE_S or self.depth().rows:
            return
        self._memory_since_s = time.monotonic()
        in_memory = self._spool
        with suppress(sqlite3.Error):
            self._use_file()
            in_memory.close()
            self._first_here = self.newest + 1
            self._said = None
            log.info("outbox back on disk", extra={"path": str(self._path)})

    def _set_file_aside(self, error: sqlite3.Error) -> None:
        aside = file.set_aside(self._path)
        self._said = f"The outbox was damaged ({error}); it lies in {aside.name}, a new one began."
        log.error("outbox set aside", extra={"error": str(error), "path": str(aside)})
