"""The one-time code that a new node brings along: made, typed, compared. Pure.

80 bits, so that neither guessing at the door nor the stored SHA-256 leads to it within its day.
Letters are Crockford's: what looks alike is one letter, and no word comes about by chance.
"""

import re
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Final

LASTS: Final = timedelta(hours=24)
FAILURES_MAX: Final = 20  # from one address within FAILURES_WITHIN
FAILURES_WITHIN: Final = timedelta(minutes=15)
PATTERN: Final = r"^[0-9A-Za-z \-]{16,40}$"
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 16
_ALIKE: Final = str.maketrans("OIL", "011")


class MalformedCode(ValueError):
    """Not a code: 16 letters and digits in four groups, as K7QD-93MX-A2TB-0F4W."""


def new() -> str:
    """A code as people read it: four groups of four."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, _LENGTH, 4))


def digest(typed: str) -> bytes:
    """What is stored of a code, however it was typed. Raises MalformedCode."""
    letters = re.sub(r"[ \-]", "", typed).upper().translate(_ALIKE)
    if len(letters) != _LENGTH or not set(letters) <= set(_LETTERS):
        raise MalformedCode(typed[:40])
    return sha256(letters.encode()).digest()
