"""What Home Assistant is told of nodes in any condition is something it can take."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from edge.wire.topics import NodeName
from hub.density import home_assistant, now
from hub.density.home_assistant import Hub, Message
from hub.devices.condition import Look
from hub.devices.store.conditions import Known
from tests.hub.density import offices
from tests.hub.density.home_assistant_rules import check_announcement, states
from tests.hub.density.offices import NOW

CAM = NodeName("demo", "cam-1")
HUB = Hub("0.1.0", "https://board.test/")
HEALTH: dict[str, Any] = {
    "observing": "ok", "frames_per_s": 4.0, "temperature_c": 52.3, "clock_source": "ntp",
    "outbox_depth": 0, "version": "0.1.0",
}  # fmt: skip
WELL = Look(
    state={"online": True, "observing": "ok", "version": "0.1.0"}, state_at=NOW, health=HEALTH,
    health_at=NOW - timedelta(seconds=9), counts_at=NOW,
)  # fmt: skip
QUEUE = offices.zone()


def known(look: Look, name: NodeName = CAM) -> Known:
    return Known(name, "배식대 카메라", "Camera", "시청", "City hall", look)


def told(look: Look, *zones: Any, ever: tuple[str, ...] = ("main",)) -> list[Message]:
    board = now.board(offices.rows(*zones), NOW)
    return home_assistant.told([known(look)], board, {CAM: ever}, NOW, HUB)


def shown(look: Look, *zones: Any) -> dict[str, Any]:
    config, state = told(look, *zones)
    return states(check_announcement(config.topic, config.payload), state.payload)


def test_a_well_node_and_its_queue():
    found = shown(WELL, QUEUE)
    wait_s = now.board(offices.rows(QUEUE), NOW).sites[0].zones[0].wait_s
    assert wait_s is not None
    assert found == {
        "connection": "ON", "problem": "OFF", "camera": "ok", "temperature": 52.3,
        "main_people": 12, "main_wait": round(wait_s / 60),
    }  # fmt: skip


def test_of_a_node_that_is_away_only_that_is_known():
    silent = replace(QUEUE, observed_at=NOW - timedelta(minutes=9))
    found = shown(replace(WELL, health_at=NOW - timedelta(minutes=9)), silent)
    assert found == {
        "connection": "OFF", "problem": "ON", "camera": None, "temperature": None,
        "main_people": None, "main_wait": None,
    }  # fmt: skip


def test_what_is_wrong_is_told_in_words():
    hot = replace(WELL, health={**HEALTH, "temperature_c": 84.0})
    _, state = told(hot, QUEUE)
    assert json.loads(state.payload)["words"] == {
        "said": "84 °C로 뜨겁습니다", "to_do": "팬과 통풍구를 확인하고 햇빛을 피하세요",
    }  # fmt: skip


def test_a_pause_is_no_problem():
    paused = replace(WELL, health={**HEALTH, "observing": "paused"})
    found = shown(paused, QUEUE)
    assert (found["camera"], found["problem"]) == ("paused", "OFF")


def test_only_a_queue_has_a_wait():
    seats = offices.zone(zone="hall", kind="seating", zone_id=2)
    assert "hall_wait" not in shown(WELL, QUEUE, seats)


def test_a_zone_that_was_given_up_is_named_as_gone_and_then_no_more():
    config, _ = told(WELL, QUEUE, ever=("main", "old"))
    assert config.before is not None
    before = json.loads(config.before)["components"]
    assert before["old_people"] == before["old_wait"] == {"platform": "sensor"}
    assert not {"old_people", "old_wait"} & set(json.loads(config.payload)["components"])
    assert set(json.loads(config.payload)["components"]) < set(before)


def test_a_revoked_node_is_not_told_of():
    assert told(replace(WELL, revoked_at=NOW), QUEUE) == []


def test_two_nodes_share_no_name():
    one, other = NodeName("a-b", "c"), NodeName("a", "b-c")
    assert home_assistant.id_of(one) != home_assistant.id_of(other)


def test_no_word_of_it_is_about_a_person():
    config, state = told(WELL, QUEUE)
    of_node = {"connection", "problem", "words", "camera", "temperature_c"}
    assert set(json.loads(state.payload)) == {*of_node, "main_people", "main_wait"}
    assert set(json.loads(config.payload)) == {"device", "origin", "state_topic", "components"}


ids = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)
figures = st.none() | st.floats(-60, 200)


@given(ids, ids, st.lists(ids, max_size=5, unique=True), figures, st.integers(0, 9_999), st.text())
def test_whatever_a_node_is_called_and_says_it_can_be_taken(
    site: str, node: str, zones: list[str], temperature_c: float | None, people: int, title: str
):
    name = NodeName(site, node)
    rows = offices.rows(
        *(
            offices.zone(zone=zone, zone_id=n, site=site, node=node, people=people, name=title)
            for n, zone in enumerate(zones)
        ),
        sites=[offices.site(site=site)],
        nodes=[offices.node(site=site, node=node)],
    )
    look = replace(WELL, health={**HEALTH, "temperature_c": temperature_c})
    messages = home_assistant.told(
        [known(look, name)], now.board(rows, NOW), {name: zones}, NOW, replace(HUB, public_url=None)
    )
    config, state = messages
    found = states(check_announcement(config.topic, config.payload), state.payload)
    assert {key for key in found if key.endswith("_people")} == {f"{zone}_people" for zone in zones}
