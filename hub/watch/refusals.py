"""Why messages are refused, in a few classes: a label may have only so many values."""

from typing import Final

_BEGINS: Final = (
    ("version ", "version"),
    ("the topic is ", "foreign"),
    ("the window begins ", "future"),
    ("the window is older ", "old"),
    ("no node ", "unregistered"),
    ("a node says nothing on ", "topic"),
    ("not storable", "not_storable"),
    ("another node speaks ", "twin"),
)
_HOLDS: Final = (
    (" bytes; the most is ", "size"),
    ("/site/node/subject", "topic"),
    (" is not site/node", "topic"),
    (": ids are 1-32 of ", "topic"),
)
CLASSES: Final = tuple(dict.fromkeys([name for _, name in (*_BEGINS, *_HOLDS)] + ["malformed"]))


def class_of(reason: str) -> str:
    """The class of a dead letter's reason; what no class knows is malformed."""
    for words, name in _BEGINS:
        if reason.startswith(words):
            return name
    return next((name for words, name in _HOLDS if words in reason), "malformed")
