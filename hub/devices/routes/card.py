"""HTTP of a node's card: what is copied onto it, and what it fetches on its first boot."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path as File
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from pydantic import Field, StringConstraints

from edge.wire.topics import NodeName
from hub.devices import bundle, enrolment, node_files
from hub.devices.bundle import Card, Door, Wifi
from hub.devices.enrolment import NotReadyToEnrol
from hub.devices.node_files import Shelf
from hub.devices.routes.enrol import MAY, Id, invite
from hub.identity.access import ANYONE
from hub.identity.routes.words import CONFLICT, NO_STORE, UNKNOWN, Given, Line, connection
from hub.kit.settings import Settings

router = APIRouter(tags=["nodes"])
ZIP: Final = "application/zip"
OWN: Final = ("localhost", "127.0.0.1", "::1")  # a hub and a node on one machine, to try
PORTS: Final = {"https": 443, "http": 80, "mqtts": 8883, "mqtt": 1883}


class WifiGiven(Given):
    """A network of the office. It goes onto the card and nowhere else."""

    ssid: Annotated[Line, Field(min_length=1, max_length=32)]
    password: Annotated[str, StringConstraints(pattern=r"^([ -~]{8,63})?$")]
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "KR"


class CardGiven(Given):
    """How the node will be connected, and what is on its card already."""

    release: bundle.Release = Field(description="Which Raspberry Pi OS is on the card.")
    wifi: WifiGiven | None = None
    ssh_key: Annotated[str, StringConstraints(pattern=bundle.SSH_KEY)] | None = Field(
        None, description="Who may come in by SSH; without a key there is no SSH."
    )


@router.post(
    "/nodes/{site}/{node}/card",
    operation_id="makeCard",
    response_class=Response,
    responses={
        200: {"content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}},
        **UNKNOWN,
        **CONFLICT,
    },
    dependencies=[Depends(MAY)],
)
async def make_card(request: Request, site: Id, node: Id, given: CardGiven) -> Response:
    """A zip of what is copied onto the card, with a new one-time code; earlier codes end."""
    settings: Settings = request.app.state.settings
    try:
        model = node_files.model(settings.node_files_dir)
        node_files.on(settings.node_files_dir, given.release)
    except node_files.NoNodeFiles as error:
        raise NotReadyToEnrol("HUB_NODE_FILES_DIR") from error
    async with connection(request) as conn:
        told = await invite(conn, request, NodeName(site, node), "node.card")
        broker = enrolment.Authorities.of(settings).broker_url
        doors = [await _door(url) for url in (told.hub_url, broker)]
        clocks = settings.node_time_servers or (doors[0].host,)
        card = Card(
            told=told, release=given.release, doors=tuple(doors), model=model,
            time=tuple([await _clock(host) for host in clocks]),
            apt_mirror=settings.node_apt_mirror, ssh_key=given.ssh_key,
            wifi=Wifi(**given.wifi.model_dump()) if given.wifi else None,
        )  # fmt: skip
        made = bundle.zipped(bundle.files(card))
    name = f"cheongsa-{card.hostname}.zip"
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, media_type=ZIP, headers=headers)


@router.get(
    "/node-files/{shelf}/",
    operation_id="listNodeFiles",
    response_class=HTMLResponse,
    responses=UNKNOWN,
    dependencies=[Depends(ANYONE)],
)
async def list_node_files(request: Request, shelf: Shelf) -> HTMLResponse:
    """Links for pip's --find-links, each with its SHA-256."""
    found = await asyncio.to_thread(node_files.on, _folder(request), shelf)
    return HTMLResponse(node_files.page(found), headers=NO_STORE)


@router.get(
    "/node-files/{shelf}/{name}",
    operation_id="readNodeFile",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}, **UNKNOWN},
    dependencies=[Depends(ANYONE)],
)
async def read_node_file(
    request: Request, shelf: Shelf, name: Annotated[str, Path(pattern=node_files.NAME)]
) -> FileResponse:
    """A wheel or the model, as it is."""
    found = await asyncio.to_thread(node_files.named, _folder(request), shelf, name)
    return FileResponse(found, media_type="application/octet-stream")


def _folder(request: Request) -> File | None:
    return request.app.state.settings.node_files_dir


async def _door(url: str) -> Door:
    where = urlsplit(url)
    host, port = where.hostname or "", where.port or PORTS[where.scheme]
    return Door(host, await _addresses(host), port)


async def _clock(host: str) -> Door:
    return Door(host, await _addresses(host), bundle.NTP, "udp")


async def _addresses(host: str) -> tuple[IPv4Address | IPv6Address, ...]:
    """All of them. Raises NotReadyToEnrol: a node that cannot know the hub would be shut in."""
    loop = asyncio.get_running_loop()
    try:
        told = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReadyToEnrol(f"DNS: {host}") from error
    found = dict.fromkeys(ip_address(str(address[0]).partition("%")[0]) for *_, address in told)
    # a server often knows itself as 127.0.1.1, which on the node would be the node
    useful = tuple(one for one in found if host in OWN or not one.is_loopback)
    if not useful:
        raise NotReadyToEnrol(f"DNS: {host}")
    return useful
