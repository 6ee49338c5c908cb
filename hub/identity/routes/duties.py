"""HTTP of duties (사무): what there is to be responsible for, and who is."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from hub.identity.access import STAFF, needs, signed_in
from hub.identity.routes.words import UNKNOWN, Given, Name, Seen, Text, connection, write_down
from hub.identity.store import duties, people
from hub.kit import clock

router = APIRouter(prefix="/duties", tags=["duties"])


class DutyGiven(Given):
    """A duty as it is typed, and who has it."""

    name: Name
    department: Text = ""
    about: Text = ""
    people: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()


class Colleague(Seen):
    """Somebody who can be given a duty."""

    person_id: UUID
    login: str
    name: str


class HolderSeen(Colleague):
    """Somebody who has a duty now."""

    since: datetime
    has_left: bool = Field(description="Left the office, and nobody took it over.")


class DutySeen(Seen):
    """A duty and who has it."""

    duty_id: UUID
    name: str
    department: str
    about: str
    people: list[HolderSeen]


@router.get("", operation_id="listDuties", dependencies=[Depends(STAFF)])
async def list_duties(request: Request) -> list[DutySeen]:
    """What there is to be responsible for, and who is."""
    async with connection(request) as conn:
        return [DutySeen.model_validate(one) for one in await duties.all_of_them(conn)]


@router.get(
    "/people",
    operation_id="listColleagues",
    dependencies=[Depends(needs("editor", "admin"))],
)
async def list_colleagues(request: Request) -> list[Colleague]:
    """Who can be given a duty: everybody who is here."""
    async with connection(request) as conn:
        everybody = await people.everybody(conn)
    return [Colleague.model_validate(one) for one in everybody if one.retired_at is None]


@router.post(
    "",
    operation_id="addDuty",
    responses=UNKNOWN,
    status_code=201,
    dependencies=[Depends(needs("editor", "admin"))],
)
async def add_duty(request: Request, given: DutyGiven) -> DutySeen:
    """A new duty."""
    now = clock.now()
    async with connection(request) as conn:
        duty_id = await duties.add(conn, given.name, given.department, given.about, now)
        return await _set_duty(conn, request, duty_id, given, "duty.add")


@router.put(
    "/{duty_id}",
    operation_id="changeDuty",
    responses=UNKNOWN,
    dependencies=[Depends(needs("editor", "admin"))],
)
async def change_duty(request: Request, duty_id: UUID, given: DutyGiven) -> DutySeen:
    """Say anew what it is and who has it from now on."""
    async with connection(request) as conn:
        await duties.change(conn, duty_id, given.name, given.department, given.about)
        return await _set_duty(conn, request, duty_id, given, "duty.change")


@router.delete(
    "/{duty_id}",
    operation_id="retireDuty",
    responses=UNKNOWN,
    status_code=204,
    dependencies=[Depends(needs("editor", "admin"))],
)
async def retire_duty(request: Request, duty_id: UUID) -> None:
    """Nobody has it any longer; what was stays written."""
    who = await signed_in(request)
    async with connection(request) as conn:
        duty = await duties.one(conn, duty_id)
        await duties.retire(conn, duty_id, clock.now())
        await write_down(conn, request, who.login, "duty.retire", str(duty_id), _told(duty))


async def _set_duty(
    conn: Any, request: Request, duty_id: UUID, given: DutyGiven, action: str
) -> DutySeen:
    who = await signed_in(request)
    await duties.hand_over(conn, duty_id, given.people, clock.now())
    duty = await duties.one(conn, duty_id)
    await write_down(conn, request, who.login, action, str(duty_id), _told(duty))
    return DutySeen.model_validate(duty)


def _told(duty: duties.Duty) -> dict[str, Any]:
    """For the audit trail: by the names that people sign in with."""
    return {"name": duty.name, "people": [one.login for one in duty.people]}
