"""A whole office is watched: its logs, its figures and its doctor, while its broker dies."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.hub.kit.test_logs import fields
from tests.system.test_run import free_port, office, said_until_ready

pytestmark = pytest.mark.timeout(400)
PATIENCE_S = 60.0
PARTS = ("supervisor", "web", "ingest", "worker", "node")


def until(true: Callable[[], Any], what: str) -> Any:
    end_s = time.monotonic() + PATIENCE_S
    while not (found := true()):
        assert time.monotonic() < end_s, f"waited in vain: {what}"
        time.sleep(0.2)
    return found


def events(folder: Path, part: str) -> list[dict[str, str]]:
    """Every line of a part's log; one that is no logfmt fails the test."""
    return [fields(line) for line in (folder / "logs" / f"{part}.log").read_text().splitlines()]


def named(folder: Path, part: str) -> Counter[str]:
    return Counter(line["event"] for line in events(folder, part))


def doctor(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return subprocess.run(
        [sys.executable, "-m", "hub", "doctor", *more],
        env=bare | {"CHEONGSA_DATA_DIR": str(folder), "LANG": "ko_KR.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def verdicts(folder: Path) -> dict[str, str]:
    told = json.loads(doctor(folder, "--json").stdout)
    return {one["check"]: one["verdict"] for one in told["findings"]}


def figures(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return answer.read().decode()


def brokers_of(pid: int) -> list[psutil.Process]:
    family = psutil.Process(pid).children(recursive=True)
    return [p for p in family if re.search("mosquitto|broker_script", " ".join(p.cmdline()))]


def test_an_office_tells_what_happens_to_it_once_and_never_a_secret(tmp_path: Path):
    metrics = free_port()
    told = {"CAMERA": "scene", "HUB_METRICS_PORT": str(metrics)}
    with office(tmp_path, free_port(), **told) as running:
        said_until_ready(running)
        checks = verdicts(tmp_path)
        assert {name for name, verdict in checks.items() if verdict == "broken"} == set()
        assert {"database", "broker", "acl", "web", "nodes", "jobs", "files"} <= set(checks)
        assert doctor(tmp_path).stdout.startswith("[정상] 데이터베이스: PostgreSQL")
        whole = [figures(metrics + place) for place in range(3)]
        assert [
            "cheongsa_streams_max" in whole[0],
            "cheongsa_ingest_connected 1.0" in whole[1],
            "cheongsa_node_online{" in whole[2],
        ] == [True] * 3
        secrets = list_of_secrets(tmp_path)
        (broker,) = brokers_of(running.pid)
        broker.kill()
        until(lambda: named(tmp_path, "ingest")["broker away"], "the broker's end is said")
        until(lambda: verdicts(tmp_path)["broker"] == "broken", "the doctor sees it")
        until(lambda: "cheongsa_ingest_connected 0.0" in figures(metrics + 1), "so do the figures")
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0
    for part in PARTS:
        seen = named(tmp_path, part)
        assert seen["started"] == seen["stopped"] == 1, part
        assert events(tmp_path, part)[0]["version"]
        assert {line["part"] for line in events(tmp_path, part)} == {part}
    assert named(tmp_path, "ingest")["broker away"] == 1
    assert named(tmp_path, "ingest")["node online"] == 1
    assert named(tmp_path, "supervisor")["part started"] == 4
    assert named(tmp_path, "supervisor")["migration applied"] >= 4
    everything = "".join(file.read_text() for file in (tmp_path / "logs").iterdir())
    assert secrets
    assert not [secret for secret in secrets if secret in everything + "".join(whole)]


def list_of_secrets(folder: Path) -> list[str]:
    """The broker passwords in play, from where the programs themselves are told them."""
    told = json.loads((folder / "running.json").read_text())
    node = [
        value
        for process in psutil.process_iter(["environ"])
        for name, value in (process.info["environ"] or {}).items()
        if name == "EDGE_BROKER_PASSWORD" and str(folder) in str(process.info["environ"])
    ]
    return [told["HUB_BROKER_PASSWORD"], *set(node)]
