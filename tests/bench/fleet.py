"""A thousand simulated nodes on one hub, and how right the hub is about their queues.

Fleet and hub share a clock that waits for both (`tests.system.office.fleet_office`), so what is
found does not depend on how fast this machine is; how fast it was is told beside. The queues are
simulated: their true waits are known, and are not those of a given office.
"""

import asyncio
import json
import logging
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from itertools import pairwise
from typing import Any, Final

import httpx
import numpy as np
import psycopg

from edge.fleet import lunch
from edge.fleet.command import allow_many_files
from edge.fleet.fleet import Fleet, Span
from edge.fleet.lunch import Lunch
from edge.fleet.node import Plan
from edge.fleet.truth import Truth
from hub.density import jobs
from hub.density import now as rules
from hub.density.board import Board, ZoneNow
from hub.density.store import outlook, rollups, series
from hub.kit import db
from hub.kit.embedded import broker as brokers
from tests.bench.row import Row, as_line, at_least, at_most, known, skipped
from tests.system.office import fleet_office
from tests.system.office.fleet_office import FleetOffice
from tests.web import people

NODES: Final = 1_000
MINUTES: Final = 25
STEP_S: Final = 60.0
PAGES: Final = 9
SEED: Final = 20261121

COUNTERS: Final = 12
WEEKS: Final = 4
LIVE_DAYS: Final = 2
WINDOW_S: Final = 5.0
RUSH_S: Final = 12 * 3600.0
BEFORE_S, AFTER_S = 60 * 60.0, 150 * 60.0  # the rush
ASKED_S: Final = (-40 * 60.0, 60 * 60.0)  # when somebody looks at the board
SEEN_LATE_S: Final = 10.0  # a window in progress when somebody looks is not known yet
HORIZON_MIN: Final = 90
MANY: Final = "1,000 nodes"
SERVER: Final = {"fsync": "on", "shared_buffers": "256MB"}


def rows() -> Iterator[Row]:
    """Every figure: first of the thousand nodes, then of the queues."""
    if brokers.mosquitto() is None:
        yield skipped("fleet", "mosquitto 2 is not installed: apt-get install mosquitto")
        return
    allow_many_files()
    for quiet in ("edge", "hub"):  # what the nodes are made to go through is no news
        logging.getLogger(quiet).setLevel(logging.CRITICAL)
    yield from _thousand()
    yield from _queues()


# A thousand nodes, for half an hour.


def _thousand() -> Iterator[Row]:
    ends = float(int(time.time()))
    span, out = Span(ends - 60 * MINUTES, ends), StringIO()
    plan = Plan(SEED, STEP_S, lunch.second_of_day(span.begins + 600))
    with fleet_office.opened(NODES, span.begins, options=SERVER) as office:
        with Fleet(office.passes, office.names, plan, span, Truth(out)) as fleet:
            office.begin(fleet)
            began_s = time.monotonic()
            office.live(fleet, span.ends, STEP_S, office.look)
            speed = 60 * MINUTES / (time.monotonic() - began_s)
            page_s, nodes, page_kb = asyncio.run(_page(office))
        truth = [json.loads(line) for line in out.getvalue().splitlines()]
        with psycopg.connect(office.dsn) as conn:
            yield from _kept(conn, truth)
            yield from _called(conn, truth)
    name, size = f"fleet: health page of {nodes:,} nodes (/api/v1/devices)", f"{page_kb:.0f} kB"
    yield at_most(name, page_s, "s", f"at the door; {size} of JSON", floor=1.0)
    name = f"fleet: pace of {MANY}, each with a window and a heartbeat a minute, all committed"
    yield known(name, speed, "x the speed of life", "a real fleet: 1")


def _kept(conn: psycopg.Connection[Any], truth: list[dict[str, Any]]) -> Iterator[Row]:
    made, stored = fleet_office.made(truth), fleet_office.stored(conn)
    windows = sum(one[0] for one in made.values())
    right = sum(stored.get(node, (0,))[0] for node, one in made.items() if stored.get(node) == one)
    yield at_least(
        f"fleet: windows of {MANY} stored once and unchanged, with reboots, repeats, days offline",
        float(right),
        "windows",
        f"counted by the nodes: {windows:,}",
        floor=1.0,
        ratio=right / windows,
    )


def _called(conn: psycopg.Connection[Any], truth: list[dict[str, Any]]) -> Iterator[Row]:
    expected, called = fleet_office.expected(truth), fleet_office.called(conn)
    told = f"faults that somebody is to be called for: {len(expected)}"
    found = len(expected & called)
    yield at_least(
        f"fleet: alerts, faults found among {MANY}",
        float(found),
        "faults",
        told,
        floor=1.0,
        ratio=found / len(expected),
    )
    befell = sum(line["what"] == "fault" for line in truth)
    words = f"nodes that nothing befell, or nothing to call for: {NODES - len(expected)}"
    invented = float(len(called - expected))
    yield at_most(
        f"fleet: alerts, invented among {MANY} ({befell} faults)",
        invented,
        "alerts",
        words,
        floor=0.0,
    )


async def _page(office: FleetOffice) -> tuple[float, int, float]:
    """(median seconds, nodes, kB) of the health page's data, through the real door."""
    async with await db.connect(office.dsn) as conn:
        await people.add(conn, "facilities-1", "facilities")
    async with httpx.AsyncClient(base_url=office.url, timeout=60.0) as client:
        body = {"login": "facilities-1", "password": people.PASSWORD}
        entered = await client.post("/api/v1/session", json=body, headers=people.OURS)
        entered.raise_for_status()
        # the cookie is Secure: a client does not send it over plain HTTP by itself
        cookie = entered.headers["set-cookie"].partition(";")[0]
        took_s, seen, size = [], 0, 0
        for _ in range(PAGES):
            began_s = time.perf_counter()
            answer = await client.get("/api/v1/devices", headers={"Cookie": cookie})
            took_s.append(time.perf_counter() - began_s)
            answer.raise_for_status()
            seen, size = len(answer.json()["devices"]), len(answer.content)
    return statistics.median(took_s), seen, size / 1e3


# The queues of some counters: weeks of them, and two days that are looked at.


@dataclass(frozen=True)
class Asked:
    """What the board said to somebody at a counter, and what was true. Seconds."""

    shown: float
    low: float
    high: float
    true: float
    knowing: float
    """What somebody would have said who knows everybody ahead and the true pace."""


def _queues() -> Iterator[Row]:
    days = _workdays(datetime.now(UTC).timestamp(), 5 * WEEKS + LIVE_DAYS)
    with fleet_office.opened(COUNTERS, days[0], options=SERVER) as office:
        with psycopg.connect(office.dsn) as conn:
            first = datetime.fromtimestamp(days[0], UTC)
            conn.execute("SELECT sample_days(%s, %s)", (first, datetime.now(UTC)))
        for midnight in days[:-LIVE_DAYS]:
            _send(office, midnight, 60.0)
        truth = {k: v for day in days[-LIVE_DAYS:] for k, v in _send(office, day, WINDOW_S).items()}
        live = days[-LIVE_DAYS:]
        yield from _waits(asyncio.run(_asked(office, live, truth)), "on its first days")
        asyncio.run(_learn(office, live[0]))
        yield from _waits(asyncio.run(_asked(office, live, truth)), f"after {WEEKS} weeks")
        yield from _regret(asyncio.run(_advised(office, live, truth)))


def _workdays(now: float, how_many: int) -> list[float]:
    """The Korean midnights of the last days from Monday to Friday, oldest first."""
    today = now - lunch.second_of_day(now)
    before = [today - n * lunch.DAY_S for n in range(1, 90)]
    return [at for at in before if (lunch.day_of(at) + 3) % 7 < 5][:how_many][::-1]


def _send(office: FleetOffice, midnight: float, window_s: float) -> dict[tuple[int, int], float]:
    """One lunch of all counters over the wire; (counter, minute of time) -> true wait."""
    span = Span(midnight + RUSH_S - BEFORE_S, midnight + RUSH_S + AFTER_S)
    out = StringIO()
    plan = Plan(SEED, window_s, RUSH_S)
    with Fleet(office.passes, office.names, plan, span, Truth(out), faulty=False) as fleet:
        office.live_a_step(fleet, span.ends)
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    index = {str(name): nth for nth, name in enumerate(office.names)}
    return {
        (index[line["node"]], int(line["at"] // 60)): line["wait_s"]
        for line in told
        if line["what"] == "wait"
    }


async def _learn(office: FleetOffice, now: float) -> None:
    at = datetime.fromtimestamp(now, UTC)
    await asyncio.to_thread(_roll_up, office.dsn)
    async with await db.connect(office.dsn) as conn:
        for zone in await outlook.queue_zones(conn):
            await jobs.fit_zone(conn, zone, at)
        await conn.commit()


def _roll_up(dsn: str) -> None:
    with db.connect_sync(dsn, autocommit=True) as conn:
        rollups.refresh(conn)


def _moments(days: Sequence[float]) -> list[float]:
    """The minutes at which somebody looks."""
    first, last = (int(after_s // 60) for after_s in ASKED_S)
    return [day + RUSH_S + 60.0 * minute for day in days for minute in range(first, last)]


async def _asked(
    office: FleetOffice, days: Sequence[float], truth: dict[tuple[int, int], float]
) -> list[Asked]:
    found = []
    async with await db.connect(office.dsn) as conn:
        for at in _moments(days):
            board = await _board_at(conn, at)
            for nth, zone in enumerate(_zones(board)):
                true = truth[nth, int(at // 60)]
                if zone.wait_s is None or true == 0.0:
                    continue
                low, high = zone.wait_low_s or 0, zone.wait_high_s
                bounds = (low, float("inf") if high is None else high)
                found.append(Asked(zone.wait_s, *bounds, true, _knowing(nth, at)))
    return found


async def _board_at(conn: Any, at: float) -> Board:
    """The board that somebody saw who joined at `at`: of what had come in by then."""
    seen = datetime.fromtimestamp(at - SEEN_LATE_S, UTC)
    return rules.board(await series.rows_now(conn, seen), seen)


def _zones(board: Board) -> list[ZoneNow]:
    return sorted((z for site in board.sites for z in site.zones), key=lambda zone: zone.node)


def _knowing(counter: int, at: float) -> float:
    """Everybody ahead, times the counter's true mean time these ten minutes."""
    day = Lunch.of(SEED, counter, lunch.day_of(at), RUSH_S)
    ahead = int(np.searchsorted(day.arrived, at) - np.searchsorted(day.left, at))
    first, last = np.searchsorted(day.left, (at - 300, at + 300))
    busy = [b - a for a, b in pairwise(day.left[first:last])]
    free = np.maximum(day.arrived[first + 1 : last], day.left[first : last - 1])
    took = day.left[first + 1 : last] - free
    return ahead * float(took.mean() if busy else 0.0)


def _waits(asked: list[Asked], when: str) -> Iterator[Row]:
    shown, low, high, true, knowing = np.array(
        [(one.shown, one.low, one.high, one.true, one.knowing) for one in asked]
    ).T
    mean_s = float(true.mean())
    yield at_most(
        f"fleet: wait shown, mean error {when} (simulated)",
        float(abs((shown - true).mean())) / mean_s,
        "of the mean wait",
        f"mean wait: {mean_s / 60:.1f} min, {len(asked):,} times somebody joined",
        floor=0.1,
    )
    inside = float(((true >= low) & (true <= high)).mean())
    yield {
        **at_least(
            f"fleet: true waits inside the 80 % interval {when} (simulated)",
            inside,
            "share",
            "0.75 to 0.85 wanted",
            floor=0.75,
            ratio=inside,
        ),
        "ok": 0.75 <= inside <= 0.85,
    }
    ours, theirs = (float(np.abs(x - true).mean()) / mean_s for x in (shown, knowing))
    yield known(
        f"fleet: wait shown, error for one person {when} (simulated)",
        ours,
        "of the mean wait",
        f"knowing everybody ahead and the true pace: {theirs:.3f}",
        ours / theirs,
    )


async def _advised(
    office: FleetOffice, days: Sequence[float], truth: dict[tuple[int, int], float]
) -> list[tuple[float, float, float]]:
    """(regret of following the advice, of going now, of the best guess by the clock) in minutes."""
    found = []
    async with await db.connect(office.dsn) as conn:
        for at in _moments(days):
            minute = int(at // 60)
            if minute % 5 == 0:
                await jobs.forecast_all(conn, datetime.fromtimestamp(at, UTC))
            board = await _board_at(conn, at)
            for nth, zone in enumerate(_zones(board)):
                if zone.wait_s is None:
                    continue
                go = zone.advice.at.timestamp() if zone.advice else at
                ahead = [truth[nth, minute + n] for n in range(HORIZON_MIN + 1)]
                best = min(ahead)
                told = truth[nth, int(go // 60)]
                found.append(((told - best) / 60, (ahead[0] - best) / 60, float(go > at)))
    return found


def _regret(advised: list[tuple[float, float, float]]) -> Iterator[Row]:
    ours, going_now, told = (statistics.mean(column) for column in zip(*advised, strict=True))
    yield at_most(
        "fleet: advice, waited beyond the best choice (simulated)",
        ours,
        "min",
        f"going at once: {going_now:.2f} min; advice was given {told:.0%} of the time",
        floor=0.5,
        ratio=ours / going_now,
    )


if __name__ == "__main__":
    for row in rows():
        print(as_line(row), flush=True)
