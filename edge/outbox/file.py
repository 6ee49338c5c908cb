"""Open an outbox's SQLite file, look whether it is sound, set a damaged one aside.

WAL with synchronous=FULL: a commit is on the card before its seq can be told to anybody.
"""

import fcntl
import logging
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final
from uuid import uuid4

from edge.outbox.spool import is_uuid

log = logging.getLogger(__name__)

SCHEMA_VERSION: Final = 2
ROOM_BYTES: Final = 1_000_000  # kept free inside the file: 2,000 windows still fit a full disk
_CHECKED_BYTES: Final = 16_000_000  # a larger file would delay the first count; reads find damage
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
  dropped INTEGER NOT NULL DEFAULT 0,
  held INTEGER NOT NULL DEFAULT 0,
  epoch TEXT
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
PRAGMA user_version = 2;
COMMIT;
"""


_FROM_1_TO_2: Final = """
BEGIN IMMEDIATE;
ALTER TABLE spool ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spool ADD COLUMN epoch TEXT;
PRAGMA user_version = 2;
COMMIT;
"""


class OutboxBusyError(Exception):
    """Another node runs with this data folder. Stop it, or give EDGE_DATA_DIR another folder."""


class _Damaged(sqlite3.DatabaseError):
    """The file opens but is not a sound outbox."""


def open_file(path: Path) -> sqlite3.Connection:
    """A sound outbox at `path`, made where there is none. Raises sqlite3.Error."""
    db = _connect(str(path))
    try:
        _prepare(db, path)
    except sqlite3.Error:
        db.close()
        raise
    return db


def keep_room(path: Path) -> None:
    """Keep space beside the file for the day when the disk is full."""
    room = path.with_suffix(".room")
    with suppress(OSError):
        if not room.exists():
            room.write_bytes(bytes(ROOM_BYTES))


def give_room(path: Path) -> None:
    """Give that space to SQLite: it has to empty its log before it can use what it frees."""
    with suppress(OSError):
        path.with_suffix(".room").unlink()


def open_memory() -> sqlite3.Connection:
    """An outbox that lives as long as the process."""
    db = _connect(":memory:")
    db.executescript(_SCHEMA.format(spool=uuid4(), room=0))
    return db


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is broken, and not only full, locked or out of reach."""
    if isinstance(error, _Damaged):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    lost_table = code == sqlite3.SQLITE_ERROR  # "no such table": the file is not ours any more
    return lost_table or (code is not None and code & 0xFF in _DAMAGED)


def set_aside(path: Path) -> Path:
    """Rename a damaged file and its journal; keep only the newest such pair."""
    for old in path.parent.glob("damaged-*"):
        old.unlink(missing_ok=True)
    when = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"damaged-{when}-{path.name}")
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):
            Path(f"{path}{suffix}").rename(f"{aside}{suffix}")
    return aside


def lock_folder(folder: Path) -> IO[bytes] | None:
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
        db.executescript(_SCHEMA.format(spool=uuid4(), room=ROOM_BYTES))
    elif version == 1:
        db.executescript(_FROM_1_TO_2)
    elif version != SCHEMA_VERSION:
        raise _Damaged(f"made by another version of the program: {version}")
    db.execute("DELETE FROM room")  # its pages stay in the file, free
    if path.stat().st_size <= _CHECKED_BYTES:
        verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise _Damaged(verdict)
    highest = db.execute("SELECT coalesce(max(seq), 0) FROM observed").fetchone()[0]
    row = db.execute("SELECT spool, newest, held, epoch FROM spool").fetchone()
    if row is None or not is_uuid(row[0]) or row[1] < max(highest, row[2]):
        raise _Damaged("its id or its counter is not sound")
    if row[3] is not None and not is_uuid(row[3]):
        raise _Damaged("its id or its counter is not sound")
