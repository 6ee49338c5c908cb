"""HTTP of duties (사무): what there is to be responsible for, and who is."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from hub.identity.access import STAFF, needs, signed_in
from hub.identity.routes.words import UNKNOWN, Given, Name, Seen, Text, connection, write_down
from hub.identity.store import duties
from hub.kit import clock

router = APIRouter(prefix="/duties", tags=["duties"])


class DutyGiven(Given):
    """A duty as it is typed, and who has it."""

    name: Name
    department: Text = ""
    about: Text = ""
    people: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()


class DutySeen(Seen):
    """A duty and who has it."""

    duty_id: UUID
    name: str
    department: str
    about: str
    people: tuple[UUID, ...]


@router.get("", operation_id="listDuties", dependencies=[Depends(STAFF)])
async def list_duties(request: Request) -> list[DutySeen]:
    """What there is to be responsible for, and who is."""
    async with connection(request) as conn:
        return [DutySeen.model_validate(one) for one in await duties.all_of_them(conn)]


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
        await duties.retire(conn, duty_id, clock.now())
        await write_down(conn, request, who.login, "duty.retire", str(duty_id))


async def _set_duty(
    conn: Any, request: Request, duty_id: UUID, given: DutyGiven, action: str
) -> DutySeen:
    who = await signed_in(request)
    await duties.hand_over(conn, duty_id, given.people, clock.now())
    detail = {"name": given.name, "people": [str(one) for one in given.people]}
    await write_down(conn, request, who.login, action, str(duty_id), detail)
    return DutySeen(duty_id=duty_id, **given.model_dump())
