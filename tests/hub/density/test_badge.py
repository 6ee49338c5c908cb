"""The badge: a picture that stays honest in a page nobody reloads."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.density import badge
from hub.density import now as rules
from hub.density.board import ZoneNow
from tests.hub.density.offices import LUNCH, NOW, minutes, rows, site, zone

SVG = "{http://www.w3.org/2000/svg}"


def drawn(lang: badge.Lang = "ko", at=NOW, seen_at=NOW, sites=None, **given) -> ElementTree.Element:
    given = {"people": 12, **given}
    given_rows = rows(
        zone(**given), minutes=minutes(given.get("people") or 0, 3), sites=sites or [site()]
    )
    now: ZoneNow = rules.board(given_rows, seen_at).sites[0].zones[0]
    return ElementTree.fromstring(badge.svg(now, at, 30.0, lang))


def words(svg: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def title(svg: ElementTree.Element) -> str:
    found = svg.find(f"{SVG}title")
    assert found is not None
    return found.text or ""


def test_it_says_the_word_the_wait_and_the_time_of_the_count():
    svg = drawn()
    assert words(svg)[:2] == ["보통약 4분 (2~6)", "점심 줄 · 12:04:02 기준"]
    assert title(svg) == "점심 줄: 보통 · 약 4분 (2~6) · 점심 줄 · 12:04:02 기준"
    assert words(drawn("en"))[:2] == ["Moderateabout 4 min (2-6)", "Lunch · as of 12:04:02"]


def test_it_turns_grey_by_itself_when_its_count_gets_old():
    svg = drawn(at=NOW + timedelta(seconds=7), usual_wait_s=300.0)
    style = svg.find(f"{SVG}style")
    assert style is not None
    assert "animation:leave 1ms 20s forwards" in (style.text or "")
    fresh, late = (g.get("class") for g in svg.iter(f"{SVG}g"))
    assert (fresh, late) == ("fresh moderate", "late none")
    assert "지난 값이에요평소 약 5분" in words(svg)


def test_a_badge_of_an_old_count_shows_nothing_of_it():
    svg = drawn(observed_at=NOW - timedelta(seconds=40))
    assert words(svg) == ["지난 값이에요", "점심 줄 · 12:03:25 기준"]


def test_a_snapshot_that_got_old_before_it_was_drawn_is_drawn_as_old():
    assert words(drawn(at=NOW + timedelta(seconds=60)))[0] == "지난 값이에요"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"has_served_line": False}, "대기 시간 모름12명"),
        ({"kind": "seating", "seats": 48}, "지금25% 찼음"),
        ({"people": 0, "served": 3}, "여유바로"),
        ({"observed_at": None, "people": None}, "대기 시간 모름"),
        ({"sites": [site(hours=LUNCH)], "seen_at": NOW.replace(hour=1)}, "닫음"),
    ],
)
def test_every_state_has_words(given, said):
    assert words(drawn(**given))[0] == said


@given(name=st.text(max_size=60))
def test_any_name_is_text_and_never_markup(name):
    svg = drawn(name=name)
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} <= {
        "svg", "title", "style", "g", "rect", "text", "tspan"
    }  # fmt: skip
    attributes = {attribute for element in svg.iter() for attribute in element.attrib}
    assert not [a for a in attributes if a.startswith("on") or "href" in a]
