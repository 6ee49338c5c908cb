"""The privacy pause: for some minutes nobody is looked at, and the camera itself is off.

It ends by itself, so that a forgotten pause does not blind an office for days.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

PAUSE_S: Final = 600.0


class Pause:
    """Asked for by a button, or by the hub; the loop waits here while it lasts."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._until_s = float("-inf")
        self._changed = threading.Condition()
        self._on_begin: Callable[[], None] | None = None

    def when_it_begins(self, do: Callable[[], None]) -> None:
        """Call `do` at the beginning of each pause: to switch the camera off."""
        self._on_begin = do

    def begin(self, for_s: float = PAUSE_S) -> None:
        """Begin a pause, or make it last `for_s` from now."""
        with self._changed:
            self._until_s = self._now_s() + for_s
            self._changed.notify_all()
        if self._on_begin is not None:
            self._on_begin()

    def end(self) -> None:
        """Look again."""
        with self._changed:
            self._until_s = float("-inf")
            self._changed.notify_all()

    def toggle(self) -> None:
        """What a long press does: begin, or end before its time."""
        if self.left_s() > 0:
            self.end()
        else:
            self.begin()

    def left_s(self) -> float:
        """Seconds it still lasts; 0.0: nobody paused."""
        return max(0.0, self._until_s - self._now_s())

    def wait_a_little(self, most_s: float) -> None:
        """Sleep until it ends, at most `most_s`."""
        with self._changed:
            self._changed.wait(min(self.left_s(), most_s))
