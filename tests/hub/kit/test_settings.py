from pathlib import Path

import pytest

from hub.kit.settings import Settings, SettingsError

DSN = {"HUB_DATABASE_DSN": "postgresql:///x"}


def test_a_field_that_is_absent_has_its_default():
    assert Settings.from_env(DSN).port == 8000


def test_a_secret_may_come_from_a_file(tmp_path: Path):
    (tmp_path / "password").write_text("pearl\n")
    env = DSN | {"HUB_BROKER_PASSWORD_FILE": str(tmp_path / "password")}
    password = Settings.from_env(env).broker_password
    assert password is not None
    assert password.get_secret_value() == "pearl"


def test_a_secret_is_not_shown():
    env = {"HUB_DATABASE_DSN": "postgresql://u:pearl@h/x", "HUB_BROKER_PASSWORD": "pearl"}
    assert "pearl" not in repr(Settings.from_env(env))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        DSN | {"HUB_PORT": "eighty"},
        DSN | {"HUB_PORT": "0"},
        DSN | {"HUB_BROKER_PASSWORD_FILE": "/nowhere/at/all"},
    ],
)
def test_what_cannot_be_read_is_named_with_its_variable(wrong: dict[str, str]):
    with pytest.raises(SettingsError, match="HUB_"):
        Settings.from_env(wrong)


def test_a_list_is_separated_by_commas():
    env = DSN | {"HUB_TRUSTED_HOSTS": "hub.city.kr, 10.0.0.5"}
    assert Settings.from_env(env).trusted_hosts == ("hub.city.kr", "10.0.0.5")
