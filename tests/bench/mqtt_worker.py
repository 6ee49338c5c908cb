"""One end of the MQTT measurements, in a process of its own.

    python -m tests.bench.mqtt_worker publish HOST PORT FILE MESSAGES
    python -m tests.bench.mqtt_worker read    HOST PORT TOPIC MESSAGES
    python -m tests.bench.mqtt_worker store   HOST PORT TOPIC MESSAGES DSN

`publish` sends the packets in FILE, with at most `IN_FLIGHT` unacknowledged. `read` reads and
acknowledges; `store` also puts each zone into the table `bare` (COPY, merge, COMMIT) before it
acknowledges, and does nothing else of what the door does: no validation, no marks. The hub's
password is in BROKER_PASSWORD. Each says `ready`, waits for a line, and says `done` at its end.
"""

import os
import socket
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from pydantic_core import from_json

from hub.density.store.samples import COLUMNS, TYPES
from tests.bench import mqtt

IN_FLIGHT = 900  # mosquitto takes 1,000 of a client
SOME_PACKETS = 100
BATCH = 5_000


def publish(link: socket.socket, file: str, messages: int) -> None:
    """Send all packets of a file, as quickly as they are acknowledged."""
    sizes, packets = Path(file + ".sizes").read_text().split(), Path(file).read_bytes()
    begins = [0]
    for size in sizes:
        begins.append(begins[-1] + int(size))
    incoming, sent, acked = mqtt.Packets(link), 0, 0
    _wait_for_go()
    while acked < messages:
        while sent < messages and sent - acked < IN_FLIGHT:
            last = min(sent + SOME_PACKETS, messages)
            link.sendall(packets[begins[sent] : begins[last]])
            sent = last
        acked += sum(1 for first, _ in incoming.read() if first & mqtt.KIND == mqtt.PUBACK)


def read(link: socket.socket, topic: str, messages: int) -> None:
    """Read that many, and acknowledge."""
    mqtt.subscribe(link, topic)
    _wait_for_go()
    for batch in _batches(link, messages):
        link.sendall(b"".join(mqtt.puback(mid) for mid, _ in batch))


def store(link: socket.socket, topic: str, messages: int, dsn: str) -> None:
    """Read that many, store what they say, and acknowledge."""
    mqtt.subscribe(link, topic)
    with psycopg.connect(dsn, autocommit=True) as conn:
        _wait_for_go()
        batch: list[tuple[bytes, bytes]] = []
        for some in _batches(link, messages):
            batch += some
            messages -= len(some)
            if len(batch) >= BATCH or not messages or not _has_more(link):
                merge(conn, [row for _, payload in batch for row in _rows(payload)])
                link.sendall(b"".join(mqtt.puback(mid) for mid, _ in batch))
                batch = []


def merge(conn: psycopg.Connection[Any], rows: list[tuple[Any, ...]]) -> None:
    """COPY into a table of their own, then add what is new to `bare`: one transaction."""
    with conn.transaction():
        conn.execute("CREATE TEMP TABLE came (LIKE bare) ON COMMIT DROP")
        with conn.cursor().copy(f"COPY came ({COLUMNS}) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(TYPES)
            for row in rows:
                copy.write_row(row)
        conn.execute(
            f"INSERT INTO bare ({COLUMNS}) SELECT {COLUMNS} FROM came ON CONFLICT DO NOTHING"
        )


def _batches(link: socket.socket, messages: int) -> Iterator[list[tuple[bytes, bytes]]]:
    incoming = mqtt.Packets(link)
    while messages > 0:
        came = [mqtt.told(body) for first, body in incoming.read() if first >> 4 == 3]
        messages -= len(came)
        yield came


def _has_more(link: socket.socket) -> bool:
    """Whether more comes within a moment."""
    link.settimeout(0.01)
    try:
        return bool(link.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False
    finally:
        link.settimeout(30)


def _rows(payload: bytes) -> Iterator[tuple[Any, ...]]:
    told = from_json(payload)
    at = datetime.fromisoformat(told["window_start"])
    node = int(told["node"].rpartition("-")[2])
    for nth, zone in enumerate(told["zones"]):
        counts = (zone["people"], zone["people_max"], zone["served"], zone["entered"])
        measured = (told["window_s"], zone["density_per_m2"], zone["confidence"])
        yield (at, told["seq"], node * 100 + nth, node, *measured, *counts)


def _wait_for_go() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def main(way: str, host: str, port: str, what: str, messages: str, *more: str) -> None:
    link = mqtt.connected(host, int(port), "hub", os.environ["BROKER_PASSWORD"])
    WAYS[way](link, what, int(messages), *more)
    print("done", flush=True)


WAYS: dict[str, Any] = {"publish": publish, "read": read, "store": store}

if __name__ == "__main__":
    main(*sys.argv[1:])
