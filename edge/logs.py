"""Log lines for people and for machines: an event, then its fields as name=value."""

import logging
import sys
import time
from typing import Final

_USUAL: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Lines(logging.Formatter):
    """`2026-11-21T02:00:00Z INFO edge.uplink connected session=3`."""

    converter = time.gmtime

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line, with what was given as `extra` behind the event."""
        told = {name: value for name, value in vars(record).items() if name not in _USUAL}
        line = super().formatMessage(record)
        return " ".join([line, *(f"{name}={_quoted(value)}" for name, value in told.items())])


def to_stderr(level: str) -> None:
    """Log to standard error from now on; systemd and Docker keep it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=level, handlers=[handler], force=True)


def _quoted(value: object) -> str:
    text = str(value)
    return repr(text) if any(c.isspace() or c in "\"'=" for c in text) else text
