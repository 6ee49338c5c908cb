"""Waiting inside a strike: for a condition, never for a number of seconds."""

import time
from collections.abc import Callable
from typing import Any, Final

PATIENCE_S: Final = 90.0


def until(true: Callable[[], Any]) -> Any:
    """Ask again and again; returns the first answer that is true."""
    end_s = time.monotonic() + PATIENCE_S
    while not (found := true()):
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.2)
    return found
