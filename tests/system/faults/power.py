"""The node's power: cut at a write of its outbox, and a card that then gives a torn page.

Every write of the outbox's whole life, one after the other: tests/edge/test_power.py.
"""

import json
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

from tests.edge.card import PAGE_BYTES, tear, used_pages
from tests.system.faults import identities
from tests.system.faults.identities import HELD_PATIENCE_S
from tests.system.faults.registry import fault
from tests.system.faults.waiting import until
from tests.system.office import ONE_OF_EACH, Office
from tests.system.office.part import Program

NODE: Final = "office/s1-1"
WRITES_MOST: Final = 120  # some seconds of counting
NEW_CARDS: Final = 0.2  # of all cuts: so also an outbox that is just being made is cut
LASTS: Final = ("nothing", "everything", "some")


class Power(Office):
    """A small office with one node whose power can be cut."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        super().__init__(folder, window_s=0.1, seed=seed, **ONE_OF_EACH)
        self.cut, self.left = folder / "cut", folder / "left"

    @property
    def node(self) -> Program:
        """The one on this power."""
        part = self["sender-1"]
        assert isinstance(part, Program)
        return part

    def boot(self) -> None:
        """Start the node as after a power cut."""
        self.node.env["BOOT_ID"] = str(UUID(int=UUID(self.node.env["BOOT_ID"]).int + 1))
        self.node.start()

    def sender(self, name: str, nodes: Any, **more: Any) -> Program:
        program = super().sender(name, nodes, **more)
        program.module = ["-m", "tests.system.faults.powered"]
        program.env |= {
            "BOOT_ID": str(UUID(int=1)),
            "CUT": str(self.cut),
            "LEFT": str(self.left),
        }
        return program


def power(folder: Path, seed: int) -> Office:
    return Power(folder, seed=seed)


@fault(
    "power cut on a node, at a write of its outbox",
    "Of what was not synced nothing lasts, all of it, or any of its sectors: a count that was "
    "given its number is there after it, and no number is given twice.",
    open=power,
    at_once=5,
)
def cut_power(office: Office, chance: Random) -> None:
    assert isinstance(office, Power)
    if chance.random() < NEW_CARDS:
        identities.new_card(office, chance)
    told = {
        "after": chance.randint(1, WRITES_MOST),
        "lasts": chance.choice(LASTS),
        "seed": chance.getrandbits(32),
    }
    draft = office.cut.with_suffix(".new")
    draft.write_text(json.dumps(told))
    draft.rename(office.cut)
    until(lambda: not office.node.is_running)
    office.node.kill()  # so it did not end by itself
    put_back(office)
    office.boot()


def put_back(office: Power) -> None:
    """What the cut left is what the card now holds."""
    card = office.data_dir(NODE)
    for name in ("outbox.sqlite", "outbox.sqlite-wal", "outbox.sqlite-shm"):
        (card / name).unlink(missing_ok=True)
        if (office.left / name).exists():
            (office.left / name).rename(card / name)
    for rest in office.left.iterdir():
        rest.unlink()
    office.left.rmdir()


@fault(
    "a torn page in a node's outbox",
    "It is noticed, or what cannot be read is not sent; nothing wrong is. (What is on that card "
    "alone goes with it: here all was held before.)",
    open=power,
    at_once=5,
)
def torn_page(office: Office, chance: Random) -> None:
    assert isinstance(office, Power)
    office.node.stop()
    assert office.recovery.wait(office.recovery.begin(), HELD_PATIENCE_S)
    file = office.data_dir(NODE) / "outbox.sqlite"
    whole = file.read_bytes()
    page = chance.choice(used_pages(whole))
    file.write_bytes(
        tear(whole, page, chance.choice((bytes, chance.randbytes))(PAGE_BYTES), chance)
    )
    office.boot()
