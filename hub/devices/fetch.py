"""Tell an address outside: e-mail, webhook or messenger, through apprise. Blocks.

apprise takes a while to load and only the worker needs it.
"""

import logging
from pathlib import Path
from typing import Final

TOLD_NOTHING: Final = "the address did not take it"


class NotTold(Exception):
    """The address did not take the notice. The message says why, as far as it is known."""


class _Why(logging.Handler):
    """Keeps what apprise says of a failure: it returns only False."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def tell(url: str, title: str, body: str, attach: Path | None = None) -> None:
    """Tell it, with a file where the address takes one. Raises NotTold."""
    import apprise

    why, log = _Why(), logging.getLogger("apprise")
    log.addHandler(why)
    try:
        teller = apprise.Apprise()
        file = None if attach is None else str(attach)
        if not teller.add(url) or not teller.notify(title=title, body=body, attach=file):
            raise NotTold(why.said[-1][:200] if why.said else TOLD_NOTHING)
    finally:
        log.removeHandler(why)
