"""Duties as iCalendar (RFC 5545): all-day events that block nobody's day, in any calendar program.

Written here and not by a library: events of whole days are a dozen lines, and no program of the
office needs to read any. An event keeps its UID, so that a program that asks again replaces it;
what an office edited has its SEQUENCE and LAST-MODIFIED, so that a newer file wins where both were
opened.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from hub.automation import working_days
from hub.automation.calendar.dated import Dated, Edited, OwnHoliday

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_LINE_MOST_BYTES: Final = 75  # section 3.1, without the line end
_NAME: Final = "업무 달력"


def calendar(
    duties: Iterable[tuple[Dated, date | None]], off: Iterable[OwnHoliday], now: datetime
) -> str:
    """The calendar. Each duty with the working day by which nobody is late, where it has one.

    Args:
        duties: in any order.
        off: the office's own holidays.
        now: when it was made.
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Cheongsa//Duties//KO", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", f"X-WR-CALNAME:{_NAME}", f"NAME:{_NAME}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D", "X-PUBLISHED-TTL:P1D",
        *(line for duty, safe in duties for line in _duty(duty, safe, now)),
        *(line for one in off for line in _off(one, now)),
        "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _duty(duty: Dated, safe: date | None, now: datetime) -> list[str]:
    told = [duty.says, *(str(one.article) for one in duty.basis), duty.note]
    if safe:
        told.insert(0, f"쉬는 날입니다. {working_days.written(safe)}까지 하면 늦지 않습니다.")
    text = "\n".join(filter(None, told))
    told = [f"SUMMARY:{_text(duty.title)}", *([f"DESCRIPTION:{_text(text)}"] if text else [])]
    told += [f"CATEGORIES:{_text(duty.group)}", *_edited(duty.edited)]
    return _event(duty.key, (duty.first, duty.last), told, now)


def _off(one: OwnHoliday, now: datetime) -> list[str]:
    told = [f"SUMMARY:{_text(one.name)}(쉬는 날)", "CATEGORIES:쉬는 날", *_edited(one.edited)]
    return _event(f"off-{one.holiday_id}", (one.day, one.day), told, now)


def _edited(edited: Edited | None) -> list[str]:
    """Section 3.8.7.3 and 3.8.7.4: the first version is 0."""
    if edited is None:
        return ["SEQUENCE:0"]
    return [f"SEQUENCE:{edited.version - 1}", f"LAST-MODIFIED:{_moment(edited.at)}"]


def _event(key: str, days: tuple[date, date], told: list[str], now: datetime) -> list[str]:
    first, last = days
    return [
        "BEGIN:VEVENT", f"UID:{key}@cheongsa", f"DTSTAMP:{_moment(now)}",
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}",  # the end is not part of it
        *told, "TRANSP:TRANSPARENT", "END:VEVENT",
    ]  # fmt: skip


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(said: str) -> str:
    """Section 3.3.11."""
    for sign in "\\;,":
        said = said.replace(sign, f"\\{sign}")
    return said.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Lines of 75 bytes at most, never cut within a letter."""
    part, used = "", 0
    for letter in line:
        size = len(letter.encode())
        if used + size > _LINE_MOST_BYTES:
            yield part
            part, used = " ", 1
        part, used = part + letter, used + size
    yield part
