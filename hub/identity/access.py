"""Who may call a route: every route has exactly one `Access` among its dependencies.

Deny by default: `table` raises for a route that names none, and `hub.web.app` does not start. A
request that changes something must come from a page of ours (Sec-Fetch-Site, else Origin) and,
once somebody is signed in, carry the session's CSRF token.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from fastapi import FastAPI, Request
from fastapi.routing import RouteContext, iter_route_contexts

from hub.identity import sessions
from hub.identity.errors import ForeignRequest, NotAllowed, NotSignedIn, PasswordToBeChanged
from hub.identity.roles import ROLES, Role
from hub.identity.store import sessions as store
from hub.kit import clock, db

Door = Literal["anyone", "board", "signed-in", "roles"]
REFUSED: Final = (NotSignedIn, NotAllowed, PasswordToBeChanged, ForeignRequest)
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER: Final = "x-csrf-token"


class RouteNamesNoRole(Exception):
    """A route without an `Access`, or with two. The message names it."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks of who calls it."""

    door: Door
    roles: frozenset[Role] = frozenset()

    async def __call__(self, request: Request) -> None:
        """Let the request in, or raise one of `hub.identity.errors`."""
        changes = request.method not in SAFE
        if changes and not is_from_us(request):
            raise ForeignRequest
        if self.door == "anyone" or (self.door == "board" and request.app.state.board_open):
            return
        session = await signed_in(request)
        if changes and not _has_csrf_token(request):
            raise ForeignRequest
        self._check(session)

    def _check(self, session: store.Session) -> None:
        if self.door == "signed-in":
            return
        if session.password_is_first:
            raise PasswordToBeChanged
        if self.door == "roles" and self.roles.isdisjoint(session.roles):
            raise NotAllowed(self.roles)

    def lets_in(self, roles: Iterable[Role] | None, *, board_open: bool) -> bool:
        """Whether somebody with these roles (None: nobody) gets in: for the table of routes."""
        if self.door == "anyone" or (self.door == "board" and board_open):
            return True
        return roles is not None and (self.door != "roles" or not self.roles.isdisjoint(roles))


ANYONE: Final = Access("anyone")
BOARD: Final = Access("board")
"""Everybody on the intranet, or, by `HUB_BOARD_OPEN=false`, who is signed in."""
SIGNED_IN: Final = Access("signed-in")
"""Also with a first password: what one needs to change it and to leave."""
STAFF: Final = Access("roles", frozenset(ROLES))


def needs(*roles: Role) -> Access:
    """One of these roles."""
    return Access("roles", frozenset(roles))


async def signed_in(request: Request) -> store.Session:
    """Who calls. Raises NotSignedIn. Looked up once a request."""
    known: store.Session | None = getattr(request.state, "session", None)
    if known is None:
        known = request.state.session = await _look_up(request)
    return known


async def _look_up(request: Request) -> store.Session:
    token, now = request.cookies.get(sessions.COOKIE, ""), clock.now()
    if not token:
        raise NotSignedIn
    digest = sessions.digest(token)
    pool: db.Pool = request.app.state.pool
    async with pool.connection() as conn:
        found = await store.find(conn, digest)
        if found is None or found.times.is_over(now):
            raise NotSignedIn
        if found.times.is_to_be_touched(now):
            await store.touch(conn, digest, now)
    return found


def is_from_us(request: Request) -> bool:
    """Whether a browser says that a page of this very server sent it."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    host = request.headers.get("host")
    return request.headers.get("origin") in (f"https://{host}", f"http://{host}")


def _has_csrf_token(request: Request) -> bool:
    token = request.cookies.get(sessions.COOKIE, "")
    return sessions.is_csrf_token(token, request.headers.get(CSRF_HEADER, ""))


def table(app: FastAPI) -> dict[tuple[str, str], Access]:
    """Method and path of every route of the API, and its one Access. Raises RouteNamesNoRole."""
    return {
        (method, str(route.path)): _of(route)
        for route in iter_route_contexts(app.routes)
        if getattr(route, "dependant", None) is not None
        for method in sorted(route.methods or ())
    }


def _of(route: RouteContext) -> Access:
    found = [d.call for d in route.dependant.dependencies if isinstance(d.call, Access)]
    if len(found) != 1:
        raise RouteNamesNoRole(
            f"{route.path} names {len(found)} Access, not one: "
            "add `dependencies=[Depends(access.needs(...))]` to the route or its router."
        )
    return found[0]
