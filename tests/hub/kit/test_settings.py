from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
URLS = TEXT.map("mqtt://{}".format) | st.sampled_from(["mqtt://[", "mqtts://u:pearl@[::1", "://"])


@given(st.dictionaries(st.sampled_from(sorted(Settings.model_fields)), TEXT | URLS, max_size=5))
def test_any_text_is_a_setting_or_is_refused_by_the_name_of_its_variable(given_texts):
    env = {f"HUB_{name.upper()}": text for name, text in given_texts.items()}
    try:
        settings = Settings.from_env(DSN | env)
        settings.check_broker()
    except SettingsError as error:
        assert "HUB_" in str(error)  # noqa: PT017
        return
    assert all(settings.secrets)


@given(URLS)
def test_secrets_are_known_even_of_an_address_that_cannot_be_read(url: str):
    settings = Settings.from_env(
        DSN | {"HUB_BROKER_URL": url, "HUB_BROKER_PASSWORD": "pearl", "HUB_NOTICE_URLS": url}
    )
    assert "pearl" in settings.secrets
