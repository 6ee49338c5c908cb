"""Commands, what became of them, and the preview: read back as written, and nothing else let in."""

import contextlib
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from edge.wire.messages import (
    MAX_RESULT_BYTES,
    MAX_STILL_BYTES,
    Command,
    CommandResult,
    Preview,
    Still,
)
from edge.wire.topics import EVERY_RESULT, NodeName

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
ID = UUID(int=7)
stills = st.builds(
    Still,
    width_px=st.integers(1, 4096),
    height_px=st.integers(1, 4096),
    frames=st.integers(1, 1000),
    blurred=st.integers(0, 1000),
    sealed=st.binary(max_size=200),
)
results = st.builds(
    CommandResult,
    command=st.uuids(),
    at=st.just(NOW),
    done=st.booleans(),
    detail=st.text(max_size=200),
    figures=st.dictionaries(st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False)),
    still=st.none() | stills,
)
fractions = st.floats(0, 1)
previews = st.builds(
    Preview, at=st.just(NOW), boxes=st.lists(st.tuples(*[fractions] * 4), max_size=5).map(tuple)
)


@given(st.binary(min_size=32, max_size=32), st.sampled_from(["still", "identify", "restart"]))
def test_a_command_reads_back(key: bytes, kind):
    said = Command(command=ID, kind=kind, issued_at=NOW, expires_at=NOW, seal_to=key)
    assert Command.model_validate_json(said.encode()) == said


@given(results)
def test_a_result_reads_back(said: CommandResult):
    assert CommandResult.model_validate_json(said.encode()) == said


@given(previews)
def test_a_preview_reads_back(said: Preview):
    assert Preview.model_validate_json(said.encode()) == said


@given(st.binary(max_size=300), st.sampled_from([Command, CommandResult, Preview]))
def test_whatever_comes_is_read_or_refused(payload: bytes, kind):
    with contextlib.suppress(ValidationError):
        kind.model_validate_json(payload)


def test_the_largest_still_fits_into_a_result():
    largest = Still(
        width_px=4096, height_px=4096, frames=1000, blurred=1000, sealed=bytes(MAX_STILL_BYTES)
    )
    said = CommandResult(command=ID, at=NOW, done=True, detail="가" * 200, still=largest)
    assert len(said.encode()) <= MAX_RESULT_BYTES


@pytest.mark.parametrize("key", [None, b"short"])
def test_a_still_without_a_key_to_seal_it_to_is_no_command(key: bytes | None):
    with pytest.raises(ValidationError):
        Command(command=ID, kind="still", issued_at=NOW, expires_at=NOW, seal_to=key)


def test_a_command_and_its_result_have_topics_of_their_own():
    node = NodeName("demo", "cam-1")
    assert node.command_topic("+") == "cheongsa/v1/demo/cam-1/command/+"
    assert node.result_topic(ID) == f"cheongsa/v1/demo/cam-1/command/{ID}/result"
    assert EVERY_RESULT == "cheongsa/v1/+/+/command/+/result"
