"""Who a node is: a new card in an old node, and the same card in two."""

import shutil
from random import Random

from tests.system.faults.registry import fault
from tests.system.office import Office

HELD_PATIENCE_S = 60.0


@fault(
    "a new card in an old node",
    "A new outbox has an id of its own: its first count is not taken for the old one's first.",
    at_most=20,
    at_once=3,
)
def new_card(office: Office, chance: Random) -> None:
    part = chance.choice(list(office.sender_nodes))
    office[part].stop()
    # what an old card holds unsent goes with it: so let it be sent first
    assert office.recovery.wait(office.recovery.begin(), HELD_PATIENCE_S)
    for node in office.sender_nodes[part]:
        shutil.rmtree(office.data_dir(node), ignore_errors=True)  # just begun, it has none yet
    office[part].start()
