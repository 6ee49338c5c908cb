"""A small fleet on a real hub: what it made is stored once, what befell it is told, nothing else.

Fleet and hub share a clock that waits for both, so a busy machine makes this slower, not wrong.
"""

import json
import time
from io import StringIO
from typing import Any, Final

import psycopg
import pytest

from edge.fleet.faults import Kind
from edge.fleet.fleet import Fleet, Span
from edge.fleet.node import Plan
from edge.fleet.truth import Truth
from hub.kit.embedded import broker as brokers
from tests.system.office import fleet_office

NODES: Final = 20
SPAN_S: Final = 1500.0
STEP_S: Final = 60.0
pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


def test_nothing_of_a_fleet_is_lost_and_every_fault_is_told_and_no_other():
    ends = float(int(time.time()))
    span, out = Span(ends - SPAN_S, ends), StringIO()
    with fleet_office.opened(NODES, span.begins) as office:
        plan = Plan(seed=3, window_s=STEP_S, rush_s=12 * 3600.0)
        with Fleet(office.passes, office.names, plan, span, Truth(out)) as fleet:
            office.begin(fleet)
            office.live(fleet, span.ends, STEP_S, office.look)
        truth = [json.loads(line) for line in out.getvalue().splitlines()]
        with psycopg.connect(office.dsn) as conn:
            assert fleet_office.stored(conn) == fleet_office.made(truth)
            assert fleet_office.called(conn) == fleet_office.expected(truth)
            assert conn.execute("SELECT count(*) FROM dead_letter").fetchone() == (0,)
            assert conn.execute("SELECT count(*) FROM loss").fetchone() == (0,)
    befell = {line["kind"] for line in truth if line["what"] == "fault"}
    assert befell == set(Kind)
    assert _people(truth) > 100


def _people(truth: list[dict[str, Any]]) -> int:
    return sum(line["what"] == "person" for line in truth)
