"""EDGE_ variables."""

from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.settings import Broker, Settings, SettingsError, manual


def test_without_any_variable_a_node_speaks_to_this_machine():
    settings = Settings.from_env({})
    assert str(settings.name) == "demo/cam-1"
    assert settings.broker == Broker("127.0.0.1", 1883, False, None, None)


def test_the_broker_url_names_host_port_user_and_tls():
    settings = Settings.from_env(
        {"EDGE_BROKER_URL": "mqtts://demo%2Fcam-1@hub.local", "EDGE_BROKER_PASSWORD": "s3cret"}
    )
    assert settings.broker == Broker("hub.local", 8883, True, "demo/cam-1", "s3cret")


def test_a_secret_may_come_from_a_file_and_is_not_shown(tmp_path: Path):
    (tmp_path / "password").write_text("s3cret\n")
    settings = Settings.from_env({"EDGE_BROKER_PASSWORD_FILE": str(tmp_path / "password")})
    assert settings.broker.password == "s3cret"
    assert "s3cret" not in repr(settings) + repr(settings.broker)


def test_a_variable_that_is_set_but_empty_counts_as_not_set():
    assert Settings.from_env({"EDGE_MODEL": "", "EDGE_THREADS": " "}) == Settings()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("EDGE_SITE", "시청"),
        ("EDGE_NODE", "a/b"),
        ("EDGE_BROKER_URL", "http://hub"),
        ("EDGE_BROKER_URL", "mqtt://hub:port"),
        ("EDGE_BROKER_URL", "mqtt://"),
        ("EDGE_BROKER_PASSWORD_FILE", "/nowhere"),
        ("EDGE_THREADS", "many"),
        ("EDGE_THREADS", "0"),
        ("EDGE_CONFIDENCE", "2"),
        ("EDGE_CONFIDENCE", "nan"),
        ("EDGE_CLOCK_TRUSTED", "perhaps"),
        ("EDGE_MQTT_VERSION", "4"),
        ("EDGE_OUTBOX_DAYS", "-1"),
    ],
)
def test_a_bad_value_is_refused_by_name(key: str, value: str):
    with pytest.raises(SettingsError, match="EDGE_"):
        Settings.from_env({key: value})


@given(
    st.dictionaries(
        st.sampled_from([f"EDGE_{f.name.upper()}" for f in fields(Settings)]),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30),
    )
)
def test_any_text_is_understood_or_refused_as_a_setting(env: dict[str, str]):
    with suppress(SettingsError):
        Settings.from_env(env)


def test_the_manual_names_every_variable_once():
    for f in fields(Settings):
        assert manual().count(f"| `EDGE_{f.name.upper()}`") == 1
