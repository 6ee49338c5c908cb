"""What is said on each topic, as pydantic models.

Times are UTC with an offset; lengths carry their unit in the name; picture coordinates are
fractions of the frame (0..1, x to the right, y down), so a zone outlives a change of resolution.
"""

from datetime import UTC, datetime
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from edge.wire.topics import Id

SCHEMA_VERSION: Final = 1
MAX_PAYLOAD_BYTES: Final = 64 * 1024  # a window of 64 zones is about 10 KiB
MAX_STILL_BYTES: Final = 192 * 1024
MAX_RESULT_BYTES: Final = 288 * 1024  # a still in base64
MAX_ZONES: Final = 64
MAX_SEQ: Final = 2**62  # leaves the upper bound of an int8range representable

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
Point = tuple[Fraction, Fraction]
Metres = tuple[float, float]
Seq = Annotated[int, Field(strict=True, ge=1, le=MAX_SEQ)]  # else `true` is 1
People = Annotated[int, Field(ge=0, le=10_000)]
Text = Annotated[str, Field(max_length=200)]


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:  # the year 1 in Seoul is the year 0 in UTC
        raise ValueError("this time has no place in UTC") from error


Utc = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Message(BaseModel):
    """A value that crosses the wire: frozen, finite numbers, unknown fields ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    def encode(self) -> bytes:
        """The payload as UTF-8 JSON."""
        return self.model_dump_json().encode()


class Envelope(Message):
    """What every version of a count carries, so that even a refused one can be marked as held."""

    schema_version: Annotated[int, Field(strict=True, ge=1, le=1_000)]
    node: Text
    """`site/node`, as in the topic."""
    spool: UUID
    """Made with the outbox file: a new card does not inherit an old mark."""
    seq: Seq
    """Grows by one a window, over reboots."""
    oldest: Seq
    """The lowest seq the node still has: what lies below was held, or is lost."""

    @model_validator(mode="after")
    def _oldest_is_not_newer(self) -> Self:
        if self.oldest > self.seq:
            raise ValueError("oldest is above seq")
        return self


class ZoneCount(Message):
    """One zone in one window."""

    zone: Id
    people: People
    """A high percentile of the frames' counts: misses are one-sided."""
    people_max: People
    served: People = 0
    """Crossings of the zone's `served` lines, in their direction."""
    entered: People = 0
    density_per_m2: Annotated[float, Field(ge=0.0, le=100.0)] | None = None
    confidence: Fraction
    """Mean detector confidence of the people counted; 1.0 where nobody was seen."""


class CountObserved(Envelope):
    """One window, every zone of the node."""

    schema_version: Annotated[int, Field(strict=True, ge=1, le=1)]  # Literal[1] takes `true`
    boot_id: UUID
    window_start: Utc
    window_s: Annotated[float, Field(gt=0.0, le=3600.0)]
    clock_synced: bool
    zones: Annotated[tuple[ZoneCount, ...], Field(min_length=1, max_length=MAX_ZONES)]

    @model_validator(mode="after")
    def _each_zone_once(self) -> Self:
        if len({z.zone for z in self.zones}) != len(self.zones):
            raise ValueError("a zone is counted twice in one window")
        return self


Observing = Literal["ok", "paused", "fault"]


class Source(Message):
    """What the node looks at and who counts, in words for the board."""

    kind: Literal["camera", "recording", "simulated"]
    name: Text
    detector: Text


class NodeState(Message):
    """Birth, change of state, and (as the will) death. The will carries the birth's `session`."""

    online: bool
    boot_id: UUID
    session: Annotated[int, Field(ge=0, le=MAX_SEQ)]
    """Grows with each connection; an older session's will says nothing of this one."""
    version: Text
    config_hash: Text | None = None
    observing: Observing = "ok"
    fault: Text | None = None
    """One sentence: what is wrong with the camera and what to do."""
    source: Source | None = None


class NodeHealth(Message):
    """Every 30 s. A field the node cannot measure is None, never zero."""

    boot_id: UUID
    at: Utc
    uptime_s: float
    observing: Observing
    fault: Text | None = None
    temperature_c: float | None = None
    throttled: int | None = None
    """The bits of `vcgencmd get_throttled`; 0-3 now, 16-19 since boot."""
    load_1m: float | None = None
    memory_used_percent: float | None = None
    disk_free_bytes: int | None = None
    wifi_dbm: float | None = None
    """Of the Wi-Fi it hears the hub through; None: no Wi-Fi."""
    frames_per_s: float
    inference_ms: float | None = None
    frame_age_s: float | None = None
    camera_reopened: int = 0
    outbox_depth: int
    outbox_oldest_age_s: float | None = None
    outbox_dropped: int = 0
    """Windows given up because the outbox was full or too old, since the spool was made."""
    outbox_set_aside: int = 0
    """Messages refused 10 times while later ones were held."""
    clock_offset_ms: float | None = None
    clock_source: Literal["ntp", "hub", "none"]
    version: Text
    backend: Text
    lid_open: bool | None = None
    """Whether the box is open; None: no switch notices, or its lid was never closed yet."""
    pause_left_s: Annotated[float, Field(ge=0.0, le=86_400.0)] | None = None
    """How long the privacy pause still lasts; None: there is none, or a node that does not say."""


class Committed(Message):
    """Everything of `spool` up to and with `seq` is stored."""

    hub_epoch: UUID
    """A restored hub has a new one: then a lower mark is believed."""
    spool: UUID
    seq: Annotated[int, Field(ge=0, le=MAX_SEQ)]
    window_start: Utc | None = None
    """When the window `seq` began, where the hub has it at hand. A node whose own window `seq`
    began at another time shares its spool with another node: this mark is not for it."""


class ZoneShape(Message):
    """A polygon on the picture; a person belongs to it by the foot point."""

    zone: Id
    kind: Literal["queue", "seating", "counter"] = "queue"
    polygon: Annotated[tuple[Point, ...], Field(min_length=3, max_length=64)]
    near: bool = False
    """Detect again on an enlarged crop of this zone: for small or far people."""


class Line(Message):
    """A crossing line from `a` to `b`. Walking from its left to its right counts."""

    line: Id
    zone: Id
    """The queue it serves, or feeds."""
    a: Point
    b: Point
    counts: Literal["served", "entered"] = "served"


class Homography(Message):
    """Four floor points and their tape-measured places."""

    image_points: tuple[Point, Point, Point, Point]
    floor_m: tuple[Metres, Metres, Metres, Metres]


class Rates(Message):
    """How often the node looks and speaks."""

    frames_per_s: Annotated[float, Field(gt=0.0, le=30.0)] = 4.0
    window_s: Annotated[float, Field(ge=1.0, le=60.0)] = 5.0


class NodeConfig(Message):
    """What the hub wants of a node. Lower revisions are ignored."""

    revision: Annotated[int, Field(ge=0, le=MAX_SEQ)]
    zones: Annotated[tuple[ZoneShape, ...], Field(max_length=MAX_ZONES)] = ()
    lines: Annotated[tuple[Line, ...], Field(max_length=MAX_ZONES)] = ()
    homography: Homography | None = None
    model: Text | None = None
    rates: Rates = Rates()

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        zones = [z.zone for z in self.zones]
        if len(set(zones)) != len(zones):
            raise ValueError("two zones have the same id")
        if stray := {line.zone for line in self.lines} - set(zones):
            raise ValueError(f"a line names a zone that is not there: {', '.join(sorted(stray))}")
        return self


class ConfigReported(Message):
    """What the node runs now, or why it refused what was wanted."""

    revision: int
    sha256: Text
    """Over the received bytes, hex."""
    refused: Text | None = None


class HubTime(Message):
    """The hub's clock, every 10 s. Its silence also means "no hub"."""

    at: Utc


class Command(Message):
    """Something a node is to do once. It stores `command` before it acts, and never acts late."""

    command: UUID
    kind: Literal["identify", "still", "preview", "restart", "bench"]
    issued_at: Utc
    expires_at: Utc
    lasts_s: Annotated[float, Field(gt=0.0, le=600.0)] = 30.0
    """How long to blink (`identify`) or to send `preview`."""
    seal_to: Annotated[bytes, Field(min_length=32, max_length=32)] | None = None
    """`still`: the X25519 public key that its picture is sealed to (HPKE), made for it alone."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    @model_validator(mode="after")
    def _a_still_is_sealed(self) -> Self:
        if self.kind == "still" and self.seal_to is None:
            raise ValueError("a still needs the key to seal it to")
        return self


class Still(Message):
    """A calibration picture, blurred on the node, sealed: the broker cannot see it."""

    width_px: Annotated[int, Field(ge=1, le=4096)]
    height_px: Annotated[int, Field(ge=1, le=4096)]
    frames: Annotated[int, Field(ge=1, le=1000)]
    """Of how many frames it is the median."""
    blurred: Annotated[int, Field(ge=0, le=1000)]
    """How many people were still in it and are blurred."""
    sealed: Annotated[bytes, Field(max_length=MAX_STILL_BYTES)]
    """HPKE (X25519, HKDF-SHA256, AES-128-GCM) of a JPEG; info is the command's id."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


class CommandResult(Message):
    """What became of a command: said once, and again if the same command comes again."""

    command: UUID
    at: Utc
    done: bool
    detail: Text = ""
    """One sentence; where it is not done, why and what to do."""
    figures: dict[Text, float] = {}
    """`bench`: frames_per_s, inference_ms, temperature_c."""
    still: Still | None = None


class Preview(Message):
    """What the node sees right now, numbers only, while somebody draws zones. QoS 0."""

    at: Utc
    boxes: Annotated[
        tuple[tuple[Fraction, Fraction, Fraction, Fraction], ...], Field(max_length=300)
    ]
    """Left, top, right, bottom of each person found."""
    zones: Annotated[tuple[ZoneCount, ...], Field(max_length=MAX_ZONES)] = ()
