"""The caching proxy of docs/scale.md: it spares `web`, and tells nothing old."""

import shutil
import time
import urllib.error
import urllib.request

import pytest

from tests.bench.cache import BOARD, nginx
from tests.conftest import Database
from tests.web.conftest import web_process

pytestmark = pytest.mark.skipif(
    shutil.which("nginx") is None, reason="nginx is not installed: apt-get install nginx-light"
)


def ask(port: int, **headers: str) -> tuple[int, str | None]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{BOARD}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers["ETag"]
    except urllib.error.HTTPError as error:
        return error.code, error.headers["ETag"]


def test_what_is_known_is_not_sent_again_and_a_dead_web_is_not_covered_up(database: Database):
    with web_process(database.dsn) as web, nginx(web.port) as port:
        status, etag = ask(port)
        assert (status, bool(etag)) == (200, True)
        assert ask(port, **{"If-None-Match": etag or ""}) == (304, etag)
        web.process.kill()
        web.process.wait()
        until_s = time.monotonic() + 30
        while ask(port)[0] == 200:  # what was read less than a second ago
            assert time.monotonic() < until_s
            time.sleep(0.1)
        assert ask(port)[0] == 502
