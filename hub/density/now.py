"""From rows to the board: what each zone is like now, as a pure function of rows and `now`.

The rules (wait, level, hours, advice) have files of their own; this one only decides which of
them to ask and what to say when there is nothing to ask them about.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Any, Final, Literal, TypeVar

from hub.density import hours, levels, waiting
from hub.density.advice import advise
from hub.density.board import (
    STALE_AFTER_S,
    Advice,
    Board,
    ForecastPoint,
    Level,
    NodeNow,
    Reason,
    SiteNow,
    State,
    ZoneNow,
)
from hub.devices.closed_days import ClosedDays, DayName
from hub.devices.meals import Course
from hub.kit.clock import SEOUL

RATE_OVER_S: Final = 300  # how long served people are counted for the service rate
FOLD_MINUTES: Final = 15  # how far back the level's hysteresis looks
LOOK_BACK_S: Final = 60 * FOLD_MINUTES + RATE_OVER_S

K = TypeVar("K")
R = TypeVar("R")

TWIN: Final = "Two machines speak as this node. Give one of them another name, and a new card."


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One office as stored."""

    site: str
    name: str
    name_en: str
    hours: Any
    levels_s: Sequence[int]
    history_simulated: bool
    closed_on_holidays: bool = False
    days: Sequence[dict[str, Any]] = ()
    """What the office says of single days near now, as JSON."""
    courses: Sequence[dict[str, Any]] = ()
    """Today's meals, as JSON."""

    @property
    def closed_days(self) -> ClosedDays:
        """The days on which its hours do not count."""
        return ClosedDays.of(self.closed_on_holidays, self.days)


@dataclass(frozen=True, slots=True)
class NodeRow:
    """One node and the newest thing it said of itself (`edge.wire` NodeState, as JSON)."""

    site: str
    node: str
    name: str
    name_en: str
    state: dict[str, Any] | None
    has_twin: bool = False
    """Two machines spoke under this name within minutes: nobody knows whose counts are whose."""


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """One zone, its newest sample, its last `RATE_OVER_S` seconds and what is usual now."""

    zone_id: int
    site: str
    node: str
    zone: str
    kind: Literal["queue", "seating", "counter"]
    name: str
    name_en: str
    place: str
    place_en: str
    seats: int | None
    has_served_line: bool
    observed_at: datetime | None
    """End of the newest window; None: never observed."""
    people: int | None
    served: int
    busy_s: float
    """Seconds of them that were seen and in which somebody queued."""
    usual_wait_s: float | None
    usual_served_per_min: float | None
    history_weeks: int
    wait_factor: float = 1.0
    """True waits over reckoned ones, by stopwatch; usual waits and forecasts hold it already."""

    @property
    def key(self) -> str:
        """The zone's name in addresses."""
        return f"{self.site}.{self.node}.{self.zone}"


@dataclass(frozen=True, slots=True)
class MinuteRow:
    """What one zone saw in one minute of the clock."""

    zone_id: int
    at: datetime
    people: float
    served: int
    busy_s: float


@dataclass(frozen=True, slots=True)
class PointRow:
    """One wait to come."""

    zone_id: int
    at: datetime
    wait_s: float
    wait_low_s: float
    wait_high_s: float


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything the board is made of."""

    sites: Sequence[SiteRow]
    nodes: Sequence[NodeRow]
    zones: Sequence[ZoneRow]
    minutes: Sequence[MinuteRow]
    points: Sequence[PointRow]


def board(rows: Rows, now: datetime) -> Board:
    """What every office is like at `now`. Sites, nodes and zones keep the order of the rows."""
    nodes = _grouped(rows.nodes, lambda row: row.site)
    zones = _grouped(rows.zones, lambda row: row.site)
    seen = _Seen(rows, now)
    return Board(
        now=now,
        stale_after_s=STALE_AFTER_S,
        sites=tuple(
            _site(site, nodes.get(site.site, []), zones.get(site.site, []), seen)
            for site in rows.sites
        ),
    )


def changes_by_itself_at(board: Board) -> datetime | None:
    """When the board stops being true by itself: a zone gets stale, a door opens or closes."""
    stale = (
        zone.observed_at + timedelta(seconds=board.stale_after_s)
        for site in board.sites
        for zone in site.zones
        if zone.observed_at is not None and not zone.stale
    )
    doors = (at for site in board.sites for at in (site.opens_at, site.closes_at) if at)
    return min((at for at in (*stale, *doors) if at > board.now), default=None)


class _Seen:
    """The rows of minutes and forecasts, by zone."""

    def __init__(self, rows: Rows, now: datetime) -> None:
        self.now = now
        self.nodes = {(row.site, row.node): row for row in rows.nodes}
        self.minutes = _grouped(rows.minutes, lambda row: row.zone_id)
        self.points = _grouped(rows.points, lambda row: row.zone_id)


@dataclass(frozen=True, slots=True)
class _House:
    """What a zone needs to know of its site."""

    is_open: bool
    closes_at: datetime | None
    closed_for: DayName | None
    levels_s: tuple[int, int, int]


def _house(site: SiteRow, now: datetime) -> _House:
    closed, today = site.closed_days, now.astimezone(SEOUL).date()
    moderate_s, busy_s, crowded_s = site.levels_s
    return _House(
        is_open=hours.is_open(site.hours, now, closed),
        closes_at=hours.closes_at(site.hours, now, closed),
        closed_for=None if site.hours is None else closed.why(today),
        levels_s=(moderate_s, busy_s, crowded_s),
    )


def _site(site: SiteRow, nodes: list[NodeRow], zones: list[ZoneRow], seen: _Seen) -> SiteNow:
    house = _house(site, seen.now)
    return SiteNow(
        site=site.site,
        name=site.name,
        name_en=site.name_en,
        open=house.is_open,
        opens_at=hours.next_opening(site.hours, seen.now, site.closed_days),
        closes_at=house.closes_at,
        closed_for=house.closed_for and house.closed_for.ko,
        closed_for_en=house.closed_for and house.closed_for.en,
        meals=tuple(Course.model_validate(one, strict=False) for one in site.courses),
        levels_s=house.levels_s,
        history_simulated=site.history_simulated,
        nodes=tuple(_node(row) for row in nodes),
        zones=tuple(_zone(row, house, seen) for row in zones),
    )


def _node(row: NodeRow) -> NodeNow:
    """The node's own words; one that was never heard is offline."""
    said = row.state or {}
    source = said.get("source") or {}
    return NodeNow(
        node=row.node,
        name=row.name,
        name_en=row.name_en,
        online=bool(said.get("online", False)),
        observing="fault" if row.has_twin else said.get("observing", "ok"),
        fault=TWIN if row.has_twin else said.get("fault"),
        source_kind=source.get("kind"),
        source_name=source.get("name"),
        detector=source.get("detector"),
    )


def _zone(row: ZoneRow, house: _House, seen: _Seen) -> ZoneNow:
    stale = row.observed_at is None or _is_late(row.observed_at, seen.now)
    state, reason = _state(row, stale, house, seen)
    wait = _wait(row) if state == "ok" and row.kind == "queue" else None
    if wait is None and state == "ok" and row.kind == "queue":
        state, reason = "unknown", _why_unknown(row)
    return ZoneNow(
        key=row.key,
        site=row.site,
        node=row.node,
        zone=row.zone,
        kind=row.kind,
        name=row.name,
        name_en=row.name_en,
        place=row.place,
        place_en=row.place_en,
        state=state,
        reason=reason,
        level=_level(row, wait, house, seen),
        wait_s=_seconds(wait and wait.wait_s),
        wait_low_s=_seconds(wait and wait.low_s),
        wait_high_s=_seconds(wait and wait.high_s),
        people=None if stale or seen.nodes[row.site, row.node].has_twin else row.people,
        served_per_min=_rate(wait),
        seats=row.seats,
        observed_at=row.observed_at,
        stale=stale,
        usual_wait_s=_seconds(row.usual_wait_s),
        history_weeks=row.history_weeks,
        advice=_advice(row, wait, house, seen),
    )


def _is_late(observed_at: datetime, now: datetime) -> bool:
    return now - observed_at >= timedelta(seconds=STALE_AFTER_S)


def _state(row: ZoneRow, stale: bool, house: _House, seen: _Seen) -> tuple[State, Reason | None]:
    """The first of these that holds: closed, never seen, silent; else the zone is seen."""
    if not house.is_open:
        return "closed", "closed_day" if house.closed_for else "outside_hours"
    if seen.nodes[row.site, row.node].has_twin:
        return "unknown", "camera_fault"
    if not stale:
        return "ok", None
    said = (seen.nodes[row.site, row.node].state) or {}
    silence = _why_silent(said)
    if row.observed_at is None:
        return "unknown", silence if said and silence != "late" else "no_data_yet"
    return "stale", silence


def _why_silent(said: dict[str, Any]) -> Reason:
    """What the node itself said of its silence. An offline node says nothing newer."""
    if not said.get("online", False):
        return "node_offline"
    if said.get("observing") == "fault":
        return "camera_fault"
    return "paused" if said.get("observing") == "paused" else "late"


def _why_unknown(row: ZoneRow) -> Reason:
    return "nobody_served" if row.has_served_line else "no_counter_line"


def _wait(row: ZoneRow) -> waiting.Wait | None:
    """The wait now. Without a counter line nobody can know it, not even of an empty queue."""
    if not row.has_served_line or row.people is None:
        return None
    rate = row.usual_served_per_min
    return waiting.estimate(row.people, row.served, row.busy_s, rate, row.wait_factor)


def _level(row: ZoneRow, wait: waiting.Wait | None, house: _House, seen: _Seen) -> Level | None:
    if wait is None:
        return None
    waits_s = minute_waits(seen.minutes.get(row.zone_id, []), row.usual_served_per_min, seen.now)
    before_s = [None if s is None else s * row.wait_factor for s in waits_s]
    return levels.level_after([*before_s, wait.wait_s], house.levels_s)


def minute_waits(
    minutes: Iterable[MinuteRow], usual_served_per_min: float | None, now: datetime
) -> list[float | None]:
    """The wait at each of the last `FOLD_MINUTES` whole minutes of the clock, oldest first."""
    by_minute = {int(row.at.timestamp()) // 60: row for row in minutes}
    this_minute = int(now.timestamp()) // 60
    return [
        _wait_at(minute, by_minute, usual_served_per_min)
        for minute in range(this_minute - FOLD_MINUTES, this_minute)
    ]


def _wait_at(
    minute: int, by_minute: dict[int, MinuteRow], usual_served_per_min: float | None
) -> float | None:
    if (row := by_minute.get(minute)) is None:
        return None
    behind = range(minute - RATE_OVER_S // 60 + 1, minute + 1)
    served = sum(by_minute[m].served for m in behind if m in by_minute)
    busy_s = sum(by_minute[m].busy_s for m in behind if m in by_minute)
    wait = waiting.estimate(round(row.people), served, busy_s, usual_served_per_min)
    return None if wait is None else wait.wait_s


def _advice(row: ZoneRow, wait: waiting.Wait | None, house: _House, seen: _Seen) -> Advice | None:
    points = seen.points.get(row.zone_id)
    if wait is None or not points:
        return None
    forecast = [forecast_point(point) for point in points]
    return advise(seen.now, wait.wait_s, forecast, house.closes_at, row.history_weeks)


def forecast_point(row: PointRow) -> ForecastPoint:
    """A stored point in the API's whole seconds."""
    return ForecastPoint(
        at=row.at,
        wait_s=round(row.wait_s),
        wait_low_s=round(row.wait_low_s),
        wait_high_s=round(row.wait_high_s),
    )


def _rate(wait: waiting.Wait | None) -> float | None:
    if wait is None or wait.served_per_min is None:
        return None
    return round(wait.served_per_min, 2)


def _seconds(value_s: float | None) -> int | None:
    """Whole seconds; None also for a bound that is not finite."""
    return round(value_s) if value_s is not None and isfinite(value_s) else None


def _grouped(rows: Iterable[R], key: Callable[[R], K]) -> dict[K, list[R]]:
    groups: defaultdict[K, list[R]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)
