"""What a browser is told of each answer: who may frame it, and what it may do.

`/embed/...` lives inside the office's own work system, so a setting says who may frame it;
everything else may be framed by ourselves only.
"""

from typing import Final
from urllib.parse import urlsplit

EMBED: Final = "/embed/"
WORKERS: Final = "/_app/immutable/workers/"
API_CSP: Final = "default-src 'none'; frame-ancestors 'none'"
# a badge opened by itself: its own style, nothing else
SVG_CSP: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
# the pages' own CSP leaves images to this one: only the hub knows who serves map tiles
PAGE_CSP: Final = (
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors {who}; "
    "img-src 'self' data:{tiles}"
)
# what reads codes and PDFs is WebAssembly; a worker has its own CSP, so that no page needs it
WORKER_CSP: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; "
    "frame-ancestors 'none'"
)
ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
# `/trip` asks for the place at a touch, `/audit/trips` for the camera to read a code; both may be
# reached from any page of ours without a reload
NO_FEATURES: Final = (
    b"permissions-policy",
    b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
)
OWN_FEATURES: Final = (
    NO_FEATURES[0],
    NO_FEATURES[1]
    .replace(b"geolocation=()", b"geolocation=(self)")
    .replace(b"camera=()", b"camera=(self)"),
)
Header = tuple[bytes, bytes]
Headers = tuple[Header, ...]


def headers_for(
    path: str, frame_ancestors: str, *, is_api: bool, tiles: str | None = None
) -> Headers:
    """The security headers of the answer at `path`; `tiles`: address of map tiles."""
    if path.endswith("/badge.svg"):
        # other pages of the intranet show it as an image
        return _with(SVG_CSP, NO_FEATURES, (b"cross-origin-resource-policy", b"cross-origin"))
    if is_api:
        return _with(API_CSP, NO_FEATURES, (b"cross-origin-resource-policy", b"same-origin"))
    if path.startswith(WORKERS):
        return _with(WORKER_CSP, NO_FEATURES)
    if path.startswith(EMBED):
        return _with(PAGE_CSP.format(who=frame_ancestors, tiles=""), NO_FEATURES)
    own = (b"x-frame-options", b"SAMEORIGIN")
    return _with(PAGE_CSP.format(who="'self'", tiles=_origin(tiles)), OWN_FEATURES, own)


def _origin(address: str | None) -> str:
    """Whose images a page may show besides our own, as a CSP says it."""
    if not address:
        return ""
    found = urlsplit(address)
    return f" {found.scheme}://{found.netloc}"


def _with(policy: str, *more: Header) -> Headers:
    return (*ALWAYS, (b"content-security-policy", policy.encode("latin-1")), *more)
