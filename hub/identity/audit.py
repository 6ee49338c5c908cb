"""The audit trail: one entry per act, each hashed over the one before it. Pure.

Changing, removing or reordering an entry breaks the chain at that place; cutting off its end does
not, so whoever keeps an export, or notes the newest hash, can show that too.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

GENESIS: Final = bytes(32)
COLUMNS: Final = ("number", "at", "actor", "action", "subject", "address", "detail", "hash")


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: who did what to what, from where."""

    number: int
    at: datetime
    actor: str
    """A login, or `system`."""
    action: str
    """A word with a dot: `person.create`, `session.refuse`."""
    subject: str
    address: str
    detail: Mapping[str, Any]
    hash: bytes = b""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not follow from the one before."""

    number: int
    reason: Literal["missing", "changed"]


def hash_of(before: bytes, entry: Entry) -> bytes:
    """SHA-256 over the hash before and the entry's own text."""
    return hashlib.sha256(before + text_of(entry).encode()).digest()


def text_of(entry: Entry) -> str:
    """The entry as JSON in one form: keys sorted, no spaces, times in UTC with microseconds."""
    told = {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "address": entry.address,
        "detail": dict(entry.detail),
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def cells(entry: Entry) -> tuple[str, ...]:
    """The entry as one row under COLUMNS; `detail` as JSON, `hash` in hex."""
    told = json.loads(text_of(entry))
    detail = json.dumps(told["detail"], ensure_ascii=False, sort_keys=True)
    words = (str(told[name]) for name in COLUMNS[:6])
    return (*words, detail, entry.hash.hex())


def first_broken(entries: Iterable[Entry]) -> Broken | None:
    """Walk the whole trail from its first entry; None: every one follows from the one before."""
    before, expected = GENESIS, 1
    for entry in entries:
        if entry.number != expected:
            return Broken(expected, "missing")
        if hash_of(before, entry) != entry.hash:
            return Broken(entry.number, "changed")
        before, expected = entry.hash, expected + 1
    return None
