"""HTTP of the stopwatch: measured waits of a lane, the factor they make, and the way back."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, Field

from edge.wire.topics import ID_PATTERN
from hub.density import stopwatch as rules
from hub.density.errors import (
    FactorSuperseded,
    NotEnoughTaps,
    NotReckoned,
    UnknownFactor,
    UnknownTap,
    UnknownZone,
)
from hub.density.routes import KEY_PATTERN
from hub.density.stopwatch import LONGEST_S, NEEDED, SHORTEST_S, Calibration, Tap
from hub.density.store import stopwatch as store
from hub.density.store.stopwatch import Lane
from hub.identity.access import needs, signed_in
from hub.identity.routes.words import CONFLICT, UNKNOWN, Given, Seen, connection, write_down
from hub.kit import clock
from hub.kit.ids import uuid7

router = APIRouter(
    prefix="/api/v1/lanes", tags=["lanes"], dependencies=[Depends(needs("facilities", "admin"))]
)
HISTORY_MOST: Final = 20
Id = Annotated[str, Query(pattern=ID_PATTERN)]
Key = Annotated[str, Path(alias="zone", pattern=KEY_PATTERN, description="`site.node.zone`")]
Revision = Annotated[int, Field(ge=0, le=2**31 - 2)]


class TapGiven(Given):
    """One measured wait, by the phone's own stopwatch: its clock may be wrong."""

    waited_s: float = Field(ge=SHORTEST_S, le=LONGEST_S)
    served_ago_s: float = Field(ge=0, le=LONGEST_S, description="How long ago the second tap was.")


class FactorGiven(Given):
    """Use what the taps say; `revision` is the one seen now."""

    revision: Revision


class FactorBack(FactorGiven):
    """Take an earlier factor up again; 0 is none."""

    back_to: Revision


class TapSeen(Seen):
    """One measured wait beside what the hub would have said."""

    tap_id: UUID
    served_at: datetime
    waited_s: float
    reckoned_s: float
    tapped_by: str


class CalibrationSeen(Seen):
    """What the taps say."""

    factor: float
    error: float = Field(description="Half of the 80 % interval of the factor.")
    taps: int
    is_in_reach: bool = Field(description="False: the drawing is wrong, no factor mends it.")


class FactorSeen(Seen):
    """One revision."""

    revision: int
    factor: float
    error: float
    taps: int
    back_to: int | None
    made_at: datetime
    made_by: str


class LaneSeen(BaseModel):
    """A lane, the factor in use, and what is measured."""

    key: str
    name: str
    name_en: str
    revision: int
    factor: float
    error: float
    needed: int = Field(description="Taps a factor needs.")
    taps: list[TapSeen]
    says: CalibrationSeen | None = Field(description="None: too few taps yet.")
    history: list[FactorSeen]


@router.get("", operation_id="listLanes")
async def list_lanes(request: Request, site: Id, node: Id) -> list[LaneSeen]:
    """The queues of a node whose wait is known."""
    async with connection(request) as conn:
        return [await _seen(conn, lane) for lane in await store.lanes(conn, site, node)]


@router.post("/{zone}/taps", operation_id="recordTap", responses={**UNKNOWN, **CONFLICT})
async def record_tap(request: Request, key: Key, given: TapGiven) -> LaneSeen:
    """Keep one measured wait."""
    who, now = await signed_in(request), clock.now()
    served_at = now - timedelta(seconds=given.served_ago_s)
    joined_at = served_at - timedelta(seconds=given.waited_s)
    async with connection(request) as conn:
        lane = await _lane(conn, key)
        reckoned_s = await store.reckoned_s(conn, lane.zone_id, joined_at)
        if reckoned_s is None:
            raise NotReckoned
        tap = Tap(uuid7(now), joined_at, served_at, reckoned_s, who.login)
        await store.record(conn, lane.zone_id, tap)
        return await _seen(conn, lane)


@router.delete(
    "/{zone}/taps/{tap_id}", operation_id="removeTap", status_code=204, responses=UNKNOWN
)
async def remove_tap(request: Request, key: Key, tap_id: UUID) -> None:
    """Forget a tap that went wrong."""
    who = await signed_in(request)
    async with connection(request) as conn:
        lane = await _lane(conn, key)
        if not await store.remove(conn, lane.zone_id, tap_id):
            raise UnknownTap
        await write_down(conn, request, who.login, "lane.forget-tap", key, {"tap": str(tap_id)})


@router.post("/{zone}/factor", operation_id="useFactor", responses={**UNKNOWN, **CONFLICT})
async def use_factor(request: Request, key: Key, given: FactorGiven) -> LaneSeen:
    """From now on the lane's wait is taken times what the taps say."""
    async with connection(request) as conn:
        lane = await _held(conn, key, given.revision)
        made = rules.calibrate(await store.taps(conn, lane.zone_id, clock.now()))
        if made is None or not made.is_in_reach:
            raise NotEnoughTaps
        return await _use(conn, request, lane, made, None)


@router.post(
    "/{zone}/factor/back", operation_id="takeFactorBack", responses={**UNKNOWN, **CONFLICT}
)
async def take_back(request: Request, key: Key, given: FactorBack) -> LaneSeen:
    """Take an earlier factor up again, as a new revision."""
    async with connection(request) as conn:
        lane = await _held(conn, key, given.revision)
        made = Calibration(1.0, 0.0, 0)
        if given.back_to:
            found = await store.kept(conn, lane.zone_id, given.back_to)
            if found is None:
                raise UnknownFactor
            made = Calibration(found.factor, found.error, found.taps)
        return await _use(conn, request, lane, made, given.back_to)


async def _use(
    conn: Any, request: Request, lane: Lane, made: Calibration, back_to: int | None
) -> LaneSeen:
    who, told = await signed_in(request), {"factor": round(made.factor, 3), "taps": made.taps}
    await store.use(conn, lane, made, who.login, clock.now(), back_to)
    action = "lane.calibrate" if back_to is None else "lane.back"
    await write_down(conn, request, who.login, action, lane.key, {**told, "before": lane.factor})
    return await _seen(conn, await _lane(conn, lane.key))


async def _held(conn: Any, key: str, revision: int) -> Lane:
    """The lane, ours until the end. Raises UnknownZone, FactorSuperseded."""
    lane = await _lane(conn, key, lock=True)
    if lane.revision != revision:
        raise FactorSuperseded
    return lane


async def _lane(conn: Any, key: str, *, lock: bool = False) -> Lane:
    site, node, zone = key.split(".")
    found = await store.lane(conn, site, node, zone, lock=lock)
    if found is None:
        raise UnknownZone(key)
    return found


async def _seen(conn: Any, lane: Lane) -> LaneSeen:
    taps = await store.taps(conn, lane.zone_id, clock.now())
    says = rules.calibrate(taps)
    return LaneSeen(
        key=lane.key,
        name=lane.name,
        name_en=lane.name_en,
        revision=lane.revision,
        factor=lane.factor,
        error=lane.error,
        needed=NEEDED,
        taps=[TapSeen.model_validate(tap) for tap in taps],
        says=None if says is None else CalibrationSeen.model_validate(says),
        history=[
            FactorSeen.model_validate(one)
            for one in await store.history(conn, lane.zone_id, HISTORY_MOST)
        ],
    )
