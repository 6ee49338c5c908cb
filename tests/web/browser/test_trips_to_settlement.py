"""From the clerk's trips by one click to the settlement, and the files of it read again.

여행시간 is the order's (공무원 여비 규정 제18조제1항): the touches are made at another time.
"""

import io
import re
from datetime import datetime, time, timedelta
from typing import Any

from hwpx import HwpxDocument
from playwright.async_api import Page, expect

from hub.kit import clock
from tests.hub.document import reading
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import PATIENCE_MS
from tests.web.browser.test_trips_page import hub, opened, saved_by, world
from tests.web.test_trip_books import ORDERS, the_city_hall_is_known
from tests.web.trips import World

TRIP = "총무-2026-0412"
_HOLD_TO = hub, world


def at(day: datetime, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day.date(), time(hour, minute), clock.SEOUL)


def told(day: datetime) -> str:
    """As offices write a day and its minute."""
    return f"{day.year}. {day.month}. {day.day}. {day:%H:%M}"


async def a_trip(world: World, begins: datetime, ends: datetime, *people: str) -> None:
    """An order of these times, and a touch of the first of its people now."""
    await the_city_hall_is_known(world)
    await ordered(world, TRIP, begins, ends, *people)
    await world.phone.enrol(world.han)
    upload, sent = await world.phone.touches(trip=TRIP)
    assert sent.status_code in (200, 201), sent.text
    world.phone.checks(upload, sent.json())


async def ordered(world: World, trip: str, begins: datetime, ends: datetime, *people: str) -> None:
    order = {
        "trip": trip, "people": people, "department": "총무", "place": "시청",
        "purpose": "예산 협의", "begins_at": begins.isoformat(), "ends_at": ends.isoformat(),
    }  # fmt: skip
    answer = await world.lim.does("POST", ORDERS, json={"orders": [order]})
    assert answer.status_code == 200, answer.text


async def settled(window: Windows, begins: datetime) -> Page:
    """The click: from the trip to its settlement."""
    return await carried(await opened(window), begins, TRIP)


async def carried(page: Page, begins: datetime, trip: str, lines: int = 1) -> Page:
    """Within the same tab: what it settles already stays."""
    await page.goto(
        f"{page.url.partition('/trips')[0].partition('/do')[0]}/trips?month={begins:%Y-%m}"
    )
    await page.get_by_role("link", name=re.compile(trip)).click()
    await page.get_by_role("link", name="여비 정산으로").click()
    await expect(page).to_have_url(re.compile("/do/travel-papers$"), timeout=PATIENCE_MS)
    places = page.get_by_label("출장지")
    await expect(places).to_have_count(lines)
    await expect(places.last).to_have_value("시청")
    return page


def line(page: Page, name: str) -> Any:
    """The first of a list."""
    return page.get_by_role("group", name=name, exact=True)


async def read_again(page: Page) -> tuple[str, str]:
    """Both files, squeezed: HWPX by python-hwpx, PDF by its own text."""
    hwpx = await saved_by(page, page.get_by_role("button", name="한글(HWPX)로 받기").click())
    pdf = await saved_by(page, page.get_by_role("button", name="PDF로 받기").click())
    text = HwpxDocument.open(io.BytesIO(hwpx)).text.plain()
    return reading.squeezed(text), reading.squeezed("".join(reading.pdf_texts(pdf)))


async def test_a_near_trip_is_settled_by_its_order_and_tells_what_proofs_said(
    window: Windows,
    world: World,
):
    today = clock.now().astimezone(clock.SEOUL)
    begins, ends = at(today, 9), at(today, 13)
    await a_trip(world, begins, ends, "han", "kim")
    page = await settled(window, begins)
    near = line(page, "관내 출장 1")
    await expect(near.get_by_label("시작", exact=False)).to_have_value("09:00")
    await expect(near.get_by_label("끝", exact=False)).to_have_value("13:00")
    await expect(page.locator("#answer .answer")).to_have_text("여비 40,000원 (2명)")
    for text in await read_again(page):
        for said in (
            "여비정산 신청서", "금40,000원(금사만원)", "20,000원 × 2명 = 40,000원", TRIP,
            f"{told(begins)}~13:00", "한지우", "김하늘", "원터치 1건", "확인 없음 1명(김하늘)",
            "가장 낮은 등급", "금액의 근거가 아닙니다", "공무원 여비 규정 제18조제1항",
            "4시간 이상",
        ):  # fmt: skip
            assert reading.squeezed(said) in text, said


async def test_two_trips_of_one_person_go_one_after_the_other_into_one_settlement(
    window: Windows,
    world: World,
):
    """Back to the trips, and the next one beside the first; the sum at the end of one paper."""
    today = clock.now().astimezone(clock.SEOUL)
    yesterday = today - timedelta(days=1)
    await a_trip(world, at(today, 9), at(today, 13), "han")
    await ordered(world, "총무-2026-0413", at(yesterday, 14), at(yesterday, 16), "han")
    page = await settled(window, at(today, 9))
    await carried(page, at(yesterday, 14), "총무-2026-0413", lines=2)
    await expect(page.locator("#answer .answer")).to_have_text("2건 여비 30,000원")
    for text in await read_again(page):
        for said in (
            "2건(근무지 내 2건)", "금30,000원(금삼만원)", TRIP, "총무-2026-0413",
            f"{told(at(yesterday, 14))}~16:00", "1번 여행시간", "2번 여행시간", "원터치 1건",
        ):  # fmt: skip
            assert reading.squeezed(said) in text, said


async def night(page: Page, nth: int, region: str, paid: str, *, unavoidable: bool = False) -> None:
    await page.get_by_role("button", name=re.compile("숙박.*더")).click()
    one = line(page, f"숙박 {nth}")
    await one.get_by_label(region, exact=True).check()
    await one.get_by_role("textbox", name="숙박비").fill(paid)
    if unavoidable:
        await one.get_by_label("상한을 지킬 수 없었음").check()


async def test_a_far_trip_of_several_days_sums_its_days_nights_car_and_fare(
    window: Windows,
    world: World,
):
    """제16조: 2.5 days of 일비, 3 of 식비, a cap, three tenths more, and fares."""
    today = clock.now().astimezone(clock.SEOUL)
    begins = at(today - timedelta(days=3), 9)
    ends = at(begins + timedelta(days=2), 18)
    await a_trip(world, begins, ends, "han")
    page = await settled(window, begins)
    await expect(line(page, "관내 출장 1")).to_have_count(0)
    await page.get_by_role("textbox", name="운임").fill("50,000")
    await night(page, 1, "서울", "120,000")
    await night(page, 2, "그 밖의 지역", "95,000", unavoidable=True)
    await page.get_by_role("button", name=re.compile("공무용 차량을 쓴 날.*더")).click()
    car = page.get_by_role("group", name=re.compile("공무용 차량을 쓴 날 1"))
    await car.get_by_label("날", exact=True).fill(f"{begins:%Y-%m-%d}")
    await expect(page.locator("#answer .answer")).to_have_text("여비 378,500원")
    for text in await read_again(page):
        for said in (
            "금378,500원(금삼십칠만팔천오백원)", "= 62,500원", "= 75,000원", "→ 100,000원",
            "→ 91,000원", "실제로 쓴 50,000원", "숙박비 추가분은", "원터치 1건",
            "공무원 여비 규정 제16조제3항", "공무원 여비 규정 별표 2",
        ):  # fmt: skip
            assert reading.squeezed(said) in text, said
