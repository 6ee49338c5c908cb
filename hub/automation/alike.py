"""Which names are alike, and hang together so: a chain of names, each alike another of it.

Two names are alike where they share three fifths of their pairs of letters (Dice's share). Who
shares so much shares one of its rarest pairs too, so only those are compared: each with each would
be twelve million of them in a ledger of 5,000.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, pairwise
from typing import Final

SHARED, OF = 3, 5
"""The share from which on names are alike; whole numbers, so that the bound itself is exact."""
_Pairs = frozenset[str]


class _Chains:
    """Places that were joined; each chain goes by one of them."""

    def __init__(self, count: int) -> None:
        self._next: Final = list(range(count))

    def of(self, at: int) -> int:
        while self._next[at] != at:
            self._next[at] = at = self._next[self._next[at]]
        return at

    def join(self, one: int, other: int) -> None:
        self._next[self.of(one)] = self.of(other)


def chains(names: Sequence[str], on_name: Callable[[int], None]) -> list[list[int]]:
    """The places of names that hang together; `on_name` hears each place and may raise to stop."""
    told = [_pairs(name) for name in names]
    common = Counter(chain.from_iterable(told))
    joined, with_pair = _Chains(len(told)), defaultdict[str, list[int]](list)
    for at, pairs in enumerate(told):
        on_name(at)
        rarest = _rarest(pairs, common)
        for other in {one for pair in rarest for one in with_pair[pair]}:
            if joined.of(other) != joined.of(at) and _alike(pairs, told[other]):
                joined.join(other, at)
        for pair in rarest:
            with_pair[pair].append(at)
    return _together(joined.of(at) for at in range(len(told)))


def _pairs(name: str) -> _Pairs:
    return frozenset(map("".join, pairwise(name))) or frozenset({name} if name else ())


def _rarest(pairs: _Pairs, common: Counter[str]) -> list[str]:
    """So many that a name which is alike has one of them among its own rarest.

    Who shares 3/5 of both sizes by half shares no less than 3/7 of the pairs of either.
    """
    shared = -(-SHARED * len(pairs) // (2 * OF - SHARED))
    return sorted(pairs, key=lambda one: (common[one], one))[: len(pairs) - shared + 1]


def _alike(one: _Pairs, other: _Pairs) -> bool:
    return 2 * OF * len(one & other) >= SHARED * (len(one) + len(other))


def _together(chain_of: Iterable[int]) -> list[list[int]]:
    found = defaultdict[int, list[int]](list)
    for at, one in enumerate(chain_of):
        found[one].append(at)
    return list(found.values())
