"""HTTP of signing in at the office's provider: there, and back.

Both are navigations of a browser, so what goes wrong is a word in the address of the sign-in page.
"""

import logging
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from hub.identity import sessions
from hub.identity.access import ANYONE
from hub.identity.errors import LoginTaken
from hub.identity.fetch import Provider
from hub.identity.provider import Claimed, ProviderError, Visit, roles_of
from hub.identity.routes.account import set_cookie
from hub.identity.routes.words import address_of, connection
from hub.identity.store import audit as trail
from hub.identity.store import people, visits
from hub.identity.store import sessions as store
from hub.kit import clock

log = logging.getLogger(__name__)
router = APIRouter(prefix="/oidc", tags=["session"], dependencies=[Depends(ANYONE)])
COOKIE: Final = "__Host-cheongsa-visit"
SIGN_IN_PAGE: Final = "/sign-in"
REDIRECTS: Final[dict[int | str, dict[str, str]]] = {303: {"description": "Go there."}}


class Ways(BaseModel):
    """How one can sign in here."""

    provider: str | None
    """The name that the office gave its provider; null: only with a password."""


@router.get("", operation_id="readWays")
async def read_ways(request: Request) -> Ways:
    """For the sign-in page: whether there is a provider, and its name."""
    return Ways(provider=request.app.state.provider_name)


@router.get(
    "/start",
    operation_id="startVisit",
    status_code=303,
    response_class=RedirectResponse,
    responses=REDIRECTS,
)
async def start_visit(
    request: Request, back_to: Annotated[str, Query(max_length=500)] = "/"
) -> RedirectResponse:
    """Send the browser to the provider."""
    provider: Provider | None = request.app.state.provider
    if provider is None:
        return _sorry("no-provider")
    visit = Visit.begin(back_to)
    try:
        there = await provider.address(visit)
    except ProviderError as error:
        log.warning("provider away", extra={"error": str(error)})
        return _sorry("provider-away")
    async with connection(request) as conn:
        await visits.begin(conn, visit, clock.now())
    answer = RedirectResponse(there, status_code=303)
    answer.set_cookie(
        COOKIE, visit.state, path="/", secure=True, httponly=True, samesite="lax", max_age=900
    )
    return answer


@router.get(
    "/back",
    operation_id="endVisit",
    status_code=303,
    response_class=RedirectResponse,
    responses=REDIRECTS,
)
async def end_visit(
    request: Request,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
) -> RedirectResponse:
    """The provider sends the browser back here with a code."""
    provider: Provider | None = request.app.state.provider
    if provider is None or not state or state != request.cookies.get(COOKIE):
        return _sorry("visit-unknown")
    async with connection(request) as conn:
        visit = await visits.end(conn, state, clock.now())
    if visit is None or not code:
        return _sorry("visit-unknown")
    try:
        who = await provider.who(visit, code)
        return await _let_in(request, who, visit.back_to)
    except ProviderError as error:
        log.warning("provider not believed", extra={"error": str(error)})
        return _sorry("provider-away")
    except LoginTaken:
        return _sorry("login-taken")


async def _let_in(request: Request, who: Claimed, back_to: str) -> RedirectResponse:
    token, now, address = sessions.new_token(), clock.now(), address_of(request)
    async with connection(request) as conn:
        person_id = await _known_or_new(conn, who, roles_of(who.groups, request.app.state.groups))
        if person_id is None:
            return _sorry("person-left")
        await store.begin(conn, sessions.digest(token), person_id, address, now)
        await trail.append(
            conn, at=now, actor=who.login, action="session.begin", address=address,
            detail={"issuer": who.issuer, "groups": sorted(who.groups)},
        )  # fmt: skip
    answer = RedirectResponse(back_to, status_code=303)
    set_cookie(answer, token)
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True)
    return answer


async def _known_or_new(
    conn: people.Conn, who: Claimed, given: frozenset[people.Role]
) -> UUID | None:
    """The person, with the roles that the provider gives them now; None: they left."""
    known = await people.by_provider(conn, who.issuer, who.subject)
    if known is None:
        return await people.add(
            conn, login=who.login, name=who.name, email=who.email, roles=given, now=clock.now(),
            provider=(who.issuer, who.subject),
        )  # fmt: skip
    if known.retired_at is not None:
        return None
    if set(known.roles) != given or (known.name, known.email) != (who.name, who.email):
        await people.change(
            conn, known.person_id, name=who.name, email=who.email, roles=given, retired_at=None
        )
    return known.person_id


def _sorry(problem: str) -> RedirectResponse:
    return RedirectResponse(f"{SIGN_IN_PAGE}?problem={problem}", status_code=303)
