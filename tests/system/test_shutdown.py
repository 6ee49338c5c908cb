"""SIGTERM: every program ends by itself within 10 s, whatever it has open or waits for.

10 s is what systemd and a container engine are told to wait before they kill; see docs/install.md.
"""

import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg
import pytest

from hub.kit.embedded import broker as brokers
from tests.system.office import Office
from tests.system.office.networked import Networked
from tests.system.office.onlooker import STREAM
from tests.system.office.part import Program
from tests.system.office.road import Weather
from tests.system.test_run import free_port, said_until_ready
from tests.system.test_run import office as whole_office

PROMISE_S: Final = 10.0
STREAMS: Final = 300
pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Networked]:
    with Networked(tmp_path, ingests=1, webs=1, senders=1, window_s=0.1) as running:
        yield running


PROGRAMS = ("web-1", "ingest-1", "worker-1", "sender-1", "camera-1")


def all_end(office: Office, *names: str) -> None:
    """SIGTERM to all of them at once: each ends in time, with status 0."""
    programs = [part for name in names if isinstance(part := office[name], Program)]
    assert len(programs) == len(names)
    began_s = time.monotonic()
    for program in programs:
        program.ask_to_stop()
    took_s: dict[str, tuple[float, int | None]] = {}
    while len(took_s) < len(programs) and time.monotonic() < began_s + 3 * PROMISE_S:
        time.sleep(0.05)
        for program in programs:
            if not program.is_running and program.name not in took_s:
                took_s[program.name] = round(time.monotonic() - began_s, 1), program.returncode
    print(took_s)
    assert took_s.keys() == set(names), f"still there: {set(names) - took_s.keys()}"
    late = [name for name, (end_s, status) in took_s.items() if end_s > PROMISE_S or status != 0]
    assert not late, f"(seconds, exit status): {took_s}"


@contextmanager
def streams(port: int, how_many: int, *, reading: bool = True) -> Iterator[list[socket.socket]]:
    """So many browsers on the live stream; those that do not read have a small window."""
    with ExitStack() as stack:
        opened = []
        for _ in range(how_many):
            link = stack.enter_context(socket.socket())
            if not reading:
                link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            link.settimeout(30)
            link.connect(("127.0.0.1", port))
            link.sendall(f"GET {STREAM} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            opened.append(link)
        for link in opened:
            assert link.recv(12) == b"HTTP/1.1 200"
        yield opened


def read_to_end(link: socket.socket) -> bytes:
    last = b""
    while chunk := link.recv(65_536):
        last = (last + chunk)[-64:]
    return last


def states_of(office: Office, node: str) -> dict[str, Any]:
    site, _, name = node.partition("/")
    with psycopg.connect(office.database.dsn) as conn:
        row = conn.execute(
            "SELECT state FROM node WHERE site = %s AND node = %s", (site, name)
        ).fetchone()
    assert row is not None
    return row[0]


def test_with_hundreds_of_streams_open_everything_ends_and_each_stream_is_ended(
    office: Networked,
):
    port = office.web_ports[0]
    with streams(port, STREAMS) as reading, streams(port, 20, reading=False):
        all_end(office, *PROGRAMS)
        ends = [read_to_end(link) for link in reading]
    assert all(end.endswith(b"0\r\n\r\n") for end in ends)  # the last chunk: no broken answer


def test_a_node_that_stops_says_so_itself_and_everything_it_counted_is_kept(office: Networked):
    nodes = [*office.sender_nodes["sender-1"], office.camera_nodes["camera-1"]]
    office.roads["nodes"].overhear = True
    all_end(office, "sender-1", "camera-1")
    for node in nodes:
        said = [one for one in office.roads["nodes"].overheard if f"/{node}/".encode() in one]
        assert b'"online":false' in said[-1]  # PUBLISH by the node, not the broker's will
    until_s = time.monotonic() + 30
    while any(states_of(office, node)["online"] for node in nodes):
        assert time.monotonic() < until_s
        time.sleep(0.1)
    verdict = office.verdict()
    assert verdict.nothing_lost, verdict


@pytest.mark.parametrize("server", ["broker", "database"])
@pytest.mark.parametrize("how", ["kill", "freeze"])
def test_with_a_server_gone_or_silent_everything_ends(office: Networked, server: str, how: str):
    with streams(office.web_ports[0], 50):
        getattr(office[server], how)()
        time.sleep(3.0)  # work piles up
        all_end(office, *PROGRAMS)


def test_with_a_network_that_carries_nothing_everything_ends(office: Networked):
    for road in office.roads.values():
        road.swallow()
        road.weather = Weather(held=True)
    time.sleep(3.0)
    all_end(office, *PROGRAMS)


def test_the_whole_office_of_make_run_ends_with_streams_open(tmp_path: Path):
    port = free_port()
    with whole_office(tmp_path, port, CAMERA="scene") as running:
        said_until_ready(running)
        family = psutil.Process(running.pid).children(recursive=True)
        with streams(port, STREAMS) as reading:
            began_s = time.monotonic()
            running.send_signal(signal.SIGTERM)
            assert running.wait(3 * PROMISE_S) == 0
            took_s = time.monotonic() - began_s
            for link in reading:
                read_to_end(link)
        _, left = psutil.wait_procs(family, timeout=5)
    assert left == []
    assert took_s < PROMISE_S
    log = (tmp_path / "logs" / "supervisor.log").read_text()
    assert "part killed" not in log
