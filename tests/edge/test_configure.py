"""What the hub wants of a node."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.configure import Configuration
from edge.counting.counter import Plan
from edge.wire.messages import ConfigReported, NodeConfig

FIRST = NodeConfig(revision=0)
SQUARE = "[[0.1,0.1],[0.9,0.1],[0.9,0.9],[0.1,0.9]]"


def wanted(revision: int, polygon: str = SQUARE, more: str = "") -> bytes:
    zone = f'{{"zone":"queue","polygon":{polygon}}}'
    return f'{{"revision":{revision},"zones":[{zone}]{more}}}'.encode()


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    return Configuration(tmp_path, FIRST, Plan.of)


def test_an_accepted_configuration_is_reported_with_the_hash_of_its_bytes(
    configuration: Configuration,
):
    payload = wanted(1, more=',"a field of tomorrow":1')
    sha256 = hashlib.sha256(payload).hexdigest()
    assert configuration.want(payload) == ConfigReported(revision=1, sha256=sha256)
    assert configuration.in_force.sha256 == sha256
    assert configuration.in_force.config.zones[0].zone == "queue"


def test_it_is_in_force_again_after_a_restart(tmp_path: Path, configuration: Configuration):
    configuration.want(wanted(4))
    again = Configuration(tmp_path, FIRST, Plan.of)
    assert again.in_force == configuration.in_force
    assert again.want(wanted(4)) == ConfigReported(
        revision=4, sha256=hashlib.sha256(wanted(4)).hexdigest()
    )


def test_a_lower_revision_is_ignored(configuration: Configuration):
    configuration.want(wanted(4))
    assert configuration.want(wanted(3)) is None
    assert configuration.in_force.config.revision == 4


def test_a_removed_one_is_ignored(configuration: Configuration):
    assert configuration.want(b"") is None


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"{", "JSON"),
        (b'{"revision":2,"zones":[{"zone":"Queue","polygon":[]}]}', "zones.0"),
        (wanted(2, "[[0.1,0.1],[0.5,0.5],[0.9,0.9]]"), "encloses nothing"),
        (wanted(2, "[[0.1,0.1],[0.5,1.5],[0.9,0.9]]"), "polygon"),
        (wanted(2, more=',"lines":[{"line":"a","zone":"gone","a":[0,0],"b":[1,1]}]'), "gone"),
        (wanted(2, more=',"lines":[{"line":"a","zone":"queue","a":[0,0],"b":[0,0]}]'), "line a"),
        (wanted(2, more=" " * 70_000), "bytes"),
    ],
)
def test_what_cannot_run_is_refused_with_its_reason_and_the_old_one_stays(
    configuration: Configuration, payload: bytes, reason: str
):
    configuration.want(wanted(1))
    report = configuration.want(payload)
    assert report is not None
    assert reason in (report.refused or "")
    assert report.sha256 == hashlib.sha256(payload).hexdigest()
    assert configuration.in_force.config.revision == 1


def test_the_same_revision_with_other_contents_is_refused(configuration: Configuration):
    configuration.want(wanted(1))
    report = configuration.want(wanted(1, "[[0,0],[1,0],[1,1]]"))
    assert report is not None
    assert "higher revision" in (report.refused or "")


def test_a_stored_file_that_is_damaged_is_passed_over(tmp_path: Path):
    (tmp_path / "config.json").write_bytes(b"\xff\x00{")
    assert Configuration(tmp_path, FIRST, Plan.of).in_force.config == FIRST


def test_a_folder_that_cannot_be_written_does_not_stop_it(tmp_path: Path):
    (tmp_path / "config.new").mkdir()
    configuration = Configuration(tmp_path, FIRST, Plan.of)
    report = configuration.want(wanted(1))
    assert report is not None
    assert report.refused is None
    assert configuration.in_force.config.revision == 1


@given(st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_payload_is_too_strange_to_be_answered(configuration: Configuration, payload: bytes):
    report = configuration.want(payload)
    assert report is None or report.refused
