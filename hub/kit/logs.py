"""Log lines: logfmt, one line an event, for people and for Loki, Vector or `grep` alike.

A line cannot be forged: whatever came from outside is quoted, and what is not printable is spelled
out. The secrets that a process was told are blanked out wherever they might turn up.
The words are the node's too: edge/logs.py is this file's twin.
"""

import logging
import os
import re
import sys
import threading
import time
import traceback
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib import metadata
from types import TracebackType
from typing import Final, TextIO
from urllib.parse import quote

_USUAL: Final = frozenset(vars(logging.makeLogRecord({}))) | {
    "message", "asctime", "taskName", "color_message",
}  # fmt: skip
_PLAIN: Final = re.compile(r"[^\s\"=\\]+")
_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_VALUE_MAX_CHARS: Final = 2_000
_TRACE_MAX_CHARS: Final = 8_000
_SECRET_MIN_CHARS: Final = 4  # a shorter one would blank out half of every line
_QUIET: Final = {
    "httpx2": logging.WARNING,
    "procrastinate": logging.WARNING,  # its every step is not our event
    "uvicorn.error": logging.WARNING,
    "psycopg.pool": logging.ERROR,  # it says each try; `hub.kit.presence` says it once
}

log = logging.getLogger("hub")


class Lines(logging.Formatter):
    """`at=2026-11-21T02:00:00.123Z level=info part=hub event="broker back" …`, always one line."""

    def __init__(self, part: str, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._part = part
        spelled = {
            s for secret in secrets for s in (secret, quote(secret, safe=""), _escaped(secret))
        }
        longest_first = sorted(spelled, key=len, reverse=True)
        self._secrets = [s for s in longest_first if len(s) >= _SECRET_MIN_CHARS]

    def format(self, record: logging.LogRecord) -> str:
        """The line, with what was given as `extra` behind the event."""
        line = " ".join(f"{name}={value}" for name, value in self._told(record))
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line

    def _told(self, record: logging.LogRecord) -> Iterator[tuple[str, str]]:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        yield "at", f"{at}.{int(record.msecs):03d}Z"
        yield "level", record.levelname.lower()
        yield "part", self._part
        yield "from", record.name
        yield "event", _quoted(record.getMessage())
        for name, value in vars(record).items():
            if name not in _USUAL:
                yield name, _quoted(value)
        if record.exc_info and (error := record.exc_info[1]) is not None:
            yield "error", _quoted(f"{type(error).__name__}: {error}")
            trace = "".join(traceback.format_exception(error)).strip()
            yield "trace", _quoted(trace[-_TRACE_MAX_CHARS:], _TRACE_MAX_CHARS)


def to_stderr(
    part: str,
    secrets: Collection[str] = (),
    level: str = "INFO",
    stream: TextIO | None = None,
) -> None:
    """Log to standard error from now on; whoever started us keeps it. No secret gets into a line.

    What would end the process with a bare traceback is a line too.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines(part, secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)
    sys.excepthook = _on_crash
    threading.excepthook = _on_thread_crash


@contextmanager
def running(
    part: str, secrets: Collection[str] = (), level: str = "INFO", stream: TextIO | None = None
) -> Iterator[None]:
    """A process and its log, from its first line to its last."""
    to_stderr(part, secrets, level, stream)
    log.info("started", extra={"version": metadata.version("cheongsa"), "pid": os.getpid()})
    began_s = time.monotonic()
    try:
        yield
    finally:
        log.info("stopped", extra={"after_s": round(time.monotonic() - began_s, 1)})


def _on_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        log.critical("ended by an error", exc_info=(kind, error, trace))


def _on_thread_crash(what: threading.ExceptHookArgs) -> None:
    if what.exc_value is not None and what.exc_type is not SystemExit:
        name = what.thread.name if what.thread else "?"
        log.critical("thread died", extra={"which": name}, exc_info=what.exc_value)


def _quoted(value: object, most: int = _VALUE_MAX_CHARS) -> str:
    """As logfmt has it. What no terminal shows, or shows as something else, is spelled out."""
    text = str(value)
    if len(text) > most:
        text = f"{text[:most]}… ({len(text)} characters)"
    if text.isprintable() and _PLAIN.fullmatch(text):
        return text
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return "".join(_SHORT.get(c) or (c if c.isprintable() else _code(c)) for c in text)


def _code(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
