"""From a node's word to committed rows, on a real broker and a real database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.hub.ingest.conftest import Node, Office, until


def test_a_window_becomes_a_row_and_the_node_hears_its_mark(
    ingest: Any, office: Office, node: Node
):
    node.count(1)
    until(lambda: node.mark() == 1)
    assert office.rows("SELECT seq, people, served FROM sample") == [(1, 3, 1)]
    assert node.marks[-1].hub_epoch == office.one("SELECT epoch FROM hub")
