"""The HTTP door: inside the test for most, as a real process for streams and stopping."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.kit.settings import Settings
from hub.web import app
from tests.conftest import Database

PORTS_TRIED = 3
SEEN_AT_ONCE_S = 0.0  # no pause between two reads: a test sees what it has just written


def settings_for(database: Database, **given: Any) -> Settings:
    return Settings(
        database_dsn=database.dsn, **{"trusted_hosts": ("127.0.0.1", "hub.test"), **given}
    )


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return settings_for(database, web_dir=tmp_path / "build", frame_ancestors="https://work.test")


@pytest.fixture
async def door(settings: Settings) -> AsyncIterator[app.Door]:
    door = app.create_app(settings, pace_s=SEEN_AT_ONCE_S)
    async with door.api.router.lifespan_context(door.api):
        yield door


@pytest.fixture
async def client(door: app.Door) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(door)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.test") as client:
        yield client


@dataclass
class Web:
    """A running `python -m hub web`."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def web_process(dsn: str, *words: str, **given: str) -> Iterator[Web]:
    """Start the real program, its further words and settings, and wait until it answers."""
    web = _started(dsn, words, given)
    try:
        yield web
    finally:
        if web.process.poll() is None:
            web.process.kill()
        web.process.wait()


def _started(dsn: str, words: Sequence[str], given: dict[str, str]) -> Web:
    """A free port may be taken by somebody else before the program has it: then another."""
    for _ in range(PORTS_TRIED):
        port = int(given.get("HUB_PORT", 0)) or free_port()
        env = {**os.environ, "HUB_DATABASE_DSN": dsn, **given, "HUB_PORT": str(port)}
        program = [sys.executable, "-m", "hub", "web", *words]
        web = Web(port, subprocess.Popen(program, env=env))
        if _is_alive(web, "/trip" if "--only" in words else "/healthz"):
            return web
        web.process.kill()
        web.process.wait()
    raise AssertionError(f"no hub web answers, {PORTS_TRIED} times")


def _is_alive(web: Web, path: str, patience_s: float = 90.0) -> bool:
    until_s = time.monotonic() + patience_s
    while time.monotonic() < until_s and web.process.poll() is None:
        try:
            if httpx.get(web.url + path).status_code == 200:
                return True
        except httpx.TransportError:
            time.sleep(0.1)
    return False


@pytest.fixture
def web(database: Database) -> Iterator[Web]:
    with web_process(database.dsn) as web:
        yield web


async def until(said: Callable[[], Any], patience_s: float = 10.0) -> Any:
    """Wait until `said()` is true; return it."""
    async with asyncio.timeout(patience_s):
        while not (found := said()):  # noqa: ASYNC110  another process does it
            await asyncio.sleep(0.02)
        return found
