"""The network between the parts is bad in every way at random moments; then all is counted.

The order is drawn by a seed that is printed; CHEONGSA_SEED=... draws it again. What `make soak`
does for an hour is done here for a minute.
"""

import time
from pathlib import Path

import pytest

from hub.kit.embedded import broker as brokers
from tests.system.faults import network
from tests.system.office.networked import Networked
from tests.system.office.road import Weather
from tests.system.test_killed import drawn

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]
STRIKES = (network.cut, network.late, network.torn, network.doubled)
TIMES = 2


def test_whatever_the_network_does_every_count_is_stored_once_and_the_board_is_honest(
    tmp_path: Path,
):
    seed, chance = drawn()
    strikes = [*STRIKES] * TIMES
    chance.shuffle(strikes)
    with Networked(tmp_path, seed=seed, cameras=0, window_s=0.2) as office:
        for strike in strikes:
            time.sleep(chance.uniform(0, 1.0))
            strike(office, chance)
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert verdict.made > 100
        assert office.onlooker.lies == []


def test_packets_that_come_twice_and_out_of_order_are_stored_once(tmp_path: Path):
    with Networked(tmp_path, cameras=0, window_s=0.1) as office:
        for name in ("nodes", "hub"):
            office.roads[name].weather = Weather(again=0.5, swapped=0.5)
        time.sleep(8.0)
        done = office.roads["nodes"].done + office.roads["hub"].done
        assert done["again"] > 50
        assert done["swapped"] > 50
        office.mend()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert office.onlooker.lies == []


def test_connections_that_carry_nothing_any_more_are_found_out_on_both_sides(tmp_path: Path):
    with Networked(tmp_path, cameras=0, window_s=0.2, webs=1) as office:
        for name in ("nodes", "hub"):
            assert office.roads[name].swallow() >= 2
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert office.onlooker.lies == []


def test_a_broker_that_acknowledges_nothing_is_left_and_everything_is_sent_again(tmp_path: Path):
    with Networked(tmp_path, cameras=0, window_s=0.1, webs=1) as office:
        road = office.roads["nodes"]
        road.weather = Weather(unacknowledged=1.0)
        time.sleep(5.0)
        office.mend()
        assert road.done["unacknowledged"] > 20
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
