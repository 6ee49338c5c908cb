"""HTTP of the office's key at data.go.kr, for whoever sets it: how much of today is used."""

from datetime import date

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from hub.automation.vendors import allowance, store
from hub.automation.vendors.allowance import NAMES, SETTINGS, Service
from hub.automation.vendors.fetch import Outside
from hub.identity import access
from hub.identity.routes.words import connection
from hub.kit import clock

router = APIRouter(
    prefix="/business-numbers", tags=["vendors"], dependencies=[Depends(access.needs("admin"))]
)


class UseSeen(BaseModel):
    """Calls of one service on this day."""

    who: str
    calls: int
    most: int
    setting: str = Field(description="By which `most` is set.", examples=["HUB_PROCUREMENT_DAILY"])


class KeySeen(BaseModel):
    """Whether there is a key, and how it was used on this day in Korea, by every process."""

    has_key: bool
    day: date
    uses: list[UseSeen]


@router.get("/key", operation_id="readVendorKey")
async def read_key(request: Request) -> KeySeen:
    """The use of the key today; never the key."""
    settings = request.app.state.settings
    outside, day = Outside.of(settings), allowance.day_of(clock.now())
    async with connection(request) as conn:
        calls = await store.calls_of(conn, outside.key_hash, day)
    most = allowance.most_of(settings)
    uses = [
        UseSeen(
            who=NAMES[one], calls=calls.get(one, 0), most=most[one],
            setting=f"HUB_{SETTINGS[one].upper()}",
        )
        for one in Service
    ]  # fmt: skip
    return KeySeen(has_key=outside.key is not None, day=day, uses=uses)
