"""The built web app, as files: precompressed where the build has it, hashed names kept for good.

What the browser may do with a page is said here too: the app's own CSP comes in its <meta>; by
header come only the parts a <meta> cannot say.
"""

import mimetypes
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path, PurePosixPath
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import Receive, Scope, Send

ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
FOR_GOOD: Final = "public, max-age=31536000, immutable"  # the name changes with the content
ASK_AGAIN: Final = "no-cache"
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
NOT_BUILT: Final = """<!doctype html><html lang="ko"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>청사</title>
<body style="font:17px/1.6 sans-serif;max-width:34em;margin:15vh auto;padding:0 1em">
<h1>화면이 아직 만들어지지 않았어요</h1>
<p>관리자가 <code>make web</code>을 실행하면 나와요. 값은 지금도
<a href="/api/v1/density">/api/v1/density</a>에서 읽을 수 있어요.</p>
<p lang="en">The web app is not built yet: run <code>make web</code>.
The figures are already at <a href="/api/v1/density">/api/v1/density</a>.</p>
"""
NO_PAGE: Final = """<!doctype html><html lang="ko"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>없는 화면 · 청사</title>
<body style="font:17px/1.6 sans-serif;max-width:34em;margin:15vh auto;padding:0 1em">
<h1>그런 화면은 없어요</h1><p><a href="/">지금 붐비는지 보러 가기</a></p>
<p lang="en">There is no such page. <a href="/">See how busy it is now</a></p>
"""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of the build, as it will be sent."""

    path: Path
    name: PurePosixPath
    """Its place in the build, without the ending of an encoding."""
    encoding: str | None
    size_bytes: int
    modified_ns: int

    @property
    def etag(self) -> str:
        return f'"{self.modified_ns:x}-{self.size_bytes:x}-{self.encoding or "plain"}"'

    @property
    def headers(self) -> dict[str, str]:
        kept = FOR_GOOD if "immutable" in self.name.parts else ASK_AGAIN
        given = {
            "ETag": self.etag,
            "Cache-Control": kept,
            "Last-Modified": formatdate(self.modified_ns / 1e9, usegmt=True),
            "Vary": "Accept-Encoding",
        }
        return {**given, "Content-Encoding": self.encoding} if self.encoding else given


class Pages:
    """The files of the build, as an ASGI endpoint."""

    def __init__(self, web_dir: Path) -> None:
        self._root = web_dir.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file, a page that says there is none, or 405."""
        await self._answer(Request(scope))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return Response("GET\n", 405, {"Allow": "GET, HEAD"}, "text/plain")
        coded = request.headers.get("accept-encoding", "")
        found = self._find(request.scope["path"], coded)
        if found is not None:
            return _file(found, request.headers.get("if-none-match", ""))
        if not (self._root / "index.html").is_file():
            return HTMLResponse(NOT_BUILT, 503, {"Cache-Control": "no-store", "Retry-After": "30"})
        if (own := self._find("/404.html", coded)) is not None:
            return _file(own, "", 404)
        return HTMLResponse(NO_PAGE, 404, {"Cache-Control": "no-store"})

    def _find(self, path: str, accept_encoding: str) -> _Found | None:
        """The file at `path`: itself, `path.html`, or the folder's index."""
        asked = path.strip("/")
        if "\0" in asked or any(part.startswith(".") for part in asked.split("/")):
            return None
        pages = [f"{asked}.html", f"{asked}/index.html"] if asked else ["index.html"]
        for name in ([asked] if asked else []) + pages:
            if (found := self._coded(PurePosixPath(name), accept_encoding)) is not None:
                return found
        return None

    def _coded(self, name: PurePosixPath, accept_encoding: str) -> _Found | None:
        """The smallest form of a file that the browser takes."""
        if not self._stat(name):
            return None
        accepted = _accepted(accept_encoding)
        for encoding, ending in ENCODINGS:
            coded = name.with_name(name.name + ending)
            if encoding in accepted and (stat := self._stat(coded)):
                return _Found(self._root / coded, name, encoding, *stat)
        stat = self._stat(name)
        return _Found(self._root / name, name, None, *stat) if stat else None

    def _stat(self, name: PurePosixPath) -> tuple[int, int] | None:
        """Size and time of a file inside the build; a link that leads out of it is not there."""
        try:
            path = (self._root / name).resolve()
            stat = path.stat()
        except OSError:  # not there, or a name too long for the file system
            return None
        inside = path.is_relative_to(self._root) and path.is_file()
        return (stat.st_size, stat.st_mtime_ns) if inside else None


def _file(found: _Found, if_none_match: str, status: int = 200) -> Response:
    if status == 200 and found.etag in [
        tag.strip().removeprefix("W/") for tag in if_none_match.split(",")
    ]:
        return Response(status_code=304, headers=found.headers)
    kind = TYPES.get(found.name.suffix) or mimetypes.guess_type(found.name.name)[0]
    return FileResponse(found.path, status, found.headers, kind or "application/octet-stream")


def _accepted(accept_encoding: str) -> set[str]:
    parts = (part.strip().lower().partition(";") for part in accept_encoding.split(","))
    return {name.strip() for name, _, q in parts if q.replace(" ", "") not in ("q=0", "q=0.0")}
