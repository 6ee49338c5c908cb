"""HTTP of drawings: what a node should count and what it does, save, history, the way back."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, Field

from edge.wire.messages import MAX_SEQ
from edge.wire.topics import ID_PATTERN, NodeName
from hub.devices import drawing as rules
from hub.devices.drawing import Drawing, DrawingSuperseded, UnknownRevision
from hub.devices.enrolment import UnknownNode
from hub.devices.store import commands as commands_store
from hub.devices.store import drawing as store
from hub.devices.store.drawing import Standing
from hub.identity.access import needs, signed_in
from hub.identity.routes.words import (
    CONFLICT,
    NO_STORE,
    UNKNOWN,
    Given,
    Seen,
    connection,
    write_down,
)
from hub.kit import clock

router = APIRouter(tags=["nodes"], dependencies=[Depends(needs("facilities", "admin"))])
HISTORY_MOST: Final = 50
PREVIEW_IS_OF: Final = timedelta(seconds=5)
Id = Annotated[str, Path(pattern=ID_PATTERN)]
Revision = Annotated[int, Field(ge=0, le=MAX_SEQ)]


class DrawingGiven(Given):
    """A drawing, and which revision it was begun from."""

    revision: Revision
    drawing: Drawing


class WayBack(Given):
    """Take an earlier revision up again; `revision` is the one seen now."""

    revision: Revision
    back_to: Revision


class ReportedSeen(BaseModel):
    """What the node says it runs."""

    revision: int
    at: datetime | None
    refused: str | None = Field(description="Why it refused what was wanted, in its words.")


class StandingSeen(BaseModel):
    """Wanted and reported, side by side."""

    name: str
    name_en: str
    revision: int
    drawing: Drawing
    reported: ReportedSeen | None
    is_applied: bool = Field(description="The node runs exactly what is wanted.")
    online: bool
    simulated: bool


class ChangeSeen(BaseModel):
    """One thing that differs from the revision before."""

    what: Literal["zone", "line", "floor"]
    name: str
    how: Literal["added", "removed", "changed"]


class SavedSeen(Seen):
    """One revision of the history."""

    revision: int
    saved_at: datetime
    saved_by: str
    changes: list[ChangeSeen]
    back_to: int | None
    answered_at: datetime | None
    refused: str | None


class ZoneSeenNow(BaseModel):
    """People in one of the zones that are counted now."""

    zone: str
    people: int


class PreviewSeen(BaseModel):
    """What the node sees now, numbers only; empty `at`: nothing within the last seconds."""

    at: datetime | None
    boxes: list[tuple[float, float, float, float]] = Field(
        description="Left, top, right, bottom of each person, as fractions of the picture."
    )
    zones: list[ZoneSeenNow]


@router.get("/nodes/{site}/{node}/drawing", operation_id="readDrawing", responses=UNKNOWN)
async def read_drawing(request: Request, site: Id, node: Id) -> StandingSeen:
    """What the node should count, and what it says it counts."""
    name = NodeName(site, node)
    async with connection(request) as conn:
        return _seen(await _standing(conn, name))


@router.put(
    "/nodes/{site}/{node}/drawing",
    operation_id="saveDrawing",
    responses={**UNKNOWN, **CONFLICT},
)
async def save_drawing(request: Request, site: Id, node: Id, given: DrawingGiven) -> StandingSeen:
    """Want this drawing from now on, if nobody saved since `revision`; the node hears it."""
    return await _save(request, NodeName(site, node), given.revision, given.drawing, None)


@router.post(
    "/nodes/{site}/{node}/drawing/back",
    operation_id="goBack",
    responses={**UNKNOWN, **CONFLICT},
)
async def go_back(request: Request, site: Id, node: Id, given: WayBack) -> StandingSeen:
    """Take up an earlier revision again, as a new one."""
    name = NodeName(site, node)
    async with connection(request) as conn:
        await _standing(conn, name)
        found = await store.kept(conn, name, given.back_to)
    if found is None:
        raise UnknownRevision(given.back_to)
    return await _save(request, name, given.revision, found.drawing, given.back_to)


@router.get(
    "/nodes/{site}/{node}/drawing/history", operation_id="readDrawingHistory", responses=UNKNOWN
)
async def read_history(request: Request, site: Id, node: Id) -> list[SavedSeen]:
    """Who saved what when, newest first, and what the node answered."""
    name = NodeName(site, node)
    async with connection(request) as conn:
        await _standing(conn, name)
        found = await store.history(conn, name, HISTORY_MOST)
    return [SavedSeen.model_validate(one) for one in found]


@router.get("/nodes/{site}/{node}/preview", operation_id="readPreview")
async def read_preview(request: Request, response: Response, site: Id, node: Id) -> PreviewSeen:
    """Boxes and counts of this moment, while a `preview` command runs."""
    async with connection(request) as conn:
        found = await commands_store.preview(
            conn, NodeName(site, node), clock.now() - PREVIEW_IS_OF
        )
    response.headers.update(NO_STORE)
    return PreviewSeen.model_validate(found or {"at": None, "boxes": [], "zones": []})


async def _save(
    request: Request, name: NodeName, seen: int, drawn: Drawing, back_to: int | None
) -> StandingSeen:
    who, now = await signed_in(request), clock.now()
    async with connection(request) as conn:
        before = await _standing(conn, name, lock=True)
        if before.wanted_revision != seen:
            raise DrawingSuperseded(before.wanted_revision)
        config = drawn.onto(before.config, before.next_revision)
        found = rules.changes(before.drawing, drawn)
        await store.keep_first(conn, name, before, now)
        await store.keep(conn, name, config, drawn, found, who.login, now, back_to)
        told: dict[str, Any] = {"revision": config.revision}
        if back_to is not None:
            told["back_to"] = back_to
        await write_down(conn, request, who.login, "node.draw", str(name), told)
        return _seen(await _standing(conn, name))


async def _standing(conn: Any, name: NodeName, *, lock: bool = False) -> Standing:
    """Raises UnknownNode."""
    found = await store.standing(conn, name, lock=lock)
    if found is None:
        raise UnknownNode(name)
    return found


def _seen(one: Standing) -> StandingSeen:
    said = one.reported
    reported = ReportedSeen(
        revision=said["revision"], at=one.reported_at, refused=said.get("refused")
    ) if said else None  # fmt: skip
    is_applied = reported is not None and reported.refused is None
    return StandingSeen(
        name=one.name,
        name_en=one.name_en,
        revision=one.wanted_revision,
        drawing=one.drawing,
        reported=reported,
        is_applied=is_applied and reported is not None and reported.revision == one.wanted_revision,
        online=one.online,
        simulated=one.simulated,
    )
