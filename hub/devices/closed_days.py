"""The days on which an office is closed: public holidays, and what it says of single days. Pure.

Public holidays and their substitutes are those of 관공서의 공휴일에 관한 규정 (대통령령 제36290호,
in force since 2026-05-01) articles 2 and 3, reckoned by the `holidays` library. Not of the list:
Sundays, which the opening hours tell, and days that the government designates at short notice
(article 2 no. 11) after the library's release; an office adds those itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

import holidays

# What people call a day whose name in the library is not in use.
_PEOPLE_SAY: Final = {"신정연휴": "새해 첫날"}


@dataclass(frozen=True, slots=True)
class DayName:
    """What a day is called."""

    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class SaidDay:
    """What an office says of one day; it goes before any holiday."""

    is_open: bool
    name: DayName


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Which days are closed, and why."""

    on_holidays: bool = False
    said: Mapping[date, SaidDay] = field(default_factory=dict)

    @classmethod
    def of(cls, on_holidays: bool, days: Iterable[Mapping[str, Any]]) -> "ClosedDays":
        """From a site's row and its `site_day` rows as JSON."""
        said = {
            date.fromisoformat(one["day"]): SaidDay(
                one["is_open"], DayName(one["name"], one["name_en"])
            )
            for one in days
        }
        return cls(on_holidays, said)

    def why(self, day: date) -> DayName | None:
        """What closes the office on this day; None: it goes by its hours."""
        if said := self.said.get(day):
            return None if said.is_open else said.name
        return public_holiday(day) if self.on_holidays else None

    def __contains__(self, day: date) -> bool:
        return self.why(day) is not None


def public_holiday(day: date) -> DayName | None:
    """The public holiday on this day, also where it falls on a weekend; None: there is none."""
    if (ko := _calendar("ko").get(day)) is None:
        return None
    ko = _PEOPLE_SAY.get(ko, ko).replace("대체 휴일", "대체공휴일")
    return DayName(ko, _calendar("en_US").get(day, ko))


@cache
def _calendar(language: str) -> holidays.HolidayBase:
    """Years are reckoned as they are asked for."""
    return holidays.country_holidays("KR", language=language)
