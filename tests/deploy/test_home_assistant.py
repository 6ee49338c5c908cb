"""Home Assistant comes in by the nodes' door with a certificate of its own, and only listens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub.density.home_assistant import config_topic, state_topic
from hub.kit.embedded import broker as brokers
from tests.deploy.broker_container import NOT_AUTHORIZED, BrokerContainer, Speaker, until
from tests.deploy.test_broker import CAM_1, authority, here, server

__all__ = ["authority", "here", "server"]

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]
TOLD = (config_topic(CAM_1), state_topic(CAM_1))


@pytest.fixture
def identity(here: Path, server: BrokerContainer) -> Path:
    """Made as docs/operate.md says; key and certificate in one file for the client here."""
    env = {
        **os.environ,
        "HUB_CA_DIR": str(here / "secrets" / "ca"),
        "HUB_DATABASE_DSN": "postgresql://nobody@nowhere/none",  # it is not asked
    }
    file = here / "home-assistant.pem"
    command = [sys.executable, "-m", "hub", "ca", "home-assistant", str(file)]
    subprocess.run(command, env=env, check=True)
    both = here / "both.pem"
    both.write_text(file.with_suffix(".key").read_text() + file.read_text())
    return both


def test_it_hears_what_the_hub_tells_and_says_nothing(server: BrokerContainer, identity: Path):
    with Speaker(server, "hub") as hub, Speaker(server, identity=identity) as home:
        home.listens("#")
        hub.says("cheongsa/v1/demo/cam-1/counts")
        for topic in TOLD:
            hub.says(topic)
        until(lambda: len(home.heard) >= len(TOLD))
        assert [message.topic for message in home.heard] == list(TOLD)
        for topic in (*TOLD, "homeassistant/status", "cheongsa/v1/demo/cam-1/counts"):
            assert home.says(topic) == NOT_AUTHORIZED, topic
