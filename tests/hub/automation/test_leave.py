"""Special leave, days of leave and what becomes of it: worked examples with their articles."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.automation import (
    family_care,
    family_events,
    leave_days,
    leave_rest,
    office_pay,
    public_leave,
    special_leave,
)
from hub.automation.answer import Answer, NotPossible
from hub.automation.family_care import Care, Whom
from hub.automation.family_events import Event
from hub.automation.leave import Tenure
from hub.automation.leave_days import Leave
from hub.automation.special_leave import Births, Cause
from hub.rules.book import Ordinance, RuleBook
from hub.rules.rule import Article, OutsideTable
from hub.rules.tables import nation

BOOK = RuleBook(nation())
DAY = date(2026, 11, 20)  # a Friday
D = Decimal


def whole(answer: Answer, *names: str) -> list[Decimal]:
    told = [answer.figures[name] for name in names]
    assert all(isinstance(one, int | Decimal) for one in told)
    return [D(one) for one in told]  # type: ignore[arg-type]


# -- 특별휴가: 제7조의7


@pytest.mark.parametrize(
    ("cause", "days", "place"),
    [
        (Cause.CHECKUP, 10, "제7조의7제12항"),
        (Cause.CHECKUP_WITH, 10, "제7조의7제15항"),
        (Cause.WOMEN, 1, "제7조의7제11항"),
        (Cause.INSEMINATION, 2, "제7조의7제6항"),
        (Cause.FROZEN, 3, "제7조의7제6항"),
        (Cause.EGG, 4, "제7조의7제6항"),
        (Cause.MAN, 1, "제7조의7제6항"),
        (Cause.DISASTER, 5, "제7조의7제13항"),
        (Cause.LARGE_DISASTER, 10, "제7조의7제13항"),
        (Cause.CALM, 4, "제7조의7제14항"),
    ],
)
def test_a_special_leave_has_its_days(cause: Cause, days: int, place: str):
    answer = special_leave.simple(BOOK, DAY, cause)
    assert whole(answer, "days", "left_days") == [days, days]
    assert {one.article.place for one in answer.rules} == {place}
    assert answer.figures["is_paid"] is (cause is not Cause.WOMEN)
    assert whole(special_leave.simple(BOOK, DAY, cause, D(days)), "left_days") == [0]
    with pytest.raises(NotPossible):
        special_leave.simple(BOOK, DAY, cause, D(days) + D("0.5"))


@pytest.mark.parametrize(
    ("cause", "since"),
    [
        (Cause.CHECKUP_WITH, date(2025, 7, 22)),  # 대통령령 제35666호
        (Cause.CALM, date(2023, 7, 18)),  # 대통령령 제33639호
        (Cause.EGG, date(2024, 7, 2)),
    ],
)
def test_a_special_leave_begins_on_its_day(cause: Cause, since: date):
    special_leave.simple(BOOK, since, cause)
    with pytest.raises(OutsideTable):
        special_leave.simple(BOOK, since - timedelta(days=1), cause)


@pytest.mark.parametrize(
    ("births", "split", "days", "last"),
    [
        (Births.ONE, 0, 90, date(2026, 3, 31)),
        (Births.EARLY, 0, 100, date(2026, 4, 10)),
        (Births.TWINS, 0, 120, date(2026, 4, 30)),
        (Births.ONE, 44, 90, date(2026, 2, 15)),
        (Births.TWINS, 59, 120, date(2026, 3, 2)),
    ],
)
def test_leave_for_a_birth_is_counted_in_calendar_days(
    births: Births, split: int, days: int, last: date
):
    """제7조의7제3항, 제7조의8제4호."""
    answer = special_leave.birth(BOOK, date(2026, 1, 1), date(2026, 1, 1), births, split)
    assert (answer.figures["days"], answer.figures["last_on"]) == (days, last)
    most = 59 if births is Births.TWINS else 44
    with pytest.raises(NotPossible):
        special_leave.birth(BOOK, date(2026, 1, 1), date(2026, 1, 1), births, most + 1)


@pytest.mark.parametrize(
    ("births", "before", "enough"),
    [
        (Births.ONE, 44, True), (Births.ONE, 45, False),
        (Births.EARLY, 54, True), (Births.EARLY, 55, False),
        (Births.TWINS, 59, True), (Births.TWINS, 60, False),
    ],
)  # fmt: skip
def test_enough_of_it_must_lie_after_the_birth(births: Births, before: int, enough: bool):
    """제7조의7제3항: 45 days, 60 where there are two."""
    born = date(2026, 6, 1)
    answer = special_leave.birth(BOOK, born - timedelta(days=before), born, births)
    assert answer.figures["is_enough_after"] is enough


def test_a_hundred_days_for_an_early_birth_begin_on_their_day():
    """대통령령 제35259호: born on 11 February 2025 or later."""
    born = date(2025, 2, 11)
    assert special_leave.birth(BOOK, born, born, Births.EARLY).figures["days"] == 100
    with pytest.raises(OutsideTable):
        special_leave.birth(BOOK, born, born - timedelta(days=1), Births.EARLY)


@pytest.mark.parametrize(
    ("weeks", "days"),
    [(0, 10), (15, 10), (16, 30), (21, 30), (22, 60), (27, 60), (28, 90), (40, 90)],
)
def test_leave_after_a_loss_goes_by_the_weeks(weeks: int, days: int):
    """제7조의7제4항; 제5항 for the husband."""
    answer = special_leave.loss(BOOK, DAY, weeks)
    assert answer.figures["days"] == days
    assert answer.figures["until"] == DAY + timedelta(days=days - 1)
    assert special_leave.loss(BOOK, DAY, weeks, is_spouse=True).figures["days"] == 3


@pytest.mark.parametrize(("weeks", "must"), [(12, True), (13, False), (31, False), (32, True)])
def test_hours_in_pregnancy_must_be_granted_early_and_late(weeks: int, must: bool):
    """제7조의7제7항."""
    answer = special_leave.pregnancy_hours(BOOK, DAY, weeks)
    assert (answer.figures["hours"], answer.figures["must_grant"]) == (2, must)


@pytest.mark.parametrize(
    ("day", "grade", "used", "left"),
    [
        (date(2027, 3, 1), False, 0, 36),  # the last day of being eight
        (date(2027, 3, 2), False, 0, 0),
        (date(2027, 3, 2), True, 0, 36),  # nine, and in the second grade
        (date(2026, 3, 2), False, 35, 1),
        (date(2026, 3, 2), False, 36, 0),
    ],
)
def test_hours_for_children_go_by_age_or_grade_and_end_after_36_months(
    day: date, grade: bool, used: int, left: int
):
    """제7조의7제8항."""
    born = date(2018, 3, 2)
    answer = special_leave.childcare(BOOK, day, born, D(used), in_second_grade=grade)
    assert whole(answer, "left_months") == [left]
    assert answer.figures["by_age_until"] == date(2027, 3, 1)
    assert answer.figures["hours"] == (2 if left else 0)


def test_who_is_born_on_the_29th_of_february_turns_nine_in_march():
    answer = special_leave.childcare(BOOK, DAY, date(2020, 2, 29))
    assert answer.figures["by_age_until"] == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("cause", "whom", "children", "more", "used", "paid_used", "left", "paid"),
    [
        (Care.CLOSED, Whom.CHILD, 1, False, "0", "0", 10, 2),
        (Care.CLOSED, Whom.CHILD, 2, False, "0", "0", 10, 3),
        (Care.CLOSED, Whom.CHILD, 2, True, "0", "0", 10, 4),
        (Care.EVENT, Whom.GROWN_CHILD, 1, False, "0", "0", 10, 2),
        (Care.ILL, Whom.CHILD, 2, False, "0", "0", 10, 3),
        (Care.ILL, Whom.GROWN_CHILD, 2, False, "0", "0", 10, 0),
        (Care.ILL, Whom.ELDER, 2, True, "0", "0", 10, 0),
        (Care.CLOSED, Whom.GRANDCHILD, 2, False, "0", "0", 10, 0),
        (Care.CLOSED, Whom.CHILD, 2, False, "8.5", "1", "1.5", "1.5"),
        (Care.CLOSED, Whom.CHILD, 2, False, "5", "3", 5, 0),
        (Care.CLOSED, Whom.CHILD, 12, True, "0", "0", 10, 10),
    ],
)
def test_care_for_the_family_is_ten_days_and_paid_for_children_alone(
    cause: Care, whom: Whom, children: int, more: bool, used: str, paid_used: str,
    left: str, paid: str,
):  # fmt: skip
    """제7조의7제9항, 제10항."""
    answer = family_care.care(
        BOOK, DAY, cause, whom, children, is_single_or_disabled=more,
        used_days=D(used), used_paid_days=D(paid_used),
    )  # fmt: skip
    assert whole(answer, "left_days", "paid_days") == [D(left), D(paid)]
    assert sum(whole(answer, "paid_days", "unpaid_days")) == D(left)


def test_care_between_nursery_and_school_begins_on_its_day():
    """제7조의7제9항제3호 (대통령령 제36443호)."""
    family_care.care(BOOK, date(2026, 6, 23), Care.BETWEEN, Whom.CHILD, 1)
    with pytest.raises(NotPossible, match=r"2026\. 6\. 23\."):
        family_care.care(BOOK, date(2026, 6, 22), Care.BETWEEN, Whom.CHILD, 1)


# -- 경조사: 별표 1


@pytest.mark.parametrize(
    ("event", "days"),
    [
        (Event.OWN_WEDDING, 5), (Event.CHILD_WEDDING, 1), (Event.SPOUSE_BIRTH, 20),
        (Event.SPOUSE_BIRTH_TWINS, 25), (Event.ADOPTION, 20), (Event.DEATH_SPOUSE, 5),
        (Event.DEATH_PARENT, 5), (Event.DEATH_GRANDPARENT, 3), (Event.DEATH_CHILD, 3),
        (Event.DEATH_SIBLING, 3),
    ],
)  # fmt: skip
def test_an_event_of_the_family_has_its_days_and_is_called_secondary(event: Event, days: int):
    """별표 1; 제7조의8: Saturdays and holidays are left out."""
    answer = family_events.days(BOOK, DAY, event, DAY)
    assert answer.figures["days"] == days
    assert any("2차" in note for note in answer.notes)


def test_an_ordinance_that_gives_no_day_for_an_event_says_so():
    """제7조의7제1항: an ordinance decides beside 별표 1."""
    ours = Ordinance(
        "leave.event.child_wedding", date(2026, 1, 1), None, 0, Article("가나시 조례", "제3조")
    )
    answer = family_events.days(RuleBook(nation(), [ours]), DAY, Event.CHILD_WEDDING, DAY)
    assert (answer.figures["days"], answer.figures["last_on"]) == (0, None)
    assert "없음" in answer.headline


def test_days_for_an_event_skip_days_off():
    """제7조의8: Friday, then Monday to Thursday."""
    answer = family_events.days(BOOK, DAY, Event.OWN_WEDDING, DAY)
    assert answer.figures["last_on"] == date(2026, 11, 26)
    saturday = family_events.days(BOOK, DAY, Event.CHILD_WEDDING, date(2026, 11, 21))
    assert saturday.figures["last_on"] == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("event", "since"),
    [(Event.SPOUSE_BIRTH, date(2025, 2, 11)), (Event.DEATH_SIBLING, date(2024, 7, 2))],
)
def test_days_for_an_event_go_by_the_day_it_happened(event: Event, since: date):
    """부칙 of 대통령령 제35259호 and 제34661호."""
    family_events.days(BOOK, since, event, since)
    with pytest.raises(OutsideTable):
        family_events.days(BOOK, since - timedelta(days=1), event, since)


def test_an_ordinance_that_gives_thirty_days_counts_days_off():
    """제7조의8제4호."""
    ours = Ordinance(
        "leave.event.spouse_birth", date(2026, 1, 1), None, 30, Article("가나시 조례", "제3조")
    )
    answer = family_events.days(RuleBook(nation(), [ours]), DAY, Event.SPOUSE_BIRTH, DAY)
    assert answer.figures["last_on"] == DAY + timedelta(days=29)


# -- 휴가 일수, 병가: 제7조의5, 제7조의8


@pytest.mark.parametrize(
    ("leave", "before", "days", "counts"),
    [
        # 2 to 27 November 2026: 26 days, 20 of them working
        (Leave.YEAR, "0", 20, False),
        (Leave.YEAR, "300", 20, False),
        (Leave.SICK, "3.9", 20, False),
        (Leave.SICK, "4", 20, None),
        (Leave.SICK, "9.9", 20, None),
        (Leave.SICK, "10", 26, True),
        (Leave.DUTY_SICK, "10", 26, True),
        (Leave.PUBLIC, "10", 26, True),
        (Leave.SPECIAL, "10", 26, True),
    ],
)
def test_days_off_are_counted_from_thirty_days_on(
    leave: Leave, before: str, days: int, counts: bool | None
):
    """제7조의8."""
    answer = leave_days.days(BOOK, leave, date(2026, 11, 2), date(2026, 11, 27), D(before))
    assert (answer.figures["days"], answer.figures["counts_days_off"]) == (days, counts)


def test_public_and_local_holidays_are_left_out():
    """제7조의8; 관공서의 공휴일에 관한 규정 제2조: 24 and 25 September 2026 are Chuseok."""
    week = (date(2026, 9, 21), date(2026, 9, 27))
    assert leave_days.days(BOOK, Leave.YEAR, *week).figures["days"] == 3
    local = {date(2026, 9, 21)}
    assert leave_days.days(BOOK, Leave.YEAR, *week, local=local).figures["days"] == 2


@pytest.mark.parametrize(
    ("last", "said"), [(date(2026, 11, 13), True), (date(2026, 11, 12), False)]
)
def test_ten_days_in_a_row_must_be_granted(last: date, said: bool):
    """제7조의11."""
    answer = leave_days.days(BOOK, Leave.YEAR, date(2026, 11, 2), last)
    assert any("제7조의11" in note for note in answer.notes) is said


@pytest.mark.parametrize(
    ("before", "noted", "note", "off", "needs", "left"),
    [
        # two days, 2 and 3 November 2026
        ("0", "0", False, 0, False, 58),
        ("4", "0", False, 0, False, 54),
        ("4.5", "0", False, "0.5", True, 54),
        ("6", "0", False, 2, True, 54),
        ("6", "0", True, 0, True, 52),
        ("20", "14", False, 2, True, 40),
        ("57", "57", True, 0, True, 1),
    ],
)
def test_sick_leave_without_a_note_comes_off_the_annual_leave_after_six_days(
    before: str, noted: str, note: bool, off: str, needs: bool, left: str
):
    """제7조의2제7항, 제7조의5제1항·제3항."""
    span = (date(2026, 11, 2), date(2026, 11, 3))
    answer = leave_days.sick(BOOK, *span, D(before), D(noted), has_note=note)
    assert whole(answer, "off_annual_days", "left_days") == [D(off), D(left)]
    assert answer.figures["needs_note"] is needs


@pytest.mark.parametrize(
    ("before", "noted", "note", "days"),
    [
        # 2 to 27 November 2026: 26 days, 20 of them working
        ("24", "10", False, 20),  # eight of the 24 came off the annual leave
        ("29", "23", False, 20),  # the six without a note are gone: the rest is annual leave
        ("28", "28", False, 26),  # six of these still are sick leave
        ("23", "23", False, 20),
        ("10", "10", True, 26),
    ],
)
def test_what_comes_off_the_annual_leave_is_not_summed_to_thirty_days(
    before: str, noted: str, note: bool, days: int
):
    """제7조의5제1항: it is not counted as sick leave; 제7조의8제1호."""
    span = (date(2026, 11, 2), date(2026, 11, 27))
    answer = leave_days.sick(BOOK, *span, D(before), D(noted), has_note=note)
    assert whole(answer, "days") == [days]


def test_days_with_a_note_are_told_not_to_be_of_the_six():
    """제7조의2제7항: the text does not say."""
    span = (date(2026, 11, 2), date(2026, 11, 3))
    for noted, said in [("3", True), ("0", False)]:
        notes = leave_days.sick(BOOK, *span, D(5), D(noted)).notes
        assert any("6일에 넣지 않고" in one for one in notes) is said


@given(
    st.integers(0, 60), st.integers(0, 60), st.booleans(), st.booleans(), st.integers(0, 40)
)  # fmt: skip
def test_sick_leave_is_this_one_and_what_came_before_less_what_comes_off(
    before: int, noted: int, note: bool, duty: bool, length: int
):
    noted = min(before, noted)
    first = date(2026, 3, 2)
    answer = leave_days.sick(
        BOOK, first, first + timedelta(days=length), D(before), D(noted), is_duty=duty,
        has_note=note,
    )  # fmt: skip
    taken, off, left, over = whole(answer, "days", "off_annual_days", "left_days", "over_days")
    assert before + taken - off + left - over == (180 if duty else 60)
    assert min(taken, off, left, over) >= 0
    assert 0 in (left, over)


@pytest.mark.parametrize(("is_duty", "over"), [(False, 1), (True, 0)])
def test_sick_leave_ends_at_60_days_and_at_180_on_duty(is_duty: bool, over: int):
    """제7조의5제1항, 제2항."""
    span = (date(2026, 11, 2), date(2026, 11, 2))
    answer = leave_days.sick(BOOK, *span, D(60), D(60), is_duty=is_duty, has_note=True)
    assert whole(answer, "over_days") == [over]
    full = leave_days.sick(BOOK, *span, D(180), D(180), is_duty=True, has_note=True)
    assert whole(full, "over_days") == [1]


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 300), st.integers(0, 60))
def test_longer_leave_is_never_fewer_days(first: date, length: int, before: int):
    year_end = date(2026, 12, 31)
    ends = [min(first + timedelta(days=length + more), year_end) for more in (0, 1)]
    for leave in Leave:
        less, more = (
            leave_days.days(BOOK, leave, first, last, D(before)).figures["days"] for last in ends
        )
        assert 0 <= less <= more  # type: ignore[operator]


# -- 공가: 제7조의6


def test_every_cause_of_official_leave_is_known_from_the_first_to_the_thirteenth():
    """제7조의6제1호~제13호."""
    told = " ".join(public_leave.CAUSES.values())
    assert set(public_leave.CAUSES) == set(public_leave.Cause)
    assert all(f"제{nth}호" in told for nth in range(1, 14))
    for cause in public_leave.Cause:
        assert public_leave.given(BOOK, DAY, cause).figures["can"] is True


@pytest.mark.parametrize(
    ("cause", "used", "left"),
    [
        (public_leave.Cause.DELEGATES, 0, 1), (public_leave.Cause.DELEGATES, 1, 0),
        (public_leave.Cause.AUDIT, 1, 1), (public_leave.Cause.AUDIT, 2, 0),
        (public_leave.Cause.BLOOD, 300, None),
    ],
)  # fmt: skip
def test_some_causes_are_given_so_often_a_year(
    cause: public_leave.Cause, used: int, left: int | None
):
    """제7조의6제10호."""
    answer = public_leave.given(BOOK, DAY, cause, used)
    assert answer.figures["left_times"] == left
    assert answer.figures["can"] is (left != 0)


def test_a_unions_audit_is_a_cause_from_its_day_on():
    """제7조의6제10호다목 (대통령령 제36443호)."""
    public_leave.given(BOOK, date(2026, 6, 23), public_leave.Cause.AUDIT)
    with pytest.raises(NotPossible, match=r"2026\. 6\. 23\."):
        public_leave.given(BOOK, date(2026, 6, 22), public_leave.Cause.AUDIT)


def test_official_leave_stands_on_its_own_article_and_not_on_that_of_days_off_alone():
    """제7조의6: without a number of days."""
    answer = public_leave.given(BOOK, DAY, public_leave.Cause.VOTE)
    assert {one.article.place for one in answer.rules} == {"제7조의6", "제7조의8"}


def test_a_short_window_after_a_loss_leaves_open_whether_days_off_count():
    """제7조의7제4항제1호 against 제7조의8."""
    for weeks, said in [(15, True), (16, False)]:
        notes = special_leave.loss(BOOK, DAY, weeks).notes
        assert any("제7조의8" in note for note in notes) is said


# -- 이월·저축, 당겨쓰기, 권장 연가, 전환


@pytest.mark.parametrize(
    ("days", "hours", "paid", "made", "saved", "lost"),
    [
        (10, "0", 10, "0", "0", "0"),
        (10, "4", 10, "0", "4", "0"),
        (10, "4", 5, "0", "44", "0"),
        (20, "0", 0, "0", "160", "0"),
        (20, "4", 20, "0", "0", "4"),
        (21, "0", 20, "0", "0", "8"),
        (5, "0", 5, "12", "12", "0"),
    ],
)
def test_leave_that_is_left_is_paid_saved_or_lost(
    days: int, hours: str, paid: int, made: str, saved: str, lost: str
):
    """제7조제4항, 제7조의10제1항."""
    answer = leave_rest.carried(BOOK, date(2026, 12, 31), days, D(hours), paid, D(made))
    assert whole(answer, "saved_hours", "lost_hours") == [D(saved), D(lost)]


@given(
    st.integers(0, 60), st.integers(0, 7), st.integers(0, 20), st.integers(0, 100)
)  # fmt: skip
def test_what_is_paid_saved_and_lost_is_all_that_was_left(
    days: int, hours: int, paid: int, made: int
):
    paid = min(paid, days)
    answer = leave_rest.carried(BOOK, DAY, days, D(hours), paid, D(made))
    saved, lost = whole(answer, "saved_hours", "lost_hours")
    assert paid * 8 + saved + lost == days * 8 + hours + made
    assert min(saved, lost) >= 0


@pytest.mark.parametrize(("years", "most"), [(0, 5), (1, 6), (2, 7), (3, 8), (4, 10), (20, 10)])
def test_leave_is_taken_ahead_as_far_as_the_tenure_lets(years: int, most: int):
    """제7조의3."""
    served = Tenure(years, 0)
    can = leave_rest.ahead(BOOK, DAY, served, D(1), D(most + 1))
    assert (can.figures["can"], *whole(can, "ahead_days")) == (True, most)
    cannot = leave_rest.ahead(BOOK, DAY, served, D(1), D(most + 2))
    assert (cannot.figures["can"], *whole(cannot, "ahead_days")) == (False, most)
    some = leave_rest.ahead(BOOK, DAY, served, D(1), D(2), D(most))
    assert some.figures["can"] is False


def test_the_dates_of_recommended_leave():
    """제7조의4."""
    told = leave_rest.plan(BOOK, 2026, 10, date(2026, 7, 31)).figures
    assert (told["announce_by"], told["name_by"]) == (date(2026, 3, 31), date(2026, 10, 31))
    assert (told["urge_from"], told["urge_to"]) == (date(2026, 6, 1), date(2026, 7, 31))
    assert told["reply_by"] == date(2026, 8, 10)
    assert leave_rest.plan(BOOK, 2026, 10).figures["reply_by"] is None


@pytest.mark.parametrize(
    ("days", "urged"), [(9, None), (10, date(2026, 5, 31)), (10, date(2026, 8, 1))]
)
def test_a_plan_that_the_law_does_not_know_is_refused(days: int, urged: date | None):
    with pytest.raises(NotPossible):
        leave_rest.plan(BOOK, 2026, days, urged)


def test_a_date_of_the_plan_on_a_day_off_says_until_when_one_is_never_late():
    """31 October 2026 is a Saturday; the text moves nothing."""
    notes = leave_rest.plan(BOOK, 2026, 10).notes
    assert any("10. 30.(금)까지" in note for note in notes)


@given(st.integers(1, 57), st.integers(1, 57))
def test_hours_made_leave_and_hours_paid_are_all_hours(paid: int, made: int):
    """복무규정 제4조제4항."""
    made = min(paid, made)
    answer = leave_rest.converted(BOOK, DAY, paid, made)
    days, hours, rest = whole(answer, "leave_days", "leave_hours", "paid_hours")
    assert days * 8 + hours + rest == paid
    assert 0 <= hours < 8
    with pytest.raises(NotPossible):
        leave_rest.converted(BOOK, DAY, paid, paid + 1)


# -- 명절휴가비, 정액급식비


def test_festival_pay_is_six_tenths_within_fifteen_days():
    """수당규정 제18조의3제2항."""
    told = office_pay.festival(BOOK, date(2026, 9, 25), 3_000_010).figures
    assert told["pay_won"] == 1_800_000
    assert (told["pay_from"], told["pay_to"]) == (date(2026, 9, 10), date(2026, 10, 10))


@pytest.mark.parametrize(
    ("month", "absent", "worked", "pay"),
    [
        (date(2026, 11, 1), 0, None, 160_000),
        (date(2026, 11, 1), 1, None, 154_660),
        (date(2026, 11, 1), 0, 15, 80_000),
        (date(2026, 2, 1), 28, None, 0),
    ],
)
def test_meals_are_paid_by_the_day_where_days_are_missing(
    month: date, absent: int, worked: int | None, pay: int
):
    """수당규정 제18조, 제19조제4항·제5항."""
    assert office_pay.meals(BOOK, month, absent, worked).figures["pay_won"] == pay


def test_meals_before_2026_are_refused():
    """수당규정 제18조 (대통령령 제36016호): the amount before was not read."""
    with pytest.raises(OutsideTable):
        office_pay.meals(BOOK, date(2025, 12, 1))


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 30))
def test_a_day_missing_never_pays_more(month: date, absent: int):
    most = monthrange(month.year, month.month)[1]
    pays = [
        whole(office_pay.meals(BOOK, month, min(absent + more, most)), "pay_won") for more in (0, 1)
    ]
    assert pays[0] >= pays[1] >= [D(0)]
