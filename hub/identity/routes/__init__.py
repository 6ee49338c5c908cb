"""HTTP of people: one's own account, people, duties, the audit trail."""

from fastapi import APIRouter

from hub.identity.routes import account, duties, people, trail

router = APIRouter(prefix="/api/v1")
for part in (account, people, duties, trail):
    router.include_router(part.router)
