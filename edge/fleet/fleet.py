"""All nodes of a fleet in one thread: their time, and their connections.

Time is handed in (`advance`), so a fleet may live its past in a minute, or a step at a time with
a hub whose clock waits for it. Between two moments the network is worked (`pump`).
"""

import heapq
import select
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from pydantic import BaseModel, ConfigDict

from edge.fleet import faults as lots
from edge.fleet.faults import Fault, Kind
from edge.fleet.node import FleetNode, Plan
from edge.fleet.truth import Truth
from edge.settings import Settings
from edge.wire.topics import NodeName

CONNECT_AT_ONCE: Final = 25
ALL_EVERY_S: Final = 1.0  # each connection pings, and resends, by its own clock
HELLO_S: Final = 300.0  # so long before it goes away for days is a node heard


class Passes(BaseModel):
    """Who the nodes are to the broker, as `python -m hub fleet` writes it."""

    model_config = ConfigDict(frozen=True)

    broker_url: str
    mqtt_version: str = "auto"
    passwords: Mapping[str, str]
    """By `site/node`."""

    @property
    def names(self) -> list[NodeName]:
        """The nodes, in order."""
        return [NodeName.parse(name) for name in sorted(self.passwords)]

    def settings(self, name: NodeName) -> Settings:
        """What one node is told."""
        return Settings.from_env(
            {
                "EDGE_SITE": name.site,
                "EDGE_NODE": name.node,
                "EDGE_BROKER_URL": self.broker_url.replace("USER", f"{name.site}%2F{name.node}"),
                "EDGE_BROKER_PASSWORD": self.passwords[str(name)],
                "EDGE_MQTT_VERSION": self.mqtt_version,
                "EDGE_CLOCK_TRUSTED": "1",
            }
        )


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when the fleet lives, in POSIX seconds."""

    begins: float
    ends: float


class Fleet:
    """Everything runs inside the `with`; at its end each node says goodbye."""

    def __init__(
        self,
        passes: Passes,
        names: Sequence[NodeName],
        plan: Plan,
        span: Span,
        truth: Truth,
        *,
        faulty: bool = True,
    ) -> None:
        """Make the nodes and draw their faults; nothing is connected yet."""
        self.span = span
        self.faults = lots.plan(plan.seed, len(names), span.begins, span.ends) if faulty else []
        told = {"seed": plan.seed, "nodes": len(names), "window_s": plan.window_s}
        truth.fleet(**told, begins=span.begins, ends=span.ends)
        truth.faults(dict(enumerate(names)), self.faults)
        self.nodes = [
            FleetNode(nth, passes.settings(name), plan, fault, _born(fault, span), truth)
            for nth, name in enumerate(names)
            for fault in [lots.of_node(self.faults, nth)]
        ]
        self._due = [(node.next_at, node.index) for node in self.nodes]
        heapq.heapify(self._due)
        self.began = min((_born(fault, span) for fault in self.faults), default=span.begins)
        """When its first node began to live: before the span, where one is away for days."""
        self.now = self.began
        self._born: list[FleetNode] = []
        self._to_bear = sorted(self.nodes, key=lambda n: n.begins)
        self._poll, self._by_fd = select.poll(), dict[int, FleetNode]()
        self._all_at_s = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for node in self.nodes:
            node.end()

    def advance(self, to: float, present: datetime | None = None) -> None:
        """Live until `to`. `present`: what the hub's clock says then; None: the same."""
        ahead_s = 0.0 if present is None else present.timestamp() - to
        self.now = max(self.now, to)
        while self._to_bear and self._to_bear[0].begins <= to:
            self._born.append(self._to_bear.pop(0))
        while self._due[0][0] <= to:
            at, index = self._due[0]
            node = self.nodes[index]
            node.happen(at, datetime.fromtimestamp(at + ahead_s, UTC))
            heapq.heapreplace(self._due, (node.next_at, index))

    def pump(self, for_s: float) -> None:
        """Work the network for a while."""
        until_s = time.monotonic() + for_s
        while True:
            if time.monotonic() >= self._all_at_s:
                self._all_at_s = time.monotonic() + ALL_EVERY_S
                self._tend_all()
            left_s = min(until_s, self._all_at_s) - time.monotonic()
            ready = self._poll.poll(max(0.0, left_s) * 1e3)
            self._tend([self._by_fd[fd] for fd, _ in ready])
            if time.monotonic() >= until_s:
                return

    def settle(self, patience_s: float) -> bool:
        """Work the network until the hub holds all that was counted. False: it does not."""
        until_s = time.monotonic() + patience_s
        self._tend_all()
        while self.unsettled:
            if time.monotonic() > until_s:
                return False
            self.pump(0.05)
        return True

    @property
    def hellos(self) -> list[float]:
        """Moments before the span at which somebody is heard who then goes away for days."""
        return sorted(
            node.begins + HELLO_S / 2 for node in self.nodes if node.begins < self.span.begins
        )

    @property
    def unsettled(self) -> int:
        """How many nodes have something under way."""
        return sum(not node.is_settled for node in self._born)

    def every(self, beat_s: float) -> None:
        """Say how the nodes fare so often, in seconds of the fleet."""
        for node in self.nodes:
            node.beat_s = beat_s

    def _tend_all(self) -> None:
        """Each once. Few connect at a time: those who are connected want to be heard too."""
        self._tend(self._born)
        waiting = [node for node in self._born if node.waits_to_connect]
        for node in waiting[:CONNECT_AT_ONCE]:
            node.connect()
        self._tend(waiting[:CONNECT_AT_ONCE])
        if len(waiting) > CONNECT_AT_ONCE:
            self._all_at_s = 0.0

    def _tend(self, nodes: Sequence[FleetNode]) -> None:
        for node in nodes:
            before = node.uplink.fileno()
            node.tend()
            after = node.uplink.fileno()
            if before != after or self._by_fd.get(after) is not node:
                self._know(node, after)

    def _know(self, node: FleetNode, fd: int) -> None:
        """Its socket is another one now."""
        for old in [old for old, one in self._by_fd.items() if one is node]:
            del self._by_fd[old]
            with suppress(KeyError):
                self._poll.unregister(old)
        if fd >= 0:
            self._by_fd[fd] = node
            self._poll.register(fd, select.POLLIN)


def _born(fault: Fault | None, span: Span) -> float:
    """Whoever goes away for days is heard a little before."""
    if fault is not None and fault.kind is Kind.DAYS_OFFLINE:
        return min(span.begins, fault.begins - HELLO_S)
    return span.begins
