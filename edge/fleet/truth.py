"""What really happened to a fleet, as JSON lines: for whoever scores what a hub made of it.

    {"what": "fleet", "seed": 1, "nodes": 3, "window_s": 10.0, "begins": ..., "ends": ...}
    {"what": "fault", "node": "fleet/n-0002", "kind": "hot", "cause": "hot", "begins": ...}
    {"what": "person", "node": "fleet/n-0001", "joined": ..., "wait_s": 312.4}
    {"what": "wait", "node": "fleet/n-0001", "at": ..., "wait_s": 298.0}      once a minute
    {"what": "made", "node": "fleet/n-0001", "spool": "...", "windows": 360, "people": 2110, ...}

Times are POSIX seconds. A `person` stands at the counter `wait_s` after she joined; `wait` is what
somebody who joined at that moment would wait. `made` comes at the end: all that was ever counted.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from io import TextIOBase
from typing import Any
from uuid import UUID

from edge.fleet.faults import Fault
from edge.fleet.lunch import Seen
from edge.wire.topics import NodeName


@dataclass(slots=True)
class Made:
    """All that one node ever counted, summed."""

    spool: UUID
    windows: int = 0
    people: int = 0
    served: int = 0
    entered: int = 0

    def add(self, seen: Seen) -> None:
        """One window more."""
        self.windows += 1
        self.people += seen.people
        self.served += seen.served
        self.entered += seen.entered


class Truth:
    """The file. Every method writes at once; it is small beside what goes over the wire."""

    def __init__(self, out: TextIOBase) -> None:
        self._out = out

    def fleet(self, **told: Any) -> None:
        """What the fleet was told to do."""
        self._write("fleet", **told)

    def faults(self, names: dict[int, NodeName], faults: Iterable[Fault]) -> None:
        """What befalls whom, and what the hub should say of it."""
        for fault in faults:
            told = {**asdict(fault), "node": str(names[fault.node]), "cause": fault.cause}
            self._write("fault", **told)

    def people(self, name: NodeName, joined: Iterable[tuple[float, float]]) -> None:
        """(when, wait in seconds) of everybody who joined."""
        self._out.writelines(
            f'{{"what": "person", "node": "{name}", "joined": {at:.1f}, "wait_s": {wait_s:.1f}}}\n'
            for at, wait_s in joined
        )

    def wait(self, name: NodeName, at: float, wait_s: float) -> None:
        """What somebody who joined now would wait."""
        self._out.write(
            f'{{"what": "wait", "node": "{name}", "at": {at:.1f}, "wait_s": {wait_s:.1f}}}\n'
        )

    def made(self, name: NodeName, made: Made) -> None:
        """What a node counted from its beginning to its end."""
        self._write("made", node=str(name), **{**asdict(made), "spool": str(made.spool)})

    def flush(self) -> None:
        """Let others read what was written."""
        self._out.flush()

    def _write(self, what: str, **told: Any) -> None:
        self._out.write(json.dumps({"what": what, **told}) + "\n")
