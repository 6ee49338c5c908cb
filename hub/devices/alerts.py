"""When a cause becomes an alert, and when it ends: pure, one cause of one node at a time.

Watched from the moment it is seen; raised once, after it has lasted `raise_after`; closed by
itself after it has been gone for `close_after`. So it can never change faster than that.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from hub.devices.condition import NOTES, Cause


class UnknownAlert(LookupError):
    """No such alert, or it is over."""


class Key(NamedTuple):
    """What there is at most one open alert of."""

    site: str
    node: str
    cause: Cause


class Patience(NamedTuple):
    """How long a cause must be there, and be gone."""

    raise_after: timedelta
    close_after: timedelta


USUAL: Final = Patience(timedelta(minutes=2), timedelta(minutes=5))
PATIENCE: Final[Mapping[Cause, Patience]] = {
    Cause.REVOKED: Patience(timedelta(0), timedelta(0)),  # somebody did it, and undid it
    Cause.TWIN: Patience(timedelta(0), timedelta(minutes=5)),
    Cause.MISSING: Patience(timedelta(minutes=2), timedelta(minutes=2)),  # a restart takes one
    Cause.UNDER_VOLTAGE: Patience(
        timedelta(seconds=30), timedelta(minutes=30)
    ),  # it comes and goes
    Cause.HOT: Patience(timedelta(minutes=5), timedelta(minutes=15)),
    Cause.THROTTLED: Patience(timedelta(minutes=5), timedelta(minutes=30)),
    Cause.SLOW: Patience(timedelta(minutes=15), timedelta(minutes=15)),
    Cause.WIFI_WEAK: Patience(timedelta(minutes=15), timedelta(minutes=30)),
    Cause.CLOCK_OFF: Patience(timedelta(minutes=5), timedelta(minutes=5)),
}
UNTOLD: Final = NOTES  # shown on the page, nobody is told


@dataclass(frozen=True, slots=True)
class Alert:
    """One cause of one node over time; `raised_at` is None while it is only watched."""

    key: Key
    figures: Mapping[str, Any]
    seen_since: datetime
    gone_since: datetime | None = None
    raised_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one look changes. Exactly one of them holds each alert that changed."""

    opened: tuple[Alert, ...] = ()
    changed: tuple[Alert, ...] = ()
    dropped: tuple[Key, ...] = ()
    """Watched, and gone before it was worth an alert."""
    raised: tuple[Alert, ...] = ()
    """Of the above: those that somebody is to be told of now."""
    closed: tuple[Alert, ...] = ()


def patience_of(cause: Cause) -> Patience:
    """How long it must be there, and be gone."""
    return PATIENCE.get(cause, USUAL)


def turn(
    open_ones: Collection[Alert], seen: Mapping[Key, Mapping[str, Any]], now: datetime
) -> Turn:
    """Compare what is open with what is seen at `now`. Doing it twice changes nothing more."""
    known = {alert.key: alert for alert in open_ones}
    opened = [_begin(key, figures, now) for key, figures in seen.items() if key not in known]
    changed, dropped = [], []
    for before in open_ones:
        after = _go_on(before, seen.get(before.key), now)
        if after is None:
            dropped.append(before.key)
        elif after != before:
            changed.append(after)
    raised = [a for a in opened if a.raised_at is not None]
    raised += [a for a in changed if a.raised_at and known[a.key].raised_at is None]
    closed = [a for a in changed if a.closed_at is not None]
    return Turn(tuple(opened), tuple(changed), tuple(dropped), tuple(raised), tuple(closed))


def _begin(key: Key, figures: Mapping[str, Any], now: datetime) -> Alert:
    return _raise_if_due(Alert(key, figures, now), now)


def _go_on(alert: Alert, figures: Mapping[str, Any] | None, now: datetime) -> Alert | None:
    if figures is not None:
        return _raise_if_due(replace(alert, gone_since=None), now, figures)
    if alert.raised_at is None:
        return None
    gone_since = alert.gone_since or now
    over = now - gone_since >= patience_of(alert.key.cause).close_after
    return replace(alert, gone_since=gone_since, closed_at=now if over else None)


def _raise_if_due(alert: Alert, now: datetime, figures: Mapping[str, Any] | None = None) -> Alert:
    due = now - alert.seen_since >= patience_of(alert.key.cause).raise_after
    if alert.raised_at is not None or not due:
        return alert
    return replace(alert, raised_at=now, figures=figures or alert.figures)
