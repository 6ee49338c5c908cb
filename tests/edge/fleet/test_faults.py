from hypothesis import given
from hypothesis import strategies as st

from edge.fleet import faults
from edge.fleet.faults import Kind
from hub.devices.alerts import UNTOLD
from hub.devices.condition import Cause

BEGINS = 1_795_000_000.0


@given(st.integers(0, 2**32), st.integers(1, 300), st.floats(600.0, 86_400.0))
def test_a_node_has_one_fault_and_it_is_over_before_the_end(seed, nodes, span_s):
    found = faults.plan(seed, nodes, BEGINS, BEGINS + span_s)
    assert len({fault.node for fault in found}) == len(found) <= nodes
    assert all(0 <= fault.node < nodes for fault in found)
    assert all(fault.begins <= fault.ends <= BEGINS + span_s for fault in found)
    late = [fault for fault in found if fault.kind is not Kind.DAYS_OFFLINE]
    assert all(fault.begins > BEGINS for fault in late)


def test_of_each_kind_there_is_one_where_there_are_nodes_enough():
    assert {fault.kind for fault in faults.plan(5, 20, BEGINS, BEGINS + 3600)} == set(Kind)


def test_the_same_seed_gives_the_same_faults():
    one, two, other = (faults.plan(seed, 40, BEGINS, BEGINS + 3600) for seed in (1, 1, 2))
    assert one == two != other


def test_what_should_be_called_is_called_by_a_word_of_the_hub():
    causes = {rule.cause for rule in faults.RULES.values()} - {None}
    assert causes <= set(Cause) - UNTOLD
