"""What the trip routes share: bytes in JSON, ids in addresses, raw bodies, the office's keys."""

import base64
import binascii
from typing import Annotated, Any, Final

from fastapi import Path, Request, Response
from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from hub.identity.access import signed_in
from hub.identity.routes.words import NO_STORE, Answers
from hub.kit import clock
from hub.tripproof import office
from hub.tripproof.gathering import Desk
from hub.tripproof.keys import base64url
from hub.tripproof.office import Office
from hub.tripproof.store import people
from hub.tripproof.store.people import Traveller

COSE: Final = "application/cose"
CBOR: Final = "application/cbor"
READY: Final[Answers] = {409: {"description": "Not ready, or it does not fit what is there."}}
REFUSED: Final[Answers] = {
    **READY,
    403: {"description": "Not an enrolled key, or it may not."},
    422: {"description": "The bytes are not what they should be."},
}
UNKNOWN: Final[Answers] = {**READY, 404: {"description": "No such one."}}
Id = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


def _decoded(value: object) -> bytes:
    """Bytes of base64url without padding, in its one spelling."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str) or not value.isascii():
        raise ValueError("base64url without padding")
    try:
        found = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError) as error:
        raise ValueError("base64url without padding") from error
    if base64url(found) != value:
        raise ValueError("base64url without padding")
    return found


def _of_length(length: int) -> Any:
    def checked(value: object) -> bytes:
        found = _decoded(value)
        if len(found) != length:
            raise ValueError(f"{length} bytes in base64url without padding")
        return found

    chars = -(-length * 4 // 3)
    schema = {"type": "string", "pattern": f"^[A-Za-z0-9_-]{{{chars}}}$"}
    return BeforeValidator(checked), WithJsonSchema(schema)


_AS_TEXT: Final = PlainSerializer(base64url, return_type=str)
Octets = Annotated[
    bytes,
    BeforeValidator(_decoded),
    _AS_TEXT,
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_-]*$"}),
]
_8, _32, _65 = _of_length(8), _of_length(32), _of_length(65)
Octets8 = Annotated[bytes, _8[0], _AS_TEXT, _8[1]]
Octets32 = Annotated[bytes, _32[0], _AS_TEXT, _32[1]]
Octets65 = Annotated[bytes, _65[0], _AS_TEXT, _65[1]]


def body_of(media_type: str, about: str) -> dict[str, Any]:
    """`openapi_extra` of a route that reads its body as bytes."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {"requestBody": {"required": True, "description": about, "content": content}}


def answer_of(media_type: str, about: str) -> Answers:
    """A 200 that is bytes."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"description": about, "content": content}}


def raw(body: bytes, media_type: str, file: str | None = None) -> Response:
    """Bytes as an answer that nobody keeps; `file`: to be saved under this name."""
    named = {"Content-Disposition": f'attachment; filename="{file}"'} if file else {}
    return Response(body, media_type=media_type, headers={**NO_STORE, **named})


def office_of(request: Request) -> Office:
    """The keys of HUB_TRIP_DIR, read again where they changed. Raises TripNotReady."""
    state, now = request.app.state, clock.now()
    mark = (int(now.timestamp()), office.changed_at(state.settings))
    if getattr(state, "trip_office", (None,))[0] != mark:
        state.trip_office = mark, office.of(state.settings, now)
    return state.trip_office[1]


def desk_of(request: Request) -> Desk:
    """Where proofs are handed in."""
    return request.app.state.desk


async def traveller(conn: Any, request: Request) -> Traveller:
    """Who is signed in, as trips name them. Raises NoNumber."""
    return await people.one(conn, (await signed_in(request)).person_id)
