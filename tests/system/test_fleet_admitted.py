"""A broker that runs takes a fleet's nodes in, and nobody else."""

import json
import shutil
import time
from pathlib import Path

import pytest

from edge.connection import Connection, NoConnectionError, Said
from edge.fleet.fleet import Passes
from edge.trust import Tls
from edge.wire.topics import TIME, NodeName
from hub.__main__ import main
from hub.devices import fleet
from hub.kit.embedded import broker as brokers

PATIENCE_S = 60.0


def may_speak(passes: Passes, name: NodeName) -> bool:
    settings = passes.settings(name)
    will = Said(name.topic("state"), b"", retain=True)
    connection = Connection(
        settings.broker, Tls(None, None, None), str(name), "5", will, lambda *_: None
    )
    try:
        connection.open([(TIME, 0)], answer_s=PATIENCE_S)
    except NoConnectionError:
        return False
    connection.drop()
    return True


@pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed")
def test_nodes_are_let_in_while_the_broker_runs_and_each_by_its_own_password(tmp_path: Path):
    broker = brokers.start(tmp_path, ["demo/cam-1"], kind="mosquitto")
    try:
        names = fleet.names_of(fleet.site_of(3))
        known = brokers.admit(tmp_path, [str(name) for name in names])
        assert known["demo/cam-1"] == broker.passwords["demo/cam-1"]
        passes = Passes(broker_url=broker.url("USER"), passwords=known)
        until_s = time.monotonic() + PATIENCE_S
        while not may_speak(passes, names[0]):  # it reads the list when it comes to it
            assert time.monotonic() < until_s
            time.sleep(0.1)
        assert all(may_speak(passes, name) for name in names)
        swapped = {str(names[0]): known[str(names[1])]}
        assert not may_speak(Passes(broker_url=broker.url("USER"), passwords=swapped), names[0])
    finally:
        broker.stop()
        shutil.rmtree(broker.place.files, ignore_errors=True)
        shutil.rmtree(broker.place.sockets, ignore_errors=True)


def test_without_a_broker_there_is_a_sentence(tmp_path: Path):
    with pytest.raises(brokers.BrokerError, match="make run"):
        brokers.admit(tmp_path, ["fleet/n-0001"])


def test_without_an_office_the_command_says_what_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("CHEONGSA_DATA_DIR", str(tmp_path))
    passes = tmp_path / "fleet.json"
    assert main(["fleet", "--nodes", "2", "--passes", str(passes)]) == 2
    assert "make run" in capsys.readouterr().err
    assert not passes.exists() or json.loads(passes.read_text())
