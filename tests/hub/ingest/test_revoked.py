"""From a revocation on nothing is taken from a name, even where no broker knows of it yet."""

import json
import time
from typing import Any

from edge.wire.topics import NodeName
from hub.kit.embedded.broker import Broker
from tests.hub.ingest.conftest import Node, Office, until

REVOKED = "UPDATE node SET revoked_at = now() WHERE site = 'demo' AND node = 'cam-1'"


def test_nothing_is_stored_of_a_revoked_node_and_all_of_it_after_a_new_enrolment(
    ingest: Any, office: Office, node: Node
):
    """Without NOTIFY: what the row says holds for the next batch."""
    node.deliver(1, 2)
    office.conn.execute(REVOKED)
    node.count(3, 4)
    until(lambda: len(office.reasons()) == 2)
    assert all("demo/cam-1 is revoked" in reason for reason in office.reasons())
    assert (office.seqs(), node.mark()) == ([1, 2], 2)
    office.conn.execute("UPDATE node SET revoked_at = NULL")
    node.deliver(3, 4)
    assert office.seqs() == [1, 2, 3, 4]


def test_the_others_are_heard_as_ever(ingest: Any, office: Office, node: Node, broker: Broker):
    other = Node(broker, NodeName("demo", "cam-2"))
    office.conn.execute(REVOKED)
    node.count(1)
    other.deliver(1, 2)
    assert office.seqs() == [1, 2]
    other.close()


def test_a_malformed_word_of_a_revoked_node_holds_nothing(ingest: Any, office: Office, node: Node):
    office.conn.execute(REVOKED)
    broken = node.window(1).model_dump(mode="json") | {"window_s": -1}
    node.say(json.dumps(broken).encode())
    until(office.reasons)
    assert office.rows("SELECT * FROM spool") == []


def test_who_is_revoked_is_hung_up_on_by_name_over_any_broker(
    ingest: Any, office: Office, broker: Broker
):
    """As `edge.uplink` calls itself where a broker does not name clients by certificates."""
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    ended = list[float]()
    client = Client(
        CallbackAPIVersion.VERSION2, client_id="cheongsa-demo/cam-1", reconnect_on_failure=False
    )
    client.username_pw_set("demo/cam-1", broker.passwords["demo/cam-1"])
    client.on_disconnect = lambda *_: ended.append(time.monotonic())
    client.connect(broker.host, broker.port)
    client.loop_start()
    until(client.is_connected)
    office.conn.execute(REVOKED)
    office.conn.execute("NOTIFY config")
    until(lambda: ended)
    client.loop_stop()
    client.on_disconnect = None
