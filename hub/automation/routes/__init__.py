"""HTTP of the automations. Nothing that is typed here is kept on the hub."""

from fastapi import APIRouter

from hub.automation.routes import (
    ask,
    business_numbers,
    calendar,
    letter,
    number_sheets,
    sheets,
    splitting,
    trip_papers,
    vendor_key,
    vendors,
)

router = APIRouter(prefix="/api/v1/automation")
for part in (
    ask, business_numbers, number_sheets, vendor_key, letter, vendors, splitting, trip_papers,
    calendar, sheets,
):  # fmt: skip
    router.include_router(part.router)
router.include_router(calendar.feed)
