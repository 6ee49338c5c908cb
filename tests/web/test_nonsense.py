"""What no browser sends: the server answers clearly or hangs up, and lives."""

import socket
from contextlib import suppress
from random import Random

import httpx

from tests.seeds import SEED
from tests.web.conftest import Web

HOST = b"Host: 127.0.0.1\r\n"
GET = b"GET /healthz HTTP/1.1\r\n" + HOST
STREAM = b"GET /api/v1/density/stream HTTP/1.1\r\n" + HOST


def said(web: Web, sent: bytes, patience_s: float = 1.0) -> bytes:
    """What comes back until the server hangs up, or has said nothing for a while."""
    heard = b""
    with (
        socket.create_connection(("127.0.0.1", web.port), timeout=patience_s) as line,
        suppress(OSError),
    ):
        line.sendall(sent)
        while len(heard) < 100_000 and (piece := line.recv(65_536)):
            heard += piece
    return heard


def statuses(heard: bytes) -> list[int]:
    """Of each answer on the line."""
    lines = [part[:3] for part in heard.split(b"HTTP/1.1 ")[1:]]
    return [int(status) for status in lines if status.isdigit()]


def assert_alive(web: Web) -> None:
    assert web.process.poll() is None
    assert httpx.get(f"{web.url}/healthz").status_code == 200


HUNG_UP = 0
"""A connection that is closed while more is being sent may lose the answer on its way."""

NONSENSE: list[tuple[bytes, set[int]]] = [
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64), {400}),
    (b"HELO office\r\n\r\n", {400}),
    (b"GET / HTTP/9.9\r\n" + HOST + b"\r\n", {400}),
    (b"GET /\x00 HTTP/1.1\r\n" + HOST + b"\r\n", {400}),
    (b"GET http://[::1 HTTP/1.1\r\n" + HOST + b"\r\n", {400}),
    (GET + b"Content-Length: -1\r\n\r\n", {400}),
    (GET + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", {400}),
    (GET + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
    (GET + b"Transfer-Encoding: xchunked\r\n\r\n", {400}),
    (GET + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", {400}),
    (GET + b"X: a\nY: b\r\n\r\n", {200, 400}),
    (GET + b"Host: evil.test\r\n\r\n", {421}),
    (b"GET /healthz HTTP/1.1\r\n\r\n", {400, 421}),
    (b"GET /healthz?" + b"a" * 9_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", {414}),
    (b"GET /" + b"a" * 200_000, {431, HUNG_UP}),
    (GET + b"".join(b"X-%d: y\r\n" % n for n in range(20_000)), {431, HUNG_UP}),
    (GET + b"X: " + b"y" * 200_000, {431, HUNG_UP}),
    (STREAM + b"Last-Event-ID: " + b"9" * 5_000 + b"\r\n\r\n", {200}),
    (b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n", {405}),
    (b"CONNECT evil.test:443 HTTP/1.1\r\n" + HOST + b"\r\n", {400, 404, 405}),
]


def test_a_request_that_is_none_is_refused_clearly_and_the_process_lives(web: Web):
    for sent, expected in NONSENSE:
        heard = statuses(said(web, sent)) or [HUNG_UP]
        assert set(heard) <= expected, sent[:200]
        assert_alive(web)


def test_a_smuggled_second_request_is_not_answered(web: Web):
    hidden = b"0\r\n\r\nGET /api/v1/openapi.json HTTP/1.1\r\n" + HOST + b"\r\n"
    both = b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n" % len(hidden)
    assert len(statuses(said(web, b"POST /healthz HTTP/1.1\r\n" + HOST + both + hidden))) <= 1
    assert_alive(web)


def test_any_header_and_any_bytes_bring_no_5xx_and_the_process_lives(web: Web):
    random = Random(SEED)
    names = (b"Host", b"Accept", b"Accept-Language", b"If-None-Match", b"Last-Event-ID", b"Cookie",
             b"X-Forwarded-For", b"Range", b"Sec-Fetch-Site", b"X-CSRF-Token",
             b"Expect")  # fmt: skip
    paths = (b"/healthz", b"/api/v1/density", b"/", b"/api/v1/density/%ff%00/history", b"//x/../..")
    for n in range(300):
        value = random.randbytes(random.randrange(40)).replace(b"\r", b"")
        text = random.choice(
            [value, b"q=" + b"9" * 400, b"ko;q=nan,en;q=inf", b'W/"', b"*,*", b";=,"]
        )
        request = (
            b"GET "
            + random.choice(paths)
            + b" HTTP/1.1\r\nConnection: close\r\n"
            + HOST * (n % 5 > 0)
        )
        request += random.choice(names) + b": " + text.replace(b"\n", b"") + b"\r\n\r\n"
        if n % 7 == 0:
            cut = random.randrange(len(request))
            request = request[:cut] + random.randbytes(5) + request[cut:]
        heard = statuses(said(web, request, 0.1))
        assert all(status < 500 for status in heard), (request, heard)
    assert_alive(web)
