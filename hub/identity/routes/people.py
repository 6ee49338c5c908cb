"""HTTP of people: who is in the office and what they may."""

import asyncio
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from hub.identity import begin, lockout, passwords, roles
from hub.identity.access import needs, signed_in
from hub.identity.roles import Role
from hub.identity.routes.words import (
    CONFLICT,
    NO_STORE,
    UNKNOWN,
    Given,
    Line,
    Name,
    connection,
    write_down,
)
from hub.identity.store import people
from hub.identity.store import sessions as store
from hub.kit import clock

router = APIRouter(prefix="/people", tags=["people"])
Login = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True),
    AfterValidator(begin.checked_login),
]
Email = Annotated[Line, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
Roles = Annotated[list[Role], AfterValidator(lambda given: sorted(roles.parse(given)))]


class PersonGiven(Given):
    """A person as an admin types them."""

    name: Name
    email: Email | None = None
    roles: Roles
    is_retired: bool = False


class NewPerson(Given):
    """Somebody who comes."""

    login: Login
    name: Name
    email: Email | None = None
    roles: Roles


class PersonSeen(BaseModel):
    """A person, as an admin and an auditor see them."""

    person_id: UUID
    login: str
    name: str
    email: str | None
    roles: list[Role]
    has_password: bool
    password_is_first: bool
    issuer: str | None
    created_at: datetime
    retired_at: datetime | None
    sessions: int = Field(description="Open now.")
    locked_until: datetime | None = Field(
        description="Too many wrong passwords were typed; until then not even the right one helps."
    )


class FirstPassword(BaseModel):
    """A one-time password: shown now and never again."""

    person_id: UUID
    login: str
    first_password: str


@router.get(
    "",
    operation_id="listPeople",
    dependencies=[Depends(needs("admin", "auditor"))],
)
async def list_people(request: Request) -> list[PersonSeen]:
    """Everybody, those who left last."""
    async with connection(request) as conn:
        return await _seen(conn, await people.everybody(conn))


@router.post(
    "",
    operation_id="addPerson",
    responses=CONFLICT,
    status_code=201,
    dependencies=[Depends(needs("admin"))],
)
async def add_person(request: Request, response: Response, given: NewPerson) -> FirstPassword:
    """Add somebody; tell them the one-time password."""
    who, first = await signed_in(request), passwords.one_time()
    async with connection(request) as conn:
        person_id = await people.add(
            conn,
            login=given.login,
            name=given.name,
            email=given.email,
            roles=given.roles,
            now=clock.now(),
            first_password_hash=await asyncio.to_thread(passwords.hashed, first),
        )
        detail = {"name": given.name, "roles": given.roles}
        await write_down(conn, request, who.login, "person.add", given.login, detail)
    response.headers.update(NO_STORE)
    return FirstPassword(person_id=person_id, login=given.login, first_password=first)


@router.put(
    "/{person_id}",
    operation_id="changePerson",
    responses={**UNKNOWN, **CONFLICT},
    dependencies=[Depends(needs("admin"))],
)
async def change_person(request: Request, person_id: UUID, given: PersonGiven) -> PersonSeen:
    """Say anew who somebody is and what they may. They are signed out where that shrinks."""
    who, now = await signed_in(request), clock.now()
    async with connection(request) as conn:
        before = await people.one(conn, person_id)
        retired_at = (before.retired_at or now) if given.is_retired else None
        await people.change(
            conn, person_id,
            name=given.name, email=given.email, roles=given.roles, retired_at=retired_at,
        )  # fmt: skip
        if given.is_retired or not set(before.roles) <= set(given.roles):
            await store.end_all(conn, person_id)
        detail = {
            "name": given.name, "roles": given.roles, "were": before.roles,
            "retired": given.is_retired, "was_retired": before.retired_at is not None,
        }  # fmt: skip
        await write_down(conn, request, who.login, "person.change", before.login, detail)
        return (await _seen(conn, [await people.one(conn, person_id)]))[0]


@router.post(
    "/{person_id}/first-password",
    operation_id="resetPassword",
    responses=UNKNOWN,
    dependencies=[Depends(needs("admin"))],
)
async def reset_password(request: Request, response: Response, person_id: UUID) -> FirstPassword:
    """A new one-time password: the way back for who forgot theirs or is locked out."""
    who, first = await signed_in(request), passwords.one_time()
    encoded = await asyncio.to_thread(passwords.hashed, first)
    async with connection(request) as conn:
        person = await people.one(conn, person_id)
        await people.set_password(conn, person_id, encoded, is_first=True)
        await store.end_all(conn, person_id)
        await store.forgive(conn, person.login)
        await write_down(conn, request, who.login, "person.reset", person.login)
    response.headers.update(NO_STORE)
    return FirstPassword(person_id=person_id, login=person.login, first_password=first)


@router.delete(
    "/{person_id}/lockout",
    operation_id="unlockPerson",
    responses=UNKNOWN,
    status_code=204,
    dependencies=[Depends(needs("admin"))],
)
async def unlock_person(request: Request, person_id: UUID) -> None:
    """Forget the wrong passwords of somebody who knows the right one after all."""
    who = await signed_in(request)
    async with connection(request) as conn:
        person = await people.one(conn, person_id)
        await store.forgive(conn, person.login)
        await write_down(conn, request, who.login, "person.unlock", person.login)


@router.delete(
    "/{person_id}/sessions",
    operation_id="endSessions",
    responses=UNKNOWN,
    status_code=204,
    dependencies=[Depends(needs("admin"))],
)
async def end_sessions(request: Request, person_id: UUID) -> None:
    """Sign somebody out everywhere: a computer was left open, a phone was lost."""
    who = await signed_in(request)
    async with connection(request) as conn:
        person = await people.one(conn, person_id)
        await store.end_all(conn, person_id)
        await write_down(conn, request, who.login, "person.sign-out", person.login)


async def _seen(conn: people.Conn, found: list[people.Person]) -> list[PersonSeen]:
    now = clock.now()
    sessions = await store.open_by_person(conn, now)
    failures = await store.failures_by_login(conn, now)

    def locked_until(login: str) -> datetime | None:
        wait_s = lockout.locked_s(failures.get(login, lockout.Failures()), now)
        return now + timedelta(seconds=wait_s) if wait_s else None

    return [
        PersonSeen(
            **asdict(one),
            sessions=sessions.get(one.person_id, 0),
            locked_until=locked_until(one.login),
        )
        for one in found
    ]
