"""One program of the office: started, killed, stopped, frozen, started again.

A child dies with the thread that started it, even if that is killed: start parts from one thread.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

import psutil

from hub.kit.embedded.process import end_with_parent

ROOT: Final = Path(__file__).parents[3]
STOP_PATIENCE_S: Final = 30.0


class Part(Protocol):
    """What the faults know of a part."""

    @property
    def name(self) -> str:
        """As in `Office.parts`."""
        ...

    @property
    def log(self) -> Path:
        """Where it writes what it does."""
        ...

    @property
    def pid(self) -> int:
        """Of its newest process."""
        ...

    @property
    def is_running(self) -> bool:
        """Whether its process is there, frozen or not."""
        ...

    def start(self) -> None:
        """Start it; a server is up when this returns, a program of ours may not be."""
        ...

    def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        ...

    def stop(self) -> float:
        """SIGTERM; the seconds until it ended. Fails the test where it does not end."""
        ...

    def freeze(self) -> None:
        """SIGSTOP: it is there and answers nothing."""
        ...

    def thaw(self) -> None:
        """SIGCONT."""
        ...


class Program:
    """A Python program of ours, in a session of its own."""

    def __init__(self, name: str, module: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.name, self.log = name, log
        self.module, self.env = list(module), dict(env)
        self.starts = 0
        self._told_to_end = False
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._child is not None, f"{self.name} was never started"
        return self._child.pid

    @property
    def returncode(self) -> int | None:
        return None if self._child is None else self._child.poll()

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def ended_by_itself(self) -> bool:
        """Whether it is gone, and nobody killed or stopped it."""
        return self._child is not None and not self.is_running and not self._told_to_end

    def start(self) -> None:
        assert not self.is_running, f"{self.name} runs already"
        assert not self.ended_by_itself, f"{self.name} had ended by itself: {self.returncode}"
        self._told_to_end = False
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("HUB_", "EDGE_"))}
        with self.log.open("ab") as out:
            self._child = subprocess.Popen(
                [sys.executable, *self.module],
                cwd=ROOT,
                env={**kept, "PYTHONPATH": str(ROOT), **self.env},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGKILL),  # noqa: PLW1509  one prctl
            )
        self.starts += 1

    def kill(self) -> None:
        if self._child is None:
            return
        self._told_to_end = True
        end_group(self._child.pid)
        self._child.wait()

    def stop(self) -> float:
        began_s = time.monotonic()
        self.ask_to_stop()
        assert self._child is not None
        self._child.wait(STOP_PATIENCE_S)
        return time.monotonic() - began_s

    def ask_to_stop(self) -> None:
        """SIGTERM, and no waiting."""
        assert self._child is not None
        self._told_to_end = True
        self._child.send_signal(signal.SIGTERM)

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)


def end_group(leader: int) -> None:
    """`kill -9` of a process and of whatever it started."""
    family: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        family = psutil.Process(leader).children(recursive=True)
    with suppress(ProcessLookupError):
        os.kill(leader, signal.SIGKILL)
    for child in family:
        with suppress(psutil.NoSuchProcess):
            child.kill()
