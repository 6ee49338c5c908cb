"""What the hub looks at in a statement: pure functions that give reasons, and the verdict of them.

Each takes the statement, what the hub knows beside it, and the policy. None asks a clock or a
store. A reason is a fact and a question; nothing here says that anybody did wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.tripproof.geo import distance_m
from hub.tripproof.policy import Policy
from hub.tripproof.reasons import Reason, grade
from hub.tripproof.statement import FIRST, NO_CHALLENGE, Fix, Statement
from hub.tripproof.verdict import Place, Verdict


@dataclass(frozen=True, slots=True)
class Given:
    """A challenge that the hub gave to this device. Times in seconds since 1970."""

    issued_at: int
    expires_at: int
    used_by: bytes | None = None
    """The proof that used it, if one did."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a destination, degrees x 1e7. Without a radius the policy's."""

    lat_e7: int
    lon_e7: int
    radius_m: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What the trip order says, as far as it is looked at. `until` belongs to the trip."""

    people: tuple[str, ...]
    since: int
    until: int
    points: tuple[Point, ...] = ()
    by_air: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the hub knows beside a statement. Times in seconds since 1970."""

    received_at: int
    challenge: Given | None = None
    """None: it gave this device no such challenge."""
    highest_counter: int = 0
    """Of the device's key so far; 0: none."""
    before: bytes | None = None
    """hash16 of this key's statement with the counter before, where that is in the log."""
    counter_taken_by: bytes | None = None
    """Another proof of this key with the same counter."""
    previous: Statement | None = None
    """The one before, sent along by the phone and found to be in the log."""
    other_person_s: int | None = None
    """Seconds to the nearest proof of another person from the same phone."""
    order: Order | None = None
    key_ended_at: int | None = None


def judged(said: Statement, known: Known, policy: Policy) -> Verdict:
    """The verdict on a statement whose signature was checked."""
    apart_m = nearest_m(said.fix, known.order, policy)
    reasons = frozenset(reasons_for(said, known, policy))
    return Verdict(
        cti=said.cti,
        trip=said.trip,
        kind=said.kind,
        minute=said.minute,
        place=place(apart_m, policy),
        band=band(distance_to_nearest_m(said.fix, known.order), policy),
        grade=grade(reasons),
        reasons=tuple(sorted(int(reason) for reason in reasons)),
        policy=policy.version,
        received_at=known.received_at,
    )


def reasons_for(said: Statement, known: Known, policy: Policy) -> Iterator[Reason]:
    """Every reason, in no order."""
    yield from of_fix(said, policy)
    yield from of_destination(said, known, policy)
    yield from of_time(said, known, policy)
    yield from of_challenge(said, known, policy)
    yield from of_chain(said, known)
    yield from of_phone(known, policy)
    yield from of_movement(said, known, policy)
    yield from of_order(said, known)


def of_fix(said: Statement, policy: Policy) -> Iterator[Reason]:
    """How good the fix is."""
    if said.fix is None:
        yield Reason.NO_PLACE
        return
    if said.fix.accuracy_m > policy.accuracy_poor_m:
        yield Reason.ACCURACY_POOR
    elif said.fix.accuracy_m > policy.accuracy_coarse_m:
        yield Reason.ACCURACY_COARSE
    if abs(said.signed_at - said.fix.at) > policy.fix_apart_s:
        yield Reason.FIX_OLD


def of_destination(said: Statement, known: Known, policy: Policy) -> Iterator[Reason]:
    """Where the fix lies, seen from the destination. No coordinates are never suspicious."""
    found = place(nearest_m(said.fix, known.order, policy), policy)
    if found is Place.NEAR:
        yield Reason.NEAR
    if found is Place.OUTSIDE:
        yield Reason.OUTSIDE
    if known.order and not known.order.points:
        yield Reason.DESTINATION_UNKNOWN


def of_time(said: Statement, known: Known, policy: Policy) -> Iterator[Reason]:
    """Between which times it must lie, and whether the phone's clock agrees."""
    if known.received_at - said.signed_at > policy.offline_s or said.queued:
        yield Reason.OFFLINE
    if said.signed_at - known.received_at > policy.clock_s:
        yield Reason.CLOCK_AHEAD
    not_before = known.challenge.issued_at if known.challenge else said.signed_at
    if known.received_at - not_before > policy.late_s:
        yield Reason.LATE
    if not_before - said.signed_at > policy.clock_s:
        yield Reason.CLOCK_BEHIND


def of_challenge(said: Statement, known: Known, policy: Policy) -> Iterator[Reason]:
    """Whether it carries a challenge of the hub that was for it."""
    if said.challenge == NO_CHALLENGE:
        yield Reason.CHALLENGE_NONE
    elif known.challenge is None:
        yield Reason.CHALLENGE_UNKNOWN
    else:
        if known.challenge.used_by not in (None, said.cti):
            yield Reason.CHALLENGE_REUSED
        if said.signed_at - known.challenge.expires_at > policy.clock_s:
            yield Reason.CHALLENGE_EXPIRED


def of_chain(said: Statement, known: Known) -> Iterator[Reason]:
    """Whether the key's proofs follow one another without gap or fork."""
    if known.counter_taken_by not in (None, said.cti):
        yield Reason.CLASH
    elif said.counter < known.highest_counter:
        yield Reason.OUT_OF_ORDER
    elif said.counter > known.highest_counter + 1:
        yield Reason.COUNTER_GAP
    named_first = said.before == FIRST
    if named_first != (said.counter == 1) or known.before not in (None, said.before):
        yield Reason.CHAIN_BROKEN


def of_phone(known: Known, policy: Policy) -> Iterator[Reason]:
    """Whether the phone proved for somebody else just then, and whether its key still stood."""
    if known.other_person_s is not None and known.other_person_s <= policy.same_phone_s:
        yield Reason.SAME_PHONE
    if known.key_ended_at is not None and known.key_ended_at <= known.received_at:
        yield Reason.KEY_ENDED


def of_movement(said: Statement, known: Known, policy: Policy) -> Iterator[Reason]:
    """Whether one could get here from the place before.

    Straight-line distance less both accuracies and a slack, over at least a minute. Where the clock
    ran backward there is no time to divide by, and only that is said.
    """
    if known.previous is None:
        if said.counter > 1:
            yield Reason.PREVIOUS_MISSING
        return
    before, here = known.previous.fix, said.fix
    if before is None or here is None:
        return
    if here.at < before.at:
        yield Reason.TIME_REVERSED
    elif speed_kmh(before, here, policy) > fastest_kmh(known, policy):
        yield Reason.TOO_FAST


def of_order(said: Statement, known: Known) -> Iterator[Reason]:
    """Whether there is an order, and it names this person and time."""
    if known.order is None:
        yield Reason.NO_ORDER
        return
    if not known.order.since <= said.signed_at <= known.order.until:
        yield Reason.OUTSIDE_DATES
    if said.who not in known.order.people:
        yield Reason.OTHER_PERSON


def speed_kmh(before: Fix, here: Fix, policy: Policy) -> float:
    """The least speed that both fixes allow."""
    apart_m = distance_m(before.lat_e7, before.lon_e7, here.lat_e7, here.lon_e7)
    moved_m = max(0.0, apart_m - before.accuracy_m - here.accuracy_m - policy.speed_slack_m)
    return moved_m / max(policy.speed_least_s, here.at - before.at) * 3.6


def fastest_kmh(known: Known, policy: Policy) -> int:
    """The speed up to which nothing is asked."""
    by_air = known.order is not None and known.order.by_air
    return policy.air_kmh if by_air else policy.speed_kmh


def nearest_m(fix: Fix | None, order: Order | None, policy: Policy) -> float | None:
    """Metres from the edge of the destination's nearest point, its accuracy in favour of the fix.

    A fix worse than the policy's poor accuracy gets no more than that: it would be everywhere.
    """
    if fix is None or order is None:
        return None
    allowed_m = min(fix.accuracy_m, policy.accuracy_poor_m)
    edges = (_apart_m(fix, point) - _radius_m(point, policy) for point in order.points)
    nearest = min(edges, default=None)
    return None if nearest is None else nearest - allowed_m


def distance_to_nearest_m(fix: Fix | None, order: Order | None) -> float | None:
    """Metres to the destination's nearest point itself."""
    if fix is None or order is None:
        return None
    return min((_apart_m(fix, point) for point in order.points), default=None)


def place(from_edge_m: float | None, policy: Policy) -> Place:
    """Inside, near or outside; unknown where there is nothing to compare."""
    if from_edge_m is None:
        return Place.UNKNOWN
    if from_edge_m <= 0:
        return Place.INSIDE
    return Place.NEAR if from_edge_m <= policy.near_m else Place.OUTSIDE


def band(apart_m: float | None, policy: Policy) -> int:
    """The distance as a band: 0 none, then one up for each bound that it reaches."""
    if apart_m is None:
        return 0
    return 1 + sum(apart_m >= bound_m for bound_m in policy.bands_m)


def _apart_m(fix: Fix, point: Point) -> float:
    return distance_m(fix.lat_e7, fix.lon_e7, point.lat_e7, point.lon_e7)


def _radius_m(point: Point, policy: Policy) -> int:
    return policy.inside_m if point.radius_m is None else point.radius_m
