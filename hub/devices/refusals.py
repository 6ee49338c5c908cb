"""Why messages are refused, in a few classes: a label or a list may have only so many values."""

from typing import Final, Literal, get_args

Class = Literal[
    "version", "foreign", "future", "old", "unregistered", "topic", "not_storable", "twin",
    "revoked", "outboxes", "size", "malformed",
]  # fmt: skip
CLASSES: Final[tuple[Class, ...]] = get_args(Class)

_BEGINS: Final[tuple[tuple[str, Class], ...]] = (
    ("version ", "version"),
    ("the topic is ", "foreign"),
    ("the window begins ", "future"),
    ("the window is older ", "old"),
    ("no node ", "unregistered"),
    ("a node says nothing on ", "topic"),
    ("not storable", "not_storable"),
    ("another node speaks ", "twin"),
)
_HOLDS: Final[tuple[tuple[str, Class], ...]] = (
    (" bytes; the most is ", "size"),
    ("/site/node/subject", "topic"),
    (" is not site/node", "topic"),
    (": ids are 1-32 of ", "topic"),
    (" is revoked: ", "revoked"),
    (" has spoken from ", "outboxes"),
)


def class_of(reason: str) -> Class:
    """The class of a dead letter's reason; what no class knows is malformed."""
    for words, name in _BEGINS:
        if reason.startswith(words):
            return name
    for words, name in _HOLDS:
        if words in reason:
            return name
    return "malformed"
