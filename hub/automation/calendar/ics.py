"""Duties as iCalendar (RFC 5545): all-day events that block nobody's day, in any calendar program.

Written here and not by a library: events of whole days are a dozen lines, and no program of the
office needs to read any. An event keeps its UID, so that a program that asks again replaces it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from hub.automation import working_days
from hub.automation.calendar.dated import Dated

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_LINE_MOST_BYTES: Final = 75  # section 3.1, without the line end
_NAME: Final = "업무 달력"


def calendar(
    duties: Iterable[tuple[Dated, date | None]], off: Iterable[tuple[date, str]], now: datetime
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
        *(line for day, name in off for line in _off(day, name, now)),
        "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _duty(duty: Dated, safe: date | None, now: datetime) -> list[str]:
    told = [duty.says, *(str(one.article) for one in duty.basis), duty.note]
    if safe:
        told.insert(0, f"쉬는 날입니다. {working_days.written(safe)}까지 하면 늦지 않습니다.")
    text = "\n".join(filter(None, told))
    return _event(duty.key, duty.first, duty.last, duty.title, text, duty.group, now)


def _off(day: date, name: str, now: datetime) -> list[str]:
    return _event(f"off-{day}", day, day, f"{name}(쉬는 날)", "", "쉬는 날", now)


def _event(
    key: str, first: date, last: date, title: str, text: str, group: str, now: datetime
) -> list[str]:
    described = [f"DESCRIPTION:{_text(text)}"] if text else []
    return [
        "BEGIN:VEVENT", f"UID:{key}@cheongsa", f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}",  # the end is not part of it
        f"SUMMARY:{_text(title)}", *described, f"CATEGORIES:{_text(group)}", "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]  # fmt: skip


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
