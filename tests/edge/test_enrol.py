"""The node's identity on its card: what a power cut leaves, and what is believed of the time."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge import enrol, trust
from edge.enrol import Admitted, Enrolment, Files, NotEnrolledError
from edge.settings import Settings, SettingsError

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def settings_for(folder: Path, **given: Any) -> Settings:
    told = {"EDGE_HUB_URL": "https://hub.test", "EDGE_DATA_DIR": str(folder), **given}
    return Settings.from_env({"EDGE_ENROL_CODE": "K7QD-93MX-A2TB-0F4W", **told})


def admitted(**given: Any) -> Admitted:
    told = {
        "site": "demo",
        "node": "cam-1",
        "certificate_pem": "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n",
        "until": NOW + timedelta(days=90),
        "broker_url": "mqtts://hub.test",
        "broker_ca_pem": "ca",
        "now": NOW,
    }
    return Admitted.model_validate({**told, **given})


def test_a_key_is_on_the_card_before_it_is_used_and_the_same_until_it_has_a_certificate(
    tmp_path: Path,
):
    node = Enrolment(settings_for(tmp_path))
    key = node._waiting_key()
    assert Files(tmp_path / "identity").waiting_key.stat().st_mode & 0o777 == 0o600
    assert Enrolment(settings_for(tmp_path))._waiting_key() == key  # the answer was lost
    node._take(admitted(), key, "code")
    assert node._waiting_key() != key


@pytest.mark.parametrize("writes", [1, 2, 3])
def test_a_power_cut_while_a_certificate_is_taken_leaves_what_can_go_on(
    tmp_path: Path, writes: int, monkeypatch: pytest.MonkeyPatch
):
    node = Enrolment(settings_for(tmp_path))
    key, done = node._waiting_key(), list[Path]()
    real = Files.write

    def cut(self: Files, path: Path, text: str) -> None:
        if len(done) == writes - 1:
            raise OSError("no power")
        done.append(path)
        real(self, path, text)

    with monkeypatch.context() as cutting:
        cutting.setattr(Files, "write", cut)
        with pytest.raises(OSError, match="no power"):
            node._take(admitted(), key, "code")
    assert Files(tmp_path / "identity").enrolled() is None  # it asks again, and may: same key
    assert Enrolment(settings_for(tmp_path))._waiting_key() == key


def test_without_a_certificate_there_is_no_way_to_the_broker_yet(tmp_path: Path):
    with pytest.raises(NotEnrolledError):
        enrol.way_to_broker(settings_for(tmp_path))


@given(st.binary(max_size=400))
def test_whatever_is_on_the_card_it_is_an_enrolment_or_none(tmp_path_factory: Any, text: bytes):
    files = Files(tmp_path_factory.getbasetemp())
    files.about.write_bytes(text)
    assert files.enrolled() is None


def test_a_card_of_another_node_takes_no_certificate(tmp_path: Path):
    node = Enrolment(settings_for(tmp_path))
    with pytest.raises(enrol.HubRefusesError, match="demo/cam-2"):
        node._take(admitted(node="cam-2"), node._waiting_key(), "code")


def test_a_new_code_on_the_card_asks_for_a_new_enrolment(tmp_path: Path):
    node = Enrolment(settings_for(tmp_path))
    node._take(admitted(), node._waiting_key(), enrol._sha256("K7QD-93MX-A2TB-0F4W"))
    about = Files(tmp_path / "identity").enrolled()
    assert about is not None
    assert not node._has_new_code(about)
    assert Enrolment(settings_for(tmp_path, EDGE_ENROL_CODE="AAAA"))._has_new_code(about)


def test_the_least_time_is_the_latest_that_is_known_to_be_past(tmp_path: Path):
    card = settings_for(tmp_path, EDGE_CARD_MADE_AT="2026-11-02T03:00:00Z").card_made
    assert trust.least_of(card, None, system_is_synced=False) == card
    assert trust.least_of(card, NOW, system_is_synced=False) == NOW
    assert trust.least_of(card, NOW, system_is_synced=True) > NOW - timedelta(days=1)
    assert trust.least_of(None, None, system_is_synced=False).year == 1970


def test_a_code_goes_over_https_alone_and_is_in_no_repr():
    with pytest.raises(SettingsError, match="EDGE_HUB_URL"):
        Settings.from_env({"EDGE_HUB_URL": "http://hub.test"})
    settings = Settings.from_env({"EDGE_ENROL_CODE": "K7QD"})
    assert "K7QD" not in repr(settings)
    assert "K7QD" in settings.secrets


def test_what_is_kept_holds_no_code_and_no_key(tmp_path: Path):
    node = Enrolment(settings_for(tmp_path))
    node._take(admitted(), node._waiting_key(), enrol._sha256("K7QD-93MX-A2TB-0F4W"))
    told = json.loads(Files(tmp_path / "identity").about.read_text())
    assert "K7QD" not in str(told)
    assert "PRIVATE" not in str(told)
