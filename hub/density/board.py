"""What the board says: the JSON of `/api/v1/density`, its history and its forecast.

Names only, no rules. Waits are whole seconds, times are UTC; words for people are made by the
reader (Korean or English) from the codes here.
"""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from hub.devices.meals import Course

STALE_AFTER_S: Final = 30.0  # one threshold everywhere: six missed windows of 5 s

Level = Literal["relaxed", "moderate", "busy", "crowded"]  # 여유 · 보통 · 약간 붐빔 · 붐빔
State = Literal["ok", "unknown", "closed", "stale"]
Reason = Literal[
    "no_counter_line",  # draw a counter line, then there is a wait
    "nobody_served",  # a queue stands and nobody was served for the whole window
    "outside_hours",
    "closed_day",  # a public holiday, or a day that the office keeps closed
    "no_data_yet",  # never a count from this zone
    "node_offline",
    "camera_fault",
    "paused",
    "late",  # counts stopped coming and nobody said why
]
Seconds = Annotated[int, Field(ge=0)]


class Said(BaseModel):
    """A value of the API: frozen, every field always present."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Advice(Said):
    """Go at `at`: it is worth at least two minutes and the forecast's band supports it."""

    at: datetime
    wait_s: Seconds
    saves_s: Seconds
    weeks: Annotated[int, Field(ge=1)]
    """How many weeks of history it rests on."""


class ZoneNow(Said):
    """One zone, now."""

    key: str
    """`site.node.zone`, the `{zone}` of the other routes."""
    site: str
    node: str
    zone: str
    kind: Literal["queue", "seating", "counter"]
    name: str
    name_en: str
    place: str
    place_en: str
    state: State
    reason: Reason | None
    level: Level | None
    wait_s: Seconds | None
    wait_low_s: Seconds | None
    """10th percentile: the true wait is between low and high four times out of five."""
    wait_high_s: Seconds | None
    people: int | None
    served_per_min: float | None
    seats: int | None
    """Of a seating zone; `people / seats` is how full it is."""
    observed_at: datetime | None
    """End of the newest window."""
    stale: bool
    usual_wait_s: Seconds | None
    """The median at this weekday and minute; what to show instead when stale. None: collecting."""
    history_weeks: int
    """Whole weeks of history behind `usual_wait_s`; 0: still collecting."""
    advice: Advice | None


class NodeNow(Said):
    """Who looks and counts, and whether it does."""

    node: str
    name: str
    name_en: str
    online: bool
    observing: Literal["ok", "paused", "fault"]
    fault: str | None
    source_kind: Literal["camera", "recording", "simulated"] | None
    """None until the node was heard."""
    source_name: str | None
    detector: str | None


class SiteNow(Said):
    """One office."""

    site: str
    name: str
    name_en: str
    open: bool
    opens_at: datetime | None
    """Next opening when closed, today's when open; None when always open."""
    closes_at: datetime | None
    closed_for: str | None
    """What closes the office today, such as 추석; None: it goes by its hours."""
    closed_for_en: str | None
    meals: tuple[Course, ...]
    """Today's, in Korean time; empty: nobody has said."""
    levels_s: tuple[int, int, int]
    """Waits, in seconds, at which moderate, busy and crowded begin."""
    history_simulated: bool
    """Some of the history behind usual curve and advice was made by `hub demo`."""
    nodes: tuple[NodeNow, ...]
    zones: tuple[ZoneNow, ...]


class Board(Said):
    """The whole answer; also the data of the stream's `density` event."""

    now: datetime
    stale_after_s: float
    sites: tuple[SiteNow, ...]


class HistoryPoint(Said):
    """One bucket. None: nothing was observed in it, which is not zero."""

    at: datetime
    people: float | None
    people_max: int | None
    served_per_min: float | None
    wait_s: Seconds | None


class History(Said):
    """A zone's past, in buckets of `step_s`."""

    key: str
    step_s: int
    points: tuple[HistoryPoint, ...]


class UsualPoint(Said):
    """What is usual at this weekday and minute."""

    at: datetime
    wait_p25_s: Seconds
    wait_p50_s: Seconds
    wait_p75_s: Seconds


class ForecastPoint(Said):
    """A wait to come, with its 80 % band."""

    at: datetime
    wait_s: Seconds
    wait_low_s: Seconds
    wait_high_s: Seconds


class Forecast(Said):
    """Today's usual curve and the next 90 minutes."""

    key: str
    made_at: datetime | None
    method: Literal["collecting", "profile", "ridge"]
    history_days: int
    history_simulated: bool
    usual: tuple[UsualPoint, ...]
    points: tuple[ForecastPoint, ...]
