"""From rows to the board."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.density import now as rules
from hub.density.board import STALE_AFTER_S, Board, ZoneNow
from hub.density.now import PointRow
from tests.hub.density.offices import LUNCH, NOW, minutes, node, rows, site, zone


def only(board: Board) -> ZoneNow:
    return board.sites[0].zones[0]


def test_a_served_queue_has_a_wait_a_level_and_a_rate():
    seen = only(rules.board(rows(zone(), minutes=minutes(12, 3)), NOW))
    assert (seen.state, seen.reason, seen.stale) == ("ok", None, False)
    assert seen.wait_s == pytest.approx(12 / (15.5 / 300), abs=1)
    assert (seen.wait_low_s, seen.wait_high_s) == (pytest.approx(140, 0.1), pytest.approx(360, 0.1))
    assert seen.level == "moderate"
    assert seen.served_per_min == 3.1
    assert seen.key == "demo.cam-1.main"


def test_a_count_is_fresh_until_thirty_seconds_and_stale_from_then_on():
    fresh = zone(observed_at=NOW - timedelta(seconds=STALE_AFTER_S - 0.001))
    late = zone(observed_at=NOW - timedelta(seconds=STALE_AFTER_S))
    assert only(rules.board(rows(fresh), NOW)).state == "ok"
    assert only(rules.board(rows(late), NOW)).state == "stale"


def test_a_stale_zone_says_when_it_was_seen_and_what_is_usual_and_nothing_of_now():
    late = zone(observed_at=NOW - timedelta(minutes=5), usual_wait_s=240.4, history_weeks=6)
    seen = only(rules.board(rows(late, minutes=minutes(12, 3)), NOW))
    assert seen.stale
    assert (seen.people, seen.wait_s, seen.level, seen.advice) == (None, None, None, None)
    assert (seen.usual_wait_s, seen.history_weeks) == (240, 6)
    assert seen.observed_at == NOW - timedelta(minutes=5)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (None, "node_offline"),
        ({"online": False}, "node_offline"),
        ({"online": True, "observing": "fault", "fault": "no frame"}, "camera_fault"),
        ({"online": True, "observing": "paused"}, "paused"),
        ({"online": True, "observing": "ok"}, "late"),
    ],
)
def test_silence_is_explained_by_what_the_node_said_last(state, reason):
    late = zone(observed_at=NOW - timedelta(seconds=31))
    assert only(rules.board(rows(late, nodes=[node(state)]), NOW)).reason == reason


def test_where_two_machines_speak_as_one_node_its_zones_say_nothing_of_now():
    board = rules.board(rows(zone(), nodes=[node(has_twin=True)], minutes=minutes(12, 3)), NOW)
    seen, speaks = only(board), board.sites[0].nodes[0]
    assert (seen.state, seen.reason) == ("unknown", "camera_fault")
    assert (seen.people, seen.wait_s, seen.level) == (None, None, None)
    assert (speaks.observing, speaks.fault) == ("fault", rules.TWIN)


def test_a_node_that_went_offline_a_moment_ago_is_believed_until_its_count_is_old():
    seen = only(rules.board(rows(zone(), nodes=[node({"online": False})]), NOW))
    assert (seen.state, seen.people) == ("ok", 12)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (None, "no_data_yet"),
        ({"online": True, "observing": "ok"}, "no_data_yet"),
        ({"online": True, "observing": "fault"}, "camera_fault"),
    ],
)
def test_a_zone_that_was_never_seen_is_unknown(state, reason):
    never = zone(observed_at=None, people=None, served=0, busy_s=0.0)
    seen = only(rules.board(rows(never, nodes=[node(state)]), NOW))
    assert (seen.state, seen.reason, seen.stale) == ("unknown", reason, True)


def test_a_queue_without_a_counter_line_has_people_but_no_wait():
    seen = only(rules.board(rows(zone(has_served_line=False, served=0)), NOW))
    assert (seen.state, seen.reason) == ("unknown", "no_counter_line")
    assert (seen.people, seen.wait_s) == (12, None)


def test_a_queue_that_nobody_serves_is_unknown_not_endless():
    seen = only(rules.board(rows(zone(served=0, busy_s=300.0)), NOW))
    assert (seen.state, seen.reason, seen.wait_s) == ("unknown", "nobody_served", None)


def test_seats_have_people_and_no_wait():
    seen = only(rules.board(rows(zone(kind="seating", seats=200, has_served_line=False)), NOW))
    assert (seen.state, seen.people, seen.seats, seen.wait_s) == ("ok", 12, 200, None)


def test_outside_hours_the_zone_is_closed_and_the_site_says_when_it_opens():
    early = NOW.replace(hour=1)  # 10:04 in Korea
    board = rules.board(rows(zone(observed_at=early), sites=[site(hours=LUNCH)]), early)
    assert (only(board).state, only(board).reason) == ("closed", "outside_hours")
    assert only(board).wait_s is None
    assert board.sites[0].opens_at == NOW.replace(hour=2, minute=30, second=0)


def test_one_busy_minute_does_not_change_the_word():
    calm = minutes(people=4, served=3)
    crowd = zone(people=40, served=15)
    assert only(rules.board(rows(crowd, minutes=calm), NOW)).level == "relaxed"
    assert only(rules.board(rows(crowd, minutes=minutes(40, 3)), NOW)).level == "crowded"


def test_advice_comes_from_the_forecast_and_stops_at_the_closing_door():
    points = [PointRow(1, NOW + timedelta(minutes=30), 60.4, 20.0, 100.0)]
    busy = zone(people=30, history_weeks=6)
    board = rules.board(rows(busy, points=points, minutes=minutes(30, 3)), NOW)
    advice = only(board).advice
    assert advice is not None
    assert (advice.at, advice.wait_s, advice.weeks) == (points[0].at, 60, 6)
    closing = [{"days": [5], "open": "11:30", "close": "12:30"}]
    shut = rules.board(rows(busy, points=points, sites=[site(hours=closing)]), NOW)
    assert only(shut).advice is None


def test_the_node_is_described_in_its_own_words():
    source = {"kind": "simulated", "name": "rendered scene", "detector": "YOLO (ONNX)"}
    seen = rules.board(rows(nodes=[node({"online": True, "source": source})]), NOW)
    said = seen.sites[0].nodes[0]
    assert (said.online, said.source_kind, said.detector) == (True, "simulated", "YOLO (ONNX)")


def test_the_board_knows_when_time_alone_will_change_it():
    fresh = rules.board(rows(zone(observed_at=NOW - timedelta(seconds=10))), NOW)
    assert rules.changes_by_itself_at(fresh) == NOW + timedelta(seconds=20)
    shut = rules.board(rows(sites=[site(hours=LUNCH)]), NOW)
    assert rules.changes_by_itself_at(shut) == NOW.replace(hour=4, minute=30, second=0)
    assert rules.changes_by_itself_at(rules.board(rows(), NOW)) is None


def test_a_closed_day_says_so_and_its_meals_are_shown():
    day = {"day": "2026-11-20", "is_open": False, "name": "창립기념일", "name_en": "Founding day"}
    courses = [{"name": "", "dishes": ["쌀밥", "미역국"]}]
    office = site(hours=LUNCH, days=[day], courses=courses)
    board = rules.board(rows(zone(), sites=[office]), NOW)
    seen = board.sites[0]
    assert (seen.open, seen.closed_for, seen.closed_for_en) == (False, "창립기념일", "Founding day")
    assert (only(board).state, only(board).reason) == ("closed", "closed_day")
    assert seen.opens_at == NOW.replace(hour=2, minute=30, second=0) + timedelta(days=3)
    assert seen.meals[0].dishes == ("쌀밥", "미역국")


def test_an_office_that_is_always_open_knows_no_holidays():
    christmas = NOW.replace(month=12, day=25)
    always, lunch = (site(hours=h, closed_on_holidays=True) for h in (None, LUNCH))
    assert rules.board(rows(sites=[always]), christmas).sites[0].open
    closed = rules.board(rows(sites=[lunch]), christmas).sites[0]
    assert (closed.open, closed.closed_for) == (False, "기독탄신일")


@given(
    people=st.integers(0, 10_000),
    served=st.integers(0, 3_000),
    busy_s=st.floats(0, 400),
    usual=st.none() | st.floats(0.01, 100),
    age_s=st.none() | st.floats(0, 1e6),
    line=st.booleans(),
    kind=st.sampled_from(["queue", "seating", "counter"]),
)
def test_a_zone_with_a_wait_is_fresh_ok_and_ordered_and_any_other_says_why(
    people, served, busy_s, usual, age_s, line, kind
):
    at = None if age_s is None else NOW - timedelta(seconds=age_s)
    row = zone(
        people=None if at is None else people,
        served=served,
        busy_s=busy_s,
        usual_served_per_min=usual,
        observed_at=at,
        has_served_line=line,
        kind=kind,
    )
    board = rules.board(rows(row, minutes=minutes(people, served % 50)), NOW)
    seen = only(board)
    assert Board.model_validate_json(board.model_dump_json()) == board
    assert (seen.wait_s is None) == (seen.level is None)
    assert (seen.reason is None) == (seen.state == "ok")
    if seen.wait_s is not None:
        assert seen.state == "ok"
        assert not seen.stale
        assert seen.wait_low_s is not None
        assert seen.wait_low_s <= seen.wait_s
        assert seen.wait_high_s is None or seen.wait_s <= seen.wait_high_s
