"""A part that is there and answers nothing (SIGSTOP), as under a hung disk or hypervisor."""

import time
from random import Random

from tests.system.faults.registry import fault
from tests.system.office import Office

FROZEN_S = (2.0, 12.0)


@fault(
    "a part frozen for 2 to 12 s (any of them)",
    "A silence is not an end: nothing is lost, nothing is stored twice by who took over.",
    at_most=30,
    at_once=10,
)
def freeze(office: Office, chance: Random) -> None:
    part = office[chance.choice(list(office.parts))]
    part.freeze()
    time.sleep(chance.uniform(*FROZEN_S))
    part.thaw()
