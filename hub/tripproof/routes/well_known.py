"""The hub's public keys, where every reader finds them."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from hub.identity.access import ANYONE
from hub.identity.routes.words import connection
from hub.tripproof.logbook import known_keys
from hub.tripproof.routes.words import READY, office_of

router = APIRouter(tags=["log"])
PATH = "/.well-known/cheongsa/keys"
COSE_KEYS = "application/cose-key-set"
JWKS = "application/json"


@router.get(
    PATH,
    operation_id="readTripKeys",
    response_class=Response,
    responses={
        **READY,
        200: {
            "content": {
                JWKS: {"schema": {"type": "object"}},
                COSE_KEYS: {"schema": {"type": "string", "format": "binary"}},
            }
        },
    },
    dependencies=[Depends(ANYONE)],
)
async def read_keys(
    request: Request, form: Annotated[Literal["jwks", "cose"], Query()] = "jwks"
) -> Response:
    """The keys that verdicts, receipts and checkpoints are checked with (9.1)."""
    office = office_of(request)
    async with connection(request) as conn:
        known = await known_keys(conn, office)
    if form == "cose":
        return Response(known.encoded, media_type=COSE_KEYS)
    told: dict[str, Any] = known.jwks
    return JSONResponse(told)
