"""`python -m edge fleet`: a fleet for a hub that runs.

It begins some hours ago and lives them at `--speed`, until it has caught up with now; from then
on it lives as everybody does, until Ctrl-C. So a hub on the true clock takes it for nodes that
were away and have come back. Its lunch rush falls into those hours, whatever the time of day.
"""

import argparse
import logging
import resource
import signal
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from edge.fleet import lunch
from edge.fleet.fleet import Fleet, Passes, Span
from edge.fleet.node import Plan
from edge.fleet.truth import Truth

RUSH_AT: Final = 0.5  # of the hours that are lived again
BEAT_S: Final = 30.0
TELL_EVERY_S: Final = 5.0
TURN_S: Final = 0.1
HELLO_PATIENCE_S: Final = 5.0
BEHIND_MOST_S: Final = 5.0  # more than this is not made up for: the fleet is then slower than told

HINT: Final = """\
{file} is not there. A hub takes nothing from nodes it does not know, so tell it first:
    python -m hub fleet --nodes {nodes}
on the machine that runs it. It writes {file}, with a password for each node."""


def main(argv: list[str]) -> int:
    """Run the command; return its exit status."""
    told = _parser().parse_args(argv)
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    try:
        passes = Passes.model_validate_json(told.passes.read_text("utf-8"))
    except FileNotFoundError:
        print(HINT.format(file=told.passes, nodes=told.nodes or 20), file=sys.stderr)  # noqa: T201
        return 2
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        print(f"{told.passes} cannot be used: {error}", file=sys.stderr)  # noqa: T201
        return 2
    names = passes.names[: told.nodes]
    if told.nodes and len(names) < told.nodes:
        more = f"{told.passes} names {len(names)} nodes: python -m hub fleet --nodes {told.nodes}"
        print(more, file=sys.stderr)  # noqa: T201
        return 2
    with told.truth.open("w", encoding="utf-8") as out:
        _run(told, passes, names, Truth(out))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m edge fleet", description=__doc__)
    parser.add_argument("--nodes", type=_positive, help="how many; default: all the hub knows")
    parser.add_argument("--speed", type=float, default=60.0, help="of the past; default: 60")
    parser.add_argument("--hours", type=float, default=2.0, help="of past to live; default: 2")
    parser.add_argument("--window", type=float, default=60.0, help="seconds a count covers")
    parser.add_argument("--seed", type=int, default=1, help="of queues and faults")
    parser.add_argument("--no-faults", action="store_true", help="nothing befalls the nodes")
    parser.add_argument("--stop", action="store_true", help="once it has caught up with now")
    passes, truth = Path("fleet.json"), Path("fleet-truth.jsonl")
    parser.add_argument("--passes", type=Path, default=passes, help=f"default: {passes}")
    parser.add_argument("--truth", type=Path, default=truth, help=f"default: {truth}")
    return parser


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def _run(told: argparse.Namespace, passes: Passes, names: Sequence, truth: Truth) -> None:
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    allow_many_files()
    now = time.time()
    span = Span(now - 3600 * told.hours, now)
    rush_s = lunch.second_of_day(span.begins + RUSH_AT * (span.ends - span.begins))
    plan = Plan(told.seed, told.window, rush_s)
    with Fleet(passes, names, plan, span, truth, faulty=not told.no_faults) as fleet:
        _say(f"{len(names)} nodes, {told.hours:g} h at {told.speed:g} times their speed. "
             f"What is true is written to {told.truth}. Ctrl-C ends it.")  # fmt: skip
        _catch_up(fleet, told.speed, stop)
        while not (stop.is_set() or told.stop):
            fleet.advance(time.time())
            fleet.pump(TURN_S)
        if not fleet.settle(30.0):
            _say(f"{fleet.unsettled} nodes could not deliver everything: is the hub well?")


def _catch_up(fleet: Fleet, speed: float, stop: threading.Event) -> None:
    """Live the past until it is now. The nodes say how they are by the true clock."""
    fleet.every(BEAT_S * speed)
    for hello in fleet.hellos:
        fleet.advance(hello, datetime.now(UTC))
        fleet.settle(HELLO_PATIENCE_S)
    at, last_s, told_s = fleet.span.begins, time.monotonic(), time.monotonic()
    while not stop.is_set():
        now_s = time.monotonic()
        at += speed * min(now_s - last_s, BEHIND_MOST_S)
        last_s = now_s
        if at >= time.time():
            break
        fleet.advance(at, datetime.now(UTC))
        fleet.pump(TURN_S)
        if now_s - told_s > TELL_EVERY_S:
            told_s = now_s
            _say(f"{datetime.fromtimestamp(at).astimezone():%m-%d %H:%M}: "
                 f"{fleet.unsettled} nodes have something under way")  # fmt: skip
    fleet.every(BEAT_S)
    _say("It is now. The fleet goes on at the speed of everybody.")


def allow_many_files() -> None:
    """A socket a node, and two of paho's own: more than a shell usually allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201
