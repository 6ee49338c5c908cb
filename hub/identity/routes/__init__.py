"""HTTP of people: one's own account, the office's provider, people, duties, the audit trail."""

from fastapi import APIRouter

from hub.identity.routes import account, duties, people, provider, trail

router = APIRouter(prefix="/api/v1")
for part in (account, provider, people, duties, trail):
    router.include_router(part.router)
