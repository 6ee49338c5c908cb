"""An upgrade while everything runs: `pre` under load, new programs beside old, old ones away.

The version to come is made up: a `pre` file of every kind that is allowed (a new table, new columns
with and without a default, a new index on a table that is written all the time).
"""

from pathlib import Path

import pytest

from hub.kit import db, migrate
from hub.kit.embedded import broker as brokers
from hub.kit.migrate import Migration
from tests.system.office import Office

BUSY = "SET LOCAL lock_timeout = '2s';"
TO_COME = [
    Migration("9001_pre_table", f"{BUSY} CREATE TABLE news (id int PRIMARY KEY, told text)"),
    Migration(
        "9002_pre_columns",
        f"""{BUSY}
        ALTER TABLE site ADD COLUMN colour text;
        ALTER TABLE zone ADD COLUMN colour text NOT NULL DEFAULT 'blue';
        ALTER TABLE node ADD COLUMN colour text;
        ALTER TABLE spool ADD COLUMN colour text;
        ALTER TABLE dead_letter ADD COLUMN colour text;
        """,
    ),
    Migration("9003_pre_sample", f"{BUSY} ALTER TABLE sample ADD COLUMN colour text"),
    Migration(
        "9004_pre_index",
        "-- no transaction\nCREATE INDEX CONCURRENTLY node_colour ON node (colour);\n",
    ),
]
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


def test_an_upgrade_under_load_loses_nothing_and_the_board_stays_honest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ours = migrate.migrations
    with Office(tmp_path, cameras=0, nodes_each=8) as office:
        monkeypatch.setattr(migrate, "migrations", lambda kind: [*ours(kind), *TO_COME])
        with db.connect_sync(office.database.dsn, autocommit=True) as conn:
            assert migrate.migrate(conn) == [one.name for one in TO_COME]
        for kind in ("ingest", "web"):  # the new ones beside the old, then the old ones away
            office[f"{kind}-1"].stop()
            office[f"{kind}-1"].start()
            office.wait_until_live()
            office[f"{kind}-2"].stop()
            office[f"{kind}-2"].start()
        office["worker-1"].stop()
        office["worker-1"].start()
        office.wait_until_live()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert verdict.made > 50
        assert office.onlooker.lies == []
