"""Who a node is: a new card in an old node, and one card in two machines."""

import json
import shutil
import time
from collections import Counter as TallyOf
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import urlopen
from uuid import UUID

import psycopg
import pytest

from edge.wire.messages import CountObserved
from hub.density.now import TWIN
from hub.density.store import intake
from hub.kit.embedded import broker as brokers
from tests.seeds import SEED
from tests.system.faults import identities
from tests.system.office import Office
from tests.system.office.ledger import Count, Key, Ledger
from tests.system.office.onlooker import BOARD
from tests.system.office.part import Program

PATIENCE_S = 90.0
NODE = "office/s1-1"
AHEAD = 20  # windows
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


def small(folder: Path, **more: Any) -> Office:
    return Office(
        folder, cameras=0, senders=1, nodes_each=1, webs=1, workers=0, ingests=1, seed=SEED, **more
    )


def until(true: Callable[[], Any]) -> Any:
    end_s = time.monotonic() + PATIENCE_S
    while not (found := true()):
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.2)
    return found


def test_a_new_card_in_an_old_node_counts_from_one_and_nothing_is_taken_for_old(tmp_path: Path):
    chance = Random(SEED)
    with small(tmp_path) as office:
        for _ in range(2):
            identities.new_card(office, chance)
            office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert len({key.spool for key in office.ledger.made()}) == 3
        assert office.onlooker.lies == []


def twin_of(office: Office, name: str) -> tuple[Program, Ledger]:
    """A second machine with a copy of the card of `sender-1`, which is stopped meanwhile."""
    shutil.copytree(office.data_dir(NODE), office.data_dir(name))
    books = office.folder / "twins"
    books.mkdir()
    ledger = Ledger(books)
    told = json.loads(office.sender("twin", [NODE]).env["SENDER"])
    told["nodes"][0]["env"]["EDGE_DATA_DIR"] = str(office.data_dir(name))
    told["nodes"][0]["book"] = str(ledger.book(NODE))
    env = {"SENDER": json.dumps(told), "BOOT_ID": str(UUID(int=99))}
    log = office.folder / "logs" / "twin.log"
    office.parts["twin"] = Program("twin", ["-m", "tests.system.faults.twin"], env, log)
    return office.parts["twin"], ledger  # type: ignore[return-value]


def seen(office: Office) -> tuple[str | None, int | None]:
    """What the board says of the node's fault and of the people in its queue."""
    with urlopen(f"http://127.0.0.1:{office.web_ports[0]}{BOARD}", timeout=20) as answer:
        (site,) = json.load(answer)["sites"]
    faults = {f"{site['site']}/{node['node']}": node["fault"] for node in site["nodes"]}
    people = {zone["key"]: zone["people"] for zone in site["zones"]}
    return faults[NODE], people[f"{NODE.replace('/', '.')}.queue"]


Window = tuple[float, int]
"""When it ended, and how many were in the queue: what it was, whatever its number."""


def windows(made: dict[Key, Count]) -> set[Window]:
    return {(round(count.end_s, 3), count.people["queue"]) for count in made.values()}


def stored(conn: Any) -> TallyOf[Window]:
    rows = conn.execute(
        "SELECT extract(epoch FROM window_start) + window_s, people"
        "  FROM sample JOIN zone USING (zone_id) WHERE zone = 'queue'"
    )
    return TallyOf((round(float(end_s), 3), people) for end_s, people in rows)


def dead(conn: Any) -> set[Window]:
    """What is in the dead letters because another window had its number."""
    rows = conn.execute(
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


def count_unheard(twin: Program, is_enough: Callable[[], bool]) -> None:
    """Let it count where no broker is: its numbers go on from those of the copied card."""
    heard = twin.env["SENDER"]
    told = json.loads(heard)
    told["nodes"][0]["env"]["EDGE_BROKER_URL"] = "mqtt://127.0.0.1:1"
    twin.env["SENDER"] = json.dumps(told | {"window_s": 0.1})
    twin.start()
    until(is_enough)
    twin.kill()
    twin.env["SENDER"] = heard


@pytest.mark.parametrize("ahead", [False, True], ids=["behind", "ahead"])
def test_a_copied_card_in_a_second_node_is_noticed_and_said_and_nothing_is_merged(
    tmp_path: Path, ahead: bool
):
    """Both count on under one spool and one seq, in different rooms."""
    with small(tmp_path) as office, psycopg.connect(office.database.dsn, autocommit=True) as conn:
        office["sender-1"].stop()
        twin, theirs = twin_of(office, "office/twin")
        office["sender-1"].start()
        office.wait_until_live()
        if ahead:
            count_unheard(twin, lambda: len(theirs.made()) > len(office.ledger.made()) + AHEAD)
        twin.start()
        until(lambda: seen(office) == (TWIN, None))
        spools = "SELECT count(*) FROM spool"
        until(lambda: conn.execute(spools).fetchone() == (2,))  # the copy counts on in its own
        twin.stop()
        office["sender-1"].stop()
        for part, book in ((twin, theirs), (office["sender-1"], office.ledger)):
            part.start()  # what was left unsaid, one after the other
            made = windows(book.made())
            until(lambda made=made: made <= stored(conn).keys() | dead(conn))
            part.stop()
        assert max(stored(conn).values()) == 1
        assert bool(dead(conn)) == ahead
        assert not stored(conn).keys() & dead(conn)
        assert [lie for lie in office.onlooker.lies if "never made" not in lie] == []
