"""From waits to one of four words, without flicker.

A level is entered at its threshold and left only 20 % below it, and a change must have stood for
60 s. The level is a fold over the waits of the last minutes and nothing else, so every web
process, given the same minutes, says the same word, and a restart changes nothing.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from hub.density.board import Level

HYSTERESIS: Final = 0.2
LEVELS: Final[tuple[Level, ...]] = ("relaxed", "moderate", "busy", "crowded")


def level_after(
    waits_s: Sequence[float | None], thresholds_s: tuple[int, int, int]
) -> Level | None:
    """Return the level after these minutes, or None when the newest wait is unknown.

    Args:
        waits_s: one wait a minute, oldest first, newest last; None where it was unknown. Half an
            hour is plenty; give every process the same minutes.
        thresholds_s: waits at which moderate, busy and crowded begin, ascending.
    """
    if not waits_s or waits_s[-1] is None:
        return None
    rank: int | None = None
    for before, newest in pairwise([None, *waits_s]):
        rank = _next_rank(rank, before, newest, thresholds_s)
    return None if rank is None else LEVELS[rank]


def _next_rank(
    rank: int | None, before: float | None, newest: float | None, thresholds_s: tuple[int, int, int]
) -> int | None:
    """One minute on. A change needs two minutes in a row on the same side: that is the 60 s."""
    if newest is None:
        return rank
    if rank is None:
        return sum(newest >= t for t in thresholds_s)
    if before is None:
        return rank
    wanted = [_wanted(rank, wait, thresholds_s) for wait in (before, newest)]
    if min(wanted) > rank:
        return min(wanted)
    if max(wanted) < rank:
        return max(wanted)
    return rank


def _wanted(rank: int, wait_s: float, thresholds_s: tuple[int, int, int]) -> int:
    """Where this wait alone would move the level, hysteresis included."""
    up = sum(wait_s >= t for t in thresholds_s)
    down = sum(wait_s >= (1 - HYSTERESIS) * t for t in thresholds_s)
    return max(rank, up) if up > rank else min(rank, down)
