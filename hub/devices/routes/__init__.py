"""HTTP of devices: how a node becomes one of ours, and what it is told to do."""

from fastapi import APIRouter

from hub.devices.routes import (
    card,
    commands,
    devices,
    drawing,
    enrol,
    home_assistant,
    letters,
    site,
)

router = APIRouter(prefix="/api/v1")
for part in (enrol, card, commands, drawing, devices, home_assistant, letters, site):
    router.include_router(part.router)
