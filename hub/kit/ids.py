"""UUID version 7 (RFC 9562 section 5.7): identifiers that sort by when they were made."""

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

_RANDOM_BITS: Final = 74
_VERSION: Final = 7 << 76
_VARIANT: Final = 0b10 << 62


def uuid7(now: datetime) -> UUID:
    """48 bits of milliseconds since 1970, and 74 random ones."""
    random = secrets.randbits(_RANDOM_BITS)
    high, low = random >> 62, random & ((1 << 62) - 1)
    ms = int(now.timestamp() * 1000)
    return UUID(int=ms << 80 | _VERSION | high << 64 | _VARIANT | low)
