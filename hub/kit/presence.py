"""Says once that something this process stands on went away, and once that it is back.

Whoever tries again every second would otherwise write a line a second, all night.
"""

import logging
import threading
import time
from typing import Final


class Presence:
    """Whether one thing is there, as far as this process knows. May be told from any thread."""

    def __init__(self, what: str, log: logging.Logger) -> None:
        """`what` begins the event's words: "database" is "database away", then "database back"."""
        self._what, self._log = what, log
        self._away_since_s: float | None = None
        self._lock = threading.Lock()

    def away(self, reason: object) -> None:
        """It did not answer. The first of a row is an event; the others are for debugging."""
        with self._lock:
            is_news = self._away_since_s is None
            if is_news:
                self._away_since_s = time.monotonic()
        level = logging.WARNING if is_news else logging.DEBUG
        self._log.log(level, "%s away", self._what, extra={"reason": str(reason).strip()})

    def back(self) -> None:
        """It answers. An event only where it was away."""
        with self._lock:
            since_s, self._away_since_s = self._away_since_s, None
        if since_s is not None:
            away_s = round(time.monotonic() - since_s, 1)
            self._log.info("%s back", self._what, extra={"away_s": away_s})


DATABASE: Final = Presence("database", logging.getLogger("hub.database"))
"""The one database of this process, whoever of its parts asks."""
