"""Holidays of the regulation, and an office's own days before them."""

from datetime import date, timedelta

import pytest

from hub.devices.closed_days import ClosedDays, DayName, SaidDay, public_holiday

CHRISTMAS = date(2026, 12, 25)


# 관공서의 공휴일에 관한 규정 (2026-05-01) articles 2 and 3
@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 1, 1), "새해 첫날"),
        (date(2027, 2, 7), "설날"),
        (date(2027, 2, 9), "설날 대체공휴일"),  # 설날 is a Sunday: article 3 (1) 2
        (date(2027, 5, 3), "노동절 대체공휴일"),  # a Saturday: article 3 (1) 1
        (date(2027, 7, 17), "제헌절"),  # a national day again
        (date(2027, 6, 6), "현충일"),
        (date(2028, 10, 5), "추석 대체공휴일"),  # 추석 meets 개천절: article 3 (1) 3
        (CHRISTMAS, "기독탄신일"),
    ],
)
def test_public_holidays_are_those_of_the_regulation(day: date, name: str):
    found = public_holiday(day)
    assert found is not None
    assert found.ko == name


def test_a_day_like_any_other_is_no_holiday_nor_is_memorial_day_moved():
    assert public_holiday(date(2026, 11, 23)) is None
    assert public_holiday(date(2027, 6, 7)) is None  # article 3 does not name 현충일


def test_what_the_office_says_of_a_day_goes_before_the_holiday():
    mine = DayName("창립기념일", "Founding day")
    founding = CHRISTMAS + timedelta(days=3)
    said = {CHRISTMAS: SaidDay(True, DayName("x", "x")), founding: SaidDay(False, mine)}
    closed = ClosedDays(on_holidays=True, said=said)
    assert CHRISTMAS not in closed
    assert closed.why(founding) == mine
    assert date(2027, 1, 1) in closed
    assert date(2027, 1, 1) not in ClosedDays(on_holidays=False, said=said)


def test_rows_of_the_database_are_read():
    row = {"day": "2026-12-28", "is_open": False, "name": "쉼", "name_en": "Off"}
    assert ClosedDays.of(False, [row]).why(date(2026, 12, 28)) == DayName("쉼", "Off")
