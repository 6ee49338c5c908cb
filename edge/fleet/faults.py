"""What befalls the nodes of a fleet, and what a hub ought to notice of it: by lot, from a seed.

A node has at most one fault, so that each alert has one reason. A reboot, a window said twice and
a line that is back at once are no alert: nothing is to be done about them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any, Final


class Kind(StrEnum):
    """What can befall a node."""

    REBOOT = "reboot"
    DUPLICATES = "duplicates"
    OFFLINE = "offline"
    DAYS_OFFLINE = "days-offline"
    CLOCK_JUMP = "clock-jump"
    CAMERA_FAULT = "camera-fault"
    UNDER_VOLTAGE = "under-voltage"
    HOT = "hot"
    DISK_LOW = "disk-low"


MINUTE_S: Final = 60.0
DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Rule:
    """How often a fault comes, how long it lasts, what it should raise."""

    share: float
    """Of the nodes."""
    lasts_s: tuple[float, float]
    cause: str | None
    """The hub's word for it; None: nobody is to be called for this."""


RULES: Final[Mapping[Kind, Rule]] = {
    Kind.REBOOT: Rule(0.05, (20.0, 50.0), None),
    Kind.DUPLICATES: Rule(0.05, (0.0, 0.0), None),
    Kind.OFFLINE: Rule(0.02, (10 * MINUTE_S, 15 * MINUTE_S), "missing"),
    Kind.DAYS_OFFLINE: Rule(0.005, (1 * DAY_S, 3 * DAY_S), "missing"),
    Kind.CLOCK_JUMP: Rule(0.02, (10 * MINUTE_S, 15 * MINUTE_S), "clock-off"),
    Kind.CAMERA_FAULT: Rule(0.01, (8 * MINUTE_S, 12 * MINUTE_S), "camera-fault"),
    Kind.UNDER_VOLTAGE: Rule(0.01, (8 * MINUTE_S, 12 * MINUTE_S), "under-voltage"),
    Kind.HOT: Rule(0.01, (10 * MINUTE_S, 15 * MINUTE_S), "hot"),
    Kind.DISK_LOW: Rule(0.01, (8 * MINUTE_S, 12 * MINUTE_S), "disk-low"),
}
SILENT: Final = frozenset({Kind.REBOOT, Kind.OFFLINE, Kind.DAYS_OFFLINE})
BLIND: Final = frozenset({Kind.REBOOT, Kind.CAMERA_FAULT})
JUMPS_S: Final = (-240.0, -30.0, -4.0, 4.0, 30.0, 240.0)
SAID_AGAIN: Final = 50  # windows, each as often as three times
LATEST: Final = 0.95  # of the time there is: by then it is over


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one node, in POSIX seconds."""

    node: int
    kind: Kind
    begins: float
    ends: float
    size: float = 0.0
    """Of a clock that jumps: by so many seconds."""

    @property
    def cause(self) -> str | None:
        """What the hub should call it."""
        return RULES[self.kind].cause

    @property
    def is_silent(self) -> bool:
        """The node cannot be heard meanwhile."""
        return self.kind in SILENT

    @property
    def is_blind(self) -> bool:
        """The node counts nothing meanwhile."""
        return self.kind in BLIND

    def health(self) -> dict[str, Any]:
        """What the node says of itself meanwhile, beside what it says when it is well."""
        match self.kind:
            case Kind.CAMERA_FAULT:
                return {"observing": "fault", "fault": "The camera gives no picture.",
                        "frames_per_s": 0.0, "inference_ms": None}  # fmt: skip
            case Kind.UNDER_VOLTAGE:
                return {"throttled": 0x10001}
            case Kind.HOT:
                return {"temperature_c": 83.5}
            case Kind.DISK_LOW:
                return {"disk_free_bytes": 120 * 2**20}
            case Kind.CLOCK_JUMP:
                return {"clock_offset_ms": -1000.0 * self.size}
            case _:
                return {}


def plan(seed: int, nodes: int, begins: float, ends: float) -> list[Fault]:
    """What befalls a fleet of so many nodes between two moments; of each kind at least one.

    A node that was away for days went away before `begins`, and comes back after it. Where there
    are fewer nodes than kinds, the last kinds are left out.
    """
    chance = Random(f"{seed} faults")  # noqa: S311  a simulation
    span_s = ends - begins
    waiting = chance.sample(range(nodes), nodes)
    found: list[Fault] = []
    for kind, rule in RULES.items():
        hit = min(max(1, round(rule.share * nodes)), len(waiting))
        found += [_one(waiting.pop(), kind, rule, begins, span_s, chance) for _ in range(hit)]
    return found


def _one(node: int, kind: Kind, rule: Rule, begins: float, span_s: float, chance: Random) -> Fault:
    lasts_s = chance.uniform(*rule.lasts_s)
    if kind is Kind.DAYS_OFFLINE:
        back = begins + chance.uniform(0.3, 0.6) * span_s
        return Fault(node, kind, back - lasts_s, back)
    lasts_s = min(lasts_s, 0.4 * span_s)
    since = begins + chance.uniform(0.15 * span_s, LATEST * span_s - lasts_s)
    size = chance.choice(JUMPS_S) if kind is Kind.CLOCK_JUMP else 0.0
    return Fault(node, kind, since, since + lasts_s, size)


def of_node(faults: Sequence[Fault], node: int) -> Fault | None:
    """The fault of one node."""
    return next((fault for fault in faults if fault.node == node), None)
