"""HTTP of one's own account: sign in and out, who am I, a new password."""

import asyncio
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from hub.identity import lockout, passwords, sessions
from hub.identity.access import ANYONE, SIGNED_IN, signed_in
from hub.identity.errors import SignInLocked, WrongSignIn
from hub.identity.roles import Role
from hub.identity.routes.words import (
    LOCKED,
    NO_STORE,
    Given,
    Line,
    address_of,
    connection,
    write_down,
)
from hub.identity.store import audit as trail
from hub.identity.store import people
from hub.identity.store import sessions as store
from hub.kit import clock

router = APIRouter(tags=["session"])
Typed = Annotated[str, Field(min_length=1, max_length=1024)]


class SignIn(Given):
    """What the sign-in page sends."""

    login: Annotated[Line, Field(max_length=64)]
    password: Typed


class NewPassword(Given):
    """One's own new password."""

    old: Typed
    new: Typed


class Me(BaseModel):
    """Who is signed in, and what a page needs to act for them."""

    person_id: UUID
    login: str
    name: str
    roles: list[Role]
    password_is_first: bool = Field(description="Change it before anything else.")
    csrf_token: str = Field(description="Send it as X-CSRF-Token with whatever changes something.")


@router.post("/session", operation_id="signIn", responses=LOCKED, dependencies=[Depends(ANYONE)])
async def sign_in(request: Request, response: Response, given: SignIn) -> Me:
    """Begin a session. Its cookie is HttpOnly; the CSRF token is in the answer."""
    login, address, now = given.login.lower(), address_of(request), clock.now()
    person_id = await _person_of(request, login, given.password, now)
    token = sessions.new_token()
    async with connection(request) as conn:
        if old := request.cookies.get(sessions.COOKIE):
            await store.end(conn, sessions.digest(old))
        await store.begin(conn, sessions.digest(token), person_id, address, now)
        await trail.append(conn, at=now, actor=login, action="session.begin", address=address)
        found = await store.find(conn, sessions.digest(token))
    set_cookie(response, token)
    return _me(_known(found), token)


@router.delete(
    "/session",
    operation_id="signOut",
    status_code=204,
    dependencies=[Depends(SIGNED_IN)],
)
async def sign_out(request: Request, response: Response) -> None:
    """End this session."""
    who = await signed_in(request)
    async with connection(request) as conn:
        await store.end(conn, sessions.digest(request.cookies[sessions.COOKIE]))
        await write_down(conn, request, who.login, "session.end")
    response.delete_cookie(sessions.COOKIE, path="/", secure=True, httponly=True)


@router.get("/me", operation_id="readMe", dependencies=[Depends(SIGNED_IN)])
async def read_me(request: Request, response: Response) -> Me:
    """Who is signed in. 401: nobody."""
    response.headers.update(NO_STORE)
    return _me(await signed_in(request), request.cookies[sessions.COOKIE])


@router.put(
    "/me/password",
    operation_id="changePassword",
    responses=LOCKED,
    status_code=204,
    dependencies=[Depends(SIGNED_IN)],
)
async def change_password(request: Request, given: NewPassword) -> None:
    """Take a new password; every other session of this person ends."""
    who, now = await signed_in(request), clock.now()
    await _person_of(request, who.login, given.old, now)
    passwords.check_new(given.new, who.login)
    if given.new == given.old:
        raise passwords.Unchanged
    encoded = await asyncio.to_thread(passwords.hashed, given.new)
    mine = sessions.digest(request.cookies[sessions.COOKIE])
    async with connection(request) as conn:
        await people.set_password(conn, who.person_id, encoded, is_first=False)
        await store.end_all(conn, who.person_id, but=mine)
        await write_down(conn, request, who.login, "person.password", who.login)


def set_cookie(response: Response, token: str) -> None:
    """Hand the browser its session: for this host alone, out of reach of script."""
    response.set_cookie(
        sessions.COOKIE, token, path="/", secure=True, httponly=True, samesite="lax"
    )
    response.headers.update(NO_STORE)


async def _person_of(request: Request, login: str, password: str, now: datetime) -> UUID:
    """Whose password it is. Raises SignInLocked, WrongSignIn; a wrong one is written down."""
    address = address_of(request)
    async with request.app.state.hashing, connection(request) as conn:
        if wait_s := lockout.locked_s(await store.failures(conn, login, address, now), now):
            raise SignInLocked(wait_s)
        found = await people.password_of(conn, login)
        encoded = found.encoded if found else None
        is_right = await asyncio.to_thread(passwords.is_right, encoded, password)
        if found is not None and is_right:
            await store.forgive(conn, login)
            return found.person_id
        await store.fail(conn, login, address, now)
        await trail.append(conn, at=now, actor=login, action="session.refuse", address=address)
    raise WrongSignIn


def _known(found: store.Session | None) -> store.Session:
    if found is None:
        raise WrongSignIn  # left the office in this very moment
    return found


def _me(who: store.Session, token: str) -> Me:
    return Me(
        person_id=who.person_id,
        login=who.login,
        name=who.name,
        roles=who.roles,
        password_is_first=who.password_is_first,
        csrf_token=sessions.csrf_token(token),
    )
