"""Broker or database away: at the start of everything, and for longer than anything waits."""

import time
from random import Random

from tests.system.faults.registry import fault
from tests.system.office import Office

AWAY_S = (30.0, 120.0)
LATE_S = (3.0, 15.0)


def away_at_start(office: Office, server: str, late_s: float) -> None:
    """Everything ends; everything but `server` starts, and `server` so many seconds later."""
    programs = [name for name in office.parts if name not in ("broker", "database")]
    for name in programs:
        office[name].kill()
    office[server].stop()
    for name in programs:
        office[name].start()
    time.sleep(late_s)
    office[server].start()


def away(office: Office, server: str, away_s: float) -> None:
    """Stop it, and start it so many seconds later."""
    office[server].stop()
    time.sleep(away_s)
    office[server].start()


@fault(
    "broker away at start (3 to 15 s)",
    "Nodes count and hub programs wait; no order of starting is asked for.",
    at_most=10,
    at_once=1,
)
def broker_late(office: Office, chance: Random) -> None:
    away_at_start(office, "broker", chance.uniform(*LATE_S))


@fault(
    "database away at start (3 to 15 s)",
    "ingest takes nothing it cannot store; web says that it does not know.",
    at_most=10,
    at_once=1,
)
def database_late(office: Office, chance: Random) -> None:
    away_at_start(office, "database", chance.uniform(*LATE_S))


@fault(
    "broker away for 30 to 120 s",
    "The outboxes fill; the board greys after its limit and comes back by itself.",
    at_most=5,
    at_once=1,
)
def broker_away(office: Office, chance: Random) -> None:
    away(office, "broker", chance.uniform(*AWAY_S))


@fault(
    "database away for 30 to 120 s",
    "The outboxes fill; the board says that it does not know and comes back by itself.",
    at_most=5,
    at_once=1,
)
def database_away(office: Office, chance: Random) -> None:
    away(office, "database", chance.uniform(*AWAY_S))
