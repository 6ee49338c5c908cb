"""What every node made: each seq its outbox ever handed out, and what it had counted.

Read from the nodes' books. A count that was begun when its node was killed is made if the outbox,
opened again, had given one seq more than the book knows; else it never was.
"""

import json
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

TELL_APART_S: Final = 0.05


class Key(NamedTuple):
    """A window, as the whole system names it."""

    node: str
    spool: str
    seq: int


@dataclass(frozen=True, slots=True)
class Count:
    """What it says."""

    end_s: float
    """End of the window, Unix seconds, as stamped when it was stored on the node."""
    people: dict[str, int]
    """By zone."""


@dataclass
class _Reading:
    """How far one book is read."""

    path: Path
    node: str
    offset: int = 0
    begun: tuple[str, Count] | None = None
    newest: dict[str, int] = field(default_factory=dict)


class Ledger:
    """Everything made so far. May be asked from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._books: dict[Path, _Reading] = {}
        self._made: dict[Key, Count] = {}
        self.handed_out_twice: list[Key] = []
        self._said: defaultdict[tuple[str, str, int], set[int]] = defaultdict(set)

    def book(self, node: str) -> Path:
        """Where this node (`site/node`) writes what it makes."""
        return self._folder / f"{node.replace('/', '.')}.book"

    def made(self) -> dict[Key, Count]:
        """Everything, as of now."""
        with self._lock:
            self._read()
            return dict(self._made)

    def begun(self) -> dict[Key, Count]:
        """Under which key a count that was begun and not settled would be."""
        with self._lock:
            self._read()
            return {
                Key(book.node, book.begun[0], book.newest.get(book.begun[0], 0) + 1): book.begun[1]
                for book in self._books.values()
                if book.begun
            }

    def newest(self) -> dict[tuple[str, str], int]:
        """The highest seq of each (node, spool)."""
        with self._lock:
            self._read()
            return {
                (book.node, spool): seq
                for book in self._books.values()
                for spool, seq in book.newest.items()
            }

    def was_counted(self, node: str, zone: str, people: int, ends_s: tuple[float, float]) -> bool:
        """Whether this node said so of a window that ended within `ends_s` (Unix seconds)."""
        first, last = (round(end_s / TELL_APART_S) for end_s in ends_s)
        with self._lock:
            self._read()
            return any(
                people in self._said.get((node, zone, slot), ())
                for slot in range(first - 1, last + 2)
            )

    def _read(self) -> None:
        for path in self._folder.glob("*.book"):
            if path not in self._books:
                self._books[path] = _Reading(path, path.stem.replace(".", "/", 1))
        for book in self._books.values():
            self._read_on(book)

    def _read_on(self, book: _Reading) -> None:
        with book.path.open("rb") as file:
            file.seek(book.offset)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                book.offset += len(line)
                self._take(book, json.loads(line))

    def _take(self, book: _Reading, line: dict[str, Any]) -> None:
        if "makes" in line:
            count = Count(line["end_s"], line["people"])
            book.begun = line["makes"], count
            self._say(book.node, count)
        elif "settled_s" in line:
            self._say(book.node, Count(line["settled_s"], line["people"]))
        elif "made" in line:
            self._enter(book, line["made"], line["seq"])
        elif "opened" in line:
            spool, newest = line["opened"], line["newest"]
            if book.begun and book.begun[0] == spool and newest == book.newest.get(spool, 0) + 1:
                self._enter(book, spool, newest)
            book.begun = None

    def _say(self, node: str, count: Count) -> None:
        slot = round(count.end_s / TELL_APART_S)
        for zone, people in count.people.items():
            self._said[node, zone, slot].add(people)

    def _enter(self, book: _Reading, spool: str, seq: int) -> None:
        assert book.begun is not None, f"{book.path}: {seq} was made and never begun"
        key = Key(book.node, spool, seq)
        if key in self._made:
            self.handed_out_twice.append(key)
        self._made[key] = book.begun[1]
        book.newest[spool] = max(seq, book.newest.get(spool, 0))
        book.begun = None
