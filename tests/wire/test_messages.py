"""Every message reads back as it was written, and nothing else is let in."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from edge.wire.messages import (
    Committed,
    CountObserved,
    Envelope,
    HubTime,
    Line,
    NodeConfig,
    NodeHealth,
    NodeState,
    ZoneCount,
    ZoneShape,
)

ids = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)
seqs = st.integers(1, 2**62)
uuids = st.uuids()
times = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001  the strategy adds the zone
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC]),
)
zone_counts = st.builds(
    ZoneCount,
    zone=ids,
    people=st.integers(0, 10_000),
    people_max=st.integers(0, 10_000),
    served=st.integers(0, 10_000),
    entered=st.integers(0, 10_000),
    density_per_m2=st.none() | st.floats(0, 100),
    confidence=st.floats(0, 1),
)


@st.composite
def counts(draw: st.DrawFn) -> CountObserved:
    seq = draw(seqs)
    return CountObserved(
        schema_version=1,
        node="demo/cam-1",
        spool=draw(uuids),
        seq=seq,
        oldest=draw(st.integers(1, seq)),
        boot_id=draw(uuids),
        window_start=draw(times),
        window_s=draw(st.floats(0.001, 3600)),
        clock_synced=draw(st.booleans()),
        zones=tuple(
            draw(st.lists(zone_counts, min_size=1, max_size=5, unique_by=lambda z: z.zone))
        ),
    )


@given(counts())
def test_a_count_read_back_is_the_count_written(count: CountObserved):
    assert CountObserved.model_validate_json(count.encode()) == count


@given(counts())
def test_the_envelope_of_any_count_can_be_read_alone(count: CountObserved):
    envelope = Envelope.model_validate_json(count.encode())
    assert (envelope.spool, envelope.seq, envelope.oldest) == (count.spool, count.seq, count.oldest)


@given(counts(), st.integers(2, 1000))
def test_the_envelope_of_a_later_version_can_be_read_and_its_count_is_refused(count, version):
    later = json.loads(count.encode()) | {"schema_version": version, "zones": "told otherwise"}
    assert Envelope.model_validate_json(json.dumps(later)).seq == count.seq
    with pytest.raises(ValidationError):
        CountObserved.model_validate_json(json.dumps(later))


@given(counts())
def test_fields_that_are_not_known_are_ignored(count: CountObserved):
    newer = json.loads(count.encode()) | {"weather": "rain"}
    assert CountObserved.model_validate_json(json.dumps(newer)) == count


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_comes_is_read_or_refused_as_malformed(payload: bytes):
    for kind in (CountObserved, Envelope, NodeState, NodeHealth, Committed, NodeConfig, HubTime):
        try:
            kind.model_validate_json(payload)
        except ValidationError:
            continue


def test_a_time_that_has_no_place_in_utc_is_malformed_and_no_crash():
    with pytest.raises(ValidationError):
        HubTime.model_validate_json('{"at": "0001-01-01T00:00:00+09:00"}')


@pytest.mark.parametrize(
    "wrong",
    [
        {"oldest": 9},
        {"seq": 0},
        {"seq": 2**62 + 1},
        {"window_s": 0},
        {"window_s": float("inf")},
        {"zones": []},
        {"zones": [{"zone": "a", "people": 1, "people_max": 1, "confidence": 1}] * 2},
        {"zones": [{"zone": "A B", "people": 1, "people_max": 1, "confidence": 1}]},
        {"zones": [{"zone": "a", "people": -1, "people_max": 1, "confidence": 1}]},
        {"window_start": "2026-11-21T12:00:00"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_count_with_a_wrong_field_is_refused(wrong: dict):
    good = {
        "schema_version": 1,
        "node": "demo/cam-1",
        "spool": str(UUID(int=1)),
        "seq": 5,
        "oldest": 1,
        "boot_id": str(UUID(int=2)),
        "window_start": "2026-11-21T12:00:00+09:00",
        "window_s": 5,
        "clock_synced": True,
        "zones": [{"zone": "a", "people": 1, "people_max": 2, "confidence": 0.5}],
    }
    assert CountObserved.model_validate(good).window_start.utcoffset() == UTC.utcoffset(None)
    with pytest.raises(ValidationError):
        CountObserved.model_validate(good | wrong)


def test_a_line_must_name_a_zone_that_is_drawn():
    zone = ZoneShape(zone="queue", polygon=((0, 0), (1, 0), (1, 1)))
    line = Line(line="counter", zone="other", a=(0, 0), b=(1, 1))
    with pytest.raises(ValidationError, match="not there: other"):
        NodeConfig(revision=1, zones=(zone,), lines=(line,))


@pytest.mark.parametrize("field", ["schema_version", "seq", "oldest"])
@pytest.mark.parametrize("text", ["true", "1.0", '"1"'])
@pytest.mark.parametrize("kind", [Envelope, CountObserved])
def test_a_number_that_decides_what_is_held_is_written_as_one(
    kind: type[Envelope], field: str, text: str
):
    told = json.loads(_ONE.encode())
    kind.model_validate_json(json.dumps(told))
    with pytest.raises(ValidationError, match=field):
        kind.model_validate_json(json.dumps({**told, field: "HERE"}).replace('"HERE"', text))


_ONE = CountObserved(
    schema_version=1,
    node="demo/cam-1",
    spool=UUID(int=1),
    seq=1,
    oldest=1,
    boot_id=UUID(int=2),
    window_start=datetime(2026, 11, 21, tzinfo=UTC),
    window_s=5.0,
    clock_synced=True,
    zones=(ZoneCount(zone="queue", people=1, people_max=1, confidence=1.0),),
)
