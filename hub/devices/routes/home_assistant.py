"""HTTP of the switch by which Home Assistant is told of the nodes."""

from datetime import datetime

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from hub.devices.store import home_assistant as store
from hub.identity.access import needs, signed_in
from hub.identity.routes.words import NO_STORE, Given, connection, write_down
from hub.kit import clock

router = APIRouter(prefix="/home-assistant", tags=["devices"])


class SwitchGiven(Given):
    """On, or off."""

    on: bool


class SwitchSeen(BaseModel):
    """Whether Home Assistant is told, and who said so."""

    on: bool = Field(description="Off until somebody switches it on.")
    set_at: datetime | None
    set_by: str | None


@router.get("", operation_id="readHomeAssistant", dependencies=[Depends(needs("admin"))])
async def read_switch(request: Request, response: Response) -> SwitchSeen:
    """Whether Home Assistant is told of nodes, counts and waits."""
    async with connection(request) as conn:
        found = await store.switch(conn)
    response.headers.update(NO_STORE)
    if found is None:
        return SwitchSeen(on=False, set_at=None, set_by=None)
    return SwitchSeen(on=found.is_on, set_at=found.set_at, set_by=found.set_by)


@router.put(
    "", operation_id="setHomeAssistant", status_code=204, dependencies=[Depends(needs("admin"))]
)
async def set_switch(request: Request, given: SwitchGiven) -> None:
    """Tell it from now on, or take back everything that it was told."""
    who = await signed_in(request)
    async with connection(request) as conn:
        await store.set_switch(conn, given.on, who.login, clock.now())
        await write_down(conn, request, who.login, "home-assistant.set", "", {"on": given.on})
