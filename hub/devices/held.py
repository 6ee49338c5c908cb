"""Which seqs of one outbox the hub holds: pure ranges in, pure ranges out.

Held means "do not send it again": stored, refused for good, or written down as lost. What this
leaves out: databases and clocks.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

Range = tuple[int, int]
"""Half-open: [first, end)."""
Ranges = tuple[Range, ...]
"""Sorted, disjoint, not touching, none empty. The form of a PostgreSQL int8multirange."""
FIRST_SEQ: Final = 1


def union(ranges: Iterable[Range]) -> Ranges:
    """Bring any half-open ranges into the form of `Ranges`."""
    merged: list[Range] = []
    for first, end in sorted(r for r in ranges if r[0] < r[1]):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((first, end))
    return tuple(merged)


def minus(these: Ranges, those: Ranges) -> Ranges:
    """What is in `these` and not in `those`."""
    return tuple(left for r in these for left in _outside(r, those))


def _outside(whole: Range, those: Ranges) -> list[Range]:
    first, end = whole
    inside = [r for r in those if r[0] < end and r[1] > first]
    edges = [(first, first), *inside, (end, end)]
    return [(a[1], b[0]) for a, b in pairwise(edges) if a[1] < b[0]]


def of_seqs(seqs: Iterable[int]) -> Ranges:
    """The ranges that hold exactly these seqs."""
    return union((seq, seq + 1) for seq in seqs)


def contains(ranges: Ranges, seq: int) -> bool:
    """Whether `seq` is in one of the ranges."""
    place = bisect_right(ranges, seq, key=lambda r: r[0])
    return place > 0 and seq < ranges[place - 1][1]


@dataclass(frozen=True, slots=True)
class Held:
    """One outbox, as the hub knows it."""

    held: Ranges = ()
    lost: Ranges = ()
    """The part of `held` that never came: the node gave it up before the hub had it."""
    refused: Ranges = ()
    """The part of `held` that came and is in the dead letters."""

    @property
    def mark(self) -> int:
        """Everything up to here is held; 0 where the first seq is missing."""
        starts = bool(self.held) and self.held[0][0] <= FIRST_SEQ
        return self.held[0][1] - 1 if starts else FIRST_SEQ - 1

    def fresh(self, seqs: Iterable[int]) -> frozenset[int]:
        """Those that have to be stored now. A lost one that comes after all is fresh too."""
        known = minus(self.held, self.lost)
        return frozenset(seq for seq in seqs if not contains(known, seq))

    def stored(self, seqs: Iterable[int]) -> frozenset[int]:
        """Those that are in the samples already, or were once."""
        gone = union((*self.lost, *self.refused))
        known = minus(self.held, gone)
        return frozenset(seq for seq in seqs if contains(known, seq))

    def hear(self, seqs: Sequence[int], oldest: int, refused: Sequence[int] = ()) -> "Held":
        """Add what came, and hold everything below the `oldest` that the node still has.

        `refused` are those of `seqs` that cannot be stored.
        """
        came = of_seqs(seqs)
        given_up = minus(((FIRST_SEQ, oldest),) if oldest > FIRST_SEQ else (), self.held)
        return Held(
            held=union((*self.held, *came, *given_up)),
            lost=minus(union((*self.lost, *given_up)), came),
            refused=union((*self.refused, *of_seqs(self.fresh(refused)))),
        )
