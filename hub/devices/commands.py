"""What a node may be asked to do, how long the question stands, and who asked. Pure."""

from datetime import datetime, timedelta
from typing import Final, Literal

from edge.wire.messages import Command
from hub.kit.ids import uuid7

Kind = Literal["identify", "preview", "restart", "bench"]
"""A still is asked for apart: it needs a key."""

STANDS: Final = timedelta(seconds=45)
"""How long a node may begin: longer than it needs to come back from a lost connection."""
ANSWER_WITHIN: Final = timedelta(seconds=150)
"""After asking. A restart and a still take the longest."""
KEPT_FOR: Final = timedelta(days=90)


class UnknownCommand(LookupError):
    """No such command, or somebody else's picture."""


def make(
    kind: Literal["identify", "still", "preview", "restart", "bench"],
    now: datetime,
    *,
    lasts_s: float = 30.0,
    seal_to: bytes | None = None,
) -> Command:
    """A new command, issued now."""
    return Command(
        command=uuid7(now),
        kind=kind,
        issued_at=now,
        expires_at=now + STANDS,
        lasts_s=lasts_s,
        seal_to=seal_to,
    )


def is_silent(asked_at: datetime, now: datetime) -> bool:
    """Whether no answer is to be expected any more."""
    return now > asked_at + ANSWER_WITHIN
