"""What a browser is told of each answer: who may frame it, and what it may do.

`/embed/...` lives inside the office's own work system, so a setting says who may frame it;
everything else may be framed by ourselves only.
"""

from typing import Final

EMBED: Final = "/embed/"
API_CSP: Final = "default-src 'none'; frame-ancestors 'none'"
# a badge opened by itself: its own style, nothing else
SVG_CSP: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
PAGE_CSP: Final = "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors {who}"
ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (
        b"permissions-policy",
        b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
)
Headers = tuple[tuple[bytes, bytes], ...]


def headers_for(path: str, frame_ancestors: str, *, is_api: bool) -> Headers:
    """The security headers of the answer at `path`."""
    if path.endswith("/badge.svg"):
        # other pages of the intranet show it as an image
        return (*ALWAYS, _csp(SVG_CSP), (b"cross-origin-resource-policy", b"cross-origin"))
    if is_api:
        return (*ALWAYS, _csp(API_CSP), (b"cross-origin-resource-policy", b"same-origin"))
    if path.startswith(EMBED):
        return (*ALWAYS, _csp(PAGE_CSP.format(who=frame_ancestors)))
    own = (b"x-frame-options", b"SAMEORIGIN")
    return (*ALWAYS, _csp(PAGE_CSP.format(who="'self'")), own)


def _csp(policy: str) -> tuple[bytes, bytes]:
    return (b"content-security-policy", policy.encode("latin-1"))
