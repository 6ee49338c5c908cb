"""Telling systemd, over a real datagram socket."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.watchdog import Watchdog


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(1.0)
        yield listening


def test_systemd_hears_ready_a_fresh_frame_and_the_end(systemd: socket.socket):
    watchdog = Watchdog({"NOTIFY_SOCKET": systemd.getsockname()})
    watchdog.ready("counting")
    watchdog.fresh_frame()
    watchdog.stopping()
    heard = [systemd.recv(200) for _ in range(3)]
    assert heard == [b"READY=1\nSTATUS=counting", b"WATCHDOG=1", b"STOPPING=1"]


def test_an_abstract_address_works_too():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0cheongsa-test-notify")
        listening.settimeout(1.0)
        Watchdog({"NOTIFY_SOCKET": "@cheongsa-test-notify"}).fresh_frame()
        assert listening.recv(100) == b"WATCHDOG=1"


def test_without_systemd_nothing_is_said_and_nothing_breaks(tmp_path: Path):
    Watchdog({}).fresh_frame()
    Watchdog({"NOTIFY_SOCKET": str(tmp_path / "gone")}).fresh_frame()


def test_a_systemd_that_does_not_read_does_not_stop_the_counting(systemd: socket.socket):
    watchdog = Watchdog({"NOTIFY_SOCKET": systemd.getsockname()})
    for _ in range(5000):
        watchdog.fresh_frame()
