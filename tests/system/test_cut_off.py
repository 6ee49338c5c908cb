"""A node that was cut off: everything arrives once, and the board does not wait for it.

Two hours here; 26 in `make soak`.
"""

from pathlib import Path
from random import Random

import pytest

from hub.kit.embedded import broker as brokers
from tests.seeds import SEED
from tests.system.faults.cut_off import cut_off

GROWN_MOST_MIB = 64  # the rows of 26 h alone are some 10 MB
pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


def test_after_hours_without_network_all_arrives_once_and_the_board_does_not_wait(tmp_path: Path):
    back = cut_off(tmp_path, 2.0, Random(SEED))
    print(f"live after {back.live_s:.1f} s, {back.windows} windows after {back.drained_s:.1f} s")
    assert back.verdict.nothing_lost, back.verdict
    assert back.verdict.made > back.windows
    assert back.live_s < back.drained_s
    assert back.grown_mib < GROWN_MOST_MIB
    assert back.lies == []
