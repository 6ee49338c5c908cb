"""HTTP of commands and pictures: ask a node, see what became of it, open a picture once made."""

import base64
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from pydantic import BaseModel, Field

from edge.wire.messages import Command
from edge.wire.topics import ID_PATTERN, NodeName
from hub.devices import commands, pictures
from hub.devices.enrolment import UnknownNode
from hub.devices.store import commands as store
from hub.devices.store.commands import Asked
from hub.identity.access import needs, signed_in
from hub.identity.routes.words import NO_STORE, UNKNOWN, Answers, Given, connection, write_down
from hub.kit import clock

router = APIRouter(tags=["nodes"])
MAY: Final = needs("facilities", "admin")
SHOWN_MOST: Final = 20
Id = Annotated[str, Path(pattern=ID_PATTERN)]
CLOSED: Final[Answers] = {403: {"description": "The key does not open it."}}


class CommandGiven(Given):
    """What the node is to do."""

    kind: commands.Kind
    lasts_s: Annotated[float, Field(gt=0, le=600)] = 30.0


class CommandSeen(BaseModel):
    """A command and what became of it."""

    command: UUID
    kind: str
    asked_by: str
    asked_at: datetime
    done: bool | None = Field(description="null: no answer yet.")
    is_silent: bool = Field(description="No answer is to be expected any more.")
    detail: str = Field(description="One sentence of the node's.")
    figures: dict[str, float]
    answered_at: datetime | None


class PictureAsked(BaseModel):
    """The key is shown once and is nowhere else: keep it until the picture is here."""

    command: UUID
    key: str


class PictureSeen(BaseModel):
    """What stood still before the camera, people made unknowable."""

    jpeg: str = Field(description="Base64.")
    width_px: int
    height_px: int
    frames: int = Field(description="Of how many frames it is the median.")
    blurred: int = Field(description="How many places people may have been in.")
    forgotten_at: datetime


@router.post(
    "/nodes/{site}/{node}/commands",
    operation_id="command",
    status_code=201,
    responses=UNKNOWN,
    dependencies=[Depends(MAY)],
)
async def command(request: Request, site: Id, node: Id, given: CommandGiven) -> CommandSeen:
    """Ask a node to do something once; whoever asks is in the audit trail."""
    made = commands.make(given.kind, clock.now(), lasts_s=given.lasts_s)
    return await _ask(request, NodeName(site, node), made)


@router.get(
    "/nodes/{site}/{node}/commands",
    operation_id="listCommands",
    dependencies=[Depends(MAY)],
)
async def list_commands(request: Request, site: Id, node: Id) -> list[CommandSeen]:
    """The last commands of a node, newest first; previews are left out."""
    async with connection(request) as conn:
        found = await store.newest(conn, NodeName(site, node), SHOWN_MOST)
    return [_seen(one) for one in found]


@router.get(
    "/commands/{command_id}",
    operation_id="readCommand",
    responses=UNKNOWN,
    dependencies=[Depends(MAY)],
)
async def read_command(request: Request, command_id: UUID) -> CommandSeen:
    """What became of a command."""
    async with connection(request) as conn:
        found = await store.find(conn, command_id)
    if found is None:
        raise commands.UnknownCommand
    return _seen(found)


@router.post(
    "/nodes/{site}/{node}/picture",
    operation_id="askPicture",
    status_code=201,
    responses=UNKNOWN,
    dependencies=[Depends(MAY)],
)
async def ask_picture(request: Request, response: Response, site: Id, node: Id) -> PictureAsked:
    """Ask for a calibration picture. It takes half a minute; people on it are made unknowable."""
    key, public = pictures.new_key()
    made = commands.make("still", clock.now(), seal_to=public)
    await _ask(request, NodeName(site, node), made)
    response.headers.update(NO_STORE)
    return PictureAsked(command=made.command, key=key)


@router.get(
    "/pictures/{command_id}",
    operation_id="readPicture",
    responses={**UNKNOWN, **CLOSED},
    dependencies=[Depends(MAY)],
)
async def read_picture(
    request: Request,
    response: Response,
    command_id: UUID,
    x_picture_key: Annotated[str, Header(pattern=pictures.KEY_PATTERN)],
) -> PictureSeen:
    """The picture, to the person who asked for it and for ten minutes."""
    who, now = await signed_in(request), clock.now()
    async with connection(request) as conn:
        found = await store.sealed_picture(conn, command_id, who.login, now)
    if found is None:
        raise pictures.PictureForgotten
    jpeg = pictures.unseal(found.sealed, x_picture_key, command_id.bytes)
    response.headers.update(NO_STORE)
    return PictureSeen(
        jpeg=base64.b64encode(jpeg).decode(),
        width_px=found.width_px,
        height_px=found.height_px,
        frames=found.frames,
        blurred=found.blurred,
        forgotten_at=found.answered_at + pictures.SHOWN_FOR,
    )


async def _ask(request: Request, name: NodeName, made: Command) -> CommandSeen:
    """Write it down for the node and for the audit trail. Raises UnknownNode."""
    who = await signed_in(request)
    async with connection(request) as conn:
        if not await store.ask(conn, name, made, who.login):
            raise UnknownNode(name)
        if made.kind != "preview":  # said every half minute while somebody draws; the save is kept
            told: dict[str, Any] = {"command": str(made.command)}
            await write_down(conn, request, who.login, f"node.{made.kind}", str(name), told)
        found = await store.find(conn, made.command)
    if found is None:
        raise commands.UnknownCommand
    return _seen(found)


def _seen(one: Asked) -> CommandSeen:
    return CommandSeen(
        command=one.command,
        kind=one.kind,
        asked_by=one.asked_by,
        asked_at=one.asked_at,
        done=one.done,
        is_silent=one.done is None and commands.is_silent(one.asked_at, clock.now()),
        detail=one.detail,
        figures=one.figures,
        answered_at=one.answered_at,
    )
