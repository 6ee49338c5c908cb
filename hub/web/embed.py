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
)
# `/trip` asks for the place at a touch, and may be reached from any page of ours without a reload
NO_FEATURES: Final = (
    b"permissions-policy",
    b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
)
OWN_FEATURES: Final = (
    NO_FEATURES[0],
    NO_FEATURES[1].replace(b"geolocation=()", b"geolocation=(self)"),
)
Header = tuple[bytes, bytes]
Headers = tuple[Header, ...]


def headers_for(path: str, frame_ancestors: str, *, is_api: bool) -> Headers:
    """The security headers of the answer at `path`."""
    if path.endswith("/badge.svg"):
        # other pages of the intranet show it as an image
        return _with(SVG_CSP, NO_FEATURES, (b"cross-origin-resource-policy", b"cross-origin"))
    if is_api:
        return _with(API_CSP, NO_FEATURES, (b"cross-origin-resource-policy", b"same-origin"))
    if path.startswith(EMBED):
        return _with(PAGE_CSP.format(who=frame_ancestors), NO_FEATURES)
    own = (b"x-frame-options", b"SAMEORIGIN")
    return _with(PAGE_CSP.format(who="'self'"), OWN_FEATURES, own)


def _with(policy: str, *more: Header) -> Headers:
    return (*ALWAYS, (b"content-security-policy", policy.encode("latin-1")), *more)
