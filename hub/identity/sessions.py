"""How long somebody stays signed in, and the two secrets of a session. Pure; the store keeps it.

The browser holds a random token in a `__Host-` cookie; the database holds its SHA-256, so that a
stolen backup opens nothing.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

COOKIE: Final = "__Host-cheongsa"  # a browser takes it only as Secure, Path=/ and without Domain
IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=10)  # one working day
SEEN_EVERY: Final = timedelta(minutes=1)  # how exactly idleness is known
_TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Times:
    """When a session began, and when it was last used."""

    began_at: datetime
    seen_at: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether it was left alone for too long, or lasts too long already."""
        return now - self.seen_at >= IDLE or now - self.began_at >= ABSOLUTE

    def is_to_be_touched(self, now: datetime) -> bool:
        """Whether its use is worth a write."""
        return now - self.seen_at >= SEEN_EVERY


def new_token() -> str:
    """256 bits for the cookie."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def digest(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def csrf_token(token: str) -> str:
    """The session's second secret: script of our own pages can ask for it, a form elsewhere not."""
    return hmac.new(token.encode(), b"cheongsa csrf", hashlib.sha256).hexdigest()


def is_csrf_token(token: str, given: str) -> bool:
    """Whether `given` is this session's."""
    return hmac.compare_digest(csrf_token(token).encode(), given.encode())
