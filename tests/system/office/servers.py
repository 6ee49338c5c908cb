"""The embedded database and broker as parts: the product's own code starts them."""

import os
import shutil
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

from hub.kit.embedded import broker as brokers
from hub.kit.embedded import postgres as postgreses
from hub.kit.embedded.broker import Broker
from hub.kit.embedded.postgres import Postgres, PostgresError
from tests.system.office.part import end_group

AGAIN_S: Final = 60.0


class Database:
    """PostgreSQL as the wheel brings it, with fsync."""

    name = "database"

    def __init__(self, folder: Path, options: Mapping[str, str]) -> None:
        self._folder, self._options = folder, options
        self._server: Postgres | None = None

    @property
    def server(self) -> Postgres:
        assert self._server is not None, "the database was never started"
        return self._server

    @property
    def dsn(self) -> str:
        return self.server.dsn()

    @property
    def log(self) -> Path:
        return self.server.log

    @property
    def pid(self) -> int:
        """Of the postmaster."""
        return self.server.child.pid

    @property
    def is_running(self) -> bool:
        return self._server is not None and self.server.child.poll() is None

    def start(self) -> None:
        """Start it; after a kill the orphans of the old one may need a moment to end."""
        until_s = time.monotonic() + AGAIN_S
        while True:
            try:
                self._server = postgreses.start(self._folder, self._options)
            except PostgresError:
                if time.monotonic() > until_s:
                    raise
                time.sleep(0.2)
            else:
                return

    def kill(self) -> None:
        """`kill -9` of the postmaster and of every backend: as if the machine had gone."""
        end_group(self.pid)
        self.server.child.wait()

    def kill_postmaster(self) -> None:
        """`kill -9` of the postmaster alone: its backends notice by themselves."""
        os.kill(self.pid, signal.SIGKILL)
        self.server.child.wait()

    def kill_backend(self, nth: int) -> None:
        """`kill -9` of one backend: PostgreSQL then throws all out and recovers by itself."""
        backends = psutil.Process(self.pid).children()
        with suppress(psutil.NoSuchProcess):
            backends[nth % len(backends)].kill()

    def stop(self) -> float:
        began_s = time.monotonic()
        self.server.stop()
        return time.monotonic() - began_s

    def freeze(self) -> None:
        """SIGSTOP of the postmaster and of every backend."""
        self._all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._all(signal.SIGCONT)

    def forget(self) -> None:
        """End it and delete its data."""
        if self._server is not None:
            if self.is_running:
                self.thaw()
                self.kill()
            shutil.rmtree(self.server.place.files, ignore_errors=True)
            shutil.rmtree(self.server.place.sockets, ignore_errors=True)

    def _all(self, sign: signal.Signals) -> None:
        postmaster = psutil.Process(self.pid)
        postmaster.send_signal(sign)
        for backend in postmaster.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                backend.send_signal(sign)


class BrokerPart:
    """mosquitto with the product's own configuration."""

    name = "broker"

    def __init__(self, folder: Path, nodes: Sequence[str]) -> None:
        self.broker: Broker = brokers.start(folder, nodes, kind="mosquitto")

    @property
    def log(self) -> Path:
        return self.broker.log

    @property
    def pid(self) -> int:
        return self.broker.child.pid

    @property
    def is_running(self) -> bool:
        return self.broker.child.poll() is None

    def start(self) -> None:
        self.broker.restart()

    def kill(self) -> None:
        self.broker.child.kill()
        self.broker.child.wait()

    def stop(self) -> float:
        began_s = time.monotonic()
        self.broker.stop()
        return time.monotonic() - began_s

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def forget(self) -> None:
        """End it and delete its files."""
        if self.is_running:
            self.thaw()
            self.kill()
        shutil.rmtree(self.broker.place.files, ignore_errors=True)
        shutil.rmtree(self.broker.place.sockets, ignore_errors=True)
