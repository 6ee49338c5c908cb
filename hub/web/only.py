"""A door with one part of the hub alone, for a network that others reach: `hub web --only trip`.

What is let through is listed, everything else is not there: a route that is added later stays
outside until somebody lists it. The phone's routes, the log's public ones and the keys; signing in,
because enrolling and withdrawing a consent need it; the phone's page with its files, and that of
one's own account: a first password is changed there before anything else. No board, no people, no
orders, no auditor's list, no export, no live stream, no node's routes.
"""

import re
from typing import Final

ROUTES: Final = frozenset(
    {
        ("POST", "/api/v1/session"),
        ("DELETE", "/api/v1/session"),
        ("GET", "/api/v1/me"),
        ("PUT", "/api/v1/me/password"),
        ("GET", "/api/v1/oidc"),
        ("GET", "/api/v1/oidc/start"),
        ("GET", "/api/v1/oidc/back"),
        ("GET", "/api/v1/trips/me"),
        ("GET", "/api/v1/trips/devices"),
        ("POST", "/api/v1/trips/devices"),
        ("POST", "/api/v1/trips/devices/{kid}/end"),
        ("POST", "/api/v1/trips/consent"),
        ("DELETE", "/api/v1/trips/consent"),
        ("POST", "/api/v1/trips/challenges"),
        ("POST", "/api/v1/trips/standing"),
        ("PUT", "/api/v1/trips/proofs/{cti}"),
        ("POST", "/api/v1/trips/proofs/own"),
        ("POST", "/api/v1/trips/proofs/{cti}/appeal"),
        ("GET", "/api/v1/log/checkpoint"),
        ("POST", "/api/v1/log/cosignatures"),
        ("GET", "/api/v1/log/consistency"),
        ("GET", "/api/v1/log/inclusion"),
        ("GET", "/.well-known/cheongsa/keys"),
    }
)
PAGES: Final = frozenset(
    {
        "/trip", "/sign-in", "/me", "/verify.html", "/service-worker.js", "/trip.webmanifest",
        "/icon.svg", "/icon-180.png", "/icon-192.png", "/icon-512.png",
        "/icon-maskable-512.png", "/licenses.txt",
    }
)  # fmt: skip
FRONT: Final = "/trip"
"""Where `/` leads: the board is not here, and signing out ends there."""
FILES: Final = "/_app/"
"""What the pages are built from: no data, and nothing that is not in the published sources."""


def is_front(method: str, path: str) -> bool:
    """Whether somebody came without saying where to."""
    return path == "/" and method in ("GET", "HEAD")


def lets_in(method: str, path: str) -> bool:
    """Whether the trip door has this."""
    asked = "GET" if method == "HEAD" else method
    if asked == "GET" and (path in PAGES or (path.startswith(FILES) and "/." not in path)):
        return True
    return any(asked == way and shape.fullmatch(path) for way, shape in _SHAPES)


def _shape(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)))


_SHAPES: Final = [(method, _shape(path)) for method, path in sorted(ROUTES)]
