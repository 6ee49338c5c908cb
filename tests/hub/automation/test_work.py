"""Travel, leave, overtime and contracts: worked examples, both sides of thresholds and of days."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.automation import contract, leave, overtime, travel, working_days
from hub.automation.answer import NotPossible
from hub.automation.contract import Delayed, Kind, Partner
from hub.automation.leave import Half, Service, Tenure, Year
from hub.automation.overtime import Evening, Grade
from hub.automation.travel import Car, Night, Outing, Region
from hub.rules.book import Ordinance, RuleBook
from hub.rules.rule import Article, OutsideTable
from hub.rules.tables import nation

BOOK = RuleBook(nation())
DAY = date(2026, 11, 20)  # a Friday


# -- 출장


@pytest.mark.parametrize(
    ("minutes", "car", "pay"),
    [
        (239, Car.NONE, 10_000),
        (240, Car.NONE, 20_000),
        (239, Car.OFFICE, 0),
        (240, Car.OFFICE, 10_000),
        (600, Car.ASSIGNED, 0),
    ],
)
def test_a_near_trip_is_paid_by_its_hours(minutes: int, car: Car, pay: int):
    """공무원 여비 규정 제18조제1항."""
    answer = travel.near(BOOK, DAY, Outing(minutes, car))
    assert answer.figures["pay_won"] == pay
    assert {one.article.place for one in answer.rules} == {"제18조제1항"}


@pytest.mark.parametrize(
    ("first", "second", "each", "together"),
    [
        (Outing(120), Outing(119), 20_000, 10_000),
        (Outing(120), Outing(120), 20_000, 20_000),
        (Outing(239), Outing(1), 20_000, 20_000),
        (Outing(240), Outing(60), 30_000, 20_000),
        (Outing(240), Outing(240), 40_000, 20_000),
        (Outing(120, Car.OFFICE), Outing(60), 10_000, 0),
        (Outing(240, Car.OFFICE), Outing(60, Car.OFFICE), 10_000, 10_000),
        (Outing(300, Car.ASSIGNED), Outing(300, Car.ASSIGNED), 0, 0),
    ],
)
def test_two_trips_on_one_day_are_told_both_ways(
    first: Outing, second: Outing, each: int, together: int
):
    """제18조제1항 does not say whether they are added up: an amount only where both agree."""
    for two in ((first, second), (second, first)):
        answer = travel.near(BOOK, DAY, *two)
        told = answer.figures
        assert (told["each_won"], told["together_won"]) == (each, together)
        assert told["pay_won"] == (each if each == together else None)
        assert any("두 번" in note for note in answer.notes)
        if each != together:
            assert "따로 셈하면" in answer.headline
            assert "합쳐 셈하면" in answer.paste


def test_one_trip_says_nothing_of_two():
    """제18조제1항."""
    assert not travel.near(BOOK, DAY, Outing(120)).notes


def test_an_ordinance_goes_before_the_nation():
    """공무원 여비 규정 제29조의2."""
    ours = Ordinance(
        "travel.near.long_won", date(2026, 1, 1), None, 25_000, Article("가나시 여비 조례", "제5조")
    )
    answer = travel.near(RuleBook(nation(), [ours]), DAY, Outing(300))
    assert answer.figures["pay_won"] == 25_000
    assert "가나시 여비 조례" in {one.article.law for one in answer.rules}


@pytest.mark.parametrize(
    ("same_city", "metres", "near"),
    [(True, 60_000, True), (False, 11_999, True), (False, 12_000, False)],
)
def test_twelve_kilometres_part_near_from_far(same_city: bool, metres: int, near: bool):
    """공무원 여비 규정 제18조제2항."""
    assert travel.is_near(BOOK, DAY, same_city=same_city, distance_m=metres) is near
    metres_told = None if same_city else metres
    answer = travel.kind(BOOK, DAY, same_city=same_city, distance_m=metres_told)
    assert answer.figures["is_near"] is near


def test_a_merged_city_is_spoken_of_from_its_day_on():
    """공무원 여비 규정 제18조제2항 (대통령령 제36492호)."""
    for day, said in [(date(2026, 6, 30), False), (date(2026, 7, 1), True)]:
        notes = travel.kind(BOOK, day, same_city=True).notes
        assert any("통합특별시" in note for note in notes) is said


def test_a_far_trip_of_one_day_has_no_lodging():
    """공무원 여비 규정 제16조제3항~제5항: by days, and by nights."""
    figures = travel.far(BOOK, DAY, DAY, []).figures
    assert (figures["total_won"], figures["lodging_won"], figures["days"]) == (50_000, 0, 1)


@given(
    st.decimals("0.001", "2000", places=3), st.decimals("0.001", "100", places=3),
    st.decimals("0.001", "100000", places=3), st.integers(0, 10**6),
)  # fmt: skip
def test_fuel_and_tolls_are_the_whole_fare_of_ones_own_car(
    distance: Decimal, economy: Decimal, price: Decimal, tolls: int
):
    figures = travel.own_car(BOOK, DAY, travel.Drive(distance, economy, price, tolls)).figures
    assert figures["fuel_won"] + figures["tolls_won"] == figures["fare_won"]  # type: ignore[operator]
    assert figures["fuel_won"] >= 0  # type: ignore[operator]
    assert figures["settle_by"] == DAY + timedelta(days=14)


def test_a_far_trip_of_two_days_to_seoul():
    """공무원 여비 규정 제16조, 별표 2, 제8조의2제2항."""
    answer = travel.far(
        BOOK, DAY, DAY + timedelta(days=1), [Night(Region.SEOUL, 120_000)], fare_won=106_400
    )
    figures = answer.figures
    assert figures["daily_won"] == figures["meals_won"] == 50_000
    assert figures["lodging_won"] == 100_000
    assert figures["total_won"] == 306_400
    assert figures["settle_by"] == date(2026, 12, 5)
    assert any("2차" in note for note in answer.notes)


def test_an_unavoidable_night_may_cost_three_tenths_more():
    """공무원 여비 규정 제16조제1항 단서."""
    for paid, kept in [(90_000, 90_000), (91_000, 91_000), (91_001, 91_000)]:
        night = Night(Region.OTHER, paid, is_unavoidable=True)
        figures = travel.far(BOOK, DAY, DAY + timedelta(days=1), [night]).figures
        assert figures["lodging_won"] == kept


def test_days_with_an_office_car_are_paid_half():
    """공무원 여비 규정 제16조제3항."""
    last = DAY + timedelta(days=2)
    assert travel.far(BOOK, DAY, last, [], office_car=[DAY]).figures["daily_won"] == 62_500
    assert travel.far(BOOK, DAY, last, []).figures["daily_won"] == 75_000


@pytest.mark.parametrize(("fare", "said"), [(0, False), (48_000, True)])
def test_no_fare_is_paid_for_the_way_by_an_office_car(fare: int, said: bool):
    """공무원 여비 규정 제15조."""
    answer = travel.far(BOOK, DAY, DAY, [], fare, office_car=[DAY])
    assert any("제15조" in note for note in answer.notes) is said
    assert ("제15조" in {one.article.place for one in answer.rules}) is said
    assert not any("제15조" in note for note in travel.far(BOOK, DAY, DAY, [], fare).notes)


@pytest.mark.parametrize(
    ("paid", "summed"),
    [
        ((90_000, 60_000), "140,000원"),
        ((70_000, 70_000), ""),
        ((60_000, 80_000, 70_000), "210,000원"),
    ],
)
def test_caps_of_several_nights_are_kept_night_by_night_and_the_sum_is_told(
    paid: tuple[int, ...], summed: str
):
    """별표 2 was not seen: whether the caps are one sum is open."""
    nights = [Night(Region.OTHER, one) for one in paid]
    answer = travel.far(BOOK, DAY, DAY + timedelta(days=len(nights)), nights)
    assert answer.figures["lodging_won"] == sum(min(one, 70_000) for one in paid)
    assert [note for note in answer.notes if "합쳐" in note] == [
        note for note in answer.notes if summed and summed in note
    ]
    assert any("합쳐" in note for note in answer.notes) is bool(summed)


@pytest.mark.parametrize(
    ("paid", "unavoidable", "extra"),
    [(70_001, True, date(2026, 11, 28)), (70_000, True, None), (70_001, False, None)],
)
def test_lodging_beyond_its_cap_is_asked_for_within_a_week(
    paid: int, unavoidable: bool, extra: date | None
):
    """공무원 여비 규정 제16조제2항, where the rest has two weeks (제8조의2제2항)."""
    night = Night(Region.OTHER, paid, unavoidable)
    told = travel.far(BOOK, DAY, DAY + timedelta(days=1), [night]).figures
    assert (told["settle_by"], told["extra_by"]) == (date(2026, 12, 5), extra)


@pytest.mark.parametrize(
    ("days", "daily"),
    [
        (16, 16 * 25_000),
        (17, 16 * 25_000 + 22_500),
        (32, 16 * 25_000 + 15 * 22_500 + 20_000),
        (62, 16 * 25_000 + 15 * 22_500 + 30 * 20_000 + 17_500),
    ],
)
def test_a_long_stay_is_paid_less(days: int, daily: int):
    """공무원 여비 규정 제17조제1항: the day of arrival is not counted."""
    figures = travel.far(BOOK, DAY, DAY + timedelta(days=days - 1), []).figures
    assert figures["daily_won"] == daily


@given(st.integers(1, 120), st.integers(0, 10))
def test_a_longer_trip_is_never_paid_less(days: int, more: int):
    pays = [
        travel.far(BOOK, date(2026, 1, 5), date(2026, 1, 4) + timedelta(days=count), []).figures
        for count in (days, days + more)
    ]
    assert pays[0]["total_won"] <= pays[1]["total_won"]  # type: ignore[operator]


NIGHTS = st.builds(
    Night, st.sampled_from(Region), st.integers(0, 300_000), st.booleans()
)  # fmt: skip


@given(
    st.integers(1, 20), st.lists(NIGHTS, max_size=19), st.integers(0, 10**6),
    st.lists(st.integers(0, 19), max_size=5), st.integers(0, 19),
)  # fmt: skip
def test_a_far_trip_is_the_sum_of_its_parts_and_never_pays_more_than_was_spent_or_allowed(
    days: int, nights: list[Night], fare: int, cars: list[int], nth: int
):
    """제16조: parts sum to the whole; a won more paid for a night is never a won less given."""
    nights = nights[: days - 1]
    last = DAY + timedelta(days=days - 1)
    by_car = {DAY + timedelta(days=one % days) for one in cars}

    def told(slept: list[Night]) -> dict[str, int]:
        figures = travel.far(BOOK, DAY, last, slept, fare, by_car).figures
        return {name: one for name, one in figures.items() if isinstance(one, int)}

    mine = told(nights)
    parts = ("daily_won", "meals_won", "lodging_won", "fare_won")
    assert sum(mine[name] for name in parts) == mine["total_won"]
    assert all(mine[name] >= 0 for name in parts)
    assert mine["lodging_won"] <= min(sum(one.paid_won for one in nights), 130_000 * len(nights))
    assert mine["daily_won"] <= 25_000 * days
    if nights:
        more = list(nights)
        at = nth % len(nights)
        more[at] = Night(more[at].region, more[at].paid_won + 1, more[at].is_unavoidable)
        assert told(more)["total_won"] >= mine["total_won"]


@given(
    st.integers(1, 700), st.integers(1, 700), st.sampled_from(Car), st.sampled_from(Car)
)  # fmt: skip
def test_two_trips_never_pay_less_than_nothing_and_longer_ones_never_less(
    first: int, second: int, car: Car, other: Car
):
    """제18조제1항."""
    short = travel.near(BOOK, DAY, Outing(first, car), Outing(second, other)).figures
    longer = travel.near(BOOK, DAY, Outing(first + 60, car), Outing(second, other)).figures
    for name in ("each_won", "together_won"):
        assert 0 <= short[name] <= longer[name]  # type: ignore[operator]
    assert short["pay_won"] in (None, short["each_won"])


def test_trips_that_cannot_be_are_refused():
    for wrong in (
        lambda: travel.near(BOOK, DAY, Outing(0)),
        lambda: travel.far(BOOK, DAY, DAY - timedelta(days=1), []),
        lambda: travel.far(BOOK, DAY, DAY, [Night(Region.SEOUL, 1)]),
        lambda: travel.far(BOOK, DAY, DAY, [], office_car=[DAY + timedelta(days=1)]),
        lambda: travel.far(BOOK, DAY, DAY, [], fare_won=-1),
    ):
        with pytest.raises(NotPossible):
            wrong()


# -- 연가


def served(years: int, months: int = 0) -> Service:
    """Somebody who has served so long on `DAY`, appointed before this year."""
    over, back = divmod(DAY.month - 1 - months, 12)
    appointed = date(DAY.year - years + over, back + 1, DAY.day + 1)
    if appointed.year < DAY.year:
        return Service(appointed)
    return Service(date(DAY.year - 1, 12, 31), (appointed - date(DAY.year - 1, 12, 31)).days)


@pytest.mark.parametrize(
    ("years", "months", "days"),
    [
        (0, 0, 0), (0, 1, 11), (0, 11, 11), (1, 0, 15), (2, 11, 15), (3, 0, 16), (3, 11, 16),
        (4, 0, 17), (4, 11, 17), (5, 0, 20), (5, 11, 20), (6, 0, 21), (30, 0, 21),
    ],
)  # fmt: skip
def test_leave_goes_by_tenure(years: int, months: int, days: int):
    """지방공무원 복무규정 제7조제1항."""
    assert leave.annual(BOOK, DAY, served(years, months)).figures["days"] == days


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (Year(no_sick_leave=True), 18),
        (Year(no_sick_leave=True, unpaid_rest=True), 19),
        (Year(worked_months=6), 9),  # 8.5 is rounded up
        (Year(worked_months=1), 1),  # 1.42
        (Year(late_hours=Decimal("7.9")), 17),
        (Year(late_hours=Decimal(8)), 16),
        (Year(sick_days_without_note=Decimal(6)), 17),
        (Year(sick_days_without_note=Decimal(8)), 15),
        (Year(absent_days=3), 14),
        (Year(absent_days=30), 0),
        (Year(suspended_days=3), 14),
        # 정직 is never taken off what was saved, 결근 is (제7조의2제1항)
        (Year(suspended_days=30, saved_days=Decimal(10)), 10),
        (Year(absent_days=20, saved_days=Decimal(10)), 7),
        (Year(absent_days=30, saved_days=Decimal(10)), 0),
        (Year(suspended_days=15, absent_days=5, saved_days=Decimal(4)), 1),
        (Year(sick_days_without_note=Decimal(40), saved_days=Decimal(10)), 10),
        (Year(saved_days=Decimal("2.5")), Decimal("19.5")),
    ],
)
def test_leave_of_four_years_is_changed_by_the_year(year: Year, days: Decimal):
    """지방공무원 복무규정 제7조제3항, 제7조의2, 제7조의10."""
    assert leave.annual(BOOK, DAY, served(4), year).figures["days"] == days


def test_a_similar_career_adds_three_days_before_five_years():
    """지방공무원 복무규정 제7조제1항 단서."""
    year = Year(similar_career=True)
    assert leave.annual(BOOK, DAY, served(4, 11), year).figures["days"] == 20
    assert leave.annual(BOOK, DAY, served(5), year).figures["days"] == 20


@pytest.mark.parametrize(
    ("begun", "months", "days"),
    [
        (date(2026, 1, 1), 12, 11),
        (date(2026, 1, 17), 12, 11),  # 15 days more than eleven months
        (date(2026, 1, 18), 11, 10),  # 14 days more: 10.08
        (date(2026, 7, 1), 6, 6),  # 5.5 is rounded up
        (date(2026, 9, 17), 4, 4),
        (date(2026, 9, 18), 3, 3),
        (date(2026, 10, 20), 2, 2),
    ],
)
def test_leave_of_the_year_of_appointment_is_in_proportion(begun: date, months: int, days: int):
    """지방공무원 복무규정 제7조의2제2항, 제3항제2호가목: nobody has to say so."""
    answer = leave.annual(BOOK, DAY, Service(begun))
    assert answer.figures["days"] == days
    fewer = leave.annual(BOOK, DAY, Service(begun), Year(worked_months=1))
    assert fewer.figures["days"] == 1
    if months < 12:
        with pytest.raises(NotPossible, match="재임용"):
            leave.annual(BOOK, DAY, Service(begun), Year(worked_months=months + 1))


@pytest.mark.parametrize(("added", "days"), [(0, 15), (11, 15), (12, 16), (36, 20), (48, 21)])
def test_service_that_counts_for_the_pension_counts_for_leave(added: int, days: int):
    """지방공무원 복무규정 제7조제2항: 군복무 and earlier service (공무원연금법 제25조)."""
    answer = leave.annual(BOOK, DAY, Service(date(2024, 11, 21), added_months=added))
    assert answer.figures["days"] == days


@pytest.mark.parametrize(
    ("begun", "told"),
    [
        (date(2023, 7, 1), ("15일", "16일")),  # three years within 2026
        (date(2023, 1, 2), ()),  # already on the first of January
        (date(2024, 7, 1), ()),  # two years: the same step
        (date(2026, 3, 1), ()),  # this year's: nothing to choose from
    ],
)
def test_a_year_in_which_tenure_passes_a_step_tells_both_days(begun: date, told: tuple[str, ...]):
    """지방공무원 복무규정 제7조제1항: the text does not say as of which day."""
    notes = [one for one in leave.annual(BOOK, DAY, Service(begun)).notes if "구간" in one]
    assert bool(notes) is bool(told)
    assert all(days in notes[0] for days in told)


def test_a_day_more_names_who_gets_it():
    """지방공무원 복무규정 제7조제3항: not who was absent or away in the year before."""
    for year, said in [
        (Year(no_sick_leave=True), True),
        (Year(unpaid_rest=True), True),
        (Year(), False),
    ]:
        notes = leave.annual(BOOK, DAY, served(4), year).notes
        assert any("제7조제3항" in note for note in notes) is said


@given(
    st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 60),
    st.integers(0, 40), st.sampled_from(["absent_days", "suspended_days", "sick", "late"]),
)  # fmt: skip
def test_what_is_taken_off_never_gives_more_nor_less_than_nothing(
    absent: int, suspended: int, sick: int, late: int, saved: int, more: str
):
    def left(**changed: int) -> Decimal:
        said = {"absent_days": absent, "suspended_days": suspended, "sick": sick, "late": late}
        said |= {name: said[name] + by for name, by in changed.items()}
        year = Year(
            absent_days=said["absent_days"], suspended_days=said["suspended_days"],
            sick_days_without_note=Decimal(said["sick"]), late_hours=Decimal(said["late"]),
            saved_days=Decimal(saved),
        )  # fmt: skip
        return Decimal(str(leave.annual(BOOK, DAY, served(4), year).figures["days"]))

    assert 0 <= left(**{more: 8}) <= left() <= 17 + saved


@pytest.mark.parametrize(
    ("begun", "day", "left_out", "served"),
    [
        (date(2025, 1, 31), date(2025, 2, 27), 0, Tenure(0, 0)),
        (date(2025, 1, 31), date(2025, 2, 28), 0, Tenure(0, 1)),
        (date(2023, 11, 21), date(2026, 11, 19), 0, Tenure(2, 11)),
        (date(2023, 11, 21), date(2026, 11, 20), 0, Tenure(3, 0)),
        (date(2023, 11, 21), date(2026, 11, 20), 1, Tenure(2, 11)),
        (date(2026, 11, 21), date(2026, 11, 20), 0, Tenure(0, 0)),
    ],
)
def test_tenure_is_counted_by_the_calendar(begun: date, day: date, left_out: int, served: Tenure):
    """지방공무원 복무규정 제7조제2항."""
    assert Service(begun, left_out).until(day) == served


@given(st.dates(date(1990, 1, 1), date(2026, 1, 1)), st.integers(0, 8_000), st.integers(0, 400))
def test_tenure_never_shrinks(begun: date, days: int, more: int):
    then, later = (Service(begun).until(begun + timedelta(days=n)) for n in (days, days + more))
    assert (then.years, then.months) <= (later.years, later.months)


@pytest.mark.parametrize(
    ("unused", "half", "paid_before", "pay"),
    [
        (9, Half.JUNE, 0, 0),
        (10, Half.JUNE, 0, 430_000),  # 3,000,000 x 0.86 / 30 x 5
        (20, Half.DECEMBER, 430_000, 1_290_000),
        (21, Half.DECEMBER, 430_000, 1_290_000),
        (3, Half.DECEMBER, 430_000, 0),
        # 제4항제1호: ten days at most; 제2호나목: as in December
        (10, Half.RETIRED_EARLY, 0, 860_000),
        (11, Half.RETIRED_EARLY, 0, 860_000),
        (9, Half.RETIRED_EARLY, 0, 774_000),
        (11, Half.RETIRED_LATE, 430_000, 516_000),
        (21, Half.RETIRED_LATE, 0, 1_720_000),
    ],
)
def test_leave_that_is_left_is_paid(unused: int, half: Half, paid_before: int, pay: int):
    """지방공무원 수당 등에 관한 규정 제18조의5제3항·제4항, 지방공무원 복무규정 제7조제4항."""
    answer = leave.compensation(BOOK, DAY, 3_000_000, unused, half, paid_before)
    assert answer.figures["pay_won"] == pay


def test_what_june_paid_too_much_is_told():
    """수당규정 제18조의5제3항제2호: less than was paid in June is left for the year."""
    notes = leave.compensation(BOOK, DAY, 3_000_000, 3, Half.DECEMBER, 430_000).notes
    assert any("172,000원을 더 주었습니다" in note for note in notes)


@given(
    st.integers(1, 20_000_000), st.integers(0, 366), st.sampled_from(Half), st.integers(0, 10**6)
)  # fmt: skip
def test_more_leave_left_never_pays_less_nor_more_than_its_share(
    monthly: int, unused: int, half: Half, june: int
):
    few, many = (
        leave.compensation(BOOK, DAY, monthly, days, half, june).figures["pay_won"]
        for days in (max(unused - 1, 0), unused)
    )
    assert isinstance(few, int)
    assert isinstance(many, int)
    assert 0 <= few <= many <= monthly * 86 * min(unused, 20) / 100 / 30


# -- 시간외근무


def evenings(month: date, minutes: int, days: int) -> list[Evening]:
    """As many working days of the month."""
    all_days = [month + timedelta(days=n) for n in range(28)]
    working = [day for day in all_days if working_days.is_working(day)]
    return [Evening(day, minutes) for day in working[:days]]


def test_the_cap_of_a_day_ended_on_the_first_of_october():
    """지방공무원 수당 등에 관한 규정 제15조제4항 (대통령령 제36701호)."""
    for month, hours in [(date(2026, 9, 1), 4), (date(2026, 10, 1), 6)]:
        answer = overtime.month(
            BOOK, evenings(month, 7 * 60, 1), 3_000_000, Grade.OTHER, date(2026, 11, 20)
        )
        assert answer.figures["hours"] == hours


@pytest.mark.parametrize(
    ("minutes", "counted"), [(59, 0), (60, 0), (61, 1), (120, 60), (300, 240), (301, 240)]
)
def test_an_hour_is_taken_off_on_working_days(minutes: int, counted: int):
    """제15조제5항제2호."""
    answer = overtime.month(
        BOOK, evenings(date(2026, 9, 1), minutes, 1), 3_000_000, Grade.OTHER, DAY
    )
    assert answer.figures["minutes"] == counted


@pytest.mark.parametrize("day", [date(2026, 9, 5), date(2026, 9, 25)])  # Saturday, Chuseok
def test_on_days_off_every_minute_counts_from_an_hour_on(day: date):
    """제15조제5항제2호가목과 단서."""
    for minutes, counted in [(59, 0), (60, 60), (240, 240), (241, 240)]:
        answer = overtime.month(BOOK, [Evening(day, minutes)], 3_000_000, Grade.OTHER, DAY)
        assert answer.figures["minutes"] == counted


def test_no_more_than_57_hours_a_month_but_for_what_has_no_cap():
    """제15조제4항."""
    many = evenings(date(2026, 9, 1), 5 * 60, 18)
    assert overtime.month(BOOK, many, 3_000_000, Grade.OTHER, DAY).figures["hours"] == 57
    flood = Evening(date(2026, 9, 30), 10 * 60, is_exempt=True)
    answer = overtime.month(BOOK, [*many, flood], 3_000_000, Grade.OTHER, DAY)
    assert answer.figures["hours"] == 57 + 9


@pytest.mark.parametrize("day", [date(2026, 9, 4), date(2026, 9, 5), date(2026, 10, 2)])
def test_who_works_in_shifts_has_nothing_taken_off_and_no_cap(day: date):
    """제15조제4항제1호, 제5항제1호: 현업공무원등, on working days and days off alike."""
    short, long = Evening(day, 59), Evening(day + timedelta(days=1), 5 * 60 + 1)
    answer = overtime.month(
        BOOK, [short, long], 3_000_000, Grade.OTHER, date(2026, 11, 20), is_shift=True
    )
    assert (answer.figures["minutes"], answer.figures["hours"]) == (360, 6)
    many = [Evening(date(day.year, day.month, 1) + timedelta(days=n), 600) for n in range(28)]
    whole = overtime.month(BOOK, many, 3_000_000, Grade.OTHER, date(2026, 11, 20), is_shift=True)
    assert whole.figures["hours"] == 280


def test_what_has_no_cap_is_still_counted_from_an_hour_on_and_less_an_hour():
    """제15조제5항제2호: 재난 (제4항제2호) changes the caps alone."""
    answer = overtime.month(
        BOOK, [Evening(date(2026, 9, 4), 7 * 60, is_exempt=True)], 3_000_000, Grade.OTHER, DAY
    )
    assert answer.figures["hours"] == 6
    assert any("제17조의2제2항" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("grade", "paid_on", "pay"),
    [
        # 2,000,000 x share / 209 x 1.5 x 3 hours, down to 10 won
        (Grade.OTHER, date(2026, 9, 20), 23_680),
        (Grade.NINTH, date(2026, 9, 20), 25_830),
        (Grade.EIGHTH, date(2026, 1, 1), 25_830),
        (Grade.EIGHTH, date(2025, 12, 31), 23_680),
    ],
)
def test_the_share_of_the_base_goes_by_the_day_of_payment(grade: Grade, paid_on: date, pay: int):
    """제15조제2항 (대통령령 제35184호, 제36016호 부칙 제2조)."""
    month = evenings(date(paid_on.year, paid_on.month, 1) - timedelta(days=28), 4 * 60, 1)
    assert overtime.month(BOOK, month, 2_000_000, grade, paid_on).figures["pay_won"] == pay


@given(st.lists(st.integers(0, 24 * 60), min_size=1, max_size=20), st.integers(0, 19))
def test_a_minute_more_never_pays_less(minutes: list[int], nth: int):
    days = [date(2026, 10, 1) + timedelta(days=n) for n in range(len(minutes))]
    nth %= len(minutes)
    more = [min(m + (n == nth) * 30, 24 * 60) for n, m in enumerate(minutes)]
    pays = [
        overtime.month(
            BOOK, list(map(Evening, days, some)), 3_000_000, Grade.OTHER, date(2026, 11, 20)
        ).figures["pay_won"]
        for some in (minutes, more)
    ]
    assert pays[0] <= pays[1]  # type: ignore[operator]


def test_months_that_cannot_be_are_refused():
    one = Evening(date(2026, 9, 1), 60)
    for wrong in (
        [],
        [one, one],
        [one, Evening(date(2026, 10, 1), 60)],
        [Evening(date(2026, 9, 1), 24 * 60 + 1)],
    ):
        with pytest.raises(NotPossible):
            overtime.month(BOOK, wrong, 3_000_000, Grade.OTHER, DAY)
    with pytest.raises(NotPossible):
        overtime.month(BOOK, [one], 3_000_000, Grade.OTHER, date(2026, 8, 31))
    with pytest.raises(OutsideTable):
        overtime.month(
            BOOK, [Evening(date(2023, 9, 1), 60)], 3_000_000, Grade.OTHER, date(2026, 9, 1)
        )


# -- 계약


@pytest.mark.parametrize(
    ("kind", "partner", "estimated", "is_direct", "quotes"),
    [
        (Kind.GOODS, Partner.ANY, 1_999_999, True, 0),
        (Kind.GOODS, Partner.ANY, 2_000_000, True, 1),
        (Kind.GOODS, Partner.ANY, 20_000_000, True, 1),
        (Kind.GOODS, Partner.ANY, 20_000_001, False, None),
        (Kind.SERVICE, Partner.SMALL, 20_000_001, True, 2),
        (Kind.SERVICE, Partner.SMALL, 100_000_000, True, 2),
        (Kind.SERVICE, Partner.SMALL, 100_000_001, False, None),
        (Kind.GOODS, Partner.FAVOURED, 50_000_000, True, 1),
        (Kind.GOODS, Partner.FAVOURED, 50_000_001, True, 2),
        (Kind.GOODS, Partner.YOUNG, 50_000_000, True, 1),
        (Kind.GOODS, Partner.YOUNG, 50_000_001, False, None),
        (Kind.BUILDING, Partner.ANY, 400_000_000, True, 2),
        (Kind.BUILDING, Partner.ANY, 400_000_001, False, None),
        (Kind.SPECIAL_WORKS, Partner.ANY, 200_000_000, True, 2),
        (Kind.SPECIAL_WORKS, Partner.ANY, 200_000_001, False, None),
        (Kind.OTHER_WORKS, Partner.ANY, 160_000_000, True, 2),
        (Kind.OTHER_WORKS, Partner.ANY, 160_000_001, False, None),
        (Kind.OTHER_WORKS, Partner.ANY, 1_500_000, True, 1),  # 시행규칙 제33조 names no works
        (Kind.LEASE, Partner.ANY, 50_000_000, True, 2),
        (Kind.LEASE, Partner.ANY, 50_000_001, False, None),
    ],
)
def test_the_method_goes_by_kind_amount_and_partner(
    kind: Kind, partner: Partner, estimated: int, is_direct: bool, quotes: int | None
):
    """지방계약법 시행령 제25조제1항제5호, 제30조제1항, 시행규칙 제33조."""
    figures = contract.method(BOOK, DAY, kind, estimated, estimated * 11 // 10, partner).figures
    assert (figures["is_direct"], figures["quotes"]) == (is_direct, quotes)


@pytest.mark.parametrize(
    ("amount", "paper", "bond", "record"),
    [
        (29_999_999, False, False, False),
        (30_000_000, False, False, True),
        (50_000_000, False, False, True),
        (50_000_001, True, True, True),
    ],
)
def test_papers_go_by_the_contract_amount(amount: int, paper: bool, bond: bool, record: bool):
    """시행령 제50조제1항, 제53조제1항, 제65조."""
    figures = contract.method(BOOK, DAY, Kind.SERVICE, 10_000_000, amount).figures
    assert (
        figures["needs_paper"], figures["needs_bond"], figures["needs_inspection_record"]
    ) == (paper, bond, record)  # fmt: skip
    assert figures["bond_won"] == (5_000_001 if bond else None)


@pytest.mark.parametrize(
    ("what", "days", "owed"),
    [
        (Delayed.WORKS, 10, 500_000),
        (Delayed.GOODS, 10, 800_000),
        (Delayed.DESIGNED_GOODS, 10, 500_000),
        (Delayed.SERVICE, 10, 1_300_000),
        (Delayed.TRANSPORT, 10, 2_500_000),
        (Delayed.TRANSPORT, 120, 30_000_000),
        (Delayed.TRANSPORT, 121, 30_000_000),
        (Delayed.WORKS, 0, 0),
    ],
)
def test_a_delay_costs_by_the_day_and_never_over_three_tenths(what: Delayed, days: int, owed: int):
    """시행규칙 제75조, 시행령 제90조제3항."""
    answer = contract.delay(BOOK, DAY, what, 100_000_000, days)
    assert answer.figures["owed_won"] == owed


def test_what_was_taken_over_is_left_out_of_a_delay():
    """시행령 제90조제2항."""
    answer = contract.delay(BOOK, DAY, Delayed.GOODS, 100_000_000, 10, taken_over_won=60_000_000)
    assert answer.figures["owed_won"] == 320_000


def test_inspection_is_counted_in_days_and_payment_in_working_days():
    """시행령 제64조제1항, 제67조제1항."""
    answer = contract.dates(BOOK, date(2026, 9, 14), date(2026, 9, 22))
    assert answer.figures["inspect_by"] == date(2026, 9, 28)
    # 23, then 24-26 are Chuseok and a weekend: 28, 29, 30, 1
    assert answer.figures["pay_by"] == date(2026, 10, 1)
    crisis = contract.dates(BOOK, date(2026, 9, 14), date(2026, 9, 22), is_crisis=True)
    assert crisis.figures["inspect_by"] == date(2026, 9, 21)
    assert crisis.figures["pay_by"] == date(2026, 9, 29)


@given(st.dates(date(2026, 1, 1), date(2027, 6, 1)), st.integers(1, 30))
def test_a_deadline_in_working_days_is_a_working_day_and_moves_on(first: date, days: int):
    by = working_days.after_working_days(first, days)
    assert working_days.is_working(by)
    assert working_days.after_working_days(first, days + 1) > by > first
    between = [first + timedelta(days=n) for n in range(1, (by - first).days + 1)]
    assert sum(map(working_days.is_working, between)) == days


def test_local_holidays_are_days_off():
    local = {date(2026, 11, 23)}
    assert working_days.after_working_days(DAY, 1) == date(2026, 11, 23)
    assert working_days.after_working_days(DAY, 1, local) == date(2026, 11, 24)
