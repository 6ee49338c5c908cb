"""쪼개기: contracts of a ledger that are alike and, added up, would have asked for more.

영 제7조제2호: what is split is estimated by the whole of a fiscal year or of twelve months. Whether
contracts are alike is for a person to judge: here two signs are shown, a name that is alike and the
same vendor, each with the rows it was found in. Pure; nothing is kept.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Final

from hub.automation import won
from hub.automation.answer import Working
from hub.automation.contract import WORKS, Kind, direct_key
from hub.rules.book import Found, RuleBook
from hub.rules.rule import OutsideTable

ROWS_MOST: Final = 2_000
ALIKE: Final = 0.6
"""Of the pairs of letters in two names, the share that both have, from which on they are alike."""
_NOISE: Final = re.compile(
    r"\([^)]*\)|\[[^\]]*\]|제?\d+(차|호|분기|월|년도?|단계|공구|회|기)?|[^\w]"
)
_COMPANY: Final = re.compile(r"주식회사|유한회사|㈜|\((주|유)\)")
_SIGNS: Final = re.compile(r"[\W_]")


class Why(StrEnum):
    """What two contracts have in common."""

    NAME = "name"
    VENDOR = "vendor"


class Level(StrEnum):
    """What a price asks for, the least first."""

    NO_QUOTE = "no-quote"
    ONE_QUOTE = "one-quote"
    TWO_QUOTES = "two-quotes"
    TENDER = "tender"


WHYS: Final = {Why.NAME: "이름이 비슷함", Why.VENDOR: "같은 업체"}
LEVELS: Final = {
    Level.NO_QUOTE: "견적 생략", Level.ONE_QUOTE: "1인 견적 수의계약",
    Level.TWO_QUOTES: "2인 이상 견적(나라장터)", Level.TENDER: "입찰",
}  # fmt: skip
_ORDER: Final = tuple(Level)


@dataclass(frozen=True, slots=True)
class Contract:
    """One line of a ledger. `estimated_won`: 추정가격, without VAT."""

    row: int
    made_on: date
    title: str
    vendor: str
    kind: Kind
    estimated_won: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Contracts that are alike, and what they would have asked for together."""

    why: Why
    kind: Kind
    is_fiscal_year: bool
    first: date
    last: date
    contracts: tuple[Contract, ...]
    sum_won: int
    alone: Level
    """The most that one of them asks for."""
    together: Level


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, by which rules; and the rows of days for which no rule is known."""

    findings: tuple[Finding, ...]
    rules: tuple[Found, ...]
    unknown: tuple[Contract, ...]


def check(book: RuleBook, contracts: Sequence[Contract]) -> Checked:
    """What of a ledger looks split: the strictest first, then the largest.

    Raises:
        OutsideTable: no rule says over how many months contracts are added up.
    """
    known, unknown = [], []
    levels = _Levels(book)
    for one in sorted(contracts, key=_place):
        (known if levels.knows(one) else unknown).append(one)
    groups = [(why, group) for why in Why for group in _groups(known, why)]
    found = {_rows(one): one for why, group in groups if (one := levels.worst(why, group))}
    ordered = sorted(found.values(), key=lambda one: (-_ORDER.index(one.together), -one.sum_won))
    return Checked(tuple(ordered), levels.rules, tuple(unknown))


def _place(one: Contract) -> tuple[date, str, str, int, int]:
    """Its row comes last: in which order somebody typed them is no matter."""
    return one.made_on, one.title, one.vendor, one.estimated_won, one.row


def _rows(finding: Finding) -> tuple[int, ...]:
    """Found by two signs it is one finding."""
    return tuple(one.row for one in finding.contracts)


class _Levels:
    """What prices ask for, each rule looked up once for its day and kept to be shown."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._works: dict[date, Working] = {}
        self._alone: dict[int, int] = {}

    @property
    def rules(self) -> tuple[Found, ...]:
        found = {
            (rule.key, rule.since): rule
            for work in self._works.values()
            for rule in work.answer("", "").rules
        }
        return tuple(found.values())

    def knows(self, one: Contract) -> bool:
        try:
            self.alone(one)
        except OutsideTable:
            return False
        return True

    def level(self, day: date, kind: Kind, price_won: int) -> Level:
        """Raises OutsideTable."""
        work = self._works.setdefault(day, Working(self._book, day))
        if price_won > work.number(direct_key(kind)):
            return Level.TENDER
        none, one = (work.number(f"contract.quote.{name}_won") for name in ("none_under", "one"))
        if kind not in WORKS and price_won < none:
            return Level.NO_QUOTE
        if kind is Kind.LEASE:
            return Level.TWO_QUOTES  # 영 제30조제1항제2호 names works, goods and service
        return Level.ONE_QUOTE if price_won <= one else Level.TWO_QUOTES

    def alone(self, one: Contract) -> int:
        """The place in `_ORDER` of what it asks for by itself."""
        if one.row not in self._alone:
            level = self.level(one.made_on, one.kind, one.estimated_won)
            self._alone[one.row] = _ORDER.index(level)
        return self._alone[one.row]

    def worst(self, why: Why, group: Sequence[Contract]) -> Finding | None:
        """Of a group the span that asks for most, where that is more than each asks for alone."""
        spans = sorted(self._spans(group), key=lambda one: one.weight, reverse=True)
        for span in spans:
            within = group[span.begin : span.end]
            alone = max(map(self.alone, within))
            if span.together > max(alone, _ORDER.index(Level.ONE_QUOTE)):
                return Finding(
                    why, group[0].kind, span.is_year, span.first, span.last, tuple(within),
                    span.sum_won, _ORDER[alone], _ORDER[span.together],
                )  # fmt: skip
        return None

    def _spans(self, group: Sequence[Contract]) -> Iterator["_Span"]:
        """Fiscal years, and as many months as the law says from each contract on."""
        days = [one.made_on for one in group]
        sums = [0, *accumulate(one.estimated_won for one in group)]
        for is_year, first, last in self._times(days):
            begin, end = bisect_left(days, first), bisect_right(days, last)
            if end - begin > 1:
                total = sums[end] - sums[begin]
                level = self.level(days[end - 1], group[0].kind, total)
                yield _Span(is_year, first, last, begin, end, total, _ORDER.index(level))

    def _times(self, days: Sequence[date]) -> Iterator[tuple[bool, date, date]]:
        for year in sorted({one.year for one in days}):
            yield True, date(year, 1, 1), date(year, 12, 31)
        for first in sorted(set(days)):
            months = self._works[first].number("contract.similar_months")
            yield False, first, _months_after(first, months)


@dataclass(frozen=True, slots=True)
class _Span:
    """Contracts of a group from `begin` up to `end`, and what they ask for together."""

    is_year: bool
    first: date
    last: date
    begin: int
    end: int
    sum_won: int
    together: int

    @property
    def weight(self) -> tuple[int, int, bool]:
        return self.together, self.sum_won, self.is_year


def _groups(contracts: Sequence[Contract], why: Why) -> Iterator[list[Contract]]:
    for kind in Kind:
        of_kind = [one for one in contracts if one.kind is kind]
        sorting = _by_name if why is Why.NAME else _by_vendor
        yield from (group for group in sorting(of_kind) if len(group) > 1)


def _by_vendor(contracts: Iterable[Contract]) -> list[list[Contract]]:
    return _keyed(contracts, lambda one: firm(one.vendor))


def _by_name(contracts: Iterable[Contract]) -> list[list[Contract]]:
    """Contracts whose names are alike, one by one: a group is what hangs together so."""
    groups: list[tuple[list[frozenset[str]], list[Contract]]] = []
    for same in _keyed(contracts, lambda one: plain(one.title)):
        pairs = _pairs(plain(same[0].title))
        near = [one for one in groups if any(_alike(of, pairs) >= ALIKE for of in one[0])]
        groups = [one for one in groups if one not in near]
        names = [pairs, *(name for names, _ in near for name in names)]
        groups.append((names, [*same, *(line for _, lines in near for line in lines)]))
    return sorted(
        (sorted(lines, key=_place) for _, lines in groups), key=lambda one: _place(one[0])
    )


def _keyed(contracts: Iterable[Contract], key: Callable[[Contract], str]) -> list[list[Contract]]:
    """Those with the same key; those without any are alone."""
    found: dict[str, list[Contract]] = {}
    for one in contracts:
        found.setdefault(key(one) or f"\0{one.row}", []).append(one)
    return list(found.values())


def plain(text: str) -> str:
    """A name without numbers, brackets and signs: `2026년 3차 복사지 구입` is `복사지구입`."""
    return _NOISE.sub("", text).casefold()


def firm(text: str) -> str:
    """A vendor's name without what kind of company it is; numbers stay, they tell shops apart."""
    return _SIGNS.sub("", _COMPANY.sub("", text)).casefold()


def _pairs(text: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(text))) or frozenset({text} if text else ())


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's share of pairs; 0 where either is empty."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def _months_after(first: date, months: int) -> date:
    """The last day of `months` months that begin on `first`."""
    year, month = divmod(first.month - 1 + months, 12)
    following = date(first.year + year, month + 1, 1) + timedelta(days=31)
    last_of_month = following.replace(day=1) - timedelta(days=1)
    day = min(first.day, last_of_month.day)
    return last_of_month.replace(day=day) - timedelta(days=day == first.day)


def told(finding: Finding) -> str:
    """One finding as a line to paste."""
    span = f"{finding.first.year}회계연도" if finding.is_fiscal_year else "12개월"
    return (
        f"{finding.contracts[0].title} 등 {len(finding.contracts)}건({WHYS[finding.why]}, {span}): "
        f"합계 {won.digits(finding.sum_won)}, {LEVELS[finding.together]} 대상"
    )
