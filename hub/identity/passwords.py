"""Passwords: argon2id, what a good one is, and one-time passwords to begin with.

Parameters are RFC 9106's second choice (64 MiB, 3 passes, 4 lanes), argon2-cffi's default.
"""

import secrets
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LENGTH_MIN: Final = 10
LENGTH_MAX: Final = 128  # hashing time grows with length; nobody types more
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # no l, o, 0, 1: read aloud and typed once
_GROUPS: Final = (4, 4, 4)

_hasher: Final = PasswordHasher()
_decoy: Final = _hasher.hash(secrets.token_urlsafe(16))


class WeakPassword(ValueError):
    """A new password cannot be taken; its class says why."""


class TooShort(WeakPassword):
    """Fewer than LENGTH_MIN characters."""


class TooLong(WeakPassword):
    """More than LENGTH_MAX characters."""


class HoldsLogin(WeakPassword):
    """The login is part of it."""


class TooPlain(WeakPassword):
    """A few characters over and over."""


class Unchanged(WeakPassword):
    """The new one is the old one."""


def hashed(password: str) -> str:
    """The argon2id hash, in its own encoded form."""
    return _hasher.hash(_normal(password))


def is_right(encoded: str | None, password: str) -> bool:
    """Whether the password is the hashed one. Takes as long where there is no such person."""
    try:
        return _hasher.verify(encoded or _decoy, _normal(password)) and encoded is not None
    except (VerificationError, InvalidHashError):
        return False


def check_new(password: str, login: str) -> None:
    """NIST SP 800-63B: length counts, not the mixture. Raises WeakPassword."""
    text = _normal(password)
    if len(text) < LENGTH_MIN:
        raise TooShort
    if len(text) > LENGTH_MAX:
        raise TooLong
    if login.casefold() in text.casefold():
        raise HoldsLogin
    if len(set(text)) < 5:
        raise TooPlain


def one_time() -> str:
    """A password to be told once and changed at the first sign-in: 60 bits, `abcd-efgh-jkmn`."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(n)) for n in _GROUPS)


def _normal(password: str) -> str:
    """One form, whichever way a keyboard composes 한글 (RFC 8265 uses NFC too)."""
    return unicodedata.normalize("NFC", password)
