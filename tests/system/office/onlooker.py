"""Somebody who looks at the board all the while, and notices every lie.

Reads the live stream and the JSON of every `web` as a browser would, comes back where it is cut
off, and judges what it is told. A number is shown as live where it is neither stale nor closed.
Then it must be younger than the board's own limit, and its node must have counted it. A board
that says nothing (503, a cut stream, a silence) tells no lie: the page ages what it shows itself.
"""

import http.client
import json
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from tests.system.office.ledger import Ledger

STREAM: Final = "/api/v1/density/stream"
BOARD: Final = "/api/v1/density"
PATIENCE_S: Final = 20.0  # of a stream: the board is read again every 10 s
SLACK_S: Final = 5.0  # from the database's read to our eyes, on a busy machine
ASK_EVERY_S: Final = 1.0
LIES_KEPT: Final = 100


@dataclass
class Seen:
    """What one `web` told so far."""

    events: int = 0
    answers: int = 0
    refusals: int = 0
    """503 and the like: "I do not know" is honest."""
    cuts: int = 0
    late: int = 0
    """Events that came long after they were made, as from a frozen process; the page ages them."""
    live_s: dict[str, float] = field(default_factory=dict)
    """Of each zone the end of the newest window that was shown as live by the stream."""
    away_said: int = 0
    """Times a zone was shown as stale or unknown."""


class Onlooker:
    """One for the whole office. `lies` stays empty as long as the board is honest."""

    def __init__(self, ports: Sequence[int], ledger: Ledger) -> None:
        self.ports, self.ledgers = tuple(ports), [ledger]
        self.lies: list[str] = []
        self.seen = {port: Seen() for port in ports}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=work, args=(port,), daemon=True)
            for port in ports
            for work in (self._watch, self._ask)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_S + 5)

    @property
    def boards(self) -> int:
        """How many boards were judged."""
        return sum(one.events + one.answers for one in self.seen.values())

    def is_live(self, port: int, zone: str, after_s: float) -> bool:
        """Whether this web's stream has shown a number of this zone that ended after `after_s`."""
        return self.seen[port].live_s.get(zone, 0.0) > after_s

    # -- reading

    def _watch(self, port: int) -> None:
        while not self._stop.is_set():
            with suppress(OSError, http.client.HTTPException, ValueError):
                self._stream(port)
            self.seen[port].cuts += 1
            self._stop.wait(0.3)

    def _stream(self, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        try:
            connection.request("GET", STREAM)
            answer = connection.getresponse()
            if answer.status != 200:
                self.seen[port].refusals += 1
                return
            while not self._stop.is_set() and (line := answer.readline()):
                if line.startswith(b"data: "):
                    self._take_event(port, json.loads(line[6:]))
        finally:
            connection.close()

    def _ask(self, port: int) -> None:
        while not self._stop.wait(ASK_EVERY_S):
            with suppress(OSError, http.client.HTTPException, ValueError):
                self._ask_once(port)

    def _ask_once(self, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        try:
            asked_s = time.time()
            connection.request("GET", BOARD)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                self.seen[port].refusals += 1
                return
            self.seen[port].answers += 1
            self._judge(port, json.loads(body), asked_s)
        finally:
            connection.close()

    # -- judging

    def _take_event(self, port: int, board: dict[str, Any]) -> None:
        seen = self.seen[port]
        seen.events += 1
        late_s = time.time() - _unix_s(board["now"])
        if late_s > SLACK_S:
            seen.late += 1
        for key, end_s in self._judge(port, board, time.time() - max(0.0, late_s)):
            seen.live_s[key] = max(end_s, seen.live_s.get(key, 0.0))

    def _judge(self, port: int, board: dict[str, Any], at_s: float) -> list[tuple[str, float]]:
        """Look at each zone; returns those that are shown as live, with their time.

        Args:
            board: as told.
            at_s: the moment it must be true of: for an answer when it was asked for, for an event
                when it was made.
        """
        live: list[tuple[str, float]] = []
        for zone in (zone for site in board["sites"] for zone in site["zones"]):
            if zone["people"] is None or zone["stale"] or zone["state"] in ("stale", "closed"):
                self.seen[port].away_said += 1
                continue
            end_s = _unix_s(zone["observed_at"])
            self._check(port, zone, at_s, board)
            live.append((zone["key"], end_s))
        return live

    def _check(self, port: int, zone: dict[str, Any], at_s: float, board: dict[str, Any]) -> None:
        end_s, now_s = _unix_s(zone["observed_at"]), _unix_s(board["now"])
        key, people = zone["key"], zone["people"]
        if at_s - end_s > board["stale_after_s"] + SLACK_S:
            self._lie(f"web :{port} showed {key} as live, {at_s - end_s:.1f} s after its window")
        node = f"{zone['site']}/{zone['node']}"
        # a window may end a moment after the board's `now`, which then stands for its end
        ends_s = (end_s, time.time() if end_s == now_s else end_s)
        if not any(one.was_counted(node, zone["zone"], people, ends_s) for one in self.ledgers):
            self._lie(f"web :{port} showed {people} in {key} at {zone['observed_at']}: never made")

    def _lie(self, told: str) -> None:
        with self._lock:
            if len(self.lies) < LIES_KEPT:
                self.lies.append(told)


def _unix_s(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
