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
from itertools import accumulate
from typing import Final

from hub.automation import alike, won
from hub.automation.answer import Working
from hub.automation.contract import WORKS, Kind, direct_key
from hub.rules.book import Found, RuleBook
from hub.rules.rule import OutsideTable

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
_STRICTER: Final = (Level.TENDER, Level.TWO_QUOTES)
"""Other methods of contract, the strictest first: 견적 생략 and 1인 견적 are the same one."""


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
    rules: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Clean:
    """A contract in no finding, and why. `others`: how many are like it by the same sign."""

    contract: Contract
    others: int
    alone: Level
    rules: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, what was not, by which rules; and the rows of days without known rules."""

    findings: tuple[Finding, ...]
    clean: tuple[Clean, ...]
    rules: tuple[Found, ...]
    unknown: tuple[Contract, ...]


def check(
    book: RuleBook, contracts: Sequence[Contract], on_row: Callable[[], None] = lambda: None
) -> Checked:
    """What of a ledger looks split: the strictest first, then the largest.

    `on_row` is called as each contract is compared, and may raise to stop.
    """
    known, unknown = [], []
    levels = _Levels(book)
    for one in sorted(contracts, key=_place):
        (known if levels.knows(one) else unknown).append(one)
    groups = [(why, group) for why in Why for group in _groups(known, why, on_row)]
    found = {_rows(one): one for why, group in groups for one in levels.split(why, group)}
    ordered = sorted(found.values(), key=lambda one: (-_ORDER.index(one.together), -one.sum_won))
    clean = _clean(levels, known, [group for _, group in groups], ordered)
    return Checked(tuple(ordered), tuple(clean), levels.rules, tuple(unknown))


def _clean(
    levels: "_Levels",
    known: Sequence[Contract],
    groups: Iterable[Sequence[Contract]],
    findings: Iterable[Finding],
) -> Iterator[Clean]:
    held = {row for one in findings for row in _rows(one)}
    others: dict[int, int] = {}
    for group in groups:
        for one in group:
            others[one.row] = max(others.get(one.row, 0), len(group) - 1)
    return (levels.clean(one, others.get(one.row, 0)) for one in known if one.row not in held)


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
        """Whether each rule it is held against has a value on its day."""
        try:
            self.alone(one)
            self._works[one.made_on].number("contract.similar_months")
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

    def split(self, why: Why, group: Sequence[Contract]) -> Iterator[Finding]:
        """What asks for more together than each alone; every contract of a group in one at most."""
        left = list(group)
        for level in _STRICTER:
            while within := [one for one in left if self.alone(one) < _ORDER.index(level)]:
                spans = (one for one in self._spans(within) if one.together >= _ORDER.index(level))
                if (span := max(spans, key=lambda one: one.weight, default=None)) is None:
                    break
                yield self._finding(why, span, within[span.begin : span.end])
                taken = {one.row for one in within[span.begin : span.end]}
                left = [one for one in left if one.row not in taken]

    def clean(self, one: Contract, others: int) -> Clean:
        """Why it is in no finding."""
        alone = _ORDER[self.alone(one)]
        most = alone if alone is Level.TENDER else Level.TWO_QUOTES
        return Clean(one, others, alone, self._cited(one.kind, one.made_on, most))

    def _finding(self, why: Why, span: "_Span", within: Sequence[Contract]) -> Finding:
        kind, together = within[0].kind, _ORDER[span.together]
        return Finding(
            why, kind, span.is_year, span.first, span.last, tuple(within), span.sum_won,
            _ORDER[max(map(self.alone, within))], together,
            self._cited(kind, within[-1].made_on, together),
        )  # fmt: skip

    def _cited(self, kind: Kind, day: date, together: Level) -> tuple[Found, ...]:
        """What is added up, and the limits that a sum is held against up to this level."""
        keys = ["contract.similar_months", direct_key(kind)]
        if together is not Level.TENDER:
            keys.append(f"contract.quote.{'none_under' if kind is Kind.LEASE else 'one'}_won")
        return tuple(self._works[day].found(key) for key in keys)

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


def _groups(
    contracts: Sequence[Contract], why: Why, on_row: Callable[[], None]
) -> Iterator[list[Contract]]:
    for kind in Kind:
        of_kind = [one for one in contracts if one.kind is kind]
        sorted_out = _by_name(of_kind, on_row) if why is Why.NAME else _by_vendor(of_kind)
        yield from (group for group in sorted_out if len(group) > 1)


def _by_vendor(contracts: Iterable[Contract]) -> list[list[Contract]]:
    return _keyed(contracts, lambda one: firm(one.vendor))


def _by_name(contracts: Iterable[Contract], on_row: Callable[[], None]) -> list[list[Contract]]:
    """Contracts whose names are alike, one by one: a group is what hangs together so."""
    same = _keyed(contracts, lambda one: plain(one.title))

    def on_name(at: int) -> None:
        for _ in same[at]:
            on_row()

    found = alike.chains([plain(one[0].title) for one in same], on_name)
    groups = (sorted((one for at in places for one in same[at]), key=_place) for places in found)
    return sorted(groups, key=lambda one: _place(one[0]))


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
