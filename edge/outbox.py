"""Store and forward in one SQLite file: a count survives no network and a power cut.

One row a window. `seq` comes from a counter in the same transaction, so it grows over reboots
and is never given twice, trimmed rows or not. WAL with synchronous=FULL costs one fsync a window:
what the hub holds is trimmed in the transaction that appends the next count.

A damaged file is set aside and a new spool begins. Where the file cannot be written (disk full,
read-only card) a spool of its own in memory takes over until it is empty and the file works
again; both are said in `trouble`. Which rows are sent when is the business of `edge.resend`.
"""

import fcntl
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final, TypeVar
from uuid import UUID, uuid4

from edge.clock import Stamp

log = logging.getLogger(__name__)
T = TypeVar("T")

SCHEMA_VERSION: Final = 1
_ROOM_BYTES: Final = 1_000_000  # kept free inside the file: 2,000 windows still fit a full disk
_MEMORY_BYTES: Final = 16_000_000
_CHECKED_BYTES: Final = 16_000_000  # a larger file would delay the first count; reads find damage
_BACK_TO_FILE_S: Final = 60.0
_DROP_SHARE: Final = 100  # a hundredth at a time
_DAMAGED: Final = frozenset(
    {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CONSTRAINT}
)

_SCHEMA: Final = """
BEGIN IMMEDIATE;
CREATE TABLE spool (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  spool TEXT NOT NULL,
  newest INTEGER NOT NULL DEFAULT 0,
  session INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE observed (
  seq INTEGER PRIMARY KEY,
  boot_id TEXT NOT NULL,
  start_mono_s REAL NOT NULL,
  start_us INTEGER NOT NULL,
  window_s REAL NOT NULL,
  synced INTEGER NOT NULL,
  frozen INTEGER NOT NULL,
  set_aside INTEGER NOT NULL DEFAULT 0,
  zones BLOB NOT NULL
) STRICT;
INSERT INTO spool (one, spool) VALUES (1, '{spool}');
CREATE TABLE room (filler BLOB);
INSERT INTO room VALUES (zeroblob({room}));
PRAGMA user_version = 1;
COMMIT;
"""


class OutboxBusyError(Exception):
    """Another node runs with this data folder. Stop it, or give EDGE_DATA_DIR another folder."""


class _Damaged(sqlite3.DatabaseError):
    """The file opens but is not a sound outbox."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is kept without an answer from the hub."""

    days: float = 7.0
    size_bytes: int = 256_000_000


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


class Outbox:
    """The queue between counting and the hub. Every method may be called from any thread."""

    def __init__(self, folder: Path, boot_id: UUID, limits: Limits = Limits()) -> None:
        """Open the outbox of `folder`, or make it. Raises OutboxBusyError."""
        self._path = folder / "outbox.sqlite"
        self.boot_id, self._limits = boot_id, limits
        self._lock = threading.RLock()
        self._held = 0
        self._memory_since_s: float | None = None
        self._said: str | None = None
        self._folder_lock = _lock_folder(folder)
        self._open()

    @property
    def spool(self) -> UUID:
        """Made with the file; another one means another count of seqs."""
        return self._spool

    @property
    def trouble(self) -> str | None:
        """One sentence for health: what is wrong with the storage and what to do."""
        return self._said

    @property
    def newest(self) -> int:
        """The highest seq ever given in this spool; 0 before the first."""
        return self._guarded(lambda: self._one("SELECT newest FROM spool"))

    def append(
        self, zones: bytes, start_mono_s: float, window_s: float, stamp: Stamp, now: datetime | None
    ) -> int:
        """Store one window; trim what is held, too old or too much. Returns its seq.

        Args:
            zones: JSON array of zone counts.
            start_mono_s: when the window began, on the monotonic clock.
            window_s: its length.
            stamp: its time as well as it is known; final when synced.
            now: UTC where the clock can be trusted, else None: then nothing is too old.
        """
        with self._lock:
            self._back_to_file()
            row = (str(self.boot_id), start_mono_s, _us(stamp.at), window_s, stamp.synced)
            return self._guarded(lambda: self._append((*row, stamp.synced, zones), now))

    def unheld(self, held: int, limit: int, *, settled_only: bool) -> list[int]:
        """The lowest seqs above `held`, ascending.

        With `settled_only` it stops before the first window of this boot whose time is open.
        """
        with self._lock:
            rows = self._guarded(lambda: self._unheld(held, limit))
        seqs = []
        for seq, frozen, boot_id in rows:
            if settled_only and not frozen and boot_id == str(self.boot_id):
                break
            seqs.append(seq)
        return seqs

    def load(self, seqs: Sequence[int]) -> list[Row]:
        """The windows of `seqs` that are still there, ascending."""
        with self._lock:
            return self._guarded(lambda: self._load(seqs))

    def freeze(self, stamps: Sequence[tuple[int, Stamp]]) -> None:
        """Fix the time of windows before they are first sent: (seq, time)."""
        if stamps:
            with self._lock:
                self._guarded(lambda: self._freeze(stamps))

    def set_aside(self, seq: int) -> None:
        """Keep a window but send it no more; what is below the next one counts as given up."""
        with self._lock:
            self._guarded(
                lambda: self._write("UPDATE observed SET set_aside = 1 WHERE seq = ?", (seq,))
            )

    def hold(self, seq: int) -> None:
        """Everything up to `seq` is stored by the hub; it is trimmed with the next append."""
        with self._lock:
            self._held = seq

    def oldest(self) -> int:
        """The lowest seq still to be held; one above the newest when there is none."""
        with self._lock:
            return self._guarded(self._oldest)

    def depth(self) -> Depth:
        """How much waits, since when, and what was given up."""
        with self._lock:
            return self._guarded(self._depth)

    def next_session(self, unix_s: float) -> int:
        """A number for the next connection, above every earlier one.

        It is at least the Unix time, so that it also grows over a new card.
        """
        with self._lock:
            return self._guarded(lambda: self._next_session(int(unix_s)))

    def begin_spool(self) -> None:
        """Drop everything and count on under a new id: the hub holds more than this file made."""
        with self._lock:
            self._guarded(self._begin_spool)
            self._held = 0

    def close(self) -> None:
        """Trim what is held and let go of the file."""
        with self._lock:
            with suppress(sqlite3.Error):
                self._write("DELETE FROM observed WHERE seq <= ? AND NOT set_aside", (self._held,))
            self._db.close()
            if self._folder_lock:
                self._folder_lock.close()

    # The statements. Each runs under the lock and inside _guarded.

    def _append(self, row: tuple[object, ...], now: datetime | None) -> int:
        with _transaction(self._db):
            self._trim(now)
            seq = self._one("UPDATE spool SET newest = newest + 1 RETURNING newest")
            self._db.execute(
                "INSERT INTO observed (seq, boot_id, start_mono_s, start_us, window_s, synced,"
                " frozen, zones) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (seq, *row),
            )
        return seq

    def _trim(self, now: datetime | None) -> None:
        self._db.execute("DELETE FROM observed WHERE seq <= ? AND NOT set_aside", (self._held,))
        if now is not None:
            limit = _us(now - timedelta(days=self._limits.days))
            self._drop("synced AND start_us < ?", (limit,))
        if self._used_bytes() > self._most_bytes:
            self._drop(
                "seq IN (SELECT seq FROM observed ORDER BY seq"
                " LIMIT (SELECT max(1, count(*) / ?) FROM observed))",
                (_DROP_SHARE,),
            )

    def _drop(self, where: str, values: tuple[object, ...]) -> None:
        cursor = self._db.execute(f"DELETE FROM observed WHERE {where}", values)  # noqa: S608
        if cursor.rowcount:
            self._db.execute("UPDATE spool SET dropped = dropped + ?", (cursor.rowcount,))
            log.warning("counts given up", extra={"rows": cursor.rowcount})

    def _used_bytes(self) -> int:
        pages = self._one("PRAGMA page_count") - self._one("PRAGMA freelist_count")
        return pages * self._one("PRAGMA page_size")

    def _unheld(self, held: int, limit: int) -> list[tuple[int, bool, str]]:
        return self._db.execute(
            "SELECT seq, frozen, boot_id FROM observed"
            " WHERE seq > ? AND NOT set_aside ORDER BY seq LIMIT ?",
            (held, limit),
        ).fetchall()

    def _load(self, seqs: Sequence[int]) -> list[Row]:
        rows = self._db.execute(
            "SELECT seq, boot_id, start_mono_s, start_us, synced, window_s, frozen, zones"
            "  FROM observed WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq",
            (json.dumps(list(seqs)),),
        )
        return [
            Row(seq, UUID(boot), mono_s, Stamp(_at(us), bool(synced)), window_s, bool(frozen), zone)
            for seq, boot, mono_s, us, synced, window_s, frozen, zone in rows
            if _is_uuid(boot)
        ]

    def _freeze(self, stamps: Sequence[tuple[int, Stamp]]) -> None:
        with _transaction(self._db):
            self._db.executemany(
                "UPDATE observed SET start_us = ?, synced = ?, frozen = 1"
                " WHERE seq = ? AND NOT frozen",  # a time once told stays
                [(_us(stamp.at), stamp.synced, seq) for seq, stamp in stamps],
            )

    def _oldest(self) -> int:
        return self._one(
            "SELECT coalesce((SELECT min(seq) FROM observed WHERE seq > ? AND NOT set_aside),"
            " (SELECT newest + 1 FROM spool))",
            (self._held,),
        )

    def _depth(self) -> Depth:
        rows, oldest_us = self._db.execute(
            "SELECT count(*), min(start_us) FROM observed WHERE seq > ? AND NOT set_aside",
            (self._held,),
        ).fetchone()
        return Depth(
            rows=rows,
            oldest_at=None if oldest_us is None else _at(oldest_us),
            dropped=self._one("SELECT dropped FROM spool"),
            set_aside=self._one("SELECT count(*) FROM observed WHERE set_aside"),
        )

    def _next_session(self, unix_s: int) -> int:
        return self._one(
            "UPDATE spool SET session = max(session + 1, ?) RETURNING session", (unix_s,)
        )

    def _begin_spool(self) -> None:
        self._spool = uuid4()
        with _transaction(self._db):
            self._db.execute("DELETE FROM observed")
            self._db.execute("UPDATE spool SET spool = ?, newest = 0", (str(self._spool),))
        self._said = "The hub held counts this outbox had lost: a new spool was begun."
        log.error("spool begun anew", extra={"spool": str(self._spool)})

    def _one(self, statement: str, values: tuple[object, ...] = ()) -> int:
        return self._db.execute(statement, values).fetchone()[0]

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        self._db.execute(statement, values)

    # Opening, and what happens when the file fails.

    def _guarded(self, act: Callable[[], T]) -> T:
        """Run `act`; on a damaged or unwritable file bring another spool and run it there."""
        with self._lock:
            try:
                return self._retried(act)
            except sqlite3.Error as error:
                if self._memory_since_s is not None:
                    raise
                self._give_up_file(error)
                return act()

    def _retried(self, act: Callable[[], T]) -> T:
        """Run `act`; on a full disk empty the write-ahead log into the file, and once more."""
        try:
            return act()
        except sqlite3.Error as error:
            if _is_damage(error) or self._memory_since_s is not None:
                raise
            self._db.execute("PRAGMA wal_checkpoint(RESTART)")
            return act()

    def _open(self) -> None:
        try:
            self._use(self._open_file())
        except sqlite3.Error as error:
            self._give_up_file(error)

    def _give_up_file(self, error: sqlite3.Error) -> None:
        with suppress(sqlite3.Error, AttributeError):
            self._db.close()
        if _is_damage(error):
            self._set_file_aside(error)
            try:
                return self._use(self._open_file())
            except sqlite3.Error as again:
                error = again
        return self._use_memory(error)

    def _open_file(self) -> sqlite3.Connection:
        db = _connect(str(self._path))
        try:
            _prepare(db, self._path)
        except sqlite3.Error:
            db.close()
            raise
        self._most_bytes = self._limits.size_bytes
        self._memory_since_s = None
        return db

    def _use(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._spool = UUID(db.execute("SELECT spool FROM spool").fetchone()[0])
        self._held = 0

    def _use_memory(self, error: sqlite3.Error) -> None:
        db = _connect(":memory:")
        db.executescript(_SCHEMA.format(spool=uuid4(), room=0))
        self._most_bytes = min(_MEMORY_BYTES, self._limits.size_bytes)
        self._memory_since_s = time.monotonic()
        self._use(db)
        self._said = (
            f"Counts are kept in memory only: {self._path.name} cannot be written ({error}). "
            "Free space on the card, or replace it."
        )
        log.error("outbox in memory", extra={"error": str(error), "path": str(self._path)})

    def _back_to_file(self) -> None:
        """Leave memory for the file once everything in memory is held and the file works."""
        since_s = self._memory_since_s
        if since_s is None or time.monotonic() - since_s < _BACK_TO_FILE_S or self._depth().rows:
            return
        self._memory_since_s = time.monotonic()
        with suppress(sqlite3.Error):
            file = self._open_file()
            self._db.close()
            self._use(file)
            self._said = None
            log.info("outbox back on disk", extra={"path": str(self._path)})

    def _set_file_aside(self, error: sqlite3.Error) -> None:
        """Rename the damaged file and its journal; keep only the newest such pair."""
        for old in self._path.parent.glob("damaged-*"):
            old.unlink(missing_ok=True)
        when = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        aside = self._path.with_name(f"damaged-{when}-{self._path.name}")
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{self._path}{suffix}").rename(f"{aside}{suffix}")
        self._said = f"The outbox was damaged ({error}); it lies in {aside.name}, a new one began."
        log.error("outbox set aside", extra={"error": str(error), "path": str(aside)})


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


class _File(sqlite3.Connection):
    """A connection whose every complaint is a sqlite3.Error.

    SQLite quotes a damaged schema in its message; where that is no UTF-8, Python raises
    UnicodeDecodeError in its place.
    """

    def execute(self, *told: Any) -> sqlite3.Cursor:
        """As sqlite3.Connection.execute."""
        try:
            return super().execute(*told)
        except UnicodeDecodeError as error:
            raise _Damaged("its schema is garbled") from error


def _connect(path: str) -> sqlite3.Connection:
    return sqlite3.connect(
        path, timeout=5.0, isolation_level=None, check_same_thread=False, factory=_File
    )


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """Set the pragmas, make the schema if there is none, look for damage. Raises sqlite3.Error."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")  # a commit is on the card before a seq is told
    db.execute("PRAGMA wal_autocheckpoint = 256")  # 1 MiB: a small log is soon read after a cut
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        db.executescript(_SCHEMA.format(spool=uuid4(), room=_ROOM_BYTES))
    elif version != SCHEMA_VERSION:
        raise _Damaged(f"made by another version of the program: {version}")
    db.execute("DELETE FROM room")  # its pages stay in the file, free
    if path.stat().st_size <= _CHECKED_BYTES:
        verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise _Damaged(verdict)
    highest = db.execute("SELECT coalesce(max(seq), 0) FROM observed").fetchone()[0]
    row = db.execute("SELECT spool, newest FROM spool").fetchone()
    if row is None or not _is_uuid(row[0]) or row[1] < highest:
        raise _Damaged("its id or its counter is not sound")


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _is_damage(error: sqlite3.Error) -> bool:
    if isinstance(error, _Damaged):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    lost_table = code == sqlite3.SQLITE_ERROR  # "no such table": the file is not ours any more
    return lost_table or (code is not None and code & 0xFF in _DAMAGED)


def _lock_folder(folder: Path) -> IO[bytes] | None:
    """Hold the folder for this process. Raises OutboxBusyError.

    None where nothing can be written there: the counts will be in memory anyway.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "outbox.lock").open("wb")
    except OSError as error:
        log.error("data folder cannot be written", extra={"error": str(error)})  # noqa: TRY400
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise OutboxBusyError(
            f"Another node runs with the data folder {folder}. Stop it, or give EDGE_DATA_DIR."
        ) from error
    return file


def _us(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _at(us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=us)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
