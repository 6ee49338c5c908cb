"""Every cause is found when it is there, and nothing is found of a node that is well."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.devices import condition_words
from hub.devices.condition import RANK, SILENT_S, Cause, Look, findings

NOW = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
HEALTH: dict[str, Any] = {
    "observing": "ok", "frames_per_s": 4.0, "inference_ms": 60.0, "frame_age_s": 0.3,
    "temperature_c": 55.0, "throttled": 0, "disk_free_bytes": 8 * 2**30, "outbox_depth": 1,
    "outbox_oldest_age_s": 2.0, "clock_offset_ms": 3.0, "clock_source": "ntp", "version": "0.1.0",
    "wifi_dbm": -50.0,
}  # fmt: skip
WELL = Look(
    state={"online": True, "observing": "ok"},
    state_at=NOW - timedelta(hours=1),
    health=HEALTH,
    health_at=NOW - timedelta(seconds=20),
    counts_at=NOW - timedelta(seconds=4),
    certificate_until=NOW + timedelta(days=60),
    usual_frames_per_s=4.0,
    usual_inference_ms=60.0,
)
OLD = NOW - timedelta(seconds=SILENT_S + 1)
SICK: dict[Cause, dict[str, Any]] = {
    Cause.REVOKED: {"revoked_at": NOW},
    Cause.TWIN: {"twin_at": NOW - timedelta(hours=1)},
    Cause.MISSING: {"health_at": OLD},
    Cause.NEVER_HEARD: {"health": None, "health_at": None, "state": None, "state_at": None},
    Cause.NO_COUNTS: {"counts_at": NOW - timedelta(minutes=4)},
    Cause.CONFIG_REFUSED: {"refused": "two zones have the same id"},
    Cause.LOSSES: {"lost": 3},
    Cause.DEAD_LETTERS: {"letters": 2},
    Cause.CERTIFICATE_ENDING: {"certificate_until": NOW + timedelta(days=3)},
    Cause.COUNT_STUCK: {"drifts": (("stuck", "queue"),)},
    Cause.COUNT_STRAYED: {"drifts": (("strayed", "queue"),)},
    Cause.LENS_DIM: {"drifts": (("dim", "queue"),)},
}
SICK_HEALTH: dict[Cause, dict[str, Any]] = {
    Cause.CAMERA_FAULT: {"observing": "fault", "fault": "no camera"},
    Cause.CAMERA_STALLED: {"frame_age_s": 45.0},
    Cause.LID_OPEN: {"lid_open": True},
    Cause.UNDER_VOLTAGE: {"throttled": 0x50001},
    Cause.UNDER_VOLTAGE_BEFORE: {"throttled": 0x10000},
    Cause.THROTTLED: {"throttled": 0x4},
    Cause.THROTTLED_BEFORE: {"throttled": 0x40000},
    Cause.DISK_LOW: {"disk_free_bytes": 10 * 2**20},
    Cause.HOT: {"temperature_c": 83.0},
    Cause.BACKLOG: {"outbox_oldest_age_s": 4000.0, "outbox_depth": 700},
    Cause.NO_CLOCK: {"clock_source": "none"},
    Cause.CLOCK_OFF: {"clock_offset_ms": -7000.0},
    Cause.SLOW: {"frames_per_s": 1.2},
    Cause.WIFI_WEAK: {"wifi_dbm": -84.0},
    Cause.VERSION_BEHIND: {"version": "0.0.9"},
    Cause.PAUSED: {"observing": "paused"},
}


def look(cause: Cause) -> Look:
    if cause in SICK:
        return replace(WELL, **SICK[cause])
    return replace(WELL, health={**HEALTH, **SICK_HEALTH[cause]})


def test_a_well_node_has_nothing():
    assert findings(WELL, NOW, "0.1.0") == ()


@pytest.mark.parametrize("cause", list(Cause))
def test_each_cause_is_found_first_and_said_in_both_languages(cause: Cause):
    found = findings(look(cause), NOW, "0.1.0")
    assert found[0].cause == cause
    for lang in ("ko", "en"):
        words = condition_words.said(cause, found[0].figures, lang)
        assert words.said
        assert words.to_do
        assert "{" not in words.said + words.to_do


def test_one_figure_of_a_node_breaks_one_thing():
    alone = set(SICK_HEALTH) - {Cause.UNDER_VOLTAGE}
    for cause in alone:
        assert [f.cause for f in findings(look(cause), NOW, "0.1.0")] == [cause]


def test_a_weak_adapter_is_said_as_the_maker_would():
    words = condition_words.said(Cause.UNDER_VOLTAGE, {}, "ko")
    assert f"{words.said}: {words.to_do}" == "전원이 약합니다: 정품 5V 5A 어댑터로 바꾸세요"


@pytest.mark.parametrize(
    ("left_s", "to_do", "in_english"),
    [
        (600.0, "10분 뒤 다시 켜져요", "It goes on by itself in 10 min"),
        (425.0, "7분 뒤 다시 켜져요", "It goes on by itself in 7 min"),
        (50.0, "1분 안에 다시 켜져요", "It goes on by itself within 1 min"),
        (5.0, "1분 안에 다시 켜져요", "It goes on by itself within 1 min"),
        (None, "쉬는 시간이 끝나면 저절로 다시 켜져요", "It goes on by itself when the pause ends"),
    ],
)
def test_how_long_a_pause_still_lasts_is_reckoned_from_when_it_was_said(
    left_s: float | None, to_do: str, in_english: str
):
    """Of the 20 s since then the node has paused 20 s; an older node says nothing of it."""
    told = {"observing": "paused"} | ({} if left_s is None else {"pause_left_s": left_s})
    [found] = findings(replace(WELL, health={**HEALTH, **told}), NOW)
    assert condition_words.said(found.cause, found.figures, "ko").to_do == to_do
    assert condition_words.said(found.cause, found.figures, "en").to_do == in_english


def test_the_will_is_believed_at_once_and_a_birth_after_it_ends_it():
    gone = replace(WELL, state={"online": False}, state_at=NOW)
    assert findings(gone, NOW)[0].cause == Cause.MISSING
    assert findings(replace(gone, state={"online": True}), NOW) == ()


def test_old_figures_of_a_missing_node_are_not_told_as_if_they_were_new():
    hot = replace(WELL, health={**HEALTH, "temperature_c": 90.0}, health_at=OLD)
    assert [f.cause for f in findings(hot, NOW)] == [Cause.MISSING]


def test_inference_that_takes_twice_its_usual_time_is_slow():
    slow = replace(WELL, health={**HEALTH, "inference_ms": 130.0})
    assert [f.cause for f in findings(slow, NOW)] == [Cause.SLOW]


@given(
    st.dictionaries(
        st.sampled_from(sorted(set(HEALTH) - {"observing", "clock_source", "version"})),
        st.none() | st.integers(-(2**40), 2**40),
    )
)
def test_any_figures_are_read_and_what_is_found_is_in_order(figures: dict[str, Any]):
    health = {**HEALTH, **figures} | {
        "throttled": figures.get("throttled") or 0,
        "frames_per_s": figures.get("frames_per_s") or 0.0,
    }
    found = findings(replace(WELL, health=health), NOW, "0.1.0")
    ranks = [RANK[f.cause] for f in found]
    assert ranks == sorted(set(ranks))
