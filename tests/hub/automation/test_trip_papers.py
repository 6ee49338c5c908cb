"""출장신청서 and 여비정산 신청서: amounts of the calculators by the time of the order."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.automation import travel, trip_papers
from hub.automation.answer import NotPossible
from hub.automation.travel import Car, Night, Region
from hub.automation.trip_papers import FarTrip, NearTrip
from hub.document import hwpx, pdf, plain
from hub.document.errors import MalformedDocument
from hub.document.forms.travelling import SEOUL
from hub.rules.book import RuleBook
from hub.rules.tables import nation
from tests.hub.document import reading

BOOK = RuleBook(nation())
MADE_AT = datetime(2026, 11, 21, tzinfo=UTC)
ON_FOOT = NearTrip(Car.NONE)


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SEOUL)


def said(**changed: Any) -> dict[str, Any]:
    typed: dict[str, Any] = {
        "office": "청사시", "order": "총무-2026-0412",
        "travellers": [{"department": "총무과", "post": "행정7급", "name": "김가"}],
        "begins": at(13), "ends": at(17, 30), "destination": "도청", "purpose": "예산 협의",
        "transport": "버스", "attachments": ["영수증 1부"], "signers": [{"post": "총무과장"}],
        "to": "청사시장 귀하", "requested_on": date(2026, 11, 23),
    }  # fmt: skip
    return {**typed, **changed}


def lines(document: Any) -> list[str]:
    return plain.drawn(document).split("\n")


def test_a_request_says_who_when_where_and_for_what():
    document = trip_papers.requested(said(cost="금20,000원", budget_code="202-01 국내여비"))
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
    told = lines(trip_papers.settled(BOOK, said(ends=ends), NearTrip(car)))
    assert f"정산액  {total}" in told
    assert any("공무원 여비 규정 제18조제1항" in line for line in told)


def test_what_proofs_said_stands_beside_and_changes_nothing():
    without = trip_papers.settled(BOOK, said(), ON_FOOT)
    with_proof = trip_papers.settled(BOOK, said(proof="원터치 2건, 가장 낮은 등급 B"), ON_FOOT)
    told = lines(with_proof)
    assert "출장 증빙  원터치 2건, 가장 낮은 등급 B" in told
    assert any("금액의 근거가 아닙니다" in line for line in told)
    assert "정산액  금20,000원(금이만원)" in told
    assert "정산액  금20,000원(금이만원)" in lines(without)


def test_several_who_went_together_are_added_up_near_and_apart_far():
    people = [{"name": "김가"}, {"name": "이나"}, {"name": "박다"}]
    told = lines(trip_papers.settled(BOOK, said(travellers=people), ON_FOOT))
    assert "정산액  금60,000원(금육만원)" in told
    assert any("20,000원 × 3명 = 60,000원" in line for line in told)
    with pytest.raises(NotPossible):
        trip_papers.settled(BOOK, said(travellers=people), FarTrip((), 0, ()))


def test_a_far_trip_is_settled_by_its_days_and_nights():
    """공무원 여비 규정 제16조, 별표 2, 제8조의2제2항."""
    far = FarTrip([Night(Region.SEOUL, 90_000)], 96_000, ())
    told = lines(trip_papers.settled(BOOK, said(ends=at(18, day=21)), far))
    assert "정산액  금286,000원(금이십팔만육천원)" in told
    assert "정산 기한  2026. 12. 5.(토)" in told
    assert any("별표 2" in line and "2차" in line for line in told)


def test_a_near_trip_over_midnight_is_refused_in_words():
    with pytest.raises(NotPossible, match="하루씩"):
        trip_papers.settled(BOOK, said(ends=at(1, day=21)), ON_FOOT)


def test_a_trip_that_ends_before_it_begins_is_refused():
    with pytest.raises((NotPossible, MalformedDocument)):
        trip_papers.settled(BOOK, said(ends=at(12)), ON_FOOT)
    with pytest.raises(MalformedDocument, match="앞섭니다"):
        trip_papers.requested(said(ends=at(12)))


@given(st.integers(1, 600), st.sampled_from((Car.NONE, Car.OFFICE)), st.integers(1, 8))
def test_the_sum_of_the_paper_is_that_of_the_calculator(minutes: int, car: Car, people: int):
    begins = at(8)
    _, total = trip_papers.paid(
        BOOK, begins, begins + timedelta(minutes=minutes), NearTrip(car), people
    )
    alone = travel.near(BOOK, begins.date(), travel.Outing(minutes, car)).figures["pay_won"]
    assert total == people * alone  # type: ignore[operator]


@pytest.mark.parametrize("which", ["request", "settlement"])
def test_as_hwpx_and_pdf_the_paper_gives_back_its_words(which: str):
    """Each is read again by a library that had no part in drawing it."""
    document = (
        trip_papers.requested(said(remarks=["회의 자료 지참"]))
        if which == "request"
        else trip_papers.settled(BOOK, said(proof="원터치 1건"), ON_FOOT)
    )
    section = reading.hwpx_parts(hwpx.drawn(document, MADE_AT))["Contents/section0.xml"]
    own = "".join(one.text or "" for one in section.iter() if one.tag.endswith("}t"))
    assert reading.missing_words(document, own) == []
    pages = "".join(reading.pdf_texts(pdf.drawn(document, MADE_AT)))
    assert reading.missing_words(document, pages) == []
