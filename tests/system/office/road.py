"""The network between two parts, as a proxy that can be told to be bad.

What goes through is late, held up, torn into odd pieces, slow, cut off, or swallowed without a
word (half-open: both ends believe in a connection that carries nothing any more). A TCP stream
cannot be put out of order from outside, so on a road that carries MQTT whole packets are: a
PUBLISH is sent again, changes places with the next, or its PUBACK is lost.

Why not `tc netem`: it needs root and a kernel module; see docs/decisions/0105.
"""

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import AsyncGenerator, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

Address = tuple[str, int] | Path
"""TCP, or a Unix socket."""
PUBLISH, PUBACK = 3, 4
READ_MOST: Final = 65_536
SWAP_WAIT_S: Final = 0.3  # a packet that waits for its neighbour goes alone then
DUP_FLAG, QOS_BITS = 0x08, 0x06


@dataclass(frozen=True, slots=True)
class Weather:
    """How the road is; everything at its default: it carries."""

    late_s: tuple[float, float] = (0.0, 0.0)
    """Each read waits so long, from lowest to highest."""
    piece_bytes: int | None = None
    """Written in pieces of 1 to so many bytes."""
    bytes_per_s: float | None = None
    held: bool = False
    """Nothing moves, nothing is lost: as TCP does while packets are lost."""
    closed: bool = False
    """New connections are ended at once."""
    again: float = 0.0
    """Probability that a PUBLISH of QoS 1 is sent a second time, with DUP."""
    swapped: float = 0.0
    """Probability that a PUBLISH changes places with the next."""
    unacknowledged: float = 0.0
    """Probability that a PUBACK is lost."""


FAIR: Final = Weather()


class Road:
    """A proxy from an address of its own, until `close`.

    Args:
        to: where it leads; of several each connection gets the next that answers.
        at: its own Unix socket; None: TCP on `port`.
        mqtt: whether it carries MQTT.
        seed: of what is drawn by lot.

    `weather` is set from outside at any time. `done` counts what it did, so that a test can say
    that the bad weather was there.
    """

    def __init__(self, *to: Address, at: Path | None = None, mqtt: bool, seed: int) -> None:
        self.to, self.at, self.mqtt = to, at, mqtt
        self._turn = 0
        self.weather = FAIR
        self.done: Counter[str] = Counter()
        self.overhear = False
        self.overheard: list[bytes] = []
        """Every PUBLISH since `overhear` was set, in either direction."""
        self.port = 0
        self._chance = random.Random(seed)
        self._trips: set[Trip] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._loop: asyncio.AbstractEventLoop
        self._over: asyncio.Event
        self._is_open = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def open(self) -> Self:
        """Begin to carry."""
        self._thread.start()
        assert self._is_open.wait(10)
        return self

    def close(self) -> None:
        """End every connection, and itself."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    def cut(self) -> int:
        """End every connection with a RST; returns how many."""
        return self._call(self._cut()).result(10)

    def swallow(self) -> int:
        """From now on the connections there are carry nothing, and nobody is told."""
        return self._call(self._swallow()).result(10)

    @property
    def trips(self) -> "list[Trip]":
        """The connections that stand now."""
        return list(self._trips)

    def _call(self, work: Coroutine[Any, Any, int]) -> "Future[int]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _run(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        if self.at is not None:
            server = await asyncio.start_unix_server(self._carry, self.at)
            self.at.chmod(0o777)
        else:
            server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
        self._is_open.set()
        await self._over.wait()
        server.close()
        await self._cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _cut(self) -> int:
        cut = len(self._trips)
        for trip in list(self._trips):
            trip.reset()
        self.done["cut"] += cut
        return cut

    async def _swallow(self) -> int:
        for trip in self._trips:
            trip.swallowed = True
        self.done["swallowed"] += len(self._trips)
        return len(self._trips)

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if self.weather.closed:
            self.done["refused"] += 1
            back.transport.abort()
            return
        if (there := await self._reach()) is None:
            back.transport.abort()
            return
        far, on = there
        trip = Trip(self, back, on)
        self._trips.add(trip)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await asyncio.gather(trip.pump(near, on), trip.pump(far, back))
        finally:
            self._trips.discard(trip)
            self._tasks.discard(task)
            for end in (back, on):
                end.close()
                with suppress(OSError):
                    await end.wait_closed()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self.to:
            self._turn += 1
            to = self.to[self._turn % len(self.to)]
            with suppress(OSError):
                if isinstance(to, Path):
                    return await asyncio.open_unix_connection(to)
                return await asyncio.open_connection(*to)
        return None

    def lot(self, probability: float) -> bool:
        """Whether it happens this time."""
        return self._chance.random() < probability

    def between(self, low: float, high: float) -> float:
        """A number drawn by lot."""
        return self._chance.uniform(low, high)


class Trip:
    """One connection through a road."""

    def __init__(self, road: Road, back: asyncio.StreamWriter, on: asyncio.StreamWriter) -> None:
        self._road, self._ends = road, (back, on)
        self.swallowed = False

    async def pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """Carry one direction until its end."""
        parts = self._packets(source) if self._road.mqtt else _chunks(source)
        with suppress(OSError):
            async with aclosing(parts):
                async for part in parts:
                    await self._write(sink, part)
        if not self.swallowed:  # else the other side never hears of this end
            with suppress(OSError):
                sink.close()

    def reset(self) -> None:
        """End it on both sides with a RST."""
        for end in self._ends:
            link = end.get_extra_info("socket")
            if link is not None and link.family != socket.AF_UNIX:
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.transport.abort()

    async def _write(self, sink: asyncio.StreamWriter, part: bytes) -> None:
        road = self._road
        await asyncio.sleep(road.between(*road.weather.late_s))
        for piece in self._pieces(part):
            while road.weather.held and not (self.swallowed or sink.is_closing()):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            if self.swallowed:
                return
            if road.weather.bytes_per_s is not None:
                await asyncio.sleep(len(piece) / road.weather.bytes_per_s)
            sink.write(piece)
            await sink.drain()
            if len(piece) < len(part):
                road.done["torn"] += 1
                await asyncio.sleep(0)

    def _pieces(self, part: bytes) -> Iterator[bytes]:
        most = self._road.weather.piece_bytes
        at = 0
        while at < len(part):
            end = len(part) if most is None else at + round(self._road.between(1, most))
            yield part[at:end]
            at = end

    # -- MQTT

    async def _packets(self, source: asyncio.StreamReader) -> AsyncGenerator[bytes, None]:
        """Packet by packet, some again, some after their neighbour, some never."""
        reading = asyncio.ensure_future(_packet(source))
        waiting: bytes | None = None
        try:
            while True:
                patience_s = None if waiting is None else SWAP_WAIT_S
                done, _ = await asyncio.wait([reading], timeout=patience_s)
                if not done:
                    alone, waiting = waiting or b"", None
                    yield alone
                    continue
                if (packet := reading.result()) is None:
                    break
                reading = asyncio.ensure_future(_packet(source))
                if waiting is None and self._happens(packet, PUBLISH, "swapped"):
                    waiting = packet
                    continue
                for one in self._as_it_comes(packet):
                    yield one
                if waiting is not None:
                    yield waiting
                    waiting = None
            if waiting is not None:
                yield waiting
        finally:
            reading.cancel()

    def _as_it_comes(self, packet: bytes) -> Iterator[bytes]:
        """Never, once or twice."""
        if self._road.overhear and packet[0] >> 4 == PUBLISH:
            self._road.overheard.append(packet)
        if not self._happens(packet, PUBACK, "unacknowledged"):
            yield packet
        if packet[0] & QOS_BITS and self._happens(packet, PUBLISH, "again"):
            yield bytes([packet[0] | DUP_FLAG]) + packet[1:]

    def _happens(self, packet: bytes, kind: int, what: str) -> bool:
        happens = packet[0] >> 4 == kind and self._road.lot(getattr(self._road.weather, what))
        self._road.done[what] += happens
        return happens


async def _chunks(source: asyncio.StreamReader) -> AsyncGenerator[bytes, None]:
    while chunk := await source.read(READ_MOST):
        yield chunk


async def _packet(source: asyncio.StreamReader) -> bytes | None:
    """One MQTT packet, whole; None at the end."""
    with suppress(OSError, asyncio.IncompleteReadError):
        head = await source.readexactly(1)
        length, shift = 0, 0
        while True:
            byte = await source.readexactly(1)
            head += byte
            length |= (byte[0] & 0x7F) << shift
            shift += 7
            if byte[0] < 0x80:
                return head + await source.readexactly(length)
    return None
