"""A stream as plain ASGI can make it: `python -m tests.bench.bare_stream PORT BYTES`.

The same server with the same settings as `web`, and an application that knows nothing: each line
on its input, a number, is an event with that number, which it sends to everybody. What it costs is
what no application on this
server can go below. `/json` answers a body of that size, or 304 where the ETag is known.
"""

import asyncio
import sys
from typing import Any

import uvicorn

from hub.web.app import BACKLOG, _allow_many_files

STREAM = {"type": "http.response.start", "status": 200,
          "headers": [(b"content-type", b"text/event-stream")]}  # fmt: skip
ETAG = (b"etag", b'"same"')


class Bare:
    """Every client waits for the same moment."""

    def __init__(self, size: int) -> None:
        self._size, self._event = size, _event(0, size)
        self._body = b"x" * size
        self._next = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["path"] == "/json":
            await self._answer(scope, send)
        else:
            await self._stream(send)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        asyncio.get_running_loop().add_reader(sys.stdin, self._tick)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    def _tick(self) -> None:
        line = sys.stdin.readline()
        if not line:
            sys.exit(0)
        self._event = _event(int(line), self._size)
        told, self._next = self._next, asyncio.Event()
        told.set()

    async def _stream(self, send: Any) -> None:
        await send(STREAM)
        while True:
            after = self._next
            await send({"type": "http.response.body", "body": self._event, "more_body": True})
            await after.wait()

    async def _answer(self, scope: Any, send: Any) -> None:
        known = (b"if-none-match", ETAG[1]) in scope["headers"]
        status, body = (304, b"") if known else (200, self._body)
        await send({"type": "http.response.start", "status": status, "headers": [ETAG]})
        await send({"type": "http.response.body", "body": body})


def _event(number: int, size: int) -> bytes:
    return b'data: {"people":%d,"' % number + b"x" * (size - 32) + b'"}\n\n'


if __name__ == "__main__":
    _allow_many_files()
    uvicorn.run(
        Bare(int(sys.argv[2])),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        backlog=BACKLOG,
        access_log=False,
        log_level="error",
    )
