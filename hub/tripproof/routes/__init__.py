"""HTTP of the trip proof. Where a route says `anyone`, an enrolled key or public facts stand in."""

from fastapi import APIRouter

from hub.tripproof.routes import (
    audit,
    books,
    department,
    department_evidence,
    department_report,
    log,
    phone,
    proofs,
    review,
    well_known,
)

router = APIRouter()
department_parts = (department, department_evidence, department_report)
for part in (proofs, phone, books, *department_parts, audit, review, log):
    router.include_router(part.router, prefix="/api/v1")
router.include_router(well_known.router)
