"""A server as a child: started as its user, ended with us, its words kept in a log file."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from hub.kit.embedded.place import Place

PR_SET_PDEATHSIG: Final = 1  # prctl(2): this signal when the parent dies, even by kill -9


def start(
    command: Sequence[str | Path],
    place: Place,
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    step_down: bool = True,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, so that Ctrl-C reaches us first.

    As root it steps down to the place's user, but for a Python program: our interpreter may lie
    where that user cannot go.
    """
    step_down = step_down and os.geteuid() == 0
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603  our own commands
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=place.files,
            env=None if env is None else {**os.environ, **env},
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGINT),  # noqa: PLW1509  one prctl, no allocation
            user=place.uid if step_down else None,
            group=place.gid if step_down else None,
            extra_groups=[] if step_down else None,
        )


def end_with_parent(sign: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the child gets `sign` when the thread that started it dies."""
    libc = ctypes.CDLL(None)

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, sign)

    return arrange


def stop(child: subprocess.Popen[bytes], sign: signal.Signals, patience_s: float = 8.0) -> None:
    """Ask `child` to end, and end it if it does not."""
    if child.poll() is not None:
        return
    child.send_signal(sign)
    try:
        child.wait(patience_s)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def last_words(log: Path, lines: int = 5) -> str:
    """The end of a log, for an error message."""
    try:
        return " | ".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
