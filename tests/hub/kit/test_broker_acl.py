"""What nodes may say: one list, wherever the broker runs."""

from pathlib import Path

from edge.wire import topics
from hub.kit.embedded import broker

SERVERS = Path(__file__).parents[3] / "firmware-config" / "broker" / "acl"


def test_the_embedded_broker_and_the_servers_have_the_same_lines():
    kept = [line for line in SERVERS.read_text().splitlines() if line and line[0] != "#"]
    assert kept == [line for line in broker.mosquitto_acl().splitlines() if line]


def test_every_topic_of_the_contract_has_a_line_in_its_one_direction():
    assert {*topics.FROM_NODE} <= {*broker.WRITES}
    assert {*topics.TO_NODE} <= {*broker.READS}
    assert not {*broker.WRITES} & {*broker.READS}
