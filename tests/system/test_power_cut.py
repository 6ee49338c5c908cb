"""The power of a running node is cut at a write of its outbox, and its card gives a torn page."""

from pathlib import Path
from random import Random

import pytest

from hub.kit.embedded import broker as brokers
from tests.seeds import SEED
from tests.system.faults import power
from tests.system.faults.power import Power

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


def test_a_node_whose_power_is_cut_at_any_write_and_whose_card_is_torn_loses_nothing_held(
    tmp_path: Path,
):
    chance = Random(SEED)
    with Power(tmp_path, seed=SEED) as office:
        for strike in (power.cut_power, power.torn_page, power.cut_power):
            strike(office, chance)
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert office.ledger.handed_out_twice == []
        assert office.onlooker.lies == []
