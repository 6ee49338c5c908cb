"""How long after a part was back everything made until then had its end in the database.

A thread looks twice a second at what is held of each outbox, and notes since when.
"""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.system.office import verdict
from tests.system.office.ledger import Ledger

LOOK_EVERY_S = 0.5


@dataclass
class Awaited:
    """What is to be held again, and since when it is waited for."""

    since_s: float
    newest: dict[tuple[str, str], int]
    done_s: float | None = None

    @property
    def took_s(self) -> float | None:
        """Seconds until everything was held; None: not yet."""
        return None if self.done_s is None else self.done_s - self.since_s


class Recovery:
    """Looks at one database."""

    def __init__(self, dsn: str, ledger: Ledger) -> None:
        self._dsn, self._ledger = dsn, ledger
        self._awaited: list[Awaited] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(20)

    def begin(self) -> Awaited:
        """All parts are back now: wait for everything made so far."""
        awaited = Awaited(time.monotonic(), self._ledger.newest())
        self._awaited.append(awaited)
        return awaited

    def wait(self, awaited: Awaited, patience_s: float) -> bool:
        """Whether it was all held in time."""
        until_s = time.monotonic() + patience_s
        while awaited.done_s is None and time.monotonic() < until_s:
            time.sleep(0.1)
        return awaited.done_s is not None

    def _look(self) -> None:
        while not self._stop.wait(LOOK_EVERY_S):
            with suppress(psycopg.Error), verdict.connect(self._dsn) as conn:
                while not self._stop.wait(LOOK_EVERY_S):
                    self._note(verdict.marks_of(conn))

    def _note(self, marks: dict[tuple[str, str], Any]) -> None:
        now_s = time.monotonic()
        for awaited in list(self._awaited):
            if all(marks.get(outbox, 0) >= seq for outbox, seq in awaited.newest.items()):
                awaited.done_s = now_s
                self._awaited.remove(awaited)
