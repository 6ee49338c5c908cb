"""The rules in a browser: their articles, what changed when, our ordinances, budget codes."""

from typing import Any

import pytest
from playwright.async_api import Page, expect
from psycopg import AsyncConnection

from hub.kit import clock
from hub.rules import law_text
from hub.rules.store import texts
from hub.rules.tables import nation
from tests.hub.document import reading
from tests.web.browser.conftest import Window, Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.people import add
from tests.web.test_rules import sheet

Conn = AsyncConnection[Any]
CAP = "overtime.day_cap_h"
END = "(it) => it.scrollTop > 0 && it.scrollTop + it.clientHeight >= it.scrollHeight - 1"
LAW = """---
제목: 지방공무원 수당 등에 관한 규정
시행일자: {since}
---
##### 제15조 (시간외근무수당)
① 첫째 항.
④ {words}
⑤ 다섯째 항.
"""


async def load(conn: Conn, since: str, words: str) -> None:
    law = law_text.read(LAW.format(since=since, words=words).encode())
    await texts.keep(conn, law, "system", clock.now())
    await conn.commit()


async def opened(
    window: Windows, conn: Conn, path: str, *roles: Any, **size: Any
) -> tuple[Window, Page]:
    await add(conn, "kim", *roles)
    seen = await window(**size)
    await sign_in(seen, "kim")
    return seen, await seen.open(path)


def top(page: Page) -> Any:
    return page.locator(".answer").first


async def test_a_rule_is_found_by_a_word_and_opened_by_keyboard(conn: Conn, window: Windows):
    seen, page = await opened(window, conn, "/do/rules")
    await expect(top(page)).to_have_text(f"규칙 {len(nation())}개가 있어요")
    await page.get_by_label("규칙 찾기").fill("시간외근무 1일")
    found = page.get_by_role("main").get_by_role("listitem").get_by_role("link")
    await expect(found.first).to_be_visible()
    await page.get_by_label("규칙 찾기").fill("없는 규칙 이름")
    await expect(page.get_by_text("찾는 규칙이 없어요.")).to_be_visible()
    await page.get_by_label("규칙 찾기").fill("수의계약")
    await found.first.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="조문")).to_be_visible()
    await expect(page.get_by_text("이 조문의 글은 아직 실려 있지 않아요")).to_be_visible()
    official = page.get_by_role("link", name="법령정보센터에서 보기")
    assert str(await official.get_attribute("href")).startswith("https://www.law.go.kr/")
    assert seen.complaints == []


async def test_a_rule_shows_its_paragraph_and_another_day_another_value(
    conn: Conn, window: Windows
):
    await load(conn, "2026-01-02", "1일에 4시간, 1개월에 57시간을 초과할 수 없다.")
    _, page = await opened(window, conn, f"/do/rules?key={CAP}&day=2026-09-30")
    await expect(top(page)).to_have_text("4시간")
    await expect(page.get_by_text("④ 1일에 4시간").first).to_be_visible()
    await expect(page.get_by_text("① 첫째 항.")).not_to_be_visible()
    await page.get_by_text("조문 전체 보기").click()
    await expect(page.get_by_text("① 첫째 항.")).to_be_visible()
    await page.get_by_label("어느 날").fill("2026-10-01")
    await expect(top(page)).to_have_text("한도 없음")
    await expect(page.get_by_text("이 글은 규칙보다 먼저의 글이에요")).to_be_visible()
    await page.get_by_label("어느 날").fill("2030-01-01")
    await expect(top(page)).to_have_text("이날의 값은 몰라요")


LONG = "\n".join(f"{nth}. 긴 조문의 {nth}번째 호는 이렇게 이어진다." for nth in range(1, 121))


@pytest.mark.parametrize("size", SIZES, ids=["360", "768", "1920"])
async def test_a_long_article_scrolls_by_itself_and_is_whole_on_paper(
    conn: Conn, window: Windows, size: tuple[int, int]
):
    await load(conn, "2026-01-02", f"다음과 같다.\n{LONG}")
    width, height = size
    _, page = await opened(
        window, conn, f"/do/rules?key={CAP}&day=2026-09-30", width=width, height=height
    )
    article = page.get_by_role("region", name="제15조")
    await expect(article).to_be_visible()
    tall = await article.evaluate("(it) => it.offsetHeight")
    assert tall <= min(0.6 * height, 26 * 17) + 1
    await article.focus()
    await page.keyboard.press("End")
    await page.wait_for_function(END, arg=await article.element_handle())
    await page.get_by_text("조문 전체 보기").press("Enter")
    await expect(page.get_by_role("region", name="조문 전체 보기")).to_be_visible()
    await is_clean(page)
    await picture(page, f"long-article-{width}")
    texts = reading.pdf_texts(await page.pdf(format="A4"))
    told = reading.squeezed("".join(texts))
    assert all(reading.squeezed(f"긴 조문의 {nth}번째 호") in told for nth in (1, 60, 120))


async def test_a_short_article_is_no_stop_of_the_keyboard(conn: Conn, window: Windows):
    await load(conn, "2026-01-02", "1일에 4시간, 1개월에 57시간을 초과할 수 없다.")
    _, page = await opened(window, conn, f"/do/rules?key={CAP}&day=2026-09-30")
    await expect(page.get_by_text("④ 1일에 4시간").first).to_be_visible()
    await expect(page.locator(".article [tabindex='0']")).to_have_count(0)


async def test_an_article_opened_in_an_answer_leaves_the_rest_in_reach(conn: Conn, window: Windows):
    await load(conn, "2026-01-02", f"다음과 같다.\n{LONG}")
    _, page = await opened(window, conn, "/do/ask?of=overtime", width=360, height=780)
    await page.locator("#do-base_won").fill("2500000")
    await page.locator("#do-evenings-0-day").fill("2026-09-07")
    await page.locator("#do-evenings-0-hours").fill("3")
    opens = page.get_by_role("button", name="제15조제4항")
    await opens.first.press("Enter")
    article = page.get_by_role("region", name="제15조")
    await expect(article).to_be_visible()
    assert await article.evaluate("(it) => it.offsetHeight") <= 0.6 * 780 + 1
    await article.press("PageDown")
    await expect(article).to_be_focused()
    await is_clean(page)
    await picture(page, "long-article-answer-360")
    await page.keyboard.press("Escape")
    await expect(article).to_have_count(0)
    await expect(opens.first).to_be_focused()


async def test_a_newer_text_that_differs_is_shouted_with_the_difference(
    conn: Conn, window: Windows
):
    await load(conn, "2026-10-01", "1개월에 57시간을 초과할 수 없다.")
    await load(conn, "2027-03-01", "1개월에 67시간을 초과할 수 없다.")
    _, page = await opened(window, conn, f"/do/rules?key={CAP}&day=2026-10-01")
    await expect(page.get_by_text("이 규칙이 읽은 글과 다릅니다: 확인하십시오")).to_be_visible()
    await expect(page.locator("del")).to_contain_text("57시간을")
    await expect(page.locator("ins")).to_contain_text("67시간을")
    await is_clean(page)
    await page.goto(page.url.split("/do/")[0] + "/do/changes")
    await page.get_by_role("button", name="제15조").click()
    await expect(page.locator("ins")).to_contain_text("67시간을")
    await is_clean(page)


async def test_changes_stand_in_the_order_of_time_and_by_subject(conn: Conn, window: Windows):
    _, page = await opened(window, conn, "/do/changes")
    headings = page.get_by_role("main").get_by_role("heading", level=2)
    await expect(headings.first).to_be_visible()
    days = [one for one in await headings.all_inner_texts() if "부터" in one]
    keys = [tuple(map(int, day.split("부터")[0].strip(". ").split(". "))) for day in days]
    assert keys == sorted(keys, reverse=True)
    assert (2026, 10, 1) in keys
    cap = page.get_by_role("listitem").filter(has_text="한도 없음")
    await expect(cap.first).to_be_visible()
    await expect(cap.first.get_by_role("link", name="시간외근무수당")).to_have_attribute(
        "href", "/do/ask?of=overtime"
    )
    await page.get_by_role("button", name="출장 여비").click()
    await expect(cap).to_have_count(0)
    await expect(page.get_by_text("실린 법령 글", exact=True)).to_be_visible()


async def test_an_administrator_puts_in_an_ordinance_and_takes_it_back(conn: Conn, window: Windows):
    _, page = await opened(window, conn, "/do/ordinances", "admin")
    await expect(top(page)).to_have_text("아직 나라의 값만 써요")
    await page.get_by_role("button", name="조례 값 더하기").click()
    await page.get_by_role("combobox", name="규칙").select_option("travel.near.long_won")
    await expect(page.get_by_text("나라의 값은 20,000원")).to_be_visible()
    await page.get_by_role("textbox", name="값").first.fill("25000")
    await page.get_by_label("언제부터").fill("2026-03-01")
    await page.get_by_label("조례·규칙 이름").fill("가나시 공무원 여비 조례")
    await page.get_by_label("조문", exact=True).fill("제5조")
    await is_clean(page)
    await page.get_by_role("button", name="저장").press("Enter")
    await expect(top(page)).to_have_text("조례 값 1개가 나라의 값보다 앞서요")
    await expect(page.get_by_text("저장했어요. 이제 모든 셈이 이 값을 써요.")).to_be_visible()
    found = await conn.execute("SELECT ordinances -> 0 ->> 'value' FROM ordinance_version")
    assert await found.fetchone() == ("25000",)
    await page.get_by_role("button", name="모두 나라의 값으로").click()
    await page.get_by_role("group").get_by_role("button", name="모두 나라의 값으로").click()
    await expect(top(page)).to_have_text("아직 나라의 값만 써요")


async def test_a_rate_is_typed_in_percent_and_a_wrong_value_is_told(conn: Conn, window: Windows):
    _, page = await opened(window, conn, "/do/ordinances", "admin")
    await page.get_by_role("button", name="조례 값 더하기").click()
    await page.get_by_role("combobox", name="규칙").select_option("travel.stay.first_rate")
    value = page.locator("input[inputmode=decimal]")
    await value.fill("150")
    await page.get_by_label("조례·규칙 이름").fill("가나시 공무원 여비 조례")
    await page.get_by_label("조문", exact=True).fill("제5조")
    await page.get_by_role("button", name="저장").click()
    await expect(page.get_by_text("비율은 0과 1 사이예요.")).to_be_visible()
    await value.fill("12.5")
    await page.get_by_role("button", name="저장").click()
    await expect(top(page)).to_have_text("조례 값 1개가 나라의 값보다 앞서요")
    await expect(value).to_have_value("12.5")
    found = await conn.execute("SELECT ordinances -> 0 ->> 'value' FROM ordinance_version")
    assert await found.fetchone() == ("0.125",)


async def test_staff_read_the_ordinances_and_cannot_change_them(conn: Conn, window: Windows):
    _, page = await opened(window, conn, "/do/ordinances")
    await expect(page.get_by_text("고치는 것은 관리자가 해요.")).to_be_visible()
    await expect(page.get_by_role("button", name="조례 값 더하기")).to_have_count(0)


async def test_a_budget_code_is_found_by_what_is_to_be_paid(conn: Conn, window: Windows):
    _, page = await opened(window, conn, "/do/budget-codes")
    await page.get_by_label("무엇에 쓸 돈인가요?").fill("외부 강사료")
    await expect(top(page)).to_have_text("201-01 사무관리비")
    await page.get_by_role("button", name="2027년").click()
    await page.get_by_label("무엇에 쓸 돈인가요?").fill("시설비")
    await expect(top(page)).to_have_text("401-02 시설비")
    await expect(page.get_by_role("heading", name="2027년에 달라진 것")).to_be_visible()
    await expect(page.get_by_text("우리 기관의 표 올리기")).to_have_count(0)


async def test_an_offices_own_table_is_looked_at_before_it_is_taken(conn: Conn, window: Windows):
    _, page = await opened(window, conn, "/do/budget-codes", "admin")
    body = sheet(("201-01", "우리 사무관리비", "일반운영비", ""), ("합계", "", "", ""))
    chosen = {"name": "통계목.xlsx", "mimeType": "", "buffer": body}
    await page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
    await expect(page.get_by_text("통계목 1개를 읽었어요")).to_be_visible()
    await expect(page.get_by_text("읽지 못한 줄 1개는 빼고 올려요")).to_be_visible()
    await page.get_by_role("button", name="표로 쓰기").press("Enter")
    await expect(page.get_by_text("우리 기관의 표예요.")).to_be_visible()
    await expect(page.get_by_text("우리 사무관리비").first).to_be_visible()
    await page.get_by_role("button", name="기본 표로 되돌리기").click()
    await page.get_by_role("group").get_by_role("button", name="기본 표로 되돌리기").click()
    await expect(page.get_by_text("기본 표:")).to_be_visible()


PAGES = {
    "rules": "/do/rules", "rule": f"/do/rules?key={CAP}&day=2026-10-01", "changes": "/do/changes",
    "ordinances": "/do/ordinances", "budget-codes": "/do/budget-codes",
}  # fmt: skip


@pytest.mark.timeout(900)  # five pages, and machines that are busy
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_every_page_is_clean_at_every_size(
    conn: Conn, window: Windows, width: int, height: int, dark: bool
):
    await load(conn, "2026-01-02", "1일에 4시간, 1개월에 57시간을 초과할 수 없다.")
    await load(conn, "2026-10-01", "1개월에 57시간을 초과할 수 없다.")
    seen, page = await opened(
        window, conn, "/do/rules", "admin", width=width, height=height, dark=dark
    )
    for name, path in PAGES.items():
        await page.goto(seen.url + path)
        await expect(page.get_by_role("main").locator(".card").first).to_be_visible()
        await expect(page.locator("[aria-busy=true]")).to_have_count(0)
        if name == "budget-codes":
            await page.get_by_label("무엇에 쓸 돈인가요?").fill("강사료")
            await expect(top(page)).to_have_text("201-01 사무관리비")
        if name == "ordinances":
            await page.get_by_role("button", name="조례 값 더하기").click()
        await is_clean(page)
        await picture(page, f"{name}-{width}-{'dark' if dark else 'light'}")
    assert seen.complaints == []
