"""The end of a program that was told to stop, whatever it still waits for.

A database that is there and answers nothing (a frozen machine, a network that swallows) holds a
thread in a system call, and an event loop in its cleaning up, for longer than a supervisor waits.
Nothing here needs that cleaning up: what is not committed was never said to be, and is sent or
done again. So the program leaves by itself before it is killed.
"""

import logging
import os
import threading
from typing import Final

log = logging.getLogger(__name__)

AFTER_S: Final = 8.5  # who runs us waits 10 s; a running job is given 8


def in_time() -> None:
    """End this process with status 0 in `AFTER_S`, if it is still there."""
    timer = threading.Timer(AFTER_S, _leave)
    timer.daemon = True
    timer.start()


def _leave() -> None:
    log.warning("left without waiting longer", extra={"after_s": AFTER_S})
    os._exit(0)
