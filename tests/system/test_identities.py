"""Who a node is: a new card in an old node, and one card in two machines."""

from pathlib import Path
from random import Random

import psycopg
import pytest

from hub.kit.embedded import broker as brokers
from tests.seeds import SEED
from tests.system.faults import identities
from tests.system.faults.two_of_one import Twins, small

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


def test_a_new_card_in_an_old_node_counts_from_one_and_nothing_is_taken_for_old(tmp_path: Path):
    chance = Random(SEED)
    with small(tmp_path, SEED) as office:
        for _ in range(2):
            identities.new_card(office, chance)
            office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert len({key.spool for key in office.ledger.made()}) == 3
        assert office.onlooker.lies == []


@pytest.mark.parametrize("ahead", [False, True], ids=["behind", "ahead"])
def test_a_copied_card_in_a_second_node_is_noticed_and_said_and_nothing_is_merged(
    tmp_path: Path, ahead: bool
):
    """Both count on under one spool and one seq, in different rooms."""
    with (
        small(tmp_path, SEED) as office,
        psycopg.connect(office.database.dsn, autocommit=True) as conn,
    ):
        twins = Twins(office, conn)
        twins.copy(ahead=ahead)
        verdict = twins.verdict()
        assert verdict.is_clean, verdict
        assert (verdict.lost_with_reason > 0) == ahead
        assert office.onlooker.lies == []
