"""Everything is killed at random moments under load; then every count is looked for.

The order is drawn by a seed that is printed; CHEONGSA_SEED=... draws it again. What `make soak`
does for an hour is done here for a minute.
"""

import os
import random
import time
from pathlib import Path

import pytest

from hub.kit.embedded import broker as brokers
from tests.system.faults import away, killed
from tests.system.office import Office

KILLS_OF_EACH = 2
CALM_S = 1.5
EACH = (
    killed.kill_node,
    killed.kill_ingest,
    killed.kill_web,
    killed.kill_worker,
    killed.kill_broker,
    killed.kill_database,
)
pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


def drawn() -> tuple[int, random.Random]:
    seed = int(os.environ.get("CHEONGSA_SEED") or random.SystemRandom().randrange(10**6))
    print(f"CHEONGSA_SEED={seed}")
    return seed, random.Random(seed)


def test_whatever_is_killed_every_count_is_stored_once_and_the_board_is_honest(tmp_path: Path):
    seed, chance = drawn()
    strikes = [*EACH] * KILLS_OF_EACH
    chance.shuffle(strikes)
    with Office(tmp_path, seed=seed) as office:
        for strike in strikes:
            time.sleep(chance.uniform(0, CALM_S))
            strike(office, chance)
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert verdict.made > 100
        assert office.onlooker.lies == []


@pytest.mark.parametrize("server", ["broker", "database"])
def test_a_server_that_is_not_there_at_the_start_is_waited_for(tmp_path: Path, server: str):
    with Office(tmp_path, cameras=0, senders=1, webs=1, ingests=1) as office:
        away.away_at_start(office, server, late_s=4.0)
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert office.onlooker.lies == []
