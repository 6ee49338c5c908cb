"""How a trip stands: what confirms it, and what is missing once it is over.

A confirmation on paper or by photo counts as a touch does, for the whole trip of its person. What
is missing is said of the trip, never of why: whoever consented and forgot, and whoever did not
consent, are told alike. Nothing is missing before a trip is over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hub.tripproof.statement import Kind
from hub.tripproof.store.confirmations import Confirmation
from hub.tripproof.store.department import Touch
from hub.tripproof.store.orders import TripOrder


class State(StrEnum):
    """How it stands, the one that most needs somebody first."""

    NOTHING = "nothing"
    PARTLY = "partly"
    GOING = "going"
    AHEAD = "ahead"
    CONFIRMED = "confirmed"


class Gap(StrEnum):
    """What is missing of a trip that is over."""

    NOTHING = "nothing"
    ARRIVAL = "arrival"
    DEPARTURE = "departure"


@dataclass(frozen=True, slots=True)
class Traveller:
    """One person on one order."""

    who: str
    name: str
    state: State
    gaps: list[Gap]
    touches: list[Touch] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Trip:
    """An order, who travels, and touches that name it of people whom it does not name."""

    order: TripOrder
    state: State
    travellers: list[Traveller]
    others: list[Touch]


@dataclass(frozen=True, slots=True)
class Month:
    """The orders of some days, and the touches of these days without one."""

    trips: list[Trip]
    loose: list[Touch]
    names: Mapping[str, str]


def trip(
    order: TripOrder,
    touches: Iterable[Touch],
    confirmations: Iterable[Confirmation],
    names: Mapping[str, str],
    now: datetime,
) -> Trip:
    """One order with what belongs to it."""
    touches, confirmations = list(touches), list(confirmations)
    travellers = [
        _traveller(
            order, who, names.get(who, ""), [one for one in touches if one.who == who],
            [one for one in confirmations if one.who == who], now,
        )
        for who in order.people
    ]  # fmt: skip
    others = [one for one in touches if one.who not in order.people]
    return Trip(order, worst(one.state for one in travellers), travellers, others)


def part(trip: Trip, who: str) -> Trip:
    """What one traveller may see of a trip together: their own part."""
    own = [one for one in trip.travellers if one.who == who]
    return Trip(trip.order, worst(one.state for one in own), own, [])


def worst(states: Iterable[State]) -> State:
    """The one that most needs somebody."""
    return min(states, key=list(State).index)


def gaps(touches: Iterable[Touch], confirmations: Iterable[Confirmation]) -> list[Gap]:
    """What is missing, if the trip is over."""
    if any(not one.is_withdrawn for one in confirmations):
        return []
    kinds = {one.kind for one in touches}
    if not kinds:
        return [Gap.NOTHING]
    wanted = {Gap.ARRIVAL: Kind.ARRIVE, Gap.DEPARTURE: Kind.DEPART}
    return [gap for gap, kind in wanted.items() if kind not in kinds]


def _traveller(
    order: TripOrder,
    who: str,
    name: str,
    touches: list[Touch],
    confirmations: list[Confirmation],
    now: datetime,
) -> Traveller:
    missing = gaps(touches, confirmations)
    state = _state(order, missing, now)
    is_over = now >= order.ends_at
    return Traveller(who, name, state, missing if is_over else [], touches, confirmations)


def _state(order: TripOrder, missing: list[Gap], now: datetime) -> State:
    if not missing:
        return State.CONFIRMED
    if now < order.begins_at and missing == [Gap.NOTHING]:
        return State.AHEAD
    if now < order.ends_at:
        return State.GOING
    return State.NOTHING if missing == [Gap.NOTHING] else State.PARTLY
