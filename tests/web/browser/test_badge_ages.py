"""The badge in a page that nobody reloads: a real browser runs the animation of an <img>."""

import base64
from datetime import timedelta

import cv2
import numpy as np
from playwright.async_api import Browser, Page

from hub.density import badge
from hub.density import now as rules
from tests.hub.density.offices import NOW, minutes, rows, zone

FRESH_RGB = (0xE7, 0xF4, 0xFE)  # the ground of `moderate`
LATE_RGB = (0xF4, 0xF5, 0xF6)


async def test_an_image_of_a_count_turns_grey_when_the_count_gets_old(browser: Browser):
    seen = rules.board(rows(zone(), minutes=minutes(12, 3)), NOW).sites[0].zones[0]
    drawn = badge.svg(seen, NOW + timedelta(seconds=25), 30.0, "ko")  # two seconds are left
    coded = base64.b64encode(drawn.encode()).decode()
    page = await browser.new_page(color_scheme="light")
    await page.set_content(f'<img style="margin:0" src="data:image/svg+xml;base64,{coded}">')
    assert await ground_rgb(page) == FRESH_RGB
    await page.wait_for_timeout(3000)
    assert await ground_rgb(page) == LATE_RGB


async def ground_rgb(page: Page) -> tuple[int, ...]:
    png = await page.locator("img").screenshot()
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    blue, green, red = picture[30, 5]
    return int(red), int(green), int(blue)
