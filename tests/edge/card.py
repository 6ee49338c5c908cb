"""A memory card under SQLite on which every write is seen before it happens.

SQLite reaches the disk through a table of functions, its VFS (sqlite.org/vfs.html). `watch` puts
a copy of the machine's own table in its place in which write, sync, truncate and delete are
first told to a listener: the way SQLite's own crash tests work (sqlite.org/testing.html, 3.3).
Everything in this process that opens a database from then on is watched.
"""

import _sqlite3
import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final, Literal

Kind = Literal["write", "sync", "truncate", "delete", "promise"]
SECTOR_BYTES: Final = 512  # what a card writes as one
PAGE_BYTES: Final = 4096  # of SQLite


@dataclass(frozen=True, slots=True)
class Op:
    """One change of a file; `at` is its offset, or the length that is left by a truncation.

    A "promise" is none: at this place somebody was told that a count is safe; `at` is its seq.
    """

    kind: Kind
    name: str
    at: int = 0
    data: bytes = b""


_P = ctypes.c_void_p
_INT = ctypes.c_int
_I64 = ctypes.c_int64
_OPEN = ctypes.CFUNCTYPE(_INT, _P, _P, _P, _INT, _P)  # the path by address: SQLite keeps it
_DELETE = ctypes.CFUNCTYPE(_INT, _P, ctypes.c_char_p, _INT)
_WRITE = ctypes.CFUNCTYPE(_INT, _P, _P, _INT, _I64)
_TRUNCATE = ctypes.CFUNCTYPE(_INT, _P, _I64)
_SYNC = ctypes.CFUNCTYPE(_INT, _P, _INT)


class _Vfs(ctypes.Structure):
    """struct sqlite3_vfs, sqlite3.h."""

    _fields_ = [
        ("version", _INT), ("file_bytes", _INT), ("path_most", _INT), ("next", _P),
        ("name", ctypes.c_char_p), ("app_data", _P), ("open", _P), ("delete", _P),
        ("rest", _P * 13),
    ]  # fmt: skip


class _Methods(ctypes.Structure):
    """struct sqlite3_io_methods, sqlite3.h."""

    _fields_ = [
        ("version", _INT), ("close", _P), ("read", _P), ("write", _P), ("truncate", _P),
        ("sync", _P), ("rest", _P * 13),
    ]  # fmt: skip


_kept: list[Any] = []  # what SQLite points to must not be collected


def watch(before: Callable[[Op], None]) -> None:
    """Tell `before` every change that SQLite is about to make, -shm files apart."""
    library = ctypes.CDLL(_sqlite3.__file__)  # the very library that Python uses
    library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
    real = library.sqlite3_vfs_find(None).contents
    vfs = _Vfs.from_buffer_copy(real)
    vfs.name = b"watched"
    names: dict[int, str] = {}
    tables: dict[int, _Methods] = {}  # one for each of SQLite's own

    def on_open(own: int, path: int | None, file: int, flags: int, out: int) -> int:
        status = _OPEN(real.open)(own, path, file, flags, out)
        methods = _P.from_address(file)
        if status == 0 and methods.value and path:
            names[file] = Path(ctypes.string_at(path).decode()).name
            methods.value = ctypes.addressof(patched(methods.value))
        return status

    def patched(address: int) -> _Methods:
        if address not in tables:
            tables[address] = _patch(address, names, before)
        return tables[address]

    def on_delete(own: int, path: bytes, flush: int) -> int:
        before(Op("delete", Path(path.decode()).name))
        return _DELETE(real.delete)(own, path, flush)

    calls = _OPEN(on_open), _DELETE(on_delete)
    vfs.open, vfs.delete = (ctypes.cast(call, _P) for call in calls)
    _kept.extend([vfs, calls, tables])
    assert library.sqlite3_vfs_register(ctypes.byref(vfs), 1) == 0


def _patch(address: int, names: dict[int, str], before: Callable[[Op], None]) -> _Methods:
    real = _Methods.from_address(address)
    methods = _Methods.from_buffer_copy(real)

    def write(file: int, data: int, length: int, at: int) -> int:
        before(Op("write", names[file], at, ctypes.string_at(data, length)))
        return _WRITE(real.write)(file, data, length, at)

    def truncate(file: int, length: int) -> int:
        before(Op("truncate", names[file], length))
        return _TRUNCATE(real.truncate)(file, length)

    def sync(file: int, flags: int) -> int:
        before(Op("sync", names[file]))
        return _SYNC(real.sync)(file, flags)

    calls = _WRITE(write), _TRUNCATE(truncate), _SYNC(sync)
    methods.write, methods.truncate, methods.sync = (ctypes.cast(call, _P) for call in calls)
    _kept.append(calls)
    return methods


Files = dict[str, bytearray]


@dataclass
class Card:
    """Files as they would lie on a card whose power went: what was synced, and some of the rest."""

    files: Files = field(default_factory=dict)
    pending: list[Op] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Path) -> "Card":
        """The files of a folder, all synced; without the -shm, which no power cut leaves."""
        paths = [path for path in folder.iterdir() if "-shm" not in path.name]
        return cls({path.name: bytearray(path.read_bytes()) for path in paths})

    def take(self, op: Op) -> None:
        """Let `op` happen; a sync makes the file's earlier changes last.

        With a new file's first sync SQLite syncs the folder, too (os_unix.c, UNIXFILE_DIRSYNC):
        then what was deleted before stays deleted.
        """
        if op.kind == "sync":
            is_new = op.name not in self.files
            last = [o for o in self.pending if o.name == op.name or (is_new and o.kind == "delete")]
            for earlier in last:
                _change(self.files, earlier)
            self.pending = [o for o in self.pending if o not in last]
            self.files.setdefault(op.name, bytearray())
        elif op.kind != "promise":
            self.pending.append(op)

    def cut(self, folder: Path, lasts: Callable[[], bool]) -> None:
        """Write the card into `folder`; of the unsynced changes those that `lasts`, by sector."""
        files = {name: bytearray(data) for name, data in self.files.items()}
        for op in self.pending:
            for part in _sectors(op) if op.kind == "write" else [op]:
                if lasts():
                    _change(files, part)
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)


def _sectors(op: Op) -> list[Op]:
    return [
        Op("write", op.name, op.at + first, op.data[first : first + SECTOR_BYTES])
        for first in range(0, len(op.data), SECTOR_BYTES)
    ]


def _change(files: Files, op: Op) -> None:
    if op.kind == "delete":
        files.pop(op.name, None)
        return
    data = files.setdefault(op.name, bytearray())
    if op.kind == "truncate":
        del data[op.at :]
    else:
        data.extend(bytes(max(0, op.at - len(data))))
        data[op.at : op.at + len(op.data)] = op.data


def nothing() -> bool:
    """No unsynced change lasts."""
    return False


def everything() -> bool:
    """All of them do."""
    return True


def some(chance: Random) -> Callable[[], bool]:
    """Each with an even chance: the card writes in what order it likes."""
    return lambda: chance.random() < 0.5


def used_pages(whole: bytes) -> list[int]:
    """Where in a database file there is a page that is not all zeros: offsets."""
    return [at for at in range(0, len(whole), PAGE_BYTES) if any(whole[at : at + PAGE_BYTES])]


def tear(whole: bytes, page_at: int, other: bytes, chance: Random) -> bytes:
    """The page's first sectors, a number drawn by lot, and then those of `other` (a page)."""
    at = page_at + chance.randrange(1, PAGE_BYTES // SECTOR_BYTES) * SECTOR_BYTES
    return whole[:at] + other[at - page_at :] + whole[page_at + PAGE_BYTES :]
