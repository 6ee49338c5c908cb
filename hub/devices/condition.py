"""What is wrong with a node, worst first: pure, from what the hub last heard of it.

Every limit stands here with its reason. How long something must last before somebody is told is
`alerts`; the words are `condition_words`. A figure a node cannot measure finds nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Any, Final, Literal

Severity = Literal["down", "sick", "note"]

SILENT_S: Final = 100.0  # three heartbeats of 30 s, and the way
COUNTS_SILENT_S: Final = 180.0  # windows are 5 to 60 s long
FRAME_OLD_S: Final = 30.0
HOT_C: Final = 80.0  # a Pi slows itself down at 80, and stops at 85
SLOW_SHARE: Final = 0.5  # of its own usual frames/s, or twice its usual inference time
BACKLOG_S: Final = 600.0
OFFSET_MS: Final = 2_000.0  # a window is 5 s: more moves people into another one
DISK_LOW_BYTES: Final = 500 * 2**20
WIFI_WEAK_DBM: Final = -75.0  # below it packets get lost
ENDING: Final = timedelta(days=20)  # it renews itself 30 days before its end, so it failed to
RECENT: Final = timedelta(days=1)

UNDER_VOLTAGE, CAPPED, THROTTLED, SOFT_LIMIT = 0x1, 0x2, 0x4, 0x8  # now; << 16: since boot


class Cause(StrEnum):
    """In the order of how bad it is: the first of a node's causes is the one it is shown with."""

    REVOKED = "revoked"
    TWIN = "twin"
    MISSING = "missing"
    NEVER_HEARD = "never-heard"
    CAMERA_FAULT = "camera-fault"
    CAMERA_STALLED = "camera-stalled"
    NO_COUNTS = "no-counts"
    CONFIG_REFUSED = "config-refused"
    LID_OPEN = "lid-open"
    UNDER_VOLTAGE = "under-voltage"
    DISK_LOW = "disk-low"
    HOT = "hot"
    THROTTLED = "throttled"
    LOSSES = "losses"
    BACKLOG = "backlog"
    DEAD_LETTERS = "dead-letters"
    NO_CLOCK = "no-clock"
    CLOCK_OFF = "clock-off"
    CERTIFICATE_ENDING = "certificate-ending"
    COUNT_STUCK = "count-stuck"
    COUNT_STRAYED = "count-strayed"
    LENS_DIM = "lens-dim"
    SLOW = "slow"
    WIFI_WEAK = "wifi-weak"
    UNDER_VOLTAGE_BEFORE = "under-voltage-before"
    THROTTLED_BEFORE = "throttled-before"
    VERSION_BEHIND = "version-behind"
    PAUSED = "paused"


RANK: Final = {cause: rank for rank, cause in enumerate(Cause)}
DOWN: Final = frozenset(
    {Cause.REVOKED, Cause.TWIN, Cause.MISSING, Cause.CAMERA_FAULT, Cause.CAMERA_STALLED,
     Cause.NO_COUNTS}
)  # fmt: skip
NOTES: Final = frozenset(
    {Cause.NEVER_HEARD, Cause.UNDER_VOLTAGE_BEFORE, Cause.THROTTLED_BEFORE, Cause.VERSION_BEHIND,
     Cause.PAUSED}
)  # fmt: skip
DRIFTS: Final = {
    "stuck": Cause.COUNT_STUCK, "strayed": Cause.COUNT_STRAYED, "dim": Cause.LENS_DIM,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with the figures its words need."""

    cause: Cause
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """`down`: it does not count. `sick`: it does, for how long? `note`: good to know."""
        return severity_of(self.cause)


@dataclass(frozen=True, slots=True)
class Look:
    """What the hub knows of one node. The hub's clock dates everything that ends in `_at`."""

    state: Mapping[str, Any] | None = None
    state_at: datetime | None = None
    health: Mapping[str, Any] | None = None
    health_at: datetime | None = None
    counts_at: datetime | None = None
    refused: str | None = None
    """Why it refused the wanted configuration."""
    twin_at: datetime | None = None
    revoked_at: datetime | None = None
    certificate_until: datetime | None = None
    letters: int = 0
    """Messages of the last day that could not be stored."""
    lost: int = 0
    """Windows found lost in the last day."""
    usual_frames_per_s: float | None = None
    usual_inference_ms: float | None = None
    drifts: tuple[tuple[str, str], ...] = ()
    """(kind, zone)."""
    listening_since: datetime | None = None
    """Since when the hub listens without a gap; None: that was never written down."""


def severity_of(cause: Cause) -> Severity:
    """How bad a cause is."""
    return "down" if cause in DOWN else "note" if cause in NOTES else "sick"


def findings(look: Look, now: datetime, hub_version: str | None = None) -> tuple[Finding, ...]:
    """Everything that is wrong with a node at the hub's `now`, worst first.

    Of a node that is missing only what the hub itself knows is said: its last figures are old.
    """
    found = list(_known_to_the_hub(look, now))
    if not any(f.cause in (Cause.MISSING, Cause.NEVER_HEARD) for f in found):
        health = look.health or {}
        found += [*_camera(look, health, now), *_machine(health), *_pace(look, health)]
        found += [*_delivery(health), *_clock(health), *_version(look, health, hub_version)]
    return tuple(sorted(found, key=lambda f: RANK[f.cause]))


def _known_to_the_hub(look: Look, now: datetime) -> Iterator[Finding]:
    if look.revoked_at is not None:
        yield Finding(Cause.REVOKED)
        return
    yield from _presence(look, now)
    if look.twin_at is not None and now - look.twin_at < RECENT:
        yield Finding(Cause.TWIN)
    if look.refused:
        yield Finding(Cause.CONFIG_REFUSED, {"why": look.refused})
    if look.letters:
        yield Finding(Cause.DEAD_LETTERS, {"times": look.letters})
    if look.lost:
        yield Finding(Cause.LOSSES, {"windows": look.lost})
    until = look.certificate_until
    if until is not None and until - now < ENDING:
        yield Finding(Cause.CERTIFICATE_ENDING, {"days": max(0, (until - now).days)})
    for kind, zone in look.drifts:
        yield Finding(DRIFTS[kind], {"zone": zone})


def _presence(look: Look, now: datetime) -> Iterator[Finding]:
    """The will, the heartbeat's age and the counts' age, apart."""
    heard = [at for at in (look.state_at, look.health_at) if at is not None]
    if not heard:
        yield Finding(Cause.NEVER_HEARD)
        return
    said_goodbye = (look.state or {}).get("online") is False
    beat_at = look.health_at or max(heard)
    if said_goodbye and look.listening_since is not None:  # they all were, while we were away
        said_goodbye = _age_s(look.listening_since, now) > SILENT_S
    if said_goodbye or _listened_s(look, beat_at, now) > SILENT_S:
        yield Finding(Cause.MISSING, {"silent_s": round(_age_s(beat_at, now))})
        return
    counts = (look.health or {}).get("observing") == "ok"
    since = look.counts_at or look.state_at
    if counts and since is not None and _listened_s(look, since, now) > COUNTS_SILENT_S:
        yield Finding(Cause.NO_COUNTS, {"silent_s": round(_age_s(since, now))})


def _listened_s(look: Look, since: datetime, now: datetime) -> float:
    """How long the hub has listened since then: what was said to nobody is no silence."""
    return _age_s(max(since, look.listening_since or since), now)


def _camera(look: Look, health: Mapping[str, Any], now: datetime) -> Iterator[Finding]:
    observing = health.get("observing") or (look.state or {}).get("observing")
    if observing == "fault":
        yield Finding(Cause.CAMERA_FAULT, {"why": health.get("fault") or ""})
    elif observing == "paused":
        yield Finding(Cause.PAUSED, _pause(look, health, now))
    elif _over(health, "frame_age_s", FRAME_OLD_S):
        yield Finding(Cause.CAMERA_STALLED, {"age_s": round(health["frame_age_s"])})


def _pause(look: Look, health: Mapping[str, Any], now: datetime) -> dict[str, int]:
    """How many minutes are left of what the node last said, if it did."""
    left_s = health.get("pause_left_s")
    if left_s is None or look.health_at is None:
        return {}
    return {"minutes": max(1, ceil((left_s - _age_s(look.health_at, now)) / 60))}


def _machine(health: Mapping[str, Any]) -> Iterator[Finding]:
    if health.get("lid_open"):
        yield Finding(Cause.LID_OPEN)
    bits = health.get("throttled") or 0
    if bits & UNDER_VOLTAGE:
        yield Finding(Cause.UNDER_VOLTAGE)
    elif bits & UNDER_VOLTAGE << 16:
        yield Finding(Cause.UNDER_VOLTAGE_BEFORE)
    slowed = CAPPED | THROTTLED | SOFT_LIMIT
    if bits & slowed:
        yield Finding(Cause.THROTTLED)
    elif bits & slowed << 16:
        yield Finding(Cause.THROTTLED_BEFORE)
    if _over(health, "temperature_c", HOT_C):
        yield Finding(Cause.HOT, {"temperature_c": round(health["temperature_c"])})
    free = health.get("disk_free_bytes")
    if free is not None and free < DISK_LOW_BYTES:
        yield Finding(Cause.DISK_LOW, {"free_mb": round(free / 2**20)})
    wifi = health.get("wifi_dbm")
    if wifi is not None and wifi < WIFI_WEAK_DBM:
        yield Finding(Cause.WIFI_WEAK, {"dbm": round(wifi)})


def _pace(look: Look, health: Mapping[str, Any]) -> Iterator[Finding]:
    """Against its own past: a Pi 4 and a PC are both well at their own pace."""
    if health.get("observing") != "ok":
        return
    frames, usual = health.get("frames_per_s"), look.usual_frames_per_s
    spent, usual_ms = health.get("inference_ms"), look.usual_inference_ms
    if frames is None or usual is None:
        return
    takes_longer = spent is not None and usual_ms is not None and spent > usual_ms / SLOW_SHARE
    if frames < SLOW_SHARE * usual or takes_longer:
        yield Finding(Cause.SLOW, {"frames_per_s": round(frames, 1), "usual": round(usual, 1)})


def _delivery(health: Mapping[str, Any]) -> Iterator[Finding]:
    if _over(health, "outbox_oldest_age_s", BACKLOG_S):
        minutes = round(health["outbox_oldest_age_s"] / 60)
        yield Finding(Cause.BACKLOG, {"minutes": minutes, "depth": health.get("outbox_depth", 0)})


def _clock(health: Mapping[str, Any]) -> Iterator[Finding]:
    offset = health.get("clock_offset_ms")
    if health.get("clock_source") == "none":
        yield Finding(Cause.NO_CLOCK)
    elif offset is not None and abs(offset) > OFFSET_MS:
        yield Finding(Cause.CLOCK_OFF, {"seconds": round(abs(offset) / 1000)})


def _version(look: Look, health: Mapping[str, Any], hub_version: str | None) -> Iterator[Finding]:
    version = str(health.get("version") or (look.state or {}).get("version") or "")
    ours, theirs = _numbers(hub_version or ""), _numbers(version)
    if ours and theirs and theirs < ours:
        yield Finding(Cause.VERSION_BEHIND, {"version": version, "newest": hub_version})


def _numbers(version: str) -> tuple[int, ...]:
    """`1.2.0` as numbers; nothing where it is no release."""
    parts = version.split(".")
    decimal = all(p.isascii() and p.isdecimal() and len(p) < 9 for p in parts)
    return tuple(map(int, parts)) if decimal else ()


def _over(health: Mapping[str, Any], name: str, limit: float) -> bool:
    value = health.get(name)
    return value is not None and value > limit


def _age_s(at: datetime, now: datetime) -> float:
    return (now - at).total_seconds()
