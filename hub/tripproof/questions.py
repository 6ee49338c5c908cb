"""What an auditor may want to ask about, from verdicts alone. Questions, never findings of guilt.

Each has an ordinary explanation: a shared phone, a valley without network, colleagues in one car.
Where two proofs lie is not known here; what only that shows is asked in the auditor's browser.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final, TypeVar

from hub.tripproof.reasons import Reason
from hub.tripproof.store.reviewing import Reviewed
from hub.tripproof.verdict import Grade

Key = TypeVar("Key", bound=Hashable)
PROOFS_SHOWN: Final = 20
MANY: Final = 3
"""Once is chance, twice too; from the third time on it may be asked about."""
ENOUGH: Final = 5
"""Below this many proofs, a share of them says nothing."""
HALF: Final = 0.5
PEOPLE_AT_ONCE: Final = 8
"""More at one minute are a meeting: pairs among them say nothing."""


class Why(StrEnum):
    """What is asked about."""

    SAME_MINUTE = "same_minute"
    CHAIN_BROKEN = "chain_broken"
    MUCH_C = "much_c"
    LATE = "late"
    SAME_PHONE = "same_phone"
    CLOCK = "clock"


_BY_REASON: Final = {
    Why.CHAIN_BROKEN: ({Reason.CHAIN_BROKEN, Reason.CLASH}, 1),
    Why.LATE: ({Reason.LATE}, MANY),
    Why.CLOCK: ({Reason.CLOCK_AHEAD, Reason.CLOCK_BEHIND}, MANY),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask: about whom, in how many of how many, and the newest of those proofs."""

    why: Why
    people: tuple[str, ...]
    count: int
    of: int
    proofs: tuple[bytes, ...]


def asked(proofs: Sequence[Reviewed]) -> list[Question]:
    """The questions over these proofs, the one with the most proofs first in each kind."""
    by_person = _grouped(proofs, lambda one: one.who)
    found = [
        *_same_minute(proofs, by_person), *_same_phone(proofs), *_of_reasons(by_person),
        *_much_c(by_person),
    ]  # fmt: skip
    order = list(Why)
    return sorted(found, key=lambda one: (order.index(one.why), -one.count, one.people))


def _of_reasons(by_person: dict[str, list[Reviewed]]) -> Iterator[Question]:
    for who, theirs in by_person.items():
        for why, (reasons, least) in _BY_REASON.items():
            fit = [one for one in theirs if reasons.intersection(one.reasons)]
            if len(fit) >= least:
                yield _question(why, [who], fit, len(theirs))


def _much_c(by_person: dict[str, list[Reviewed]]) -> Iterator[Question]:
    for who, theirs in by_person.items():
        low = [one for one in theirs if one.grade == Grade.C]
        if len(theirs) >= ENOUGH and len(low) >= HALF * len(theirs):
            yield _question(Why.MUCH_C, [who], low, len(theirs))


def _same_phone(proofs: Iterable[Reviewed]) -> Iterator[Question]:
    """Two people's proofs close together from one installation, by the verdict's reason."""
    for theirs in _grouped(proofs, lambda one: one.phone).values():
        people = {one.who for one in theirs}
        close = [one for one in theirs if Reason.SAME_PHONE in one.reasons]
        if len(people) > 1 and close:
            yield _question(Why.SAME_PHONE, people, close, len(theirs))


def _same_minute(
    proofs: Iterable[Reviewed], by_person: dict[str, list[Reviewed]]
) -> Iterator[Question]:
    """Two people who touched in one minute of one trip, again and again."""
    minutes = _grouped(proofs, lambda one: (one.trip, one.signed_at.replace(second=0)))
    pairs: dict[tuple[str, str], list[Reviewed]] = defaultdict(list)
    for together in minutes.values():
        first = {one.who: one for one in together}
        if len(first) <= PEOPLE_AT_ONCE:
            for a, b in combinations(sorted(first), 2):
                pairs[a, b].append(first[a])
    for (a, b), times in pairs.items():
        if len(times) >= MANY:
            fewer = min(len(by_person[a]), len(by_person[b]))
            yield _question(Why.SAME_MINUTE, [a, b], times, fewer)


def _question(why: Why, people: Iterable[str], proofs: list[Reviewed], of: int) -> Question:
    newest = sorted(proofs, key=lambda one: one.signed_at, reverse=True)[:PROOFS_SHOWN]
    return Question(why, tuple(sorted(people)), len(proofs), of, tuple(one.cti for one in newest))


def _grouped(
    proofs: Iterable[Reviewed], key: Callable[[Reviewed], Key]
) -> dict[Key, list[Reviewed]]:
    found: dict[Key, list[Reviewed]] = defaultdict(list)
    for one in proofs:
        found[key(one)].append(one)
    return found
