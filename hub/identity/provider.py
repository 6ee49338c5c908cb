"""Signing in at the office's own provider (OpenID Connect): what is asked and what is believed.

Pure. Authorization code with PKCE; `hub.identity.fetch` speaks to the provider.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hub.identity import roles
from hub.identity.begin import LOGIN_PATTERN
from hub.identity.roles import Role

HOME: Final = "/"
LINE_MAX: Final = 255  # of a subject, OpenID Connect Core 2


class ProviderError(Exception):
    """The provider is away, or says something that cannot be believed."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One trip of a browser to the provider and back."""

    state: str
    nonce: str
    verifier: str
    back_to: str

    @classmethod
    def begin(cls, back_to: str) -> "Visit":
        """Three fresh secrets."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, own_path(back_to))


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who the provider says it is."""

    issuer: str
    subject: str
    login: str
    name: str
    email: str | None
    groups: frozenset[str]


def own_path(back_to: str) -> str:
    """A path of ours to go back to; anything else (another host, a scheme) is the front page."""
    ours = re.fullmatch(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,500}", back_to)
    return back_to if ours else HOME


def claimed(claims: Mapping[str, Any], groups_claim: str) -> Claimed:
    """Read the claims of a verified ID token. Raises ProviderError."""
    subject, issuer = _line(claims.get("sub")), _line(claims.get("iss"))
    if subject is None or issuer is None:
        raise ProviderError("The provider's ID token names nobody (sub, iss).")
    login = str(claims.get("preferred_username") or claims.get("email") or subject).lower()
    if not re.fullmatch(LOGIN_PATTERN, login):
        raise ProviderError(
            "The provider's preferred_username is not 1-64 of a-z, 0-9, dot, underscore, @, hyphen."
        )
    name = str(claims.get("name") or login)
    printable = "".join(c for c in name if c.isprintable()).strip()[:80]
    given = claims.get(groups_claim) or ()
    groups = frozenset(one for one in given if isinstance(one, str)) if _is_list(given) else ()
    return Claimed(
        issuer, subject, login, printable or login, _line(claims.get("email")), frozenset(groups)
    )


def _line(said: object) -> str | None:
    """Text that can be stored and shown, or None."""
    if isinstance(said, str) and 0 < len(said) <= LINE_MAX and said.isprintable():
        return said
    return None


def _is_list(given: object) -> bool:
    return isinstance(given, Iterable) and not isinstance(given, str | bytes)


def roles_of(groups: Iterable[str], mapping: Mapping[str, Role]) -> frozenset[Role]:
    """The roles that these groups of the provider give here."""
    return roles.parse(mapping[group] for group in groups if group in mapping)


def mapping_of(words: Iterable[str]) -> dict[str, Role]:
    """Read `group=role` words. Raises UnknownRole, ValueError."""
    mapping: dict[str, Role] = {}
    for word in words:
        group, equals, role = word.rpartition("=")
        if not equals or not group:
            raise ValueError(f"{word!r} is not group=role")
        roles.parse([role])
        mapping[group] = role  # type: ignore[assignment]
    return mapping
