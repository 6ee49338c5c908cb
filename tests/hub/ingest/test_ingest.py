"""From a node's word to committed rows, on a real broker and a real database."""

import random
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from edge.wire.messages import MAX_PAYLOAD_BYTES, HubTime, NodeConfig, NodeState, ZoneCount
from edge.wire.topics import TIME, NodeName
from hub.devices import site as sites
from hub.devices.store import spools
from hub.devices.store.site import apply_site
from hub.kit import clock, db
from hub.kit.embedded.broker import Broker
from tests.hub.ingest.conftest import Node, Office, until

SITE = """
[site]
id = "demo"
name = "시범 청사"
always_open = true
[[nodes]]
id = "cam-1"
name = "1번 카메라"
[[nodes.zones]]
id = "queue"
name = "배식 줄"
polygon = [[0, 0], [1, 0], [1, 1]]
"""


def test_a_window_becomes_a_row_and_the_node_hears_its_mark(
    ingest: Any, office: Office, node: Node
):
    node.deliver(1)
    assert office.rows("SELECT seq, people, served FROM sample") == [(1, 3, 1)]
    assert node.marks[-1].hub_epoch == office.one("SELECT epoch FROM hub")


def test_what_is_sent_again_and_in_any_order_is_stored_once(
    ingest: Any, office: Office, node: Node
):
    seqs = [seq for seq in range(1, 201) for _ in range(3)]
    random.Random(7).shuffle(seqs)
    node.deliver(*seqs)
    assert office.seqs() == list(range(1, 201))
    assert office.one("SELECT held::text FROM spool") == "{[1,201)}"


def test_the_mark_waits_for_the_seq_that_is_missing(ingest: Any, office: Office, node: Node):
    node.deliver(1, 2)
    node.count(4, 5)
    until(lambda: office.seqs() == [1, 2, 4, 5])
    assert node.mark() == 2
    node.deliver(3, 5)
    assert office.seqs() == [1, 2, 3, 4, 5]


def test_what_the_node_gave_up_is_written_down_as_lost(ingest: Any, office: Office, node: Node):
    node.deliver(1, 2)
    node.deliver(9, oldest=9)
    assert office.one("SELECT lost::text FROM spool") == "{[3,9)}"
    assert office.seqs() == [1, 2, 9]


def test_a_new_card_begins_a_new_spool(ingest: Any, office: Office, node: Node):
    node.deliver(1, 2)
    node.spool = uuid.uuid4()
    node.deliver(1)
    assert office.seqs() == [1, 1, 2]
    assert office.one("SELECT count(*) FROM spool") == 2


def test_a_payload_that_names_another_node_is_refused_and_holds_nothing(
    ingest: Any, office: Office, node: Node
):
    node.say(node.window(1, node="demo/cam-2").encode())
    until(office.reasons)
    assert "demo/cam-2" in office.reasons()[0]
    assert office.one("SELECT count(*) FROM spool") == 0
    assert office.seqs() == []


def test_a_node_nobody_registered_is_refused_and_holds_nothing(
    ingest: Any, office: Office, broker: Broker
):
    stranger = Node(broker, NodeName("other", "cam-1"))
    stranger.count(1, 1, 1)
    until(lambda: office.rows("SELECT 1 FROM dead_letter WHERE times >= 3"))
    assert "no node other/cam-1 is registered" in office.reasons()[0]
    assert office.one("SELECT count(*) FROM spool") == 0
    stranger.close()


def test_every_malformed_kind_is_refused_with_its_reason_and_stops_nothing(
    ingest: Any, office: Office, node: Node
):
    good = node.window(1)
    text = good.encode().decode()
    ahead = node.window(2, window_start=datetime.now(UTC) + timedelta(minutes=11))
    old = node.window(3, window_start=datetime.now(UTC) - timedelta(days=91))
    twice = text.replace(
        '"zones":[', '"zones":[{"zone":"queue","people":1,"people_max":1,"confidence":1},'
    )
    bad = {
        "Invalid JSON": b"\x00\xff",
        "JSON: EOF": text[: len(text) // 2].encode(),
        "version 2 is not known": text.replace('"schema_version":1', '"schema_version":2').encode(),
        "ahead of the hub": ahead.encode(),
        "older than the 90 days": old.encode(),
        "oldest is above seq": text.replace('"oldest":1', '"oldest":7').encode(),
        "counted twice": twice.replace('"seq":1', '"seq":4').encode(),
        "greater than or equal to 0": text.replace('"people":3', '"people":-3').encode(),
        "bytes; the most is": text.replace("queue", "q" * MAX_PAYLOAD_BYTES).encode(),
        "Field required": b"{}",
        "should be": b"[]",
    }
    for payload in bad.values():
        node.say(payload)
    node.say(b"")  # somebody cleaned up: nothing
    node.deliver(5)
    reasons = until(lambda: len(office.reasons()) == len(bad) and office.reasons())
    for said in bad:
        assert any(said in reason for reason in reasons), (said, reasons)
    assert office.seqs() == [5]
    assert office.one("SELECT held::text FROM spool") == "{[1,6)}"


def test_a_row_the_database_refuses_takes_no_other_with_it(ingest: Any, office: Office, node: Node):
    node.count(*range(1, 20))
    node.say(node.window(20, window_s=1e-320).encode())  # 0 as a real: the schema forbids it
    node.deliver(*range(21, 40))
    assert office.seqs() == [seq for seq in range(1, 40) if seq != 20]
    assert "not storable" in office.reasons()[0]
    assert node.mark() == 39


def test_windows_without_a_clock_are_kept_outside_the_aggregates(
    ingest: Any, office: Office, node: Node
):
    node.deliver(1, clock_synced=False, window_start=datetime(1970, 1, 1, tzinfo=UTC))
    assert office.seqs() == []
    assert office.rows("SELECT seq, people, boot_id FROM sample_unsynced") == [(1, 3, node.boot_id)]


def test_a_node_that_makes_up_zones_is_refused_at_some_point(
    ingest: Any, office: Office, node: Node
):
    def zones(seq: int) -> tuple[ZoneCount, ...]:
        names = [f"z{seq}-{i}" for i in range(64)]
        return tuple(ZoneCount(zone=z, people=0, people_max=0, confidence=1.0) for z in names)

    for seq in range(1, 6):
        node.say(node.window(seq, zones=zones(seq)).encode())
    node.deliver(6, zones=zones(1))
    assert office.one("SELECT count(*) FROM zone") == 256
    assert "256 zones already" in office.reasons()[0]


def test_a_node_that_makes_up_outboxes_is_refused_at_some_point(
    ingest: Any, office: Office, node: Node
):
    node.deliver(1)
    office.conn.execute(
        "INSERT INTO spool (site, node, spool, heard_at)"
        " SELECT 'demo', 'cam-1', gen_random_uuid(), now() FROM generate_series(2, %s)",
        (spools.PER_NODE,),
    )
    for _ in range(3):
        node.say(node.window(1, spool=uuid.uuid4()).encode())
    until(lambda: len(office.reasons()) == 3)
    assert f"has spoken from {spools.PER_NODE} outboxes" in office.reasons()[0]
    node.deliver(2)
    assert office.seqs() == [1, 2]
    assert office.one("SELECT count(*) FROM spool") == spools.PER_NODE


def test_births_wills_health_and_configs_are_remembered(ingest: Any, office: Office, node: Node):
    born = NodeState(online=True, boot_id=node.boot_id, session=3, version="1.0")
    node.say(born.encode(), "state", retain=True)
    until(lambda: office.one("SELECT state->>'online' FROM node WHERE node = 'cam-1'") == "true")
    older_will = born.model_copy(update={"online": False, "session": 2})
    node.say(older_will.encode(), "state", retain=True)
    node.say(b'{"revision": 4, "sha256": "ab"}', "config/reported", retain=True)
    until(lambda: office.one("SELECT reported->>'revision' FROM node WHERE node = 'cam-1'") == "4")
    assert office.one("SELECT state->>'online' FROM node WHERE node = 'cam-1'") == "true"
    node.say(born.model_copy(update={"online": False}).encode(), "state", retain=True)
    until(lambda: office.one("SELECT state->>'online' FROM node WHERE node = 'cam-1'") == "false")
    node.deliver(1, window_start=datetime.now(UTC))  # after its will: it lives
    assert office.one("SELECT state->>'online' FROM node WHERE node = 'cam-1'") == "true"
    node.say(b"", "state", retain=True)
    until(lambda: office.one("SELECT state IS NULL FROM node WHERE node = 'cam-1'"))


def test_a_state_the_database_cannot_hold_is_a_dead_letter(ingest: Any, office: Office, node: Node):
    nul = NodeState(online=True, boot_id=node.boot_id, session=1, version="1\x00")
    node.say(nul.encode(), "state", retain=True)
    node.deliver(1)
    assert "not storable" in until(office.reasons)[0]
    node.say(b"", "state", retain=True)


def test_a_node_hears_its_configuration_and_the_hub_s_time(
    node: Node, ingest: Any, office: Office, database: Any
):
    until(lambda: node.on(TIME), 12)
    assert abs(HubTime.model_validate_json(node.on(TIME)[-1]).at - clock.now()) < timedelta(
        seconds=15
    )
    with db.connect_sync(database.dsn) as conn:
        apply_site(conn, sites.parse(SITE), clock.now())
    heard = until(lambda: [payload for payload in node.on("config/wanted") if payload])
    config = NodeConfig.model_validate_json(heard[-1])
    assert (config.revision, config.zones[0].zone) == (1, "queue")
    assert heard[-1] == office.one("SELECT wanted FROM node WHERE node = 'cam-1'")
    with db.connect_sync(database.dsn) as conn:
        apply_site(conn, sites.parse(SITE.replace("cam-1", "cam-2")), clock.now())
    until(lambda: node.on("config/wanted")[-1] == b"")  # retired: nothing is wanted of it


@pytest.mark.parametrize("away_s", [1.5])
def test_a_database_that_is_away_delays_and_loses_nothing(
    ingest: Any, office: Office, node: Node, server: Any, database: Any, away_s: float
):
    node.deliver(1)
    name = conninfo_to_dict(database.dsn)["dbname"]
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(server.admin_dsn, autocommit=True) as admin:
        admin.execute(allow.format(sql.Identifier(str(name)), sql.Literal(False)))
        kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        admin.execute(kill, (name,))
        node.count(*range(2, 60))
        time.sleep(away_s)
        admin.execute(allow.format(sql.Identifier(str(name)), sql.Literal(True)))
        until(lambda: node.mark() == 59)
    office.conn.close()
    office.conn = psycopg.connect(database.dsn, autocommit=True)
    assert office.seqs() == list(range(1, 60))


def test_a_broker_that_comes_back_is_found_again(
    ingest: Any, office: Office, node: Node, broker: Broker
):
    node.deliver(1)
    broker.stop()
    broker.restart()
    node.deliver(*range(2, 20))
    assert office.seqs() == list(range(1, 20))
