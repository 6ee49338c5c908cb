"""The newcomer's first command, as a newcomer gives it: `python -m hub run`, whole and real."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

WEB = Path(__file__).parents[2] / "dashboards/web/build"
pytestmark = pytest.mark.timeout(400)


@contextmanager
def office(data_dir: Path, port: int, **told: str) -> Iterator[subprocess.Popen[str]]:
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "EDGE_"))
    }
    env |= {"CHEONGSA_DATA_DIR": str(data_dir), "CHEONGSA_PORT": str(port), "HUB_WEB_DIR": str(WEB)}
    running = subprocess.Popen(
        [sys.executable, "-m", "hub", "run"],
        env=env | told,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield running
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGINT)
            running.wait(30)
        if running.stdout is not None:
            running.stdout.close()


def said_until_ready(running: subprocess.Popen[str]) -> list[str]:
    assert running.stdout is not None
    said: list[str] = []
    for line in running.stdout:
        said.append(line.strip())
        if line.startswith("Cheongsa is ready: "):
            return said
    pytest.fail("it ended before it was ready:\n" + "\n".join(said))


def board(port: int) -> dict:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/density", timeout=5) as answer:
        return json.load(answer)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_run_shows_a_live_count_stops_clean_and_keeps_its_data(tmp_path: Path):
    if not (WEB / "index.html").exists():
        pytest.skip("the web app is not built: make web")
    port = free_port()
    with office(tmp_path, port, CAMERA="scene") as running:
        said = said_until_ready(running)
        assert said[-1] == f"Cheongsa is ready: http://127.0.0.1:{port}"
        first = board(port)
        family = psutil.Process(running.pid).children(recursive=True)
        assert len(family) >= 6  # database, broker, web, ingest, worker, node
        running.send_signal(signal.SIGINT)
        assert running.wait(15) == 0
        left = [child for child in family if child.is_running() and child.status() != "zombie"]
        assert left == []
    zone = first["sites"][0]["zones"][0]
    assert zone["people"] is not None
    assert first["sites"][0]["nodes"][0]["source_kind"] == "simulated"
    with office(tmp_path, port, CAMERA="scene") as running:
        said_until_ready(running)
        history = f"http://127.0.0.1:{port}/api/v1/density/{zone['key']}/history?step=60"
        with urllib.request.urlopen(history, timeout=5) as answer:
            points = json.load(answer)["points"]
    before = first["now"][:16]
    assert any(p["at"][:16] <= before and p["people"] is not None for p in points)


def test_a_supervisor_that_is_killed_leaves_nothing_running_and_can_start_again(tmp_path: Path):
    port = free_port()
    with office(tmp_path, port, CAMERA="scene") as running:
        said_until_ready(running)
        family = psutil.Process(running.pid).children(recursive=True)
        running.kill()
        running.wait()
        _, left = psutil.wait_procs(family, timeout=20)
    assert left == []
    with office(tmp_path, port, CAMERA="scene") as running:
        said_until_ready(running)


def test_a_site_file_of_ones_own_without_a_counter_line_gives_a_count_and_no_wait(tmp_path: Path):
    if not (WEB / "index.html").exists():
        pytest.skip("the web app is not built: make web")
    site = tmp_path / "cityhall.toml"
    site.write_text(
        '[site]\nid = "cityhall"\nname = "시청"\nalways_open = true\n'
        '[[nodes]]\nid = "door"\nname = "문 앞"\n'
    )
    port = free_port()
    with office(tmp_path / "data", port, CAMERA="scene", SITE=str(site)) as running:
        said_until_ready(running)
        (shown,) = board(port)["sites"]
    (zone,) = shown["zones"]
    assert (shown["site"], zone["key"]) == ("cityhall", "cityhall.door.all")
    assert (zone["state"], zone["reason"]) == ("unknown", "no_counter_line")
    assert zone["people"] is not None
    assert zone["wait_s"] is None


def test_a_second_start_on_the_same_data_is_refused_in_one_sentence(tmp_path: Path):
    port = free_port()
    with office(tmp_path, port, CAMERA="scene") as running:
        time.sleep(1.0)
        second = subprocess.run(
            [sys.executable, "-m", "hub", "run"],
            env=os.environ | {"CHEONGSA_DATA_DIR": str(tmp_path), "CHEONGSA_PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        running.send_signal(signal.SIGINT)
        running.wait(30)
    assert second.returncode == 1
    assert re.search(r"already runs on .*CHEONGSA_DATA_DIR", second.stderr)


def test_a_port_that_is_taken_is_named(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with office(tmp_path, port, CAMERA="scene") as running:
            output, _ = running.communicate(timeout=60)
    assert f"Port {port} is taken" in output


def test_a_site_file_that_cannot_be_read_is_named_with_its_place(tmp_path: Path):
    site = tmp_path / "cityhall.toml"
    site.write_text('[site]\nid = "City Hall"\nname = "시청"\nalways_open = true\n')
    with office(tmp_path / "data", free_port(), CAMERA="scene", SITE=str(site)) as running:
        output, _ = running.communicate(timeout=60)
    assert "cityhall.toml: site.id" in output


def test_a_video_that_is_not_there_is_named(tmp_path: Path):
    with office(tmp_path, free_port(), CAMERA="/nowhere/queue.mp4") as running:
        output, _ = running.communicate(timeout=120)
    assert "/nowhere/queue.mp4" in output
    assert running.returncode == 1
