"""The door in a process of its own: killed, doubled, and on the broker pip brings."""

import random
import threading
import time
from typing import Any

import pytest

from hub.ingest import door as ingest_door
from hub.kit.embedded.broker import Broker
from tests.hub.ingest.conftest import Door, Node, Office, settings_of, until

WINDOWS = 3_000


def test_a_door_killed_under_load_loses_nothing_and_counts_nothing_twice(
    door: Door, office: Office, node: Node
):
    door.start()
    node.deliver(1)
    chance = random.Random(11)
    sender = threading.Thread(target=node.deliver, args=tuple(range(2, WINDOWS + 1)))
    sender.start()
    for _ in range(3):
        stored = len(office.seqs())
        until(lambda stored=stored: len(office.seqs()) > stored or not sender.is_alive())
        time.sleep(chance.random() * 0.1)
        door.kill()
        door.start()
    sender.join(90)
    assert node.mark() == WINDOWS
    assert office.seqs() == list(range(1, WINDOWS + 1))
    assert office.one("SELECT held::text FROM spool") == f"{{[1,{WINDOWS + 1})}}"


def test_two_doors_share_the_work_and_store_each_window_once(
    ingest: Any, door: Door, office: Office, broker: Broker
):
    if broker.kind != "mosquitto":
        pytest.skip("only mosquitto shares subscriptions")
    nodes = [Node(broker), Node(broker)]
    nodes[1].spool = nodes[0].spool  # one outbox through two connections: the hardest case
    door.start()
    time.sleep(3)  # both are subscribed
    nodes[0].deliver(1)
    threads = [
        threading.Thread(target=node.deliver, args=tuple(range(2, WINDOWS + 1))) for node in nodes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert office.seqs() == list(range(1, WINDOWS + 1))
    for node in nodes:
        node.close()


def test_either_broker_carries_counts_to_the_database(
    each_broker: Broker, office: Office, database: Any
):
    stop = threading.Event()
    settings = settings_of(database.dsn, each_broker)
    thread = threading.Thread(target=ingest_door.run, args=(settings, stop))
    thread.start()
    node = Node(each_broker)
    node.deliver(*range(1, 101))
    assert office.seqs() == list(range(1, 101))
    node.close()
    stop.set()
    thread.join(10)
