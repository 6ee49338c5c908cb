"""Ask the sources about some numbers, in their order; every number comes back, whatever they do.

국세청 status for all in one call, validity of those with an opening day and a representative, then
나라장터, and 공정위 for whom that does not know. A source that fails is not asked further.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from hub.automation.vendors import answers
from hub.automation.vendors.allowance import Allow, uncounted
from hub.automation.vendors.answers import MalformedAnswer
from hub.automation.vendors.fetch import NotTold, Outside, Sources
from hub.automation.vendors.told import Facts, Named, Source, Told, Trouble
from hub.kit import clock

MOST: Final = 100
NAMES_WITHIN_S: Final = 25.0  # for the names of a hundred; somebody waits
_AT_ONCE: Final = 4  # data.go.kr refuses who asks faster than some tens a second
_CALL_LEAST_S: Final = 0.2
_NAMERS: Final = frozenset({Source.PROCUREMENT, Source.MAIL_ORDER})
_UNSENT: Final = frozenset({Trouble.NO_KEY, Trouble.SPENT, Trouble.NO_TIME, Trouble.NOT_ASKED})
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate of registration says: 진위확인 compares it. It is sent and not kept."""

    opened_on: date
    representative: str


@dataclass(slots=True)
class _Asking:
    """What has been said so far, by number."""

    said: dict[str, list[Told]]
    failed: dict[Source, Trouble] = field(default_factory=dict)
    pace: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    until_s: float = 0.0

    def add(self, number: str, source: Source, facts: Facts | None, why: Trouble | None) -> None:
        at = None if why in _UNSENT else clock.now()
        self.said[number].append(Told(source, at, facts, why))

    def names(self, number: str) -> bool:
        return any(isinstance(one.facts, Named) for one in self.said[number])


async def look_up(
    outside: Outside,
    numbers: Sequence[str],
    certificates: Mapping[str, Certificate],
    *,
    known: Set[str] = frozenset(),
    allow: Allow = uncounted,
    names_within_s: float = NAMES_WITHIN_S,
) -> dict[str, list[Told]]:
    """What the sources say of up to MOST different numbers. Raises nothing of a source.

    The names of `known` are not asked for: a key may ask for some thousand names a day, and one
    long list would leave the whole office without.
    """
    asking = _Asking({number: [] for number in numbers})
    async with Sources(outside, allow) as sources:
        await asyncio.gather(
            _statuses(asking, sources, numbers),
            _validities(asking, sources, certificates, numbers),
        )
        asking.until_s = asyncio.get_running_loop().time() + names_within_s
        await asyncio.gather(*(_names(asking, sources, one, known) for one in numbers))
    order = list(Source)
    return {
        number: sorted(told, key=lambda one: order.index(one.source))
        for number, told in asking.said.items()
    }


async def _statuses(asking: _Asking, sources: Sources, numbers: Sequence[str]) -> None:
    if numbers:
        told, why = await _read(sources.status(numbers), answers.standings)
        _share(asking, Source.STATUS, numbers, told, why)


async def _validities(
    asking: _Asking,
    sources: Sources,
    certificates: Mapping[str, Certificate],
    numbers: Iterable[str],
) -> None:
    asked = [number for number in numbers if number in certificates]
    if asked:
        body = [_business(number, certificates[number]) for number in asked]
        told, why = await _read(sources.validity(body), answers.validities)
        _share(asking, Source.VALIDITY, asked, told, why)


def _business(number: str, one: Certificate) -> dict[str, str]:
    return {"b_no": number, "start_dt": f"{one.opened_on:%Y%m%d}", "p_nm": one.representative}


def _share(
    asking: _Asking,
    source: Source,
    numbers: Iterable[str],
    told: Mapping[str, Facts] | None,
    why: Trouble | None,
) -> None:
    for number in numbers:
        facts = (told or {}).get(number)
        asking.add(number, source, facts, why or (Trouble.LEFT_OUT if facts is None else None))


async def _names(asking: _Asking, sources: Sources, number: str, known: Set[str]) -> None:
    """For the name; asks slowly enough for data.go.kr, and not whom others found away."""
    if number in known:
        for source in _NAMERS:
            asking.add(number, source, None, Trouble.NOT_ASKED)
        return
    async with asking.pace:
        is_over = asking.failed.keys() >= _NAMERS  # nobody is asked, so nobody asks too fast
        pause_s = 0 if is_over else _CALL_LEAST_S
        await asyncio.gather(_ask_names(asking, sources, number), asyncio.sleep(pause_s))


async def _ask_names(asking: _Asking, sources: Sources, number: str) -> None:
    await _ask_name(asking, Source.PROCUREMENT, number, sources.procurement, answers.procurement)
    if not asking.names(number):
        await _ask_name(asking, Source.MAIL_ORDER, number, sources.mail_order, answers.mail_order)


async def _ask_name(
    asking: _Asking,
    source: Source,
    number: str,
    body: Callable[[str], Awaitable[bytes]],
    read: Callable[[bytes, str], Named | None],
) -> None:
    if why := asking.failed.get(source):
        asking.add(number, source, None, why)
        return
    try:
        async with asyncio.timeout_at(asking.until_s):
            found, why = await _read(body(number), lambda given: read(given, number))
    except TimeoutError:
        found, why = None, Trouble.NO_TIME
    if why and why is not Trouble.UNREADABLE:  # of this number alone, perhaps
        asking.failed[source] = why
    asking.add(number, source, found, why)


async def _read(
    body: Awaitable[bytes], read: Callable[[bytes], Found]
) -> tuple[Found | None, Trouble | None]:
    """What an answer says, or why it says nothing."""
    try:
        return read(await body), None
    except (NotTold, MalformedAnswer) as error:
        return None, error.trouble
