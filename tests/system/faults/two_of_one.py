"""One card in two machines: both count on under one outbox's id and the same numbers.

What a window was is known here by when it ended and how many were in the queue, and not by its
number: that is what the two have in common.
"""

import json
import shutil
import time
from collections import Counter as TallyOf
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.request import urlopen
from uuid import UUID, uuid4

import psycopg

from edge.wire.messages import CountObserved
from hub.density.now import TWIN
from hub.density.store import intake
from tests.system.faults.registry import Result, trial
from tests.system.faults.waiting import until
from tests.system.office import ONE_OF_EACH, Office, Verdict
from tests.system.office.ledger import Count, Key, Ledger
from tests.system.office.onlooker import BOARD
from tests.system.office.part import Program

NODE: Final = "office/s1-1"
AHEAD: Final = 20  # windows
TWIN_MODULE: Final = "tests.system.faults.twin"
COPIES: Final = 5  # of one node's card, one after the other

Window = tuple[float, int]
"""When it ended, and how many were in the queue."""


def small(folder: Path, seed: int) -> Office:
    return Office(folder, seed=seed, **ONE_OF_EACH)


class Twins:
    """An office whose node's card is copied again and again."""

    def __init__(self, office: Office, conn: psycopg.Connection[Any]) -> None:
        self.office, self.conn = office, conn
        self.books = [office.ledger]
        self.recovery_s = 0.0

    def copy(self, *, ahead: bool) -> None:
        """Let a second machine count on with a copy of the card, until it is noticed.

        With `ahead` it has counted further before it is heard. In the end neither runs, and all
        that they had not said is said.
        """
        first, spools = self.office["sender-1"], self._spools()
        if first.is_running:
            first.stop()
        second = self._second()
        self._switch_on()
        until(self._is_alone)
        self.office.wait_until_live()
        if ahead:
            count_unheard(second, self._is_ahead)
        second.start()
        until(lambda: seen(self.office) == (TWIN, None))
        until(lambda: self._spools() > spools)  # the copy counts on in its own
        second.stop()
        first.stop()
        began_s = time.monotonic()
        for part, book in ((second, self.books[-1]), (first, self.books[0])):
            part.start()  # what was left unsaid, one after the other
            until(lambda book=book: windows(book.made()) <= self._stored().keys() | self._dead())
            part.stop()
        self.recovery_s = max(self.recovery_s, time.monotonic() - began_s)

    def verdict(self) -> Verdict:
        """Of both machines' windows together. None may be merged with another's."""
        made = set[Window]().union(*(windows(book.made()) for book in self.books))
        stored, dead = self._stored(), self._dead()
        return Verdict(
            made=len(made),
            stored=len(made & stored.keys()),
            lost_with_reason=len(made & dead - stored.keys()),
            missing=_keys(made - stored.keys() - dead),
            doubled=_keys({one for one, times in stored.items() if times > 1 or one in dead}),
            invented=_keys(stored.keys() - made),
            reasons={intake.TWIN: len(dead)} if dead else {},
        )

    def _second(self) -> Program:
        """A second machine with a copy of the card of `sender-1`, which is stopped meanwhile."""
        name = f"twin-{len(self.books)}"
        office, card = self.office, self.office.data_dir(f"office/{name}")
        shutil.copytree(office.data_dir(NODE), card)
        (books := office.folder / name).mkdir()
        self.books.append(Ledger(books))
        office.onlooker.ledgers.append(self.books[-1])
        told = json.loads(office.sender(name, [NODE]).env["SENDER"])
        told["nodes"][0]["env"]["EDGE_DATA_DIR"] = str(card)
        told["nodes"][0]["book"] = str(self.books[-1].book(NODE))
        env = {"SENDER": json.dumps(told), "BOOT_ID": str(UUID(int=98 + len(self.books)))}
        log = office.folder / "logs" / f"{name}.log"
        program = Program(name, ["-m", TWIN_MODULE], env, log)
        office.parts[name] = program
        return program

    def _is_alone(self) -> bool:
        """Ten minutes after the last copy spoke: so long the board says what was noticed."""
        self.conn.execute("UPDATE node SET twin_at = twin_at - interval '11 minutes'")
        fault, people = seen(self.office)
        return fault is None and people is not None

    def _switch_on(self) -> None:
        """The first, with a boot of its own: an earlier one that came back would be a twin's."""
        first = self.office["sender-1"]
        assert isinstance(first, Program)
        first.module[1] = TWIN_MODULE
        first.env["BOOT_ID"] = str(uuid4())
        first.start()

    def _is_ahead(self) -> bool:
        newest = max(key.seq for key in self.books[0].made())
        return any(key.seq > newest + AHEAD for key in self.books[-1].made())

    def _spools(self) -> int:
        (count,) = self.conn.execute("SELECT count(*) FROM spool").fetchone() or (0,)
        return count

    def _stored(self) -> TallyOf[Window]:
        rows = self.conn.execute(
            "SELECT extract(epoch FROM window_start) + window_s, people"
            "  FROM sample JOIN zone USING (zone_id) WHERE zone = 'queue'"
        )
        return TallyOf((round(float(end_s), 3), people) for end_s, people in rows)

    def _dead(self) -> set[Window]:
        """What is in the dead letters because another window had its number."""
        rows = self.conn.execute(
            "SELECT payload FROM dead_letter WHERE reason LIKE %s AND topic LIKE '%%/counts'",
            (intake.TWIN + "%",),
        )
        counts = [CountObserved.model_validate_json(payload) for (payload,) in rows]
        return {
            (round(c.window_start.timestamp() + c.window_s, 3), z.people)
            for c in counts
            for z in c.zones
            if z.zone == "queue"
        }


def windows(made: dict[Key, Count]) -> set[Window]:
    return {(round(count.end_s, 3), count.people["queue"]) for count in made.values()}


def _keys(told: set[Window]) -> list[Key]:
    return [Key(NODE, f"{people} people", round(end_s * 1000)) for end_s, people in sorted(told)]


def seen(office: Office) -> tuple[str | None, int | None]:
    """What the board says of the node's fault and of the people in its queue."""
    with urlopen(f"http://127.0.0.1:{office.web_ports[0]}{BOARD}", timeout=20) as answer:
        (site,) = json.load(answer)["sites"]
    faults = {f"{site['site']}/{node['node']}": node["fault"] for node in site["nodes"]}
    people = {zone["key"]: zone["people"] for zone in site["zones"]}
    return faults[NODE], people[f"{NODE.replace('/', '.')}.queue"]


def count_unheard(second: Program, is_enough: Callable[[], bool]) -> None:
    """Let it count where no broker is: its numbers go on from those of the copied card."""
    heard = second.env["SENDER"]
    told = json.loads(heard)
    told["nodes"][0]["env"]["EDGE_BROKER_URL"] = "mqtt://127.0.0.1:1"
    second.env["SENDER"] = json.dumps(told | {"window_s": 0.1})
    second.start()
    until(is_enough)
    second.kill()
    second.env["SENDER"] = heard


@trial(
    "two nodes with one identity (one card copied, behind or ahead)",
    "It is noticed and said, the board shows neither, and nothing is merged: one of the two counts "
    "on in an outbox of its own, and what came under a number that another window has is lost with "
    "that reason: it lies in the dead letters.",
)
def copied(folder: Path, chance: Random) -> Result:
    with (
        small(folder, chance.randrange(10**6)) as office,
        psycopg.connect(office.database.dsn, autocommit=True) as conn,
    ):
        twins = Twins(office, conn)
        for _ in range(COPIES):
            twins.copy(ahead=chance.random() < 0.5)
        told = office.onlooker
        return Result(twins.verdict(), twins.recovery_s, len(told.lies), told.boards, times=COPIES)
