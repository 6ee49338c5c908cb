"""The HTTP door: what stands at each address, and what every request passes.

Requests meet the door first (host, body, headers, metrics), then the live stream, the API or the
pages. Each route names who may call it, and one that names nobody keeps the door shut.
"""

import asyncio
import json
import logging
import resource
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib import metadata
from typing import Any, Final, Literal

import uvicorn
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.automation import routes as automation
from hub.automation.sheets import limits
from hub.density import routes as density
from hub.density.board import Board
from hub.density.feed import PACE_S, Feed
from hub.devices import meal_sheet
from hub.devices import routes as devices
from hub.identity import access
from hub.identity import routes as identity
from hub.identity.fetch import Provider
from hub.identity.provider import mapping_of
from hub.identity.roles import Role
from hub.kit import db, leave
from hub.kit.metrics import serve as serve_metrics
from hub.kit.settings import Settings, SettingsError
from hub.rules import routes as rules
from hub.tripproof import routes as tripproof
from hub.tripproof.gathering import Desk
from hub.tripproof.routes.well_known import PATH as TRIP_KEYS
from hub.web import bounded, embed, errors, health, live, only, openapi, stopwatch
from hub.web.metrics import Metrics
from hub.web.pages import Pages

log = logging.getLogger(__name__)

BODY_MAX_BYTES: Final = 64 * 1024  # of JSON that somebody typed
WITH_FILE: Final = (
    "/meals/reading", "/business-numbers/answer",
    "/business-numbers/question",
    "/vendors/reading", "/vendors/import",
    "/budget-codes/reading", "/budget-codes/sheet",
)  # fmt: skip
WITH_SHEET: Final = ("/sheet", "/business-numbers/reading")
ADDRESS_MAX_BYTES: Final = 8 * 1024  # path and query
HASHED_AT_ONCE: Final = 2  # a password takes 64 MiB and a core; more guesses than these wait
API_ADDRESSES: Final = ("/healthz", "/readyz", "/metrics", TRIP_KEYS)
STOP_PATIENCE_S: Final = 5
Part = Literal["trip"]
"""What a door may have alone."""
ONLY: Final = b"cheongsa-only"
"""The header by which such a door says so: its pages then show no way to what is not there."""
BACKLOG: Final = 8192  # a whole office reconnects at once


class Door:
    """The ASGI application: checks each request and sends it to the part that answers."""

    def __init__(
        self, settings: Settings, api: FastAPI, stream: live.Stream, pages: Pages, part: Part | None
    ) -> None:
        self.api, self.stream, self._only = api, stream, part
        self._settings, self._pages = settings, pages
        self._metrics: Metrics = api.state.metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass the lifespan on."""
        if scope["type"] == "lifespan":
            await self.api(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(scope, send, self._headers(scope["path"]), self._metrics)
        part = self._refusal(scope) or self._part(scope)
        try:
            await part(scope, receive, answer.send)
        except Exception:
            # the API has answered 500 and logged it; without an answer the server must know
            if answer.status is None:
                raise
        finally:
            answer.count()

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if not all(map(self._is_trusted, headers.getlist("host") or [""])):
            return partial(_refuse, errors.WRONG_HOST)
        if _body_bytes(headers) > _body_most(scope["path"]):
            return partial(_refuse, errors.TOO_LARGE)
        if len(scope["raw_path"]) + len(scope["query_string"]) > ADDRESS_MAX_BYTES:
            return partial(_refuse, errors.LONG_ADDRESS)
        return None

    def _is_trusted(self, host: str) -> bool:
        """Whether the Host header names us: a page elsewhere cannot rebind its name to us."""
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        return "*" in self._settings.trusted_hosts or name.lower() in self._settings.trusted_hosts

    def _part(self, scope: Scope) -> ASGIApp:
        if self._only and only.is_front(scope["method"], scope["path"]):
            return RedirectResponse(only.FRONT)
        if self._only and not only.lets_in(scope["method"], scope["path"]):
            return partial(_refuse, errors.NOT_FOUND)
        if scope["path"] == live.PATH:
            reads = scope["method"] in ("GET", "HEAD")
            return self._let_watch if reads else partial(_refuse, errors.WRONG_METHOD)
        return self.api if _is_api(scope["path"]) else self._pages

    async def _let_watch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The stream, to whom the board is shown."""
        if await self._may_watch(scope, receive, send):
            await self.stream(scope, receive, send)

    async def _may_watch(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answer who may not. What is only needed here must not live as long as the stream."""
        request = Request({**scope, "app": self.api})
        try:
            await access.BOARD(request)
        except (*access.REFUSED, *db.AWAY) as error:
            problem = await errors.answer(request, error)
            await problem(scope, receive, send)
            return False
        return True

    def _headers(self, path: str) -> embed.Headers:
        ours = self._settings
        told = embed.headers_for(
            path, ours.frame_ancestors, is_api=_is_api(path), tiles=ours.trip_tiles
        )
        return (*told, (ONLY, self._only.encode())) if self._only else told


class _Answer:
    """Adds the security headers to one answer, drops the body of a HEAD, and counts it."""

    __slots__ = ("_headers", "_is_head", "_metrics", "_scope", "_send", "_started_s", "status")

    def __init__(self, scope: Scope, send: Send, headers: embed.Headers, metrics: Metrics) -> None:
        self._scope, self._send, self._headers, self._metrics = scope, send, headers, metrics
        self._started_s = time.monotonic()
        self._is_head = scope["method"] == "HEAD"
        if self._is_head and _is_api(scope["path"]) and scope["path"] != live.PATH:
            scope["method"] = "GET"  # the API answers HEAD as it would GET
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), *self._headers]
        elif self._is_head:
            message = {**message, "body": b""}
        await self._send(message)

    def count(self) -> None:
        if self._scope["path"] != live.PATH and self.status is not None:
            method = "HEAD" if self._is_head else self._scope["method"]
            known = method if method in ("GET", "HEAD", "POST", "PUT", "DELETE") else "other"
            self._metrics.answered(_route(self._scope), known, self.status, self._started_s)


def create_app(settings: Settings, *, pace_s: float = PACE_S, part: Part | None = None) -> Door:
    """The whole HTTP door, or that of one part. Nothing is opened before the lifespan begins."""
    metrics = Metrics()
    pool = db.open_pool(settings.database_dsn, size=settings.pool_size)

    def on_read(board: Board, took_s: float) -> None:
        metrics.board_s.observe(took_s)
        metrics.saw(board)

    feed = Feed(settings.database_dsn, pool, pace_s=pace_s, on_read=on_read)
    stream = live.Stream(feed, metrics, settings.stream_clients_max)
    api = _api(settings, pool, feed, metrics, stream)
    return Door(settings, api, stream, Pages(settings.web_dir), part)


def _api(
    settings: Settings, pool: db.Pool, feed: Feed, metrics: Metrics, stream: live.Stream
) -> FastAPI:
    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncIterator[None]:
        async with pool:
            api.state.loop = asyncio.get_running_loop()
            api.state.hashing = asyncio.Semaphore(HASHED_AT_ONCE)
            tasks = [asyncio.create_task(feed.run()), asyncio.create_task(stream.drop_blocked())]
            try:
                yield
            finally:
                stream.close()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    api = bare_api(lifespan)
    api.state.pool, api.state.feed, api.state.metrics = pool, feed, metrics
    api.state.desk = Desk(pool)
    api.state.board_open = settings.board_open
    api.state.settings = settings
    api.state.provider, api.state.groups = _provider(settings)
    api.state.provider_name = settings.oidc_name or settings.oidc_issuer
    return api


def _provider(settings: Settings) -> tuple[Provider | None, dict[str, Role]]:
    """The office's own sign-in, where it has one, and what its groups may. Raises SettingsError."""
    try:
        groups = mapping_of(settings.oidc_groups)
    except ValueError as error:
        raise SettingsError(f"HUB_OIDC_GROUPS: {error}") from error
    if settings.oidc_issuer is None:
        return None, groups
    if settings.public_url is None or settings.oidc_client_secret is None:
        raise SettingsError("HUB_OIDC_ISSUER needs HUB_PUBLIC_URL and HUB_OIDC_CLIENT_SECRET.")
    back = f"{settings.public_url.rstrip('/')}/api/v1/oidc/back"
    secret = settings.oidc_client_secret.get_secret_value()
    named = (settings.oidc_issuer, settings.oidc_client_id, secret, settings.oidc_groups_claim)
    return Provider(*named, back), groups


def bare_api(lifespan: Callable[[FastAPI], Any] | None = None) -> FastAPI:
    """The routes and their document, without a database behind them."""
    api = FastAPI(
        title="Cheongsa",
        summary="How full the queues of an office are, now, before and soon.",
        version=metadata.version("cheongsa"),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its pages load script from a CDN; the intranet has none
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    api.include_router(density.router)  # every route before the one that is asked is looked at
    api.include_router(tripproof.router)
    api.include_router(health.router)
    api.include_router(identity.router)
    api.include_router(devices.router)
    api.include_router(rules.router)
    api.include_router(automation.router)
    api.include_router(stopwatch.router)
    access.table(api)
    for error in (*errors.PROBLEMS, HTTPException, Exception):
        api.add_exception_handler(error, errors.answer)
    api.openapi = partial(openapi.complete, api)  # type: ignore[method-assign]
    return api


def openapi_json() -> str:
    """The OpenAPI document as text, the same on every run."""
    return json.dumps(bare_api().openapi(), ensure_ascii=False, indent=2)


def _is_api(path: str) -> bool:
    return path.startswith("/api/") or path in API_ADDRESSES


def _route(scope: Scope) -> str:
    """The route's template, so that there is one series per route and not per zone."""
    route = scope.get("route")
    if route is not None:
        return route.path
    return "unknown" if _is_api(scope["path"]) else "pages"


def _body_most(path: str) -> int:
    if path.startswith("/api/v1/automation/") and path.endswith(WITH_SHEET):
        return limits.BYTES_MOST
    return meal_sheet.BYTES_MOST if path.endswith(WITH_FILE) else BODY_MAX_BYTES


def _body_bytes(headers: Headers) -> int:
    """The length that was announced. A chunked body is never read, so never held either."""
    length = headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() else 0


async def _refuse(kind: errors.Kind, scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    lang = errors.language(request.headers.get("accept-language", ""))
    await errors.response(kind, scope["path"], lang)(scope, receive, send)


class _Server(uvicorn.Server):
    """Ends the streams when told to stop: uvicorn would wait for them until its patience ends."""

    def __init__(self, config: uvicorn.Config, stop: threading.Event) -> None:
        super().__init__(config)
        self._stop = stop

    async def startup(self, sockets: Any = None) -> None:
        """Begin, and end at once where we were told to stop before uvicorn heard signals."""
        self.should_exit |= self._stop.is_set()
        await super().startup(sockets)

    async def shutdown(self, sockets: Any = None) -> None:
        """Close every stream, then the rest."""
        leave.in_time()
        app: Door = self.config.app  # type: ignore[assignment]
        app.stream.close()
        await super().shutdown(sockets)


def run(settings: Settings, part: Part | None, stop: threading.Event) -> None:
    """Serve until SIGTERM or SIGINT; then stop within some seconds. Raises SettingsError.

    `stop`: set by a signal that came before uvicorn takes them over.
    """
    _allow_many_files()
    _check_address(settings.host, settings.port)
    door = create_app(settings, part=part)
    figures: Metrics = door.api.state.metrics
    serve_metrics(settings, figures.registry, before=partial(_read_board, door.api))
    config = uvicorn.Config(
        door,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=bounded.BoundedHttp,
        ws="none",
        lifespan="on",
        backlog=BACKLOG,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        log_config=None,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=STOP_PATIENCE_S,
    )
    _Server(config, stop).run()


def _check_address(host: str, port: int) -> None:
    """Raise SettingsError where nobody can listen there: uvicorn would only log an errno."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except (OSError, UnicodeError) as error:  # UnicodeError: it can be no host's name
        why = getattr(error, "strerror", None) or "this is no host's name"
        raise SettingsError(
            f"HUB_HOST, HUB_PORT: {host}:{port} cannot be listened on ({why}). Give an address of "
            "this machine, such as 127.0.0.1, and a port that no other program has."
        ) from error


def _read_board(api: FastAPI) -> None:
    """From the thread of /metrics: without a database the figures are of the last board."""
    if hasattr(api.state, "loop"):
        look = health.look_at_board(api.state.feed)
        asyncio.run_coroutine_threadsafe(look, api.state.loop).result()


def _allow_many_files() -> None:
    """One connection is one open file; the usual soft limit is 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
