"""The calendar of duties: each day by its article, and iCalendar that another program reads."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.automation.calendar import dated, ics
from hub.automation.calendar.dated import Dated, Edited, Group, OwnDuty, OwnHoliday
from hub.rules.book import RuleBook
from hub.rules.tables import nation

BOOK = RuleBook(nation())
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


def of(year: int, *own: OwnDuty) -> dict[str, Dated]:
    found = dated.year_of(BOOK, year, own)
    assert not found.unknown
    return {one.key.removesuffix(f"-{year}"): one for one in found.duties}


@pytest.mark.parametrize(
    ("key", "first", "last", "law", "place"),
    [
        ("books-late", (1, 20), (1, 20), "지방회계법", "제7조제1항"),
        ("books-done", (2, 10), (2, 10), "지방회계법", "제7조제3항"),
        ("books-close", (12, 31), (12, 31), "지방회계법", "제7조제1항"),
        ("leave-plan", (3, 31), (3, 31), "지방공무원 복무규정", "제7조의4제1항"),
        ("leave-urge", (6, 1), (7, 31), "지방공무원 복무규정", "제7조의4제2항"),
        ("leave-name", (10, 31), (10, 31), "지방공무원 복무규정", "제7조의4제2항"),
        (
            "leave-pay-june_days",
            (6, 30),
            (6, 30),
            "지방공무원 수당 등에 관한 규정",
            "제18조의5제3항",
        ),
        ("leave-pay-rate", (12, 31), (12, 31), "지방공무원 수당 등에 관한 규정", "제18조의5제3항"),
        ("withholding-2026-03", (3, 10), (3, 10), "소득세법", "제128조제1항"),
        ("withholding-2026-12", (12, 10), (12, 10), "소득세법", "제128조제1항"),
        # 설날 is 17 February, 추석 25 September: 15 days before and after
        ("festival-seol", (2, 2), (3, 4), "지방공무원 수당 등에 관한 규정", "제18조의3제2항"),
        ("festival-chuseok", (9, 10), (10, 10), "지방공무원 수당 등에 관한 규정", "제18조의3제2항"),
    ],
)
def test_each_duty_stands_on_the_day_of_its_article(key, first, last, law, place):
    found = of(2026)
    one = found.get(key) or next(each for each in found.values() if each.key == key)
    assert (one.first, one.last) == (date(2026, *first), date(2026, *last))
    assert (one.basis[0].article.law, one.basis[0].article.place) == (law, place)
    assert one.says


def test_there_are_twelve_months_of_tax_and_nothing_twice():
    duties = dated.year_of(BOOK, 2026).duties
    assert sum(one.group is Group.TAX for one in duties) == 12
    assert len({one.key for one in duties}) == len(duties)
    assert [one.last for one in duties] == sorted(one.last for one in duties)


@pytest.mark.parametrize(
    ("day", "safe"),
    [
        (date(2026, 3, 31), None),  # a Tuesday
        (date(2026, 10, 31), date(2026, 10, 30)),  # a Saturday
        (date(2027, 2, 10), None),
        (date(2026, 5, 10), date(2026, 5, 8)),  # a Sunday
        (date(2027, 10, 11), date(2027, 10, 8)),  # the substitute of 한글날, after a weekend
    ],
)
def test_a_day_off_is_told_with_the_working_day_before_it(day: date, safe: date | None):
    assert dated.safe_day(Dated("x", Group.TAX, "x", day, day, ""), ()) == safe


def test_a_local_holiday_of_the_office_counts():
    one = of(2026)["leave-plan"]
    assert dated.safe_day(one, {date(2026, 3, 31)}) == date(2026, 3, 30)


def test_the_day_as_of_which_leave_is_counted_is_no_deadline():
    assert dated.safe_day(of(2026)["leave-pay-june_days"], {date(2026, 6, 30)}) is None


def test_a_year_of_which_no_rule_is_known_says_so_instead_of_guessing():
    found = dated.year_of(BOOK, 2030)
    assert found.duties == ()
    assert "권장 연가 일수 정해 알리기" in found.unknown
    assert "지난달 원천징수세 내기" in found.unknown


def test_what_an_office_added_stands_on_its_day_every_year_or_once():
    yearly = OwnDuty("a", date(2024, 2, 29), True, "비상대비 훈련", "")
    once = OwnDuty("b", date(2026, 5, 4), False, "감사 자료", "")
    assert of(2026, yearly, once)["own-a"].last == date(2026, 2, 28)
    assert of(2026, yearly, once)["own-b"].last == date(2026, 5, 4)
    assert "own-b" not in of(2027, yearly, once)
    assert not [one for one in dated.year_of(BOOK, 2023, [yearly]).duties if one.group is Group.OWN]


def test_public_substitute_and_local_holidays_are_named():
    found = dated.days_off(2026, {date(2026, 4, 3): "4·3", date(2026, 3, 1): "겹침"})
    assert (date(2026, 4, 3), "4·3", True) in found
    assert (date(2026, 3, 1), "삼일절", False) in found
    assert (date(2026, 3, 2), "삼일절 대체공휴일", False) in found
    assert [day for day, *_ in found] == sorted(day for day, *_ in found)


# ---- iCalendar, read back by a reader that is not ours

EVERY = [(one, dated.safe_day(one)) for one in dated.year_of(BOOK, 2026).duties]
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=120)


def events(text: str) -> list[tuple[str, date, date, str, str]]:
    """UID, first and last day, title and description of each."""
    read = icalendar.Calendar.from_ical(text)
    assert read.errors == []
    told = []
    for one in read.walk("VEVENT"):
        assert one.errors == []
        last = one.decoded("DTEND") - timedelta(days=1)
        told.append(
            (str(one["UID"]), one.decoded("DTSTART"), last, str(one["SUMMARY"]),
             str(one.get("DESCRIPTION", "")))
        )  # fmt: skip
    return told


def test_another_program_reads_every_duty_with_its_days_and_its_article():
    read = events(ics.calendar(EVERY, [OwnHoliday("h", date(2026, 4, 3), "4·3")], NOW))
    assert len(read) == len(EVERY) + 1
    for (one, safe), (uid, first, last, title, text) in zip(EVERY, read, strict=False):
        assert (uid, first, last, title) == (f"{one.key}@cheongsa", one.first, one.last, one.title)
        assert one.says in text
        assert str(one.basis[0].article) in text
        assert ("늦지 않습니다" in text) is (safe is not None)
    assert read[-1][1:4] == (date(2026, 4, 3), date(2026, 4, 3), "4·3(쉬는 날)")


def test_what_was_edited_is_the_same_event_and_a_later_one():
    """RFC 5545, 3.8.4.7, 3.8.7.3 and 3.8.7.4: a program that has the older one replaces it."""
    first, later = NOW - timedelta(days=1), NOW - timedelta(minutes=1)

    def read(duty: OwnDuty, day_off: OwnHoliday) -> list[tuple[object, ...]]:
        duties = [(one, None) for one in dated.year_of(BOOK, 2026, [duty]).duties]
        found = icalendar.Calendar.from_ical(ics.calendar(duties, [day_off], NOW))
        return [
            (str(one["UID"]), one.decoded("DTSTART"), one.decoded("SEQUENCE"),
             one.decoded("LAST-MODIFIED"), one.decoded("DTSTAMP"))
            for one in found.walk("VEVENT") if "LAST-MODIFIED" in one
        ]  # fmt: skip

    old = OwnDuty("d", date(2026, 5, 4), True, "훈련", "", Edited(1, first))
    new = OwnDuty("d", date(2026, 5, 6), True, "훈련 계획", "", Edited(3, later))
    off = OwnHoliday("h", date(2026, 4, 3), "4·3", Edited(1, first))
    moved = OwnHoliday("h", date(2026, 4, 4), "4·3", Edited(2, later))
    assert read(old, off) == [
        ("own-d-2026@cheongsa", date(2026, 5, 4), 0, first, NOW),
        ("off-h@cheongsa", date(2026, 4, 3), 0, first, NOW),
    ]
    assert read(new, moved) == [
        ("own-d-2026@cheongsa", date(2026, 5, 6), 2, later, NOW),
        ("off-h@cheongsa", date(2026, 4, 4), 1, later, NOW),
    ]


def test_every_event_is_of_whole_days_blocks_nobody_and_has_an_id_of_its_own():
    """RFC 5545, 3.6.1 and 3.8.2.7: no time, free, the id the same in every file."""
    told = [
        icalendar.Calendar.from_ical(ics.calendar(EVERY, [], at)).walk("VEVENT")
        for at in (NOW, NOW + timedelta(days=3))
    ]
    ids = [[str(one["UID"]) for one in events] for events in told]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0])
    for one in told[0]:
        assert type(one.decoded("DTSTART")) is date
        assert one["TRANSP"] == "TRANSPARENT"


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=5))
def test_whatever_an_office_types_is_read_back_as_it_was_typed(typed: list[tuple[str, str]]):
    day = date(2026, 5, 4)
    own = [Dated(f"own-{n}", Group.OWN, a, day, day, b) for n, (a, b) in enumerate(typed)]
    read = events(ics.calendar([(one, None) for one in own], [], NOW))
    assert [(title, text) for *_, title, text in read] == typed


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=5))
def test_no_line_is_longer_than_75_bytes_and_every_line_ends_as_rfc_5545_wants(typed):
    day = date(2026, 5, 4)
    own = [Dated(f"own-{n}", Group.OWN, a, day, day, b) for n, (a, b) in enumerate(typed)]
    text = ics.calendar([(one, None) for one in own], [], NOW)
    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert all(0 < len(line.encode()) <= 75 and "\n" not in line for line in lines)
    whole = text.replace("\r\n ", "").split("\r\n")
    assert whole.count("BEGIN:VEVENT") == whole.count("END:VEVENT") == len(typed)
