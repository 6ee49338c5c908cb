"""Business numbers in a real browser: the answer first, many at once, carried, and the book."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, Page, expect
from psycopg import AsyncConnection

from hub import __main__ as commands
from hub.kit.sheet import WORKBOOK
from tests.hub.automation.vendors import fake_portal
from tests.hub.automation.vendors.fake_portal import Business, Portal, says
from tests.hub.automation.vendors.test_files import workbook
from tests.web.browser.conftest import Window
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.people import add
from tests.web.test_business_numbers import many, table

pytestmark = pytest.mark.timeout(1200)  # of a hub, a portal and a browser on a busy machine

HERE, BOOK = "/do/business-number", "/do/business-number/book"
A, B, C = "124-81-00998", "220-81-62517", "120-81-47521"


def digits(number: str) -> str:
    return number.replace("-", "")


@pytest.fixture
def portal() -> Iterator[Portal]:
    with fake_portal.running() as portal:
        portal.businesses = {
            digits(A): Business(),
            digits(B): Business(state="03", ended="20240301"),
            digits(C): Business(tax="02"),
        }
        portal.procurement[digits(A)] = {
            "bizno": digits(A), "corpNm": "가나상사 주식회사", "adrs": "가나특별자치시 중앙로 1",
            "opbizDt": "1997-12-15 12:00:00",
        }  # fmt: skip
        yield portal


@pytest.fixture
async def kim(conn: AsyncConnection[None], browser: Any, start: Any, portal: Portal):
    """Of an office whose hub asks the portal; `key=False`: of one that cannot."""
    await add(conn, "kim", "admin")
    hubs: list[Any] = []

    async def opened(
        path: str = HERE, *size: int, dark: bool = False, key: bool = True, **more: str
    ) -> tuple[Window, Page]:
        told = {f"HUB_{name.upper()}": value for name, value in portal.settings().items()}
        hub = start(**(told if key else {}), **more)
        web = await asyncio.to_thread(hub.__enter__)
        hubs.append(hub)
        width, height = size or (1280, 900)
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale="ko-KR",
        )
        seen = Window(await context.new_page(), web.url)
        seen.page.on(
            "console",
            lambda said: seen.complaints.append(said.text) if said.type == "error" else None,
        )
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page = await sign_in(seen, "kim")
        await page.goto(seen.url + path)
        return seen, page

    yield opened
    for hub in hubs:
        hub.__exit__(None, None, None)


def headline(page: Page):
    return page.locator(".answer[role=status]")


async def ask(page: Page, text: str) -> None:
    await page.get_by_label("사업자번호", exact=True).fill(text)
    await page.get_by_role("button", name="조회", exact=True).click()


async def test_a_closed_business_is_the_largest_thing_by_keyboard_alone(kim):
    seen, page = await kim()
    await expect(page.get_by_label("사업자번호", exact=True)).to_be_focused()
    await page.keyboard.type(digits(B))
    await page.keyboard.press("Enter")
    await expect(headline(page)).to_have_text("폐업한 사업자입니다")
    sizes = await page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.childElementCount === 0 &&"
        " e.textContent.trim()).map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    largest = await headline(page).evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert largest == max(sizes)
    await expect(page.get_by_text("폐업일은 2024. 3. 1.(금)입니다")).to_be_visible()
    await expect(page.get_by_role("button", name="장부에 넣기")).to_have_count(0)
    assert seen.complaints == []


async def test_a_business_is_named_its_proof_said_and_entered_in_the_book(kim):
    seen, page = await kim()
    await ask(page, A)
    await expect(headline(page)).to_have_text("영업 중인 사업자입니다")
    await expect(page.get_by_text("세금계산서를 받으십시오", exact=True)).to_be_visible()
    await expect(page.get_by_text("(국세청 상태조회")).to_be_visible()
    await page.get_by_role("button", name="장부에 넣기").click()
    form = page.get_by_role("form", name="거래처 적기")
    await expect(form.get_by_label("상호")).to_have_value("가나상사 주식회사")
    await expect(form.get_by_label("대표자")).to_have_value("")  # nobody fills it but the office
    await form.get_by_role("button", name="저장").click()
    await expect(page.get_by_text("거래처 1곳")).to_be_visible()
    await page.goto(seen.url + HERE)
    await ask(page, A)
    await expect(page.get_by_text("기준으로 적혀 있습니다")).to_be_visible()
    assert seen.complaints == []


async def test_a_certificate_that_does_not_agree_is_said(kim):
    _, page = await kim()
    await page.get_by_text("사업자등록증과 견주기").click()
    await page.get_by_label("대표자").fill("이사장")
    await page.get_by_label("개업일").fill("2000-01-01")
    await ask(page, A)
    await expect(headline(page)).to_contain_text("국세청 기록과 다릅니다")


async def test_many_are_counted_opened_and_taken_along(kim, tmp_path: Path):
    seen, page = await kim()
    await ask(page, f"가나상사 {A}\n{B}\n124-81-00999\n{A}\n{C}")
    await expect(headline(page)).to_have_text("3개 가운데 1개는 멈추세요")
    rows = page.get_by_role("list", name="줄마다의 답").locator("details")
    await expect(rows).to_have_count(5)
    await page.get_by_role("button", name="멈출 것 1").click()
    await expect(rows).to_have_count(1)
    await rows.locator("summary").press("Enter")
    await expect(rows.get_by_text("폐업일은 2024. 3. 1.(금)입니다")).to_be_visible()
    assert [one["결과"] for one in await taken(page, "link", "엑셀로 받기")] == [
        "영업 중인 사업자입니다", "멈추십시오: 폐업한 사업자입니다", None, "영업 중인 사업자입니다",
        "영업 중인 사업자입니다",
    ]  # fmt: skip
    assert seen.complaints == []


async def taken(page: Page, role: Any, name: str) -> list[dict[str, Any]]:
    """The rows of a workbook that is downloaded by this."""
    async with page.expect_download() as download:
        await page.get_by_role(role, name=name).click()
    return table((await (await download.value).path()).read_bytes())


async def put(page: Page, *rows: list[Any]) -> None:
    body = workbook(["부서", "사업자등록번호"], *rows)
    file = FilePayload(name="거래처.xlsx", mimeType=WORKBOOK, buffer=body)
    await page.get_by_label("엑셀이나 CSV 파일").set_input_files(file)


async def test_ones_own_sheet_of_more_than_a_hundred_comes_back_with_answers(kim):
    seen, page = await kim()
    await put(page, *[["총무", A]] * 250, ["회계", B], ["=1", "12"])
    await expect(headline(page)).to_have_text("2개 가운데 1개는 멈추세요")
    await expect(page.get_by_role("button", name="같은 번호 249")).to_be_visible()
    rows = page.get_by_role("list", name="줄마다의 답").locator("details")
    await expect(rows).to_have_count(200)  # of thousands a browser would be drawing for seconds
    await page.get_by_role("button", name="52줄 더 보기").click()
    await expect(rows).to_have_count(252)
    told = await taken(page, "link", "엑셀로 받기")
    assert [one["부서"] for one in told] == ["총무"] * 250 + ["회계", None]
    assert told[250]["결과"] == "멈추십시오: 폐업한 사업자입니다"
    assert told[251]["이유"] == "숫자 10자리가 아닙니다."
    assert seen.complaints == []


async def test_who_stops_keeps_what_was_answered(kim, portal: Portal):
    seen, page = await kim()
    numbers = many(120)
    portal.businesses |= {one: Business() for one in numbers[:100]}
    portal.procurement |= {one: {"bizno": one, "corpNm": "가나"} for one in numbers[:100]}
    portal.wrong["getMllBsInfoDetail_3"] = portal.slow  # the second part waits for its names
    await put(page, *[["총무", one] for one in numbers])
    await expect(page.get_by_text("120줄 가운데 100줄", exact=True)).to_be_visible()
    await page.get_by_role("button", name="그만하기").click()
    await expect(page.get_by_text("120줄 가운데 100줄까지 물었어요")).to_be_visible()
    await expect(headline(page)).to_have_text("100개에서 멈출 것은 없어요")
    await expect(page.get_by_role("link", name="엑셀로 받기")).to_have_count(0)
    await expect(page.get_by_role("button", name="조회", exact=True)).to_be_enabled()
    assert seen.complaints == []


async def test_a_spent_day_is_said_with_what_still_works_and_who_sets_the_key_sees_it(kim):
    seen, page = await kim(HUB_BUSINESS_STATUS_DAILY="1")
    await ask(page, A)
    await expect(headline(page)).to_have_text("영업 중인 사업자입니다")
    await ask(page, B)
    await expect(page.get_by_text("오늘 물을 수 있는 횟수를 다 썼어요 (국세청)")).to_be_visible()
    await expect(headline(page)).to_have_text("번호의 검증식만 맞습니다")
    await expect(page.get_by_role("button", name="물음 파일 받기")).to_be_enabled()
    await page.get_by_role("heading", name="공공데이터포털 인증키").click()
    await expect(page.get_by_text("1 / 1번", exact=True)).to_be_visible()
    await expect(page.get_by_text("HUB_BUSINESS_STATUS_DAILY")).to_be_visible()
    await ask(page, C)
    await expect(page.get_by_text("3 / 1,000번", exact=True)).to_be_visible()  # counted on
    await is_clean(page)
    await picture(page, "business-number-spent")
    assert seen.complaints == []


async def test_an_outage_is_said_and_the_rest_still_answers(kim, portal: Portal):
    portal.everywhere(says("<html>점검 중</html>"))
    _, page = await kim()
    await ask(page, A)
    await expect(headline(page)).to_have_text("번호의 검증식만 맞습니다")
    await expect(page.get_by_text("약속한 형식이 아닙니다").first).to_be_visible()


async def test_without_a_key_the_numbers_go_out_and_the_answer_comes_in(
    kim, portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    _, page = await kim(key=False)
    await ask(page, f"{A}\n{B}")
    await expect(page.get_by_text("이 서버에는 공공데이터포털 인증키가 없어요")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="물음 파일 받기").click()
    asked, told = tmp_path / "물음.csv", tmp_path / "답.csv"
    asked.write_bytes((await (await download.value).path()).read_bytes())
    for name, value in portal.settings().items():
        monkeypatch.setenv(f"HUB_{name.upper()}", value)
    command = ["business-numbers", "ask", str(asked), "--out", str(told)]
    assert await asyncio.to_thread(commands.main, command) == 0
    await page.get_by_label("답 파일 넣기").set_input_files(told)
    await expect(headline(page)).to_have_text("2개 가운데 1개는 멈추세요")
    own = tmp_path / "내 표.xlsx"
    own.write_bytes(workbook(["부서", "사업자등록번호"], ["회계", B]))
    async with page.expect_download() as download:
        await page.get_by_label("내 엑셀에 답 붙이기").set_input_files(own)
    (row,) = table((await (await download.value).path()).read_bytes())
    assert (row["부서"], row["결과"]) == ("회계", "멈추십시오: 폐업한 사업자입니다")
    assert len(await taken(page, "button", "엑셀로 받기")) == 2
    told.write_bytes(told.read_bytes()[:-200])
    await page.get_by_label("답 파일 넣기").set_input_files(told)
    await expect(page.get_by_text("옮기는 동안 바뀌었거나 잘렸습니다")).to_be_visible()


async def test_the_book_takes_a_sheet_after_showing_it_and_an_entry_is_changed(kim, tmp_path: Path):
    seen, page = await kim(BOOK)
    await expect(page.get_by_text("아직 적은 거래처가 없어요")).to_be_visible()
    sheet = tmp_path / "장부.csv"
    sheet.write_bytes(f"사업자번호,상호\n{A},가나상사\n{B},다라상사\n12,틀림\n".encode("cp949"))
    await page.get_by_label("엑셀이나 CSV 파일").set_input_files(sheet)
    await expect(page.get_by_text("새로 2, 바뀜 0, 그대로 0, 틀림 1")).to_be_visible()
    await page.get_by_role("button", name="2곳 저장").click()
    await expect(page.get_by_text("거래처 2곳")).to_be_visible()
    await page.get_by_label("상호나 번호로 찾기").fill("다라")
    await expect(page.get_by_text("가나상사")).to_have_count(0)
    await page.get_by_role("button", name="다라상사 고치기").click()
    form = page.get_by_role("form", name="다라상사 고치기")
    await form.get_by_label("메모").fill("복사용지")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("복사용지")).to_be_visible()
    await page.get_by_role("button", name="빼기").click()
    await page.get_by_role("group").get_by_role("button", name="빼기").click()
    await expect(page.get_by_text("찾는 거래처가 없어요")).to_be_visible()
    assert seen.complaints == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_it_looks_as_it_should(kim, size: tuple[int, int], dark: bool):
    _, page = await kim(HERE, *size, dark=dark)
    look = f"business-number-{size[0]}-{'dark' if dark else 'light'}"
    await expect(page.get_by_label("사업자번호", exact=True)).to_be_focused()  # the page is there
    await is_clean(page)
    await picture(page, f"{look}-empty")
    for name, text in (("closed", B), ("open", A), ("many", f"{A}\n{B}\n124-81-00999\n{A}\n{C}")):
        await ask(page, text)
        await expect(headline(page)).to_be_visible()
        await expect(page.get_by_role("region", name="답", exact=True)).to_have_attribute(
            "aria-busy", "false"
        )
        await picture(page, f"{look}-{name}")
        await is_clean(page)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_the_book_looks_as_it_should(kim, size: tuple[int, int]):
    seen, page = await kim(HERE, *size, key=False)
    await ask(page, A)
    await expect(page.get_by_text("이 서버에는 공공데이터포털 인증키가 없어요")).to_be_visible()
    await is_clean(page)
    await picture(page, f"business-number-{size[0]}-no-key")
    await page.goto(seen.url + BOOK)
    await page.get_by_role("button", name="거래처 적기").click()
    form = page.get_by_role("form", name="거래처 적기")
    await form.get_by_label("사업자등록번호").fill(A)
    await form.get_by_label("상호").fill("가나상사 주식회사")
    await is_clean(page)
    await picture(page, f"business-number-{size[0]}-book-form")
    await form.get_by_role("button", name="저장").click()
    await expect(page.get_by_text("거래처 1곳")).to_be_visible()
    await is_clean(page)
    await picture(page, f"business-number-{size[0]}-book")
