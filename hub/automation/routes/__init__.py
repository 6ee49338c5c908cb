"""HTTP of the automations. Nothing that is typed here is kept on the hub."""

from fastapi import APIRouter

from hub.automation.routes import (
    ask,
    business_numbers,
    calendar,
    letter,
    sheets,
    splitting,
    trip_papers,
    vendors,
)

router = APIRouter(prefix="/api/v1/automation")
for part in (ask, business_numbers, letter, vendors, splitting, trip_papers, calendar, sheets):
    router.include_router(part.router)
router.include_router(calendar.feed)
