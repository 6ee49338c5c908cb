"""Nodes without eyes: numbers drawn by lot go through the real outbox and the real uplink.

One process may be several nodes, for load. What it is told comes as JSON in SENDER.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from edge import clock as clocks
from edge import logs
from edge.configure import Configuration
from edge.outbox import Limits
from edge.settings import Settings
from edge.uplink import Uplink
from edge.wire.messages import NodeConfig, NodeState, Source
from tests.system.office.book import Book, BookedOutbox

DETECTOR = "numbers drawn by lot"


class Sender:
    """One node."""

    def __init__(self, told: dict[str, Any], window_s: float) -> None:
        self.settings = Settings.from_env(told["env"])
        self.window_s, self.zones = window_s, told["zones"]
        self.chance = random.Random()
        self.clock = clocks.begin(trusted=self.settings.clock_trusted)
        limits = Limits(self.settings.outbox_days, self.settings.outbox_mb * 1_000_000)
        # one class a node: each has a book of its own
        outbox = type("OwnOutbox", (BookedOutbox,), {"book": Book(Path(told["book"]))})
        self.outbox: BookedOutbox = outbox(self.settings.data_dir, clocks.this_boot(), limits)
        configuration = Configuration(
            self.settings.data_dir, NodeConfig(revision=0), lambda _: None
        )
        self.uplink = Uplink(self.settings, self.outbox, self.clock, configuration, self.state)

    def state(self, session: int) -> NodeState:
        return NodeState(
            online=True,
            boot_id=self.outbox.boot_id,
            session=session,
            version="test",
            source=Source(kind="simulated", name="drawn", detector=DETECTOR),
        )

    def work(self, stop: threading.Event) -> None:
        """A window after the other, on the monotonic clock."""
        start_s = time.monotonic()
        looked_s = start_s
        while not stop.wait(max(0.0, start_s + self.window_s - time.monotonic())):
            now_s = time.monotonic()
            if now_s - looked_s > 1.0:
                clocks.look(self.clock)
                looked_s = now_s
            if now_s > start_s + 5 * self.window_s + 2.0:  # frozen meanwhile: nobody looked
                start_s = now_s
                continue
            now = self.clock.stamp(now_s, now_s)
            self.outbox.append(
                self.count(),
                start_s,
                self.window_s,
                self.clock.stamp(start_s, now_s),
                now.at if now.synced else None,
            )
            start_s += self.window_s

    def count(self) -> bytes:
        return json.dumps(
            [
                {
                    "zone": zone,
                    "people": (people := self.chance.randint(0, 40)),
                    "people_max": people,
                    "served": self.chance.randint(0, 1),
                    "confidence": 0.5,
                }
                for zone in self.zones
            ]
        ).encode()


def main() -> int:
    told = json.loads(os.environ["SENDER"])
    logs.to_stderr("sender")
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    senders = [Sender(one, told["window_s"]) for one in told["nodes"]]
    threads = [threading.Thread(target=one.work, args=(stop,)) for one in senders]
    for one in senders:
        one.uplink.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ends = [threading.Thread(target=one.uplink.stop, args=(1.2,)) for one in senders]
    for end in ends:
        end.start()
    for end in ends:
        end.join()
    for one in senders:
        one.outbox.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
