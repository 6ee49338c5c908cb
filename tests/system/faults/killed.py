"""`kill -9` of each part, under load."""

import time
from random import Random

from tests.system.faults.registry import fault
from tests.system.office import Office

GONE_S = 2.0  # a part is away for up to so long


def _kill_one_of(office: Office, chance: Random, *kinds: str) -> None:
    part = office[chance.choice([name for kind in kinds for name in office.named(kind)])]
    part.kill()
    time.sleep(chance.uniform(0, GONE_S))
    part.start()


@fault(
    "`kill -9` of a node",
    "A count is on the node's card before anything else; its number is never given twice.",
)
def kill_node(office: Office, chance: Random) -> None:
    _kill_one_of(office, chance, "sender", "camera")


@fault(
    "`kill -9` of ingest (one of two)",
    "What it had heard and not committed is sent again by the nodes; what it had committed and "
    "not said is stored once.",
)
def kill_ingest(office: Office, chance: Random) -> None:
    _kill_one_of(office, chance, "ingest")


@fault(
    "`kill -9` of web (one of two)",
    "No count passes through it. Browsers come back and see what is, not what was.",
)
def kill_web(office: Office, chance: Random) -> None:
    _kill_one_of(office, chance, "web")


@fault("`kill -9` of the worker", "No count passes through it; roll-ups are made again.")
def kill_worker(office: Office, chance: Random) -> None:
    _kill_one_of(office, chance, "worker")


@fault(
    "`kill -9` of the broker",
    "What it had acknowledged and not delivered is gone with it, and is sent again by the nodes.",
)
def kill_broker(office: Office, chance: Random) -> None:
    _kill_one_of(office, chance, "broker")


@fault(
    "`kill -9` of the database (all of it, its postmaster, or one backend)",
    "A mark is said after COMMIT only; what was not committed is sent again.",
)
def kill_database(office: Office, chance: Random) -> None:
    how = chance.choice(["all", "postmaster", "backend"])
    if how == "backend":
        office.database.kill_backend(chance.randrange(100))
        time.sleep(chance.uniform(0, GONE_S))
        return
    office.database.kill() if how == "all" else office.database.kill_postmaster()
    time.sleep(chance.uniform(0, GONE_S))
    office.database.start()


@fault(
    "`kill -9` of broker, database and every hub program at once",
    "The hub's machine lost its power: the nodes' outboxes hold what it had not committed.",
    at_most=30,
    at_once=10,
)
def kill_the_hub(office: Office, chance: Random) -> None:
    hub = [name for name in office.parts if name not in office.node_parts]
    chance.shuffle(hub)
    for name in hub:
        office[name].kill()
    time.sleep(chance.uniform(0, GONE_S))
    chance.shuffle(hub)
    for name in hub:
        office[name].start()
