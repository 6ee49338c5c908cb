"""출장신청서 and 여비정산 신청서: amounts of the calculators by the time of the order."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.automation import travel, trip_papers, trip_settling, won
from hub.automation.answer import NotPossible
from hub.automation.travel import Car, Night, Region
from hub.automation.trip_papers import Written
from hub.automation.trip_settling import SAME_DAY, FarTrip, NearTrip, SameDay, Trip
from hub.document import hwpx, pdf, plain
from hub.document.errors import MalformedDocument
from hub.kit.clock import SEOUL
from hub.rules.book import RuleBook
from hub.rules.tables import nation
from tests.hub.document import reading

BOOK = RuleBook(nation())
MADE_AT = datetime(2026, 11, 21, tzinfo=UTC)
ON_FOOT = NearTrip(Car.NONE)
FAR = FarTrip([Night(Region.SEOUL, 90_000)], 96_000, ())


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SEOUL)


def said(**changed: Any) -> dict[str, Any]:
    typed: dict[str, Any] = {
        "office": "청사시",
        "travellers": [{"department": "총무과", "post": "행정7급", "name": "김가"}],
        "attachments": ["영수증 1부"], "signers": [{"post": "총무과장"}],
        "to": "청사시장 귀하", "requested_on": date(2026, 11, 23),
    }  # fmt: skip
    return {**typed, **changed}


def trip(
    begins: datetime, ends: datetime, went: NearTrip | FarTrip = ON_FOOT, **told: str
) -> Written:
    told = {"destination": "도청", "purpose": "예산 협의", "transport": "버스", **told}
    kind = "far" if isinstance(went, FarTrip) else "near"
    return Written(Trip(begins, ends, went, (kind, 0)), told)


AFTERNOON = trip(at(13), at(17, 30), order="총무-2026-0412")


def settled(*trips: Written, same_day: SameDay | None = None, **changed: Any) -> Any:
    return trip_papers.settled(BOOK, said(**changed), trips or [AFTERNOON], same_day)


def requested(**changed: Any) -> Any:
    when = {"begins": at(13), "ends": at(17, 30)}
    what = {"destination": "도청", "purpose": "예산 협의", "transport": "버스"}
    return trip_papers.requested({**said(), **when, **what, **changed})


def lines(document: Any) -> list[str]:
    return plain.drawn(document).split("\n")


def test_a_request_says_who_when_where_and_for_what():
    document = requested(cost="금20,000원", budget_code="202-01 국내여비")
    told = lines(document)
    for line in (
        "출장자  총무과 행정7급 김가", "출장기간  2026. 11. 20. 13:00~17:30", "출장지  도청",
        "예상 여비  금20,000원", "예산과목  202-01 국내여비",
    ):  # fmt: skip
        assert line in told
    assert any("위와 같이 출장을 신청합니다." in line for line in told)


@pytest.mark.parametrize(
    ("ends", "car", "total"),
    [
        (at(16, 59), Car.NONE, "금10,000원(금일만원)"),
        (at(17), Car.NONE, "금20,000원(금이만원)"),
        (at(17), Car.OFFICE, "금10,000원(금일만원)"),
    ],
)
def test_a_near_trip_is_settled_by_the_time_of_its_order(ends: datetime, car: Car, total: str):
    """공무원 여비 규정 제18조제1항."""
    told = lines(settled(trip(at(13), ends, NearTrip(car))))
    assert f"정산액  {total}" in told
    assert any("공무원 여비 규정 제18조제1항" in line for line in told)


def test_what_proofs_said_stands_beside_and_changes_nothing():
    without = settled()
    told = lines(settled(trip(at(13), at(17, 30), proof="원터치 2건, 가장 낮은 등급 B")))
    assert "출장 증빙  원터치 2건, 가장 낮은 등급 B" in told
    assert any("금액의 근거가 아닙니다" in line for line in told)
    assert "정산액  금20,000원(금이만원)" in told
    assert "정산액  금20,000원(금이만원)" in lines(without)


def test_several_who_went_together_are_added_up_near_and_apart_far():
    people = [{"name": "김가"}, {"name": "이나"}, {"name": "박다"}]
    told = lines(settled(travellers=people))
    assert "정산액  금60,000원(금육만원)" in told
    assert any("20,000원 × 3명 = 60,000원" in line for line in told)
    with pytest.raises(NotPossible):
        settled(trip(at(9), at(18), FAR), travellers=people)


def test_a_far_trip_is_settled_by_its_days_and_nights():
    """공무원 여비 규정 제16조, 별표 2, 제8조의2제2항."""
    told = lines(settled(trip(at(9), at(18, day=21), FAR)))
    assert "정산액  금286,000원(금이십팔만육천원)" in told
    assert "정산 기한  2026. 12. 5.(토)" in told
    assert any("별표 2" in line and "2차" in line for line in told)


def test_a_near_trip_over_midnight_is_refused_in_words_where_it_was_typed():
    with pytest.raises(NotPossible, match="하루씩") as refused:
        settled(trip(at(13), at(1, day=21)))
    assert refused.value.place == ("near", 0, "ends_at")


def test_a_trip_that_ends_before_it_begins_is_refused():
    for went in (ON_FOOT, FAR):
        with pytest.raises(NotPossible, match="시작보다 뒤"):
            settled(trip(at(13), at(12), went))
    with pytest.raises(MalformedDocument, match="앞섭니다"):
        requested(ends=at(12))


@given(st.integers(1, 600), st.sampled_from((Car.NONE, Car.OFFICE)), st.integers(1, 8))
def test_the_sum_of_the_paper_is_that_of_the_calculator(minutes: int, car: Car, people: int):
    one = trip(at(8), at(8) + timedelta(minutes=minutes), NearTrip(car)).trip
    found = trip_settling.settled(BOOK, [one], people)
    alone = travel.near(BOOK, one.first, travel.Outing(minutes, car)).figures["pay_won"]
    assert found.total_won == people * alone  # type: ignore[operator]
    assert found.each_won == (alone,)


def test_several_trips_near_and_far_are_one_paper_with_each_amount_and_the_sum():
    """제16조, 제18조제1항: 20,000 + 10,000 and two days of 일비 and 식비, a night, fares."""
    far = trip(at(9, day=24), at(18, day=25), FAR, destination="서울시청", order="총무-2026-0413")
    near = trip(at(9, day=21), at(11, day=21), destination="의회")
    told = lines(settled(far, AFTERNOON, near))
    assert "출장  3건(근무지 내 2건, 근무지 외 1건)" in told
    assert "출장기간  2026. 11. 20. 13:00~2026. 11. 25. 18:00" in told
    assert "정산액  금316,000원(금삼십일만육천원)" in told
    assert "정산 기한  2026. 12. 9.(수)" in told
    whole = " ".join(told)
    for nth, words in ((1, "도청"), (2, "의회"), (3, "서울시청")):  # by their beginnings
        assert re.search(rf"\b{nth}\b.*{words}", whole)
    for amount in ("20,000원", "10,000원", "286,000원", "총무-2026-0412", "총무-2026-0413"):
        assert amount in whole
    assert "3번 일비" in whole


@pytest.mark.parametrize(
    ("way", "total"),
    [(SameDay.TOGETHER, 10_000), (SameDay.CAPPED, 20_000), (SameDay.EACH, 20_000)],
)
def test_where_two_short_trips_of_a_day_differ_the_office_says_how(way: SameDay, total: int):
    """1 h and 2 h: 10,000 as one of three hours, 20,000 each by itself. 제18조 says neither."""
    two = (trip(at(9), at(10)), trip(at(13), at(15)))
    with pytest.raises(NotPossible, match="다릅니다") as refused:
        settled(*two)
    assert refused.value.place == ("same_day",)
    assert "10,000원" in refused.value.says
    assert "20,000원" in refused.value.says
    told = lines(settled(*two, same_day=way))
    assert f"정산액  {won.official(total)}" in told
    assert SAME_DAY[way] in " ".join(told)


@pytest.mark.parametrize(
    ("way", "total"),
    [(SameDay.TOGETHER, 20_000), (SameDay.CAPPED, 20_000), (SameDay.EACH, 40_000)],
)
def test_the_days_cap_is_the_amount_of_a_long_trip(way: SameDay, total: int):
    two = (trip(at(8), at(12)), trip(at(13), at(17)))
    assert f"정산액  {won.official(total)}" in lines(settled(*two, same_day=way))


def test_where_every_way_gives_the_same_nothing_is_asked():
    """With an office car from a long trip nothing is left but by the other."""
    two = (
        trip(at(9), at(10), NearTrip(Car.ASSIGNED)),
        trip(at(13), at(15), NearTrip(Car.ASSIGNED)),
    )
    told = lines(settled(*two))
    assert "정산액  금0원(금영원)" in told
    assert "어느 쪽으로 셈해도 같음" in " ".join(told)


def test_near_trips_of_two_days_know_no_common_cap():
    two = (trip(at(9), at(14)), trip(at(9, day=21), at(14, day=21)))
    assert "정산액  금40,000원(금사만원)" in lines(settled(*two))


def test_trips_that_overlap_are_refused():
    with pytest.raises(NotPossible, match="겹칩니다"):
        settled(AFTERNOON, trip(at(17), at(18)))
    with pytest.raises(NotPossible, match="겹칩니다"):
        settled(trip(at(9, day=19), at(18, day=21), FAR), AFTERNOON)


def test_a_day_of_a_far_trip_and_another_is_settled_apart():
    """The text knows no way for such a day."""
    far = trip(at(9, day=19), at(12), FAR)
    with pytest.raises(NotPossible, match="따로 정산") as refused:
        settled(far, AFTERNOON)
    assert refused.value.place == ("near", 0, "day")
    settled(far, trip(at(9, day=21), at(12, day=21)))


times = st.integers(0, 10).flatmap(
    lambda day: st.tuples(st.just(day), st.integers(0, 20), st.integers(1, 3))
)


@given(
    st.lists(times, min_size=1, max_size=12, unique_by=lambda one: one[0]),
    st.sampled_from(SameDay),
)
def test_on_days_of_their_own_trips_add_up_whatever_the_office_reckons(days: Any, way: SameDay):
    trips = [
        trip(at(hour, day=day + 1), at(hour + more, day=day + 1)).trip
        for day, hour, more in sorted(days)
    ]
    found = trip_settling.settled(BOOK, trips, 1, way)
    assert found.total_won == sum(found.each_won) == 10_000 * len(trips)


@given(st.lists(st.integers(1, 300), min_size=2, max_size=4))
def test_of_one_day_no_way_gives_more_than_each_or_less_than_together(spans: list[int]):
    trips, begins = [], at(0)
    for minutes in spans:
        trips.append(trip(begins, begins + timedelta(minutes=minutes)).trip)
        begins += timedelta(minutes=minutes + 1)
    pay = {one: trip_settling.settled(BOOK, trips, 1, one).total_won for one in SameDay}
    assert pay[SameDay.TOGETHER] <= pay[SameDay.CAPPED] <= pay[SameDay.EACH]
    assert pay[SameDay.CAPPED] <= 20_000


@pytest.mark.parametrize("which", ["request", "settlement"])
def test_as_hwpx_and_pdf_the_paper_gives_back_its_words(which: str):
    """Each is read again by a library that had no part in drawing it."""
    document = (
        requested(remarks=["회의 자료 지참"])
        if which == "request"
        else settled(
            trip(at(9, day=24), at(18, day=25), FAR, order="총무-2026-0413"),
            trip(at(13), at(17, 30), proof="원터치 1건"),
        )
    )
    section = reading.hwpx_parts(hwpx.drawn(document, MADE_AT))["Contents/section0.xml"]
    own = "".join(one.text or "" for one in section.iter() if one.tag.endswith("}t"))
    assert reading.missing_words(document, own) == []
    pages = "".join(reading.pdf_texts(pdf.drawn(document, MADE_AT)))
    assert reading.missing_words(document, pages) == []
