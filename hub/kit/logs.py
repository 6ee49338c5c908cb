"""Log lines: an event, then its fields as name=value. The words are the node's too."""

import logging
import sys
import time
from typing import Final

_USUAL: Final = frozenset(vars(logging.makeLogRecord({}))) | {
    "message", "asctime", "taskName", "color_message",
}  # fmt: skip
_TALKATIVE: Final = ("procrastinate", "psycopg.pool")  # their every step is not our event


class Lines(logging.Formatter):
    """`2026-11-21T02:00:00Z INFO hub.ingest broker connected protocol=MQTTv5`."""

    converter = time.gmtime

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's name
        """The line, with what was given as `extra` behind the event."""
        told = {name: value for name, value in vars(record).items() if name not in _USUAL}
        line = super().formatMessage(record)
        return " ".join([line, *(f"{name}={_quoted(value)}" for name, value in told.items())])


def to_stderr(level: str = "INFO") -> None:
    """Log to standard error from now on; whoever started us keeps it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _quoted(value: object) -> str:
    text = str(value)
    return repr(text) if any(c.isspace() or c in "\"'=" for c in text) else text
