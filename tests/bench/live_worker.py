"""Many browsers on one stream, in a process of its own.

    python -m tests.bench.live_worker PORT PATH CLIENTS SECONDS

Opens the streams, waits until each has its first event, says `ready`, waits for a line, reads for
so long, and prints one line of JSON: `events`, for each client what it heard, as pairs of a number
and the Unix time at which the event was whole. The number is the first `"people":` of the event.
"""

import json
import re
import select
import socket
import sys
import time
from typing import Any

from hub.web.app import _allow_many_files

AT_ONCE = 200  # connections that are opened before any of them is waited for
PATIENCE_S = 90.0
PEOPLE = re.compile(rb'"people":(\d+)')


class Browsers:
    """The sockets, and when something whole came on each."""

    def __init__(self, port: int, path: str) -> None:
        self._port, self._poll = port, select.epoll()
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        self._request = request.encode()
        self._sockets: dict[int, socket.socket] = {}
        self._tails: dict[int, bytes] = {}
        self.came: dict[int, list[tuple[int, float]]] = {}

    def open(self, clients: int) -> None:
        """Connect them all, and wait for each one's first event."""
        until_s = time.monotonic() + PATIENCE_S
        while len(self._sockets) < clients:
            for _ in range(min(AT_ONCE, clients - len(self._sockets))):
                self._connect()
            while sum(map(bool, self.came.values())) < len(self._sockets):
                assert time.monotonic() < until_s, "not every stream began"
                self.read(0.1)

    def read(self, wait_s: float) -> None:
        """Take what comes within that time."""
        for number, _ in self._poll.poll(wait_s):
            came = self._sockets[number].recv(65_536)
            assert came, "a stream ended"
            whole = self._tails[number] + came
            if whole.endswith((b"\n\n", b"\n\n\r\n")) and (found := PEOPLE.search(whole)):
                self.came[number].append((int(found[1]), time.time()))
                whole = b""
            self._tails[number] = whole

    def _connect(self) -> None:
        link = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        link.sendall(self._request)
        link.setblocking(False)
        self._sockets[link.fileno()] = link
        self._tails[link.fileno()], self.came[link.fileno()] = b"", []
        self._poll.register(link, select.EPOLLIN)


def main(port: str, path: str, clients: str, seconds: str) -> None:
    _allow_many_files()
    browsers = Browsers(int(port), path)
    browsers.open(int(clients))
    for came in browsers.came.values():
        came.clear()
    print("ready", flush=True)
    sys.stdin.readline()
    until_s = time.monotonic() + float(seconds)
    while time.monotonic() < until_s:
        browsers.read(0.1)
    told: dict[str, Any] = {"events": list(browsers.came.values())}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
