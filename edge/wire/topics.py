"""MQTT topics: what is said where, and who says it.

The topic names the node. User name and certificate CN of a node are `{site}/{node}`, so the
broker's access list is one line per topic and direction with `cheongsa/v1/%u/...`.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import StringConstraints

ROOT: Final = "cheongsa/v1"
TIME: Final = f"{ROOT}/time"

ID_PATTERN: Final = r"^[a-z0-9-]{1,32}$"
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]

Subject = Literal[
    "counts", "health", "state", "committed", "config/wanted", "config/reported", "preview"
]
FROM_NODE: Final[tuple[Subject, ...]] = ("counts", "health", "state", "config/reported", "preview")
TO_NODE: Final[tuple[Subject, ...]] = ("committed", "config/wanted")
RETAINED: Final[frozenset[Subject]] = frozenset(
    {"state", "committed", "config/wanted", "config/reported"}
)

_ID = re.compile(r"[a-z0-9-]{1,32}")


class NotATopic(ValueError):
    """This topic is not one of `cheongsa/v1/{site}/{node}/...`."""


@dataclass(frozen=True, slots=True)
class NodeName:
    """A node's full name. Two offices may each have a `cam-1`."""

    site: str
    node: str

    def __post_init__(self) -> None:
        if not (_ID.fullmatch(self.site) and _ID.fullmatch(self.node)):
            raise NotATopic(f"{self.site!r}/{self.node!r}: ids are 1-32 of a-z, 0-9 and '-'")

    def __str__(self) -> str:
        return f"{self.site}/{self.node}"

    @classmethod
    def parse(cls, text: str) -> "NodeName":
        """Read `site/node`. Raises NotATopic."""
        site, slash, node = text.partition("/")
        if not slash:
            raise NotATopic(f"{text!r} is not site/node")
        return cls(site, node)

    def topic(self, subject: Subject) -> str:
        """The topic on which this node says, or hears, `subject`."""
        return f"{ROOT}/{self.site}/{self.node}/{subject}"

    def command_topic(self, command: UUID | Literal["+"]) -> str:
        """The topic of one command to this node; `+`: the filter of all of them."""
        return f"{ROOT}/{self.site}/{self.node}/command/{command}"

    def result_topic(self, command: UUID) -> str:
        """Where this node says what became of a command."""
        return f"{self.command_topic(command)}/result"


def everyone(subject: Subject) -> str:
    """The subscription filter for `subject` of every node."""
    return f"{ROOT}/+/+/{subject}"


EVERY_RESULT: Final = f"{ROOT}/+/+/command/+/result"


def parse(topic: str) -> tuple[NodeName, str]:
    """Split a topic into the node and the subject it speaks of. Raises NotATopic."""
    parts = topic.split("/", 4)
    if len(parts) != 5 or "/".join(parts[:2]) != ROOT:
        raise NotATopic(f"{topic[:200]!r} is not {ROOT}/site/node/subject")
    return NodeName(parts[2], parts[3]), parts[4]
