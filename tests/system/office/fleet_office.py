"""A hub for a fleet, whose clock waits for the fleet: real broker, database, ingest and web.

The fleet lives a step, the hub hears all of it, then the clock goes on. So an hour of a thousand
nodes takes as long as this machine needs for it, and means the same on a slow one.
"""

import asyncio
import os
import shutil
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from edge.fleet.fleet import Fleet, Passes
from edge.wire.topics import NodeName
from hub import standalone
from hub.devices import fleet as fleets
from hub.devices import jobs
from hub.kit import db
from hub.kit.embedded import broker as brokers
from hub.kit.embedded import postgres
from hub.kit.embedded.broker import HUB_USER
from tests.system.office.office import free_port
from tests.system.office.part import Program

PATIENCE_S: Final = 120.0
STEP_S: Final = 30.0


@dataclass
class FleetOffice:
    """What runs."""

    dsn: str
    passes: Passes
    names: list[NodeName]
    url: str
    programs: list[Program]
    _clock: int
    steps: int = 0
    looks: list[datetime] = field(default_factory=list)

    def clock_to(self, at: float) -> None:
        """Move the hub's clock."""
        os.pwrite(self._clock, struct.pack("d", at), 0)

    def begin(self, fleet: Fleet) -> None:
        """The days before the span, in which only those live who then go away."""
        for hello in fleet.hellos:
            self.live_a_step(fleet, hello)
        for at in (fleet.span.begins - 300.0, fleet.span.begins):
            self.live_a_step(fleet, at)
            self.look(at)

    def live(self, fleet: Fleet, to: float, step_s: float, each: "Each | None" = None) -> None:
        """Let fleet and hub live until `to`, together; `each` is called after every step."""
        while fleet.now < to:
            self.live_a_step(fleet, min(to, fleet.now + step_s))
            if each is not None:
                each(fleet.now)

    def live_a_step(self, fleet: Fleet, to: float) -> None:
        """One step: the clock first, so that nothing comes from the future."""
        self.clock_to(to)
        fleet.advance(to)
        self.steps += 1
        if not fleet.settle(PATIENCE_S):
            raise AssertionError(f"{fleet.unsettled} nodes not settled: {self.last_words()}")
        self._listened(to)

    def _listened(self, at: float) -> None:
        """Ingest says every 10 s that it listens, and a step of its clock is many of those."""
        with psycopg.connect(self.dsn) as conn:
            if conn.execute("SELECT to_regclass('hub_listening')").fetchone() != (None,):
                conn.execute(
                    "UPDATE hub_listening SET at = greatest(at, %s)",
                    (datetime.fromtimestamp(at, UTC),),
                )

    def look(self, at: float) -> None:
        """What the worker does every 30 s: raise and close alerts."""
        asyncio.run(self._look(datetime.fromtimestamp(at, UTC)))

    async def _look(self, now: datetime) -> None:
        async with await db.connect(self.dsn) as conn:
            await jobs.look_over(conn, [], now)
            await conn.commit()

    def last_words(self) -> str:
        """The end of every log."""
        told = [p.log.read_text(errors="replace").splitlines()[-5:] for p in self.programs]
        return "\n".join(line for lines in told for line in lines)


Each = Callable[[float], None]


@contextmanager
def opened(nodes: int, begins: float, *, options: dict[str, str] | None = None) -> Iterator[Any]:
    """A hub that knows so many nodes, and whose clock stands at `begins`."""
    with ExitStack() as stack:
        short = "/tmp" if Path("/tmp").is_dir() else None  # a socket's path is short
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fl-", dir=short)))
        folder.chmod(0o755)
        database = postgres.start(folder / "db", options)
        stack.callback(database.forget)
        file = fleets.site_of(nodes)
        names = fleets.names_of(file)
        broker = brokers.start(folder / "mq", [str(name) for name in names], kind="mosquitto")
        stack.callback(shutil.rmtree, broker.place.sockets, ignore_errors=True)
        stack.callback(broker.stop)
        standalone.migrate(database.dsn())
        standalone.load_site(database.dsn(), file)
        passes = Passes(
            broker_url=broker.url("USER"),
            passwords={str(n): broker.passwords[str(n)] for n in names},
        )
        clock = folder / "clock"
        clock.write_bytes(struct.pack("d", begins))
        port = free_port()
        env = {
            "HUB_DATABASE_DSN": database.dsn(),
            "HUB_BROKER_URL": broker.url(),
            "HUB_BROKER_PASSWORD": broker.passwords[HUB_USER],
            "HUB_PORT": str(port),
            "CLOCK": str(clock),
        }
        programs = [
            Program(name, ["-m", "tests.system.office.stepped_hub", name], env, folder / name)
            for name in ("ingest", "web")
        ]
        for program in programs:
            program.start()
            stack.callback(program.kill)
        handle = os.open(clock, os.O_WRONLY)
        stack.callback(os.close, handle)
        yield FleetOffice(
            database.dsn(), passes, names, f"http://127.0.0.1:{port}", programs, handle
        )


Sums = dict[str, tuple[int, int, int, int]]
"""By node: windows, people, served, entered."""


def made(truth: list[dict[str, Any]]) -> Sums:
    """What the nodes say that they counted."""
    lines = [line for line in truth if line["what"] == "made"]
    return {
        line["node"]: (line["windows"], line["people"], line["served"], line["entered"])
        for line in lines
    }


def stored(conn: psycopg.Connection[Any]) -> Sums:
    """What the hub holds of it."""
    rows = conn.execute(
        """
        SELECT site || '/' || node, count(*), sum(people), sum(served), sum(entered)
          FROM sample JOIN zone USING (zone_id)
         GROUP BY 1
        """
    )
    return {node: (windows, *sums) for node, windows, *sums in rows}


def expected(truth: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """(node, cause) of what somebody should have been called for."""
    faults = [line for line in truth if line["what"] == "fault"]
    return {(line["node"], line["cause"]) for line in faults if line["cause"]}


def called(conn: psycopg.Connection[Any]) -> set[tuple[str, str]]:
    """(node, cause) of what somebody was called for, closed by now or not."""
    rows = conn.execute("SELECT site || '/' || node, cause FROM alert WHERE raised_at IS NOT NULL")
    return {(node, cause) for node, cause in rows}
