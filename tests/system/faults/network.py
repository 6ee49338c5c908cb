"""A bad network: late, slow, torn, held up, cut, half-open, doubled and out of order."""

import time
from pathlib import Path
from random import Random
from typing import cast

from tests.system.faults.registry import fault
from tests.system.office import Office
from tests.system.office.networked import Networked
from tests.system.office.road import Road, Weather

BAD_S = (1.0, 5.0)
HALF_OPEN_S = (1.0, 40.0)


def networked(folder: Path, seed: int) -> Office:
    """As the plain office, with a road between every two parts."""
    return Networked(folder, seed=seed, window_s=0.1)


def road_of(office: Office, chance: Random, *names: str) -> Road:
    """One of these roads, or of all."""
    roads = cast("Networked", office).roads
    return roads[chance.choice(names or sorted(roads))]


def bad_for(road: Road, weather: Weather, bad_s: float) -> None:
    """Have this weather for so long, then fair weather again."""
    road.weather = weather
    time.sleep(bad_s)
    road.weather = Weather()


@fault(
    "network: connections cut (RST)",
    "Whoever lost a connection makes another; what was on its way is sent again and stored once.",
    open=networked,
)
def cut(office: Office, chance: Random) -> None:
    road_of(office, chance).cut()


@fault(
    "network: late by 20 to 400 ms, and slow",
    "Nothing is taken for lost that is only late, or it is stored once all the same.",
    open=networked,
    at_most=30,
)
def late(office: Office, chance: Random) -> None:
    weather = Weather(late_s=(0.02, 0.4), bytes_per_s=chance.choice([None, 4_000.0, 20_000.0]))
    bad_for(road_of(office, chance), weather, chance.uniform(*BAD_S))


@fault(
    "network: written in pieces of 1 to 7 bytes",
    "No reader takes a piece for a message.",
    open=networked,
)
def torn(office: Office, chance: Random) -> None:
    bad_for(road_of(office, chance), Weather(piece_bytes=7), chance.uniform(*BAD_S))


@fault(
    "network: nothing moves for 1 to 20 s, and then all of it",
    "A pause under the time limits goes by; one above them is a new connection.",
    open=networked,
    at_most=20,
    at_once=10,
)
def held(office: Office, chance: Random) -> None:
    bad_for(road_of(office, chance), Weather(held=True), chance.uniform(1.0, 20.0))


@fault(
    "network: half-open to the broker (bytes vanish, no RST)",
    "Keep-alive finds it out on both sides; the outboxes hold what vanished.",
    open=networked,
    at_most=10,
    at_once=1,
)
def half_open(office: Office, chance: Random) -> None:
    road = road_of(office, chance, "nodes", "hub")
    road.swallow()
    bad_for(road, Weather(closed=True), chance.uniform(*HALF_OPEN_S))


@fault(
    "network: MQTT packets sent again and out of order",
    "A count is known by its sequence number, not by when or how often it comes.",
    open=networked,
)
def doubled(office: Office, chance: Random) -> None:
    weather = Weather(again=chance.uniform(0.1, 0.6), swapped=chance.uniform(0.1, 0.6))
    bad_for(road_of(office, chance, "nodes", "hub"), weather, chance.uniform(*BAD_S))


@fault(
    "network: the broker's PUBACKs lost",
    "Who waits too long for a PUBACK connects anew; what it had sent is stored once.",
    open=networked,
    at_most=10,
    at_once=2,
)
def unacknowledged(office: Office, chance: Random) -> None:
    road = road_of(office, chance, "nodes")
    bad_for(road, Weather(unacknowledged=chance.uniform(0.3, 1.0)), chance.uniform(*BAD_S))
