"""HTTP of enrolment: add a node, a new code, revoke; and what a node itself asks for.

A node has no session: it proves itself by its code, or by the key of its certificate. It sends
`Origin` with the hub's own address, as every request must that changes something.
"""

import base64
import binascii
from datetime import UTC, datetime
from io import BytesIO
from typing import Annotated, Any, Final

import segno
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from edge.wire.topics import ID_PATTERN, NodeName
from hub.devices import enrol_code, enrolment, pki
from hub.devices.enrolment import Authorities, Invitation
from hub.devices.store import enrol as store
from hub.identity.access import ANYONE, needs, signed_in
from hub.identity.routes.words import (
    CONFLICT,
    NO_STORE,
    UNKNOWN,
    Answers,
    Given,
    Name,
    Seen,
    Text,
    address_of,
    connection,
    write_down,
)
from hub.kit import clock

router = APIRouter(tags=["nodes"])
MAY: Final = needs("facilities", "admin")
CRL_TYPE: Final = "application/x-pem-file"
WRONG: Final[Answers] = {
    403: {"description": "The code or the certificate opens nothing (any longer)."},
    409: {"description": "The hub is not set up to enrol nodes."},
    429: {"description": "Too many wrong codes: wait."},
}
Id = Annotated[str, Path(pattern=ID_PATTERN)]


class NodeGiven(Given):
    """A node that is about to be mounted."""

    site: Annotated[str, Field(pattern=ID_PATTERN)]
    node: Annotated[str, Field(pattern=ID_PATTERN)]
    name: Name
    name_en: Name


class Invited(BaseModel):
    """What is shown once: the code, and what else a card must hold."""

    site: str
    node: str
    code: str = Field(description="For one node, once, within a day.", examples=["K7QD-93MX-…"])
    code_svg: str = Field(description="The code as a QR code, an SVG image.")
    expires_at: datetime
    made_at: datetime
    hub_url: str
    ca_pem: str
    ca_sha256: str


class CertificateSeen(BaseModel):
    """A certificate that a node was given."""

    serial: str
    issued_at: datetime
    until: datetime
    revoked_at: datetime | None
    is_renewal: bool


class EnrolledSeen(Seen):
    """A node, and how far its enrolment is."""

    site: str
    node: str
    name: str
    revoked_at: datetime | None = Field(description="Nothing is taken from it since then.")
    code_expires_at: datetime | None = Field(description="A code waits for it until then.")
    certificates: list[CertificateSeen]


class RevocationGiven(Given):
    """Why."""

    reason: Annotated[Text, Field(description="For the audit trail.")] = ""


class Revoked(BaseModel):
    """What a revocation ended."""

    certificates: int


class EnrolmentGiven(Given):
    """What a node sends on its first boot."""

    code: Annotated[str, Field(pattern=enrol_code.PATTERN)]
    csr_pem: Annotated[str, Field(max_length=pki.CSR_MAX_BYTES)]


class RenewalGiven(Given):
    """What a node sends when two thirds of its certificate's time are over."""

    certificate_pem: Annotated[str, Field(max_length=pki.CERTIFICATE_MAX_BYTES)]
    csr_pem: Annotated[str, Field(max_length=pki.CSR_MAX_BYTES, description="Of a new key.")]
    at: Annotated[AwareDatetime, Field(description="The hub's time, as just read.")]
    proof: Annotated[
        str,
        Field(
            max_length=256,
            description="Base64 of the old key's ECDSA-SHA256 signature (DER) over "
            "'cheongsa renewal v1', NUL, `at` as YYYY-MM-DDTHH:MM:SSZ, NUL, and the SHA-256 of "
            "the new key's SubjectPublicKeyInfo (DER).",
        ),
    ]


class Admitted(BaseModel):
    """What an enrolled node works with."""

    site: str
    node: str
    certificate_pem: str
    until: datetime
    broker_url: str
    broker_ca_pem: str
    hub_ca_pem: str
    now: datetime


class Now(BaseModel):
    """The hub's clock."""

    now: datetime


@router.get("/time", operation_id="readTime", dependencies=[Depends(ANYONE)])
async def read_time(response: Response) -> Now:
    """The hub's time, for nodes whose own clock cannot be believed yet."""
    response.headers.update(NO_STORE)
    return Now(now=clock.now())


@router.get("/enrolment", operation_id="listEnrolment", dependencies=[Depends(MAY)])
async def list_enrolment(request: Request) -> list[EnrolledSeen]:
    """Every node with its certificates: which, until when, revoked or not."""
    async with connection(request) as conn:
        found = await store.enrolled(conn, clock.now())
    return [EnrolledSeen.model_validate(one) for one in found]


@router.post(
    "/nodes",
    operation_id="addNode",
    status_code=201,
    responses={**UNKNOWN, **CONFLICT},
    dependencies=[Depends(MAY)],
)
async def add_node(request: Request, response: Response, given: NodeGiven) -> Invited:
    """Register a node and make its one-time code. Nothing of the code is kept but its hash."""
    name = NodeName(given.site, given.node)
    async with connection(request) as conn:
        await enrolment.add_node(conn, name, given.name, given.name_en)
        told = await invite(conn, request, name, "node.add")
    response.headers.update(NO_STORE)
    return _invited(told)


@router.post(
    "/nodes/{site}/{node}/code",
    operation_id="makeCode",
    responses={**UNKNOWN, **CONFLICT},
    dependencies=[Depends(MAY)],
)
async def make_code(request: Request, response: Response, site: Id, node: Id) -> Invited:
    """A new one-time code; earlier ones end. What the node has works until the code is used."""
    async with connection(request) as conn:
        told = await invite(conn, request, NodeName(site, node), "node.code")
    response.headers.update(NO_STORE)
    return _invited(told)


@router.post(
    "/nodes/{site}/{node}/revocation",
    operation_id="revokeNode",
    responses=UNKNOWN,
    dependencies=[Depends(MAY)],
)
async def revoke_node(
    request: Request, site: Id, node: Id, given: RevocationGiven | None = None
) -> Revoked:
    """End the node's codes and certificates. From now on nothing is taken from it."""
    name, who = NodeName(site, node), await signed_in(request)
    async with connection(request) as conn:
        ended = await enrolment.revoke(conn, name, who.login, clock.now())
        told: dict[str, Any] = {"certificates": ended}
        told |= {"reason": given.reason} if given and given.reason else {}
        await write_down(conn, request, who.login, "node.revoke", str(name), told)
    return Revoked(certificates=ended)


@router.post("/enrolment", operation_id="enrol", responses=WRONG, dependencies=[Depends(ANYONE)])
async def enrol(request: Request, response: Response, given: EnrolmentGiven) -> Admitted:
    """A certificate for whoever brings a code: once, or again to the same key."""
    key, now = pki.read_request(given.csr_pem), clock.now()
    told = Authorities.of(request.app.state.settings)
    address = address_of(request)
    async with connection(request) as conn:
        await enrolment.check_address(conn, address, now)
        try:
            async with conn.transaction():
                admitted = await enrolment.admit(conn, told, given.code, key, now)
        except enrolment.WrongCode:
            await store.fail(conn, address, now)
            await write_down(conn, request, "node", "node.refuse")
            admitted = None
        else:
            await _write_down_admission(conn, request, admitted, "node.enrol")
    if admitted is None:
        raise enrolment.WrongCode
    response.headers.update(NO_STORE)
    return _admitted(told, admitted, now)


@router.post(
    "/enrolment/renewal", operation_id="renew", responses=WRONG, dependencies=[Depends(ANYONE)]
)
async def renew(request: Request, response: Response, given: RenewalGiven) -> Admitted:
    """A certificate for a new key, by the key of the one before it; up to 90 days after its end."""
    key, now = pki.read_request(given.csr_pem), clock.now()
    told = Authorities.of(request.app.state.settings)
    try:
        proof = base64.b64decode(given.proof, validate=True)
    except (binascii.Error, ValueError) as error:
        raise enrolment.NotRenewable from error
    async with connection(request) as conn:
        admitted = await enrolment.renew(
            conn, told, given.certificate_pem, key, proof, given.at, now
        )
        await _write_down_admission(conn, request, admitted, "node.renew")
    response.headers.update(NO_STORE)
    return _admitted(told, admitted, now)


@router.get(
    "/enrolment/revoked.pem",
    operation_id="readRevocationList",
    response_class=Response,
    responses={
        200: {"content": {CRL_TYPE: {"schema": {"type": "string"}}}},
        409: WRONG[409],
    },
    dependencies=[Depends(ANYONE)],
)
async def read_revocation_list(request: Request) -> Response:
    """The certificates that a broker must refuse: an X.509 CRL in PEM, signed by the hub's CA."""
    told, now = Authorities.of(request.app.state.settings), clock.now()
    async with connection(request) as conn:
        revoked = await store.revoked_serials(conn, now)
    text = enrolment.revocation_list(told.ours, revoked, now)
    return Response(text, media_type=CRL_TYPE, headers=NO_STORE)


async def invite(conn: Any, request: Request, name: NodeName, action: str) -> Invitation:
    """A code for a node, written into the audit trail: also for whoever makes its card."""
    who, settings = await signed_in(request), request.app.state.settings
    told = await enrolment.invite(conn, settings, name, who.login, clock.now())
    await write_down(conn, request, who.login, action, str(name))
    return told


def svg(code: str) -> str:
    """The code as a QR code that a page can show in the office's colours."""
    out = BytesIO()
    segno.make(code, error="m").save(out, kind="svg", xmldecl=False, svgns=True, border=4)
    return out.getvalue().decode()


def _invited(told: Invitation) -> Invited:
    return Invited(
        site=told.site, node=told.node, code=told.code, code_svg=svg(told.code),
        expires_at=told.expires_at, made_at=told.made_at, hub_url=told.hub_url,
        ca_pem=told.ca_pem, ca_sha256=told.ca_sha256,
    )  # fmt: skip


def _admitted(told: Authorities, admitted: enrolment.Admission, now: datetime) -> Admitted:
    return Admitted(
        site=admitted.name.site, node=admitted.name.node, until=admitted.until,
        certificate_pem=admitted.certificate_pem, broker_url=told.broker_url,
        broker_ca_pem=told.broker_ca_pem, hub_ca_pem=told.hub_ca_pem, now=now.astimezone(UTC),
    )  # fmt: skip


async def _write_down_admission(
    conn: Any, request: Request, admitted: enrolment.Admission, action: str
) -> None:
    if admitted.is_new:
        until = admitted.until.isoformat()
        name = str(admitted.name)
        await write_down(conn, request, name, action, name, {"until": until})
