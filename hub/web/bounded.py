"""The server's HTTP parser with bounds of its own: httptools has none on an address or a header.

A head that grows beyond `HEAD_MAX_BYTES`, or is not whole within `HEAD_WITHIN_S`, ends its
connection. What stands in a whole head is judged by the door.
"""

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_MAX_BYTES: Final = 64 * 1024
HEAD_WITHIN_S: Final = 20.0  # some bytes now and then hold a connection no longer
_END: Final = b"content-length: 0\r\nconnection: close\r\n\r\n"
TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\n" + _END
TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\n" + _END


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's parser; `_head_bytes` came of a head that is not whole yet."""

    _in_head = True
    _head_bytes = 0
    _too_slow: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection that says nothing is slow, too."""
        super().connection_made(transport)
        self._begin_head()

    def data_received(self, data: bytes) -> None:
        """Parse; then look whether this head has become too large."""
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_MAX_BYTES:
                self._refuse(TOO_LARGE)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._end_head()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A head begins."""
        self._begin_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """It is whole."""
        self._end_head()
        super().on_headers_complete()

    def _begin_head(self) -> None:
        self._end_head()
        self._in_head, self._head_bytes = True, 0
        self._too_slow = self.loop.call_later(HEAD_WITHIN_S, self._refuse, TOO_SLOW)

    def _end_head(self) -> None:
        self._in_head = False
        if self._too_slow is not None:
            self._too_slow.cancel()
            self._too_slow = None

    def _refuse(self, answer: bytes) -> None:
        self._end_head()
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()
