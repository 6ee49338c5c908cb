"""The site file: what is right is applied, what is wrong is told by its place."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import Connection

from edge.wire.messages import NodeConfig
from hub.devices.site import SiteFileError, parse
from hub.devices.store import nodes
from hub.devices.store.site import apply_site
from tests.hub.devices.conftest import NOW

SITE = """
[site]
id = "demo"
name = "시범 청사"
name_en = "Demo office"

[[hours]]
days = [1, 2, 3, 4, 5]
open = "11:30"
close = "13:30"

[[nodes]]
id = "cam-1"
name = "1번 카메라"
[nodes.rates]
window_s = 10
[[nodes.zones]]
id = "queue"
name = "배식 줄"
polygon = [[0, 0], [1, 0], [1, 1]]
[[nodes.zones]]
id = "hall"
kind = "seating"
name = "식당"
seats = 120
polygon = [[0, 0], [1, 0], [0, 1]]
[[nodes.lines]]
id = "till"
zone = "queue"
a = [0.1, 0.2]
b = [0.1, 0.9]

[[nodes]]
id = "cam-2"
name = "민원실"
"""


def apply(conn: Connection[Any], text: str) -> None:
    with conn.transaction():
        apply_site(conn, parse(text), NOW)


def wanted(conn: Connection[Any], node: str = "cam-1") -> NodeConfig:
    payloads = {one.node.node: one.payload for one in nodes.wanted_configs(conn)}
    return NodeConfig.model_validate_json(payloads[node] or b"")


def test_a_site_file_becomes_site_nodes_zones_and_configurations(sync_conn: Connection[Any]):
    apply(sync_conn, SITE)
    zones = sync_conn.execute(
        "SELECT node, zone, kind, name_en, seats, has_served_line FROM zone ORDER BY position"
    ).fetchall()
    assert zones == [
        ("cam-1", "queue", "queue", "배식 줄", None, True),
        ("cam-1", "hall", "seating", "식당", 120, False),
        ("cam-2", "all", "queue", "민원실", None, False),
    ]
    hours, levels = sync_conn.execute("SELECT hours, levels_s FROM site").fetchall()[0]
    assert hours == [{"days": [1, 2, 3, 4, 5], "open": "11:30", "close": "13:30"}]
    assert levels == [180, 420, 720]
    config = wanted(sync_conn)
    assert config.revision == 1
    assert [zone.zone for zone in config.zones] == ["queue", "hall"]
    assert config.rates.window_s == 10
    assert wanted(sync_conn, "cam-2").zones == ()  # the whole picture is one queue


def test_a_revision_grows_only_when_the_node_should_hear_something_else(
    sync_conn: Connection[Any],
):
    apply(sync_conn, SITE)
    apply(sync_conn, SITE.replace("배식 줄", "점심 줄"))
    assert wanted(sync_conn).revision == 1
    apply(sync_conn, SITE.replace("[0.1, 0.9]", "[0.2, 0.9]"))
    assert wanted(sync_conn).revision == 2
    assert wanted(sync_conn, "cam-2").revision == 1


def test_a_restored_hub_outbids_the_revision_a_node_runs(sync_conn: Connection[Any]):
    apply(sync_conn, SITE)
    sync_conn.execute("UPDATE node SET reported = '{\"revision\": 41}' WHERE node = 'cam-1'")
    apply(sync_conn, SITE)
    assert wanted(sync_conn).revision == 42


def test_what_a_file_leaves_out_is_retired_and_comes_back(sync_conn: Connection[Any]):
    def shown() -> list[Any]:
        return sync_conn.execute(
            "SELECT node, zone FROM zone WHERE retired_at IS NULL ORDER BY position"
        ).fetchall()

    apply(sync_conn, SITE)
    apply(sync_conn, SITE[: SITE.index('[[nodes]]\nid = "cam-2"')].replace('"hall"', '"room"'))
    assert shown() == [("cam-1", "queue"), ("cam-1", "room")]
    assert {one.node.node: one.payload for one in nodes.wanted_configs(sync_conn)}["cam-2"] is None
    apply(sync_conn, SITE)
    assert shown() == [("cam-1", "queue"), ("cam-1", "hall"), ("cam-2", "all")]


def test_what_was_drawn_in_the_browser_outlives_a_file_that_is_loaded_again(
    sync_conn: Connection[Any],
):
    apply(sync_conn, SITE)
    drawn = wanted(sync_conn).model_copy(update={"revision": 7, "zones": (), "lines": ()}).encode()
    sync_conn.execute(
        "INSERT INTO drawing (site, node, revision, wanted, saved_at, saved_by)"
        " VALUES ('demo', 'cam-1', 7, %s, now(), 'lee')",
        (drawn,),
    )
    sync_conn.execute(
        "UPDATE node SET wanted = %s, wanted_revision = 7 WHERE node = 'cam-1'", (drawn,)
    )
    sync_conn.execute("UPDATE zone SET name = '새 줄', retired_at = now() WHERE zone = 'queue'")
    apply(sync_conn, SITE)
    assert (wanted(sync_conn).revision, wanted(sync_conn).zones) == (7, ())
    kept = sync_conn.execute("SELECT name, retired_at IS NULL FROM zone WHERE zone = 'queue'")
    assert kept.fetchall() == [("새 줄", False)]
    assert wanted(sync_conn, "cam-2").revision == 1


def test_a_node_that_was_invited_in_the_browser_is_not_retired_by_a_file_that_lacks_it(
    sync_conn: Connection[Any],
):
    sync_conn.execute(
        "INSERT INTO node (site, node, name, name_en) VALUES"
        " ('demo', 'cam-8', 'n', 'n'), ('demo', 'cam-9', 'n', 'n')"
    )
    sync_conn.execute(
        "INSERT INTO enrol_code (sha256, site, node, made_at, made_by, expires_at)"
        " VALUES (sha256('x'), 'demo', 'cam-8', now(), 'lee', now())"
    )
    apply(sync_conn, SITE)
    living = sync_conn.execute("SELECT node FROM node WHERE retired_at IS NULL ORDER BY node")
    assert living.fetchall() == [("cam-1",), ("cam-2",), ("cam-8",)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "demo"', 'id = "Demo"', "site.id: "),
        ("[site]", "[site", "not TOML: "),
        ('name = "식당"', 'nmae = "식당"', "nodes[1].zones[2].nmae: "),
        ("[0, 0], [1, 0], [1, 1]", "[0, 0], [1, 0]", "nodes[1].zones[1].polygon: "),
        ("[0, 0], [1, 0], [1, 1]", "[0, 0], [1, 0], [1, 2]", "nodes[1].zones[1].polygon[3][2]: "),
        ('zone = "queue"', 'zone = "quay"', "a line names a zone that is not there: quay"),
        ('id = "cam-2"', 'id = "cam-1"', "two nodes have the id cam-1"),
        ('id = "hall"', 'id = "queue"', "two zones have the id queue"),
        ('close = "13:30"', 'close = "11:30"', "close is not after open"),
        ('open = "11:30"', 'open = "25:00"', "hours[1].open: "),
        ("days = [1, 2, 3, 4, 5]", "days = [8]", "hours[1].days[1]: "),
        ("[[hours]]", "[levels]\nbusy_s = 800\n[[hours]]", "must rise"),
        ("[[hours]]", "always_open = true\n[[hours]]", "either always_open"),
        ('name = "1번 카메라"', 'name = "\\u0000"', "nodes[1].name: "),
        ("b = [0.1, 0.9]", "b = [0.1, 0.2]", "the same point"),
        ("seats = 120", "seats = 0", "nodes[1].zones[2].seats: "),
    ],
)
def test_what_is_wrong_is_told_by_its_place(old: str, new: str, said: str):
    assert old in SITE
    with pytest.raises(SiteFileError) as told:
        parse(SITE.replace(old, new, 1))
    assert said in str(told.value)


@given(st.text(max_size=300))
def test_any_text_is_a_site_file_or_is_refused(text: str):
    with suppress(SiteFileError):
        parse(text)


@given(st.data())
def test_a_site_file_with_any_piece_cut_out_is_read_or_refused(data: st.DataObject):
    first = data.draw(st.integers(0, len(SITE)))
    end = data.draw(st.integers(first, min(len(SITE), first + 40)))
    with suppress(SiteFileError):
        file = parse(SITE[:first] + SITE[end:])
        assert all(node.config(1) for node in file.nodes)


def test_an_office_whose_page_was_saved_keeps_what_it_says(sync_conn: Connection[Any]):
    apply(sync_conn, SITE)
    sync_conn.execute("UPDATE site SET name = '새 이름', hours = NULL, version = 1")
    sync_conn.execute("UPDATE zone SET name = '우리 줄', position = 7 WHERE zone = 'queue'")
    apply(sync_conn, SITE)
    assert sync_conn.execute("SELECT name, hours FROM site").fetchone() == ("새 이름", None)
    found = sync_conn.execute("SELECT name, position FROM zone WHERE zone = 'queue'").fetchone()
    assert found == ("우리 줄", 7)
