"""Whatever arrives on whatever topic means something, or is refused: nothing is raised."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.wire.messages import CountObserved, ZoneCount
from edge.wire.topics import NodeName
from hub.devices.hearing import (
    AHEAD_MAX,
    KEPT_FOR,
    Counted,
    HealthSaid,
    Heard,
    Nothing,
    Refused,
    StateSaid,
    read,
)

NOW = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
NODE = NodeName("demo", "cam-1")
COUNTS = NODE.topic("counts")
SUBJECTS = st.sampled_from(["counts", "health", "state", "config/reported"])


def count(**more: Any) -> CountObserved:
    told: dict[str, Any] = {
        "schema_version": 1,
        "node": "demo/cam-1",
        "spool": uuid.UUID(int=1),
        "seq": 7,
        "oldest": 3,
        "boot_id": uuid.UUID(int=2),
        "window_start": NOW,
        "window_s": 5.0,
        "clock_synced": True,
        "zones": (ZoneCount(zone="queue", people=3, people_max=4, confidence=0.9),),
    }
    return CountObserved.model_validate(told | more)


def refused(heard: Heard) -> Refused:
    assert isinstance(heard, Refused)
    return heard


@given(st.text(max_size=80), st.binary(max_size=200))
def test_any_bytes_on_any_topic_are_heard(topic: str, payload: bytes):
    read(topic, payload, NOW)


@given(SUBJECTS, st.binary(max_size=300))
def test_any_bytes_on_a_node_s_topic_are_heard(subject: Any, payload: bytes):
    read(NODE.topic(subject), payload, NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)


@given(st.sampled_from(sorted(CountObserved.model_fields)), JSON)
def test_a_count_with_any_one_field_replaced_is_read_or_refused(field: str, value: Any):
    told = json.loads(count().encode()) | {field: value}
    heard = read(COUNTS, json.dumps(told).encode(), NOW)
    assert isinstance(heard, Counted | Refused)
    if isinstance(heard, Refused) and heard.envelope is not None:
        assert heard.envelope.node == str(NODE)


@given(
    st.datetimes(timezones=st.timezones(), allow_imaginary=False).map(lambda at: at.isoformat())
    | st.sampled_from(["0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-09:00"])
)
def test_a_count_of_any_time_is_read_or_refused(window_start: str):
    told = json.loads(count().encode()) | {"window_start": window_start}
    heard = read(COUNTS, json.dumps(told).encode(), NOW)
    if isinstance(heard, Counted):
        assert NOW - KEPT_FOR <= heard.count.window_start <= NOW + AHEAD_MAX


@given(st.integers(0, 400))
def test_a_count_cut_short_is_refused_and_holds_nothing(length: int):
    payload = count().encode()
    heard = refused(read(COUNTS, payload[: min(length, len(payload) - 1)] or b"{", NOW))
    assert heard.envelope is None


def test_what_was_written_is_read_back():
    heard = read(COUNTS, count().encode(), NOW)
    assert isinstance(heard, Counted)
    assert (heard.node, heard.count) == (NODE, count())


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"schema_version": 2}, "version 2 is not known"),
        ({"window_s": 0}, "window_s"),
        ({"zones": []}, "zones"),
        ({"zones": [{"zone": "queue"}]}, "zones.0.people"),
        ({"window_start": "2026-11-05T03:10:01Z"}, "ahead of the hub's clock"),
        ({"window_start": "2026-08-01T00:00:00Z"}, "older than the 90 days"),
        ({"window_start": "2026-11-05T03:00:00"}, "window_start"),
        ({"window_start": "0001-01-01T00:00:00+09:00"}, "no place in UTC"),
    ],
)
def test_a_refused_count_holds_its_seq(more: dict[str, Any], said: str):
    told = json.loads(count().encode()) | more
    heard = refused(read(COUNTS, json.dumps(told).encode(), NOW))
    assert said in heard.reason
    assert heard.envelope is not None
    assert heard.envelope.seq == 7


@pytest.mark.parametrize("version", [1, 2])
def test_a_count_that_names_another_node_holds_nothing(version: int):
    told = json.loads(count(node="demo/cam-2").encode()) | {"schema_version": version}
    heard = refused(read(COUNTS, json.dumps(told).encode(), NOW))
    assert heard.envelope is None


def test_an_oversize_count_is_refused_and_holds_its_seq():
    told = json.loads(count().encode()) | {"more": "x" * 70_000}
    heard = refused(read(COUNTS, json.dumps(told).encode(), NOW))
    assert "bytes; the most is 65536" in heard.reason
    assert heard.envelope is not None


def test_a_window_without_a_clock_may_have_any_time():
    old = count(clock_synced=False, window_start=NOW - timedelta(days=20_000))
    assert isinstance(read(COUNTS, old.encode(), NOW), Counted)


def test_an_empty_payload_means_removed():
    assert read(NODE.topic("state"), b"", NOW) == StateSaid(NODE, "state", b"", None)
    assert read(COUNTS, b"", NOW) == Nothing()


def test_an_unknown_field_is_ignored():
    told = json.loads(count().encode()) | {"mood": "fine"}
    assert isinstance(read(COUNTS, json.dumps(told).encode(), NOW), Counted)


def test_health_is_read():
    told = {
        "boot_id": str(uuid.UUID(int=2)),
        "at": "2026-11-05T03:00:00Z",
        "uptime_s": 1,
        "observing": "ok",
        "frames_per_s": 4,
        "outbox_depth": 0,
        "clock_source": "ntp",
        "version": "1",
        "backend": "onnx",
    }
    assert isinstance(read(NODE.topic("health"), json.dumps(told).encode(), NOW), HealthSaid)


def test_what_a_node_does_not_say_is_refused():
    assert "says nothing on" in refused(read(NODE.topic("committed"), b"{}", NOW)).reason
    assert "is not cheongsa/v1" in refused(read("weather/today", b"{}", NOW)).reason


def test_a_deep_payload_is_refused():
    assert isinstance(read(COUNTS, b"[" * 60_000, NOW), Refused)
