"""Many phones that bring their proofs, in a process of its own.

    python -m tests.bench.accept_worker PORT FILE

`FILE` is a pickle of `[(cti, upload), ...]` for each phone that is open at once. Connects them,
says `ready`, waits for a line, brings everything, each phone one proof after the other, and prints
one line of JSON: `took_s`, `statuses` (how many answers of each), `p50_s`, `p99_s`.
"""

import json
import pickle
import select
import socket
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE_S = 300.0
Proofs = list[tuple[bytes, bytes]]


@dataclass
class Phone:
    """One connection, the requests that wait, and what was answered."""

    link: socket.socket
    waiting: list[bytes]
    asked_at_s: float = 0.0
    heard: bytes = b""
    statuses: list[int] = field(default_factory=list)
    took_s: list[float] = field(default_factory=list)

    def ask(self) -> bool:
        """Send the next request. False: there is none."""
        if not self.waiting:
            return False
        self.heard, self.asked_at_s = b"", time.monotonic()
        self.link.sendall(self.waiting.pop())
        return True

    def hear(self) -> bool:
        """Read what came; whether the answer is whole."""
        more = self.link.recv(65_536)
        if not more:
            raise ConnectionError("the hub hung up")
        self.heard += more
        head, found, body = self.heard.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return False
        self.statuses.append(int(head[9:12]))
        self.took_s.append(time.monotonic() - self.asked_at_s)
        return True


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise ValueError("an answer without a length")


def request(cti: bytes, upload: bytes) -> bytes:
    """A PUT as a phone's page sends it."""
    head = (
        f"PUT /api/v1/trips/proofs/{cti.hex()} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: application/cose\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Length: {len(upload)}\r\n\r\n"
    )
    return head.encode() + upload


def bring(phones: list[Phone]) -> float:
    """Everything, as fast as it is answered. Seconds."""
    poll = {phone.link.fileno(): phone for phone in phones}
    ready, began_s = select.epoll(), time.monotonic()
    for number, phone in poll.items():
        ready.register(number, select.EPOLLIN)
        phone.ask()
    busy = len(phones)
    while busy:
        found = ready.poll(PATIENCE_S)
        if not found:
            raise TimeoutError("no answer comes any more")
        for number, _ in found:
            if poll[number].hear() and not poll[number].ask():
                busy -= 1
    return time.monotonic() - began_s


def main() -> None:
    """Connect, wait, bring, tell."""
    port, file = int(sys.argv[1]), Path(sys.argv[2])
    given: list[Proofs] = pickle.loads(file.read_bytes())
    phones = [
        Phone(
            socket.create_connection(("127.0.0.1", port), PATIENCE_S),
            [request(cti, upload) for cti, upload in reversed(proofs)],
        )
        for proofs in given
    ]
    print("ready", flush=True)
    sys.stdin.readline()
    took_s = bring(phones)
    each_s = [one for phone in phones for one in phone.took_s]
    cuts = statistics.quantiles(each_s, n=100)
    statuses = Counter(status for phone in phones for status in phone.statuses)
    told = {"took_s": took_s, "statuses": statuses, "p50_s": cuts[49], "p99_s": cuts[98]}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
