"""The one list of faults."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from tests.system.office import Office, Verdict

Strike = Callable[[Office, Random], None]
Open = Callable[[Path, int], Office]
"""(empty folder, seed) -> an office that is not begun."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of break in a running office."""

    name: str
    promise: str
    """What must hold, in a sentence for docs/faults.md."""
    strike: Strike
    open: Open
    """Faults with the same `open` share an office in a soak."""
    at_most: int | None = None
    """Times in a soak that asks for more: for what takes minutes."""
    at_once: int = 25
    """Strikes before everything is waited for and judged."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one trial showed."""

    verdict: Verdict
    recovery_s: float
    lies: int = 0
    boards: int = 0
    times: int = 1


@dataclass(frozen=True, slots=True)
class Trial:
    """A break that needs a world of its own, set up and judged by itself."""

    name: str
    promise: str
    run: Callable[[Path, Random], Result]
    at_most: int | None = None


def plain(folder: Path, seed: int) -> Office:
    """Two ingest, two web, a worker, four nodes without eyes in two processes, a camera node."""
    return Office(folder, seed=seed, window_s=0.1)


_ALL: Final[dict[str, Fault | Trial]] = {}


def fault(
    name: str,
    promise: str,
    *,
    open: Open = plain,  # noqa: A002
    at_most: int | None = None,
    at_once: int = 25,
) -> Callable[[Strike], Strike]:
    """Register a strike."""

    def register(strike: Strike) -> Strike:
        _ALL[name] = Fault(name, promise, strike, open, at_most, at_once)
        return strike

    return register


def trial(
    name: str, promise: str, *, at_most: int | None = None
) -> Callable[[Callable[[Path, Random], Result]], Callable[[Path, Random], Result]]:
    """Register a trial."""

    def register(run: Callable[[Path, Random], Result]) -> Callable[[Path, Random], Result]:
        _ALL[name] = Trial(name, promise, run, at_most)
        return run

    return register


def faults() -> list[Fault | Trial]:
    """All of this folder, in the order of its files."""
    here = Path(__file__).parent
    for module in sorted(pkgutil.iter_modules([str(here)]), key=lambda found: found.name):
        if module.name != "__main__":
            importlib.import_module(f"tests.system.faults.{module.name}")
    return list(_ALL.values())
