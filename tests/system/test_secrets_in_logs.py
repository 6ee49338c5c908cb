"""A database's password is in no line of any process, whatever is wrong with the DSN."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.hub.kit.test_logs import fields
from tests.web.conftest import free_port

LOOKED_AT_S = 6.0  # some say nothing until somebody asks
DSNS = {
    "nobody answers": "postgresql://u:hunter22word@127.0.0.1:1/x",
    "cannot be read": "postgresql://u:hunter22word@127.0.0.1:port/x",
    "an option nobody knows": "postgresql://u:hunter22word@127.0.0.1/x?hunter22word=1",
}


@pytest.mark.parametrize("dsn", DSNS)
@pytest.mark.parametrize("part", ["web", "ingest", "worker"])
def test_a_password_in_a_dsn_is_in_no_line(part: str, dsn: str, tmp_path: Path):
    log = tmp_path / "log"
    env = os.environ | {
        "HUB_DATABASE_DSN": DSNS[dsn],
        "HUB_BROKER_URL": "mqtt://hub:brokerword22@127.0.0.1:1",
        "HUB_PORT": str(free_port()),
    }
    with log.open("wb") as out:
        running = subprocess.Popen([sys.executable, "-m", "hub", part], env=env, stderr=out)
        end_s = time.monotonic() + LOOKED_AT_S
        while running.poll() is None and time.monotonic() < end_s and not said_more(log):
            time.sleep(0.1)
        running.terminate()
        running.wait(15)
    text = log.read_text()
    assert "hunter22word" not in text
    assert "brokerword22" not in text
    first = text.splitlines()[0]  # one that cannot start says so in a sentence instead
    assert "HUB_DATABASE_DSN" in first or fields(first)["event"] == "started"


def said_more(log: Path) -> bool:
    """Whether it has said something beside that it started."""
    return len(log.read_text().splitlines()) > 1
