"""One spool: the rows of an outbox and what may be asked of them, on one open SQLite database.

A spool gives each window a `seq` from a counter in the same transaction, so it grows over
reboots and is never given twice. What the hub holds is kept for about a day all the same: a hub
that was restored from last night's backup gets it again.

Nothing here opens files, takes locks or knows what to do about an error: `edge.outbox.outbox`.
"""

import json
import logging
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from edge.clock import Stamp

log = logging.getLogger(__name__)

KEPT_HELD: Final = 20_000  # windows: 27 hours of 5 s, so that a nightly backup loses none
_TRIM_MOST: Final = 500  # held windows a transaction, so that no append takes long
_DROP_SHARE: Final = 100  # a hundredth at a time


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is kept without an answer from the hub."""

    days: float = 7.0
    size_bytes: int = 256_000_000


USUAL: Final = Limits()


@dataclass(frozen=True, slots=True)
class Row:
    """One window as stored. `zones` is the JSON array of its zone counts."""

    seq: int
    boot_id: UUID
    start_mono_s: float
    stamp: Stamp
    window_s: float
    frozen: bool
    """The time was told to the hub once, or was certain when stored: it stays."""
    zones: bytes


@dataclass(frozen=True, slots=True)
class Depth:
    """What health says of the outbox."""

    rows: int
    oldest_at: datetime | None
    dropped: int
    set_aside: int


class Spool:
    """The rows of `db`. Every method may raise sqlite3.Error.

    `held` and `epoch` are the hub's mark; they are written with the next append.
    """

    def __init__(self, db: sqlite3.Connection, limits: Limits, *, kept: int | None = None) -> None:
        """Read the spool of a prepared database. `kept`: of what is held, so many windows stay."""
        self.db, self.limits = db, limits
        self.kept = KEPT_HELD if kept is None else kept
        spool, held, epoch = db.execute("SELECT spool, held, epoch FROM spool").fetchone()
        self.id = UUID(spool)
        self.held: int = held
        self.epoch = UUID(epoch) if epoch else None

    @property
    def newest(self) -> int:
        """The highest seq ever given; 0 before the first."""
        return self._one("SELECT newest FROM spool")

    def append(self, row: tuple[object, ...], now: datetime | None) -> int:
        """Trim, and store (boot_id, start_mono_s, start_us, window_s, synced, frozen, zones)."""
        with _transaction(self.db):
            self._trim(now)
            seq = self._one(
                "UPDATE spool SET newest = newest + 1, held = ?, epoch = ? RETURNING newest",
                self._mark(),
            )
            self.db.execute(
                "INSERT INTO observed (seq, boot_id, start_mono_s, start_us, window_s, synced,"
                " frozen, zones) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (seq, *row),
            )
        return seq

    def unheld(self, held: int, limit: int) -> list[tuple[int, bool, str]]:
        """(seq, frozen, boot_id) of the lowest seqs above `held`, ascending."""
        return self.db.execute(
            "SELECT seq, frozen, boot_id FROM observed"
            " WHERE seq > ? AND NOT set_aside ORDER BY seq LIMIT ?",
            (held, limit),
        ).fetchall()

    def latest(self) -> int | None:
        """The newest seq, if its time is settled."""
        row = self.db.execute(
            "SELECT seq, frozen AND NOT set_aside FROM observed ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        return row[0] if row and row[1] and row[0] > self.held else None

    def load(self, seqs: Sequence[int]) -> list[Row]:
        """The windows of `seqs` that are still there and whose boot can be read, ascending."""
        rows = self.db.execute(
            "SELECT seq, boot_id, start_mono_s, start_us, synced, window_s, frozen, zones"
            "  FROM observed WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq",
            (json.dumps(list(seqs)),),
        )
        return [
            Row(seq, UUID(boot), mono_s, Stamp(_at(us), bool(synced)), window_s, bool(frozen), zone)
            for seq, boot, mono_s, us, synced, window_s, frozen, zone in rows
            if is_uuid(boot)
        ]

    def freeze(self, stamps: Sequence[tuple[int, Stamp]]) -> None:
        """Fix the time of windows: (seq, time)."""
        with _transaction(self.db):
            self.db.executemany(
                "UPDATE observed SET start_us = ?, synced = ?, frozen = 1"
                " WHERE seq = ? AND NOT frozen",  # a time once told stays
                [(us_of(stamp.at), stamp.synced, seq) for seq, stamp in stamps],
            )

    def set_aside(self, seq: int) -> None:
        """Keep a window but send it no more."""
        self.db.execute("UPDATE observed SET set_aside = 1 WHERE seq = ?", (seq,))

    def oldest(self) -> int:
        """The seq below which nothing will ever come (again).

        Where the lowest unheld window follows the mark, that is the lowest one kept: a restored
        hub may ask for it. Where something between them was given up, it is the lowest unheld.
        """
        lowest = self._one(
            "SELECT coalesce((SELECT min(seq) FROM observed WHERE seq > ? AND NOT set_aside),"
            " (SELECT newest + 1 FROM spool))",
            (self.held,),
        )
        if lowest > self.held + 1:
            return lowest
        return self._one(
            "SELECT coalesce((SELECT min(seq) FROM observed WHERE NOT set_aside), ?)", (lowest,)
        )

    def depth(self) -> Depth:
        """How much waits, since when, and what was given up."""
        rows, oldest_us = self.db.execute(
            "SELECT count(*), min(start_us) FROM observed WHERE seq > ? AND NOT set_aside",
            (self.held,),
        ).fetchone()
        return Depth(
            rows=rows,
            oldest_at=None if oldest_us is None else _at(oldest_us),
            dropped=self._one("SELECT dropped FROM spool"),
            set_aside=self._one("SELECT count(*) FROM observed WHERE set_aside"),
        )

    def next_session(self, unix_s: int) -> int:
        """A number above every earlier one, and at least `unix_s`."""
        return self._one(
            "UPDATE spool SET session = max(session + 1, ?) RETURNING session", (unix_s,)
        )

    def begin_anew(self, first: int) -> None:
        """Count on under a new id with the windows from `first` on; those before it are gone."""
        new = uuid4()
        with _transaction(self.db):
            self._drop("seq < ?", (first,))
            self.db.execute("UPDATE observed SET seq = ? - seq", (first - 1,))  # below every seq
            self.db.execute("UPDATE observed SET seq = -seq")
            self.db.execute(
                "UPDATE spool SET spool = ?, newest = max(newest - ?, 0), held = 0, epoch = NULL",
                (str(new), first - 1),
            )
        self.id, self.held, self.epoch = new, 0, None

    def close(self) -> None:
        """Write the mark down and let go of the database."""
        with suppress(sqlite3.Error):
            self.db.execute("UPDATE spool SET held = ?, epoch = ?", self._mark())
        self.db.close()

    def _mark(self) -> tuple[int, str | None]:
        return self.held, str(self.epoch) if self.epoch else None

    def _trim(self, now: datetime | None) -> None:
        self.db.execute(
            "DELETE FROM observed WHERE seq IN (SELECT seq FROM observed"
            " WHERE seq <= ? AND NOT set_aside ORDER BY seq LIMIT ?)",
            (self.held - self.kept, _TRIM_MOST),
        )
        if now is not None:
            limit = us_of(now - timedelta(days=self.limits.days))
            self._drop("synced AND start_us < ?", (limit,))
        if self._used_bytes() > self.limits.size_bytes:
            self._drop(
                "seq IN (SELECT seq FROM observed ORDER BY seq"
                " LIMIT (SELECT max(1, count(*) / ?) FROM observed))",
                (_DROP_SHARE,),
            )

    def _drop(self, where: str, values: tuple[object, ...]) -> None:
        """Delete, and count what the hub did not hold."""
        gone = self.db.execute(
            f"DELETE FROM observed WHERE {where} RETURNING seq",  # noqa: S608
            values,
        ).fetchall()
        if rows := sum(seq > self.held for (seq,) in gone):
            self.db.execute("UPDATE spool SET dropped = dropped + ?", (rows,))
            log.warning("counts given up", extra={"rows": rows})

    def _used_bytes(self) -> int:
        pages = self._one("PRAGMA page_count") - self._one("PRAGMA freelist_count")
        return pages * self._one("PRAGMA page_size")

    def _one(self, statement: str, values: tuple[object, ...] = ()) -> int:
        return self.db.execute(statement, values).fetchone()[0]


class _transaction:  # noqa: N801 - reads as a statement
    """BEGIN IMMEDIATE ... COMMIT, or ROLLBACK when anything was raised."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            try:
                self._db.execute("COMMIT")
            except sqlite3.Error:
                self._roll_back()
                raise
        else:
            self._roll_back()

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):  # SQLite has rolled back by itself after a full disk
            self._db.execute("ROLLBACK")


def is_uuid(text: str) -> bool:
    """Whether `text` is the id of a boot or a spool."""
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def us_of(at: datetime) -> int:
    """Microseconds since 1970: a time as it is stored."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def _at(us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=us)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
