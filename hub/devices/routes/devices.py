"""HTTP of device health: every node at a glance, one node, its past, alerts, quiet hours."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from edge.wire.topics import ID_PATTERN, NodeName
from hub.devices import jobs
from hub.devices.alerts import UnknownAlert
from hub.devices.condition import RANK, Cause, Finding, Look, Severity, findings, severity_of
from hub.devices.condition_words import Lang, said
from hub.devices.enrolment import UnknownNode, UnknownOffice
from hub.devices.notices import Quiet
from hub.devices.store import alerts, conditions, fared, listening, troubles
from hub.devices.store import notices as outbox
from hub.devices.store.conditions import Known
from hub.devices.store.listening import Listened
from hub.identity.access import needs, signed_in
from hub.identity.routes.words import NO_STORE, UNKNOWN, Given, Seen, connection, write_down
from hub.kit import clock

router = APIRouter(prefix="/devices", tags=["devices"])
MAY: Final = needs("facilities", "admin")
Id = Annotated[str, Path(pattern=ID_PATTERN)]
Speech = Annotated[Lang, Query(description="The language of `said` and `to_do`.")]
SPANS: Final = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
STEPS: Final = {
    "day": timedelta(minutes=5), "week": timedelta(minutes=30), "month": timedelta(hours=2),
}  # fmt: skip
CLOSED_SHOWN: Final = 20
DEAFNESS_SHOWN: Final = timedelta(days=1)
Site = Annotated[str, Query(pattern=r"^[a-z0-9-]{0,32}$", description="'': all without their own.")]


class FindingSeen(BaseModel):
    """One cause in words, and what to do."""

    cause: Cause
    severity: Severity
    said: str
    to_do: str


class DeviceSeen(BaseModel):
    """One node of the list: its worst cause, or none."""

    site: str
    node: str
    name: str
    worst: FindingSeen | None = Field(description="None: it is well.")
    more: int = Field(description="How many causes it has beside the worst.")
    heard_at: datetime | None
    observing: Literal["ok", "paused", "fault"] | None


class AlertSeen(Seen):
    """Something that somebody was told of, or is to be."""

    alert_id: UUID
    site: str
    node: str
    name: str
    cause: str
    said: str
    to_do: str
    severity: Severity
    raised_at: datetime
    closed_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None


class DeafSeen(BaseModel):
    """From when to when the hub itself did not listen: no node is missing because of that."""

    since: datetime | None = Field(description="Null: it never listened yet.")
    until: datetime | None = Field(description="Null: it still does not; what is said is of then.")


class DevicesSeen(BaseModel):
    """Every node, the worst first."""

    now: datetime
    deaf: DeafSeen | None = Field(description="Null: the hub has listened for the whole last day.")
    down: int = Field(description="Nodes that do not count.")
    sick: int = Field(description="Nodes that count, but need somebody.")
    well: int
    devices: list[DeviceSeen]
    alerts: list[AlertSeen] = Field(description="Raised and not closed, the newest first.")
    untold: int = Field(description="Notices that could not be sent.")


class DeadLetterSeen(Seen):
    """A message of this node that could not be stored."""

    subject: str
    reason: str
    first_at: datetime
    last_at: datetime
    times: int
    payload_bytes: int


class LossSeen(Seen):
    """Windows of this node that are gone."""

    windows: int
    reason: str
    noticed_at: datetime


class DeviceWhole(BaseModel):
    """Everything about one node."""

    now: datetime
    deaf: DeafSeen | None
    site: str
    node: str
    name: str
    site_name: str
    findings: list[FindingSeen]
    heard_at: datetime | None
    counts_at: datetime | None
    state: dict[str, Any] | None
    health: dict[str, Any] | None
    usual_frames_per_s: float | None
    usual_inference_ms: float | None
    certificate_until: datetime | None
    alerts: list[AlertSeen]
    losses: list[LossSeen]
    dead_letters: list[DeadLetterSeen]


class HistorySeen(BaseModel):
    """How a node fared: the worst of each step."""

    step_s: float
    until: datetime
    points: list[fared.Fared]


class QuietGiven(Given):
    """From when to when nobody is to be woken, Korean time."""

    starts: time
    ends: time


class QuietSeen(Seen):
    """The quiet hours of a site; '' stands for every site without its own."""

    site: str
    name: str
    name_en: str
    starts: time | None = Field(description="Null: none of its own.")
    ends: time | None


@router.get("", operation_id="listDevices", dependencies=[Depends(MAY)])
async def list_devices(request: Request, response: Response, lang: Speech = "ko") -> DevicesSeen:
    """Every node with its worst cause, the worst first: three queries, however many nodes."""
    now = clock.now()
    async with connection(request) as conn:
        known = await conditions.looks(conn, now)
        raised = await alerts.raised(conn)
        untold = await outbox.failing(conn)
        listened = await listening.listened(conn)
    response.headers.update(NO_STORE)
    return _list(known, raised, untold, listened, now, lang)


def _list(
    known: Sequence[Known],
    raised: Sequence[alerts.Raised],
    untold: int,
    listened: Listened | None,
    now: datetime,
    lang: Lang,
) -> DevicesSeen:
    version, judged_at = jobs.hub_version(), listening.believed_until(listened, now)
    found = [(one, findings(one.look, judged_at, version)) for one in known]
    found.sort(key=lambda pair: _rank(pair[1]))  # of the same rank they stay in order of name
    severities = [each[0].severity if each else "well" for _, each in found]
    names = {one.name: _title(one, lang) for one in known}
    return DevicesSeen(
        now=now,
        deaf=deafness(listened, now),
        down=severities.count("down"),
        sick=severities.count("sick"),
        well=len(found) - severities.count("down") - severities.count("sick"),
        devices=[_device(one, each, lang) for one, each in found],
        alerts=[_alert(one, names, lang) for one in raised],
        untold=untold,
    )


def deafness(found: Listened | None, now: datetime) -> DeafSeen | None:
    """What is to be told of the hub's own listening."""
    if found is None:
        return DeafSeen(since=None, until=None)
    if now - found.at > listening.GAP:
        return DeafSeen(since=found.at, until=None)
    if found.deaf_from is not None and now - found.since < DEAFNESS_SHOWN:
        return DeafSeen(since=found.deaf_from, until=found.since)
    return None


def _rank(found: Sequence[Finding]) -> int:
    return RANK[found[0].cause] if found else len(RANK)


def _title(one: Known, lang: Lang) -> str:
    return one.title if lang == "ko" else one.title_en


def _device(one: Known, found: Sequence[Finding], lang: Lang) -> DeviceSeen:
    return DeviceSeen(
        site=one.name.site,
        node=one.name.node,
        name=_title(one, lang),
        worst=_finding(found[0], lang) if found else None,
        more=max(0, len(found) - 1),
        heard_at=heard_at(one.look),
        observing=(one.look.state or {}).get("observing"),
    )


def heard_at(look: Look) -> datetime | None:
    """When the hub last heard anything of a node."""
    return max((at for at in (look.health_at, look.counts_at) if at), default=look.state_at)


def _finding(found: Finding, lang: Lang) -> FindingSeen:
    words = said(found.cause, found.figures, lang)
    return FindingSeen(
        cause=found.cause, severity=found.severity, said=words.said, to_do=words.to_do
    )


def _alert(one: alerts.Raised, names: dict[NodeName, str], lang: Lang) -> AlertSeen:
    cause = Cause(one.cause)
    words = said(cause, one.figures, lang)
    return AlertSeen(
        alert_id=one.alert_id, site=one.site, node=one.node, cause=one.cause,
        name=names.get(NodeName(one.site, one.node), one.node), said=words.said,
        to_do=words.to_do, severity=severity_of(cause), raised_at=one.raised_at,
        closed_at=one.closed_at, acknowledged_at=one.acknowledged_at,
        acknowledged_by=one.acknowledged_by,
    )  # fmt: skip


@router.get("/quiet-hours", operation_id="listQuietHours", dependencies=[Depends(MAY)])
async def list_quiet_hours(request: Request) -> list[QuietSeen]:
    """When nobody is woken: first (site '') of all without their own, then of each site."""
    async with connection(request) as conn:
        return [QuietSeen.model_validate(row) for row in await outbox.quiet_sites(conn)]


@router.put(
    "/quiet-hours",
    operation_id="setQuietHours",
    status_code=204,
    responses=UNKNOWN,
    dependencies=[Depends(MAY)],
)
async def set_quiet_hours(request: Request, given: QuietGiven, site: Site = "") -> None:
    """Set the quiet hours of a site, or of all without their own. The same time twice: none."""
    quiet = Quiet(given.starts.replace(tzinfo=None), given.ends.replace(tzinfo=None))
    who = await signed_in(request)
    async with connection(request) as conn:
        if not await outbox.set_quiet_hours(conn, site, quiet):
            raise UnknownOffice(site)
        detail = {"starts": str(quiet.starts), "ends": str(quiet.ends)}
        await write_down(conn, request, who.login, "quiet-hours.set", site, detail)


@router.delete(
    "/quiet-hours",
    operation_id="clearQuietHours",
    status_code=204,
    responses=UNKNOWN,
    dependencies=[Depends(MAY)],
)
async def clear_quiet_hours(request: Request, site: Site = "") -> None:
    """From now on a site goes by the hours of all; those of all: none."""
    who = await signed_in(request)
    async with connection(request) as conn:
        if not await outbox.set_quiet_hours(conn, site, None):
            raise UnknownOffice(site)
        await write_down(conn, request, who.login, "quiet-hours.clear", site)


@router.post(
    "/alerts/{alert_id}/acknowledgement",
    operation_id="acknowledgeAlert",
    status_code=204,
    responses=UNKNOWN,
    dependencies=[Depends(MAY)],
)
async def acknowledge(request: Request, alert_id: UUID) -> None:
    """Say that somebody sees to it. The alert still closes by itself."""
    who = await signed_in(request)
    async with connection(request) as conn:
        name = await alerts.acknowledge(conn, alert_id, who.login, clock.now())
        if name is None:
            raise UnknownAlert
        await write_down(
            conn, request, who.login, "alert.acknowledge", str(name), {"alert": str(alert_id)}
        )


@router.get(
    "/{site}/{node}", operation_id="readDevice", responses=UNKNOWN, dependencies=[Depends(MAY)]
)
async def read_device(
    request: Request, response: Response, site: Id, node: Id, lang: Speech = "ko"
) -> DeviceWhole:
    """One node: what is wrong, what was, what it lost."""
    now, name = clock.now(), NodeName(site, node)
    async with connection(request) as conn:
        one = await conditions.look_at(conn, name, now)
        if one is None:
            raise UnknownNode(name)
        raised = await alerts.raised(conn, name, closed=CLOSED_SHOWN)
        losses = await troubles.losses(conn, name)
        letters = await troubles.letters(conn, name)
        listened = await listening.listened(conn)
    response.headers.update(NO_STORE)
    look, names = one.look, {name: _title(one, lang)}
    judged_at = listening.believed_until(listened, now)
    return DeviceWhole(
        now=now, deaf=deafness(listened, now), site=site, node=node, name=names[name],
        site_name=one.site_title if lang == "ko" else one.site_title_en,
        findings=[_finding(f, lang) for f in findings(look, judged_at, jobs.hub_version())],
        heard_at=heard_at(look), counts_at=look.counts_at,
        state=dict(look.state) if look.state else None,
        health=dict(look.health) if look.health else None,
        usual_frames_per_s=look.usual_frames_per_s, usual_inference_ms=look.usual_inference_ms,
        certificate_until=look.certificate_until,
        alerts=[_alert(a, names, lang) for a in raised],
        losses=[LossSeen.model_validate(row) for row in losses],
        dead_letters=[DeadLetterSeen.model_validate(row) for row in letters],
    )  # fmt: skip


@router.get(
    "/{site}/{node}/health",
    operation_id="readDeviceHealth",
    responses=UNKNOWN,
    dependencies=[Depends(MAY)],
)
async def read_history(
    request: Request,
    response: Response,
    site: Id,
    node: Id,
    span: Annotated[Literal["day", "week", "month"], Query()] = "day",
) -> HistorySeen:
    """How a node fared over a day, a week or a month."""
    now, name = clock.now(), NodeName(site, node)
    async with connection(request) as conn:
        if await conditions.look_at(conn, name, now) is None:
            raise UnknownNode(name)
        points = await fared.history(conn, name, now - SPANS[span], STEPS[span])
    response.headers.update(NO_STORE)
    return HistorySeen(step_s=STEPS[span].total_seconds(), until=now, points=points)
