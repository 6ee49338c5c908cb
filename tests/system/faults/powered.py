"""A node without eyes whose power goes at a write of its outbox.

The file CUT, once it is there, says at which change from now, and what then lasts of what was not
synced: `{"after": 37, "lasts": "some", "seed": 5}`. What the card then holds is put into the
folder LEFT, and the process is gone.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from uuid import UUID

from edge import clock as clocks
from tests.edge.card import Card, Op, everything, nothing, some, watch
from tests.system.office import sender


class Powered:
    """The card under the outbox, and the moment of the cut."""

    def __init__(self, folder: Path, cut: Path, left: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._card, self._cut, self._left = Card.of(folder), cut, left
        self._after: int | None = None

    def on_change(self, op: Op) -> None:
        """Before it happens."""
        if self._after is None and self._cut.exists():
            self._after = json.loads(self._cut.read_text())["after"]
        if self._after is not None:
            self._after -= 1
            if self._after < 0:
                self._end()
        self._card.take(op)

    def _end(self) -> None:
        told = json.loads(self._cut.read_text())
        self._cut.unlink()
        self._card.cut(self._left, self._lasts(told["lasts"], Random(told["seed"])))
        os.kill(os.getpid(), signal.SIGKILL)

    @staticmethod
    def _lasts(how: str, chance: Random) -> Callable[[], bool]:
        return {"nothing": nothing, "everything": everything, "some": some(chance)}[how]


if __name__ == "__main__":
    clocks.this_boot = lambda: UUID(os.environ["BOOT_ID"])
    (node,) = json.loads(os.environ["SENDER"])["nodes"]
    paths = node["env"]["EDGE_DATA_DIR"], os.environ["CUT"], os.environ["LEFT"]
    watch(Powered(*map(Path, paths)).on_change)
    sys.exit(sender.main())
