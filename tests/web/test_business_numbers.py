"""Business numbers and the vendor book over HTTP: nothing a source does makes a lookup fail."""

import asyncio
import base64
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from psycopg import AsyncConnection

from hub import __main__ as hub
from hub.automation import business_number
from hub.automation.vendors import number_sheet, round_trip
from hub.kit import clock, sheet
from hub.web import app
from tests.conftest import Database
from tests.hub.automation.vendors import fake_portal
from tests.hub.automation.vendors.fake_portal import KEY, Business, Portal, says
from tests.hub.automation.vendors.test_files import workbook
from tests.web import ndjson
from tests.web.conftest import settings_for, until, web_process
from tests.web.people import OURS, Somebody, add, browser

Conn = AsyncConnection[Any]
NUMBERS, VENDORS = "/api/v1/automation/business-numbers", "/api/v1/automation/vendors"
A, B, C = "124-81-00998", "220-81-62517", "120-81-47521"
DIGITS = A.replace("-", "")
ENTRY = {
    "name": "가나상사", "representative": "김사장", "opened_on": "2000-01-01", "address": "가나시",
    "memo": "", "as_of": "2026-01-02",
}  # fmt: skip


@pytest.fixture
def portal() -> Iterator[Portal]:
    with fake_portal.running() as portal:
        yield portal


async def _kim(database: Database, conn: Conn, **given: Any) -> AsyncIterator[Somebody]:
    await add(conn, "kim")
    door = app.create_app(settings_for(database, trusted_hosts=("hub.test",), **given))
    async with door.api.router.lifespan_context(door.api), browser(door) as kim:
        assert (await kim.sign_in("kim")).status_code == 200
        yield kim


@pytest.fixture
async def kim(database: Database, conn: Conn, portal: Portal) -> AsyncIterator[Somebody]:
    """Of an office that can ask outside."""
    async for somebody in _kim(database, conn, **portal.settings()):
        yield somebody


@pytest.fixture
async def lee(database: Database, conn: Conn) -> AsyncIterator[Somebody]:
    """Of an office without internet."""
    async for somebody in _kim(database, conn):
        yield somebody


def lines(*texts: str) -> list[dict[str, Any]]:
    return [{"row": at, "text": text} for at, text in enumerate(texts, 1)]


async def looked_up(who: Somebody, *texts: str, **more: Any) -> list[dict[str, Any]]:
    answer = await who.does("POST", f"{NUMBERS}/lookup", json={"lines": lines(*texts), **more})
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


async def trail(conn: Conn, action: str) -> list[tuple[str, dict[str, Any]]]:
    found = await conn.execute(
        "SELECT subject, detail FROM audit_entry WHERE action = %s ORDER BY number", (action,)
    )
    return [(row[0], row[1]) for row in await found.fetchall()]


async def test_every_row_comes_back_with_an_answer_or_with_what_is_wrong(
    kim: Somebody, portal: Portal
):
    portal.businesses = {DIGITS: Business(), B.replace("-", ""): Business(state="03")}
    rows = await looked_up(kim, A, "124-81-00999", B, A, "", "000-00-00000")
    assert [one["row"] for one in rows] == [1, 2, 3, 4, 6]
    assert rows[0]["answer"]["headline"] == "영업 중인 사업자입니다"
    assert "검증번호" in rows[1]["wrong"]
    assert (rows[2]["answer"]["headline"], rows[2]["answer"]["tone"]) == (
        "폐업한 사업자입니다",
        "stop",
    )
    assert rows[3]["same_as"] == 1
    assert rows[3]["answer"] == rows[0]["answer"]
    assert rows[4]["wrong"] == "모두 0입니다."


async def test_a_certificate_is_compared_and_kept_nowhere(
    kim: Somebody, portal: Portal, conn: Conn
):
    portal.businesses[DIGITS] = Business(representative="박비밀")
    given = {"opened_on": "2000-01-01", "representative": "박비밀"}
    (row,) = await looked_up(kim, A, certificate=given)
    says = [one["says"] for one in row["answer"]["sources"] if "진위" in one["who"]]
    assert says == ["적은 내용과 일치합니다."]
    assert "박비밀" not in str(row)
    found = await conn.execute(
        "SELECT count(*) FROM audit_entry WHERE detail::text LIKE '%박비밀%'"
    )
    assert await found.fetchone() == (0,)


@pytest.mark.parametrize(
    "wrong",
    [says("<html>"), says("", 500), says("", 413), says(b" " * 2_000_000), lambda: (0, "", b"")],
    ids=["a page", "500", "413", "huge", "hangs up"],
)
async def test_an_outage_loses_no_row_and_says_whose_it_is(
    kim: Somebody, portal: Portal, wrong: Any
):
    portal.everywhere(wrong)
    rows = await looked_up(kim, A, B, "가나다")
    assert len(rows) == 3
    for row in rows[:2]:
        troubles = [one["who"] for one in row["answer"]["sources"] if one["is_trouble"]]
        assert troubles == ["국세청 상태조회", "나라장터 조달업체", "공정위 통신판매사업자"]


async def test_without_a_key_the_sum_and_the_book_answer_and_the_rest_is_said(lee: Somebody):
    await lee.does("PUT", f"{VENDORS}/{A}", json=ENTRY)
    answer = await lee.does("POST", f"{NUMBERS}/lookup", json={"lines": lines(A, B)})
    told = answer.json()
    assert told["has_key"] is False
    known, unknown = told["rows"]
    assert (known["answer"]["headline"], known["answer"]["name"]) == (
        "거래처 장부에 있는 번호입니다",
        "가나상사",
    )
    assert unknown["answer"]["headline"] == "번호의 검증식만 맞습니다"
    assert "HUB_DATA_GO_KR_KEY" in str(unknown["answer"]["sources"])


async def test_the_book_is_compared_with_the_tax_office(kim: Somebody, portal: Portal):
    portal.businesses[DIGITS] = Business(representative="이사장")
    await kim.does("PUT", f"{VENDORS}/{A}", json=ENTRY)
    (row,) = await looked_up(kim, A)
    assert row["is_in_book"]
    assert row["answer"]["tone"] == "care"


async def test_a_sheet_of_numbers_is_read_row_by_row(kim: Somebody):
    body = f"상호,사업자등록번호\n가나,{A}\n다라,12\n".encode("cp949")
    answer = await kim.does("POST", f"{NUMBERS}/reading", content=body)
    assert answer.json()["lines"] == [{"row": 2, "text": A}, {"row": 3, "text": "12"}]
    refused = await kim.does("POST", f"{NUMBERS}/reading", content=b"\xd0\xcf\x11\xe0....")
    assert refused.status_code == 422
    assert ".xls" in refused.json()["detail"]


HEADING = ["부서", "사업자등록번호", "금액"]


async def worked_out(who: Somebody, body: bytes, **headers: str) -> Any:
    answer = await who.does("POST", f"{NUMBERS}/sheet", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


def table(body: bytes) -> list[dict[str, Any]]:
    """Rows of the first sheet below its heading, by the words of the heading."""
    rows = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True)
    heading = list(map(str, next(rows)))
    return [dict(zip(heading, row, strict=True)) for row in rows]


async def test_a_sheet_comes_back_as_it_stood_with_answers_beside_it(kim: Somebody, portal: Portal):
    portal.businesses = {DIGITS: Business(), B.replace("-", ""): Business(state="03")}
    body = workbook(HEADING, ["총무", A, 1000], ["", "12", None], ["회계", B, 2], ["재무", A, 3])
    rows = table((await worked_out(kim, body)).content)
    assert [(one["부서"], one["사업자등록번호"], one["금액"]) for one in rows] == [
        ("총무", A, 1000), (None, "12", None), ("회계", B, 2), ("재무", A, 3),
    ]  # fmt: skip
    assert [one["결과"] for one in rows] == [
        "영업 중인 사업자입니다", None, "멈추십시오: 폐업한 사업자입니다", "영업 중인 사업자입니다",
    ]  # fmt: skip
    assert rows[1]["이유"] == "숫자 10자리가 아닙니다."
    assert "2번째 줄과 같은 번호입니다." in rows[3]["참고"]
    assert "국세청 상태조회: 폐업자" in rows[2]["근거"]
    assert (rows[0]["받을 증빙"], rows[2]["받을 증빙"]) == ("세금계산서를 받으십시오", None)


async def test_a_closed_business_is_shouted_in_the_sheet_and_a_formula_stays_a_text(
    kim: Somebody, portal: Portal
):
    portal.businesses = {DIGITS: Business(state="03")}
    body = f'비고,사업자번호\n"=HYPERLINK(""http://x"")",{A}\n'.encode("cp949")
    sheet = openpyxl.load_workbook(io.BytesIO((await worked_out(kim, body)).content)).worksheets[0]
    assert (sheet["A2"].data_type, sheet["A2"].quotePrefix) == ("s", True)
    assert str(sheet["C2"].value).startswith("멈추십시오")
    assert (sheet["C2"].fill.fgColor.rgb, sheet["C2"].font.b) == ("00B3261E", True)


async def test_an_answered_sheet_put_in_again_is_answered_anew_and_grows_no_wider(
    kim: Somebody, portal: Portal
):
    first = (await worked_out(kim, f"{A}\n\n{B}\n".encode())).content  # without a heading
    assert [one["사업자등록번호"] for one in table(first)] == [A, None, B]
    portal.businesses = {DIGITS: Business(state="03")}
    again = table((await worked_out(kim, first)).content)
    assert again[0].keys() == table(first)[0].keys()
    assert [one["결과"] for one in again] == [
        "멈추십시오: 폐업한 사업자입니다", None, "멈추십시오: 국세청에 등록되지 않은 번호입니다",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "first"),
    [(f"{A}\n\n{A}\n", 2), (f"\n\n{A}\n{A}\n", 3), (f"목록\n\n사업자번호\n\n{A}\n\n{A}\n", 5)],
)
async def test_the_same_number_is_named_by_its_line_in_the_sheet_that_comes_back(
    kim: Somebody, portal: Portal, body: str, first: int
):
    made = openpyxl.load_workbook(io.BytesIO((await worked_out(kim, body.encode())).content))
    rows = [list(map(str, row)) for row in made.worksheets[0].iter_rows(values_only=True)]
    said = [at for at, row in enumerate(rows, 1) if A in row]
    assert said[0] == first
    assert any(f"{first}번째 줄과 같은 번호입니다." in cell for cell in rows[said[1] - 1])


async def test_several_numbers_in_one_cell_are_answered_in_their_row(kim: Somebody, portal: Portal):
    portal.businesses = {DIGITS: Business()}
    body = workbook(["사업자번호"], [f"{A}, {B}, 124-81-00999"])
    (row,) = table((await worked_out(kim, body)).content)
    assert row["결과"] == (
        f"{A}: 영업 중인 사업자입니다\n{B}: 멈추십시오: 국세청에 등록되지 않은 번호입니다"
    )
    assert row["이유"].startswith("124-81-00999: 검증번호가")


def many(count: int) -> list[str]:
    nines = (f"{n:09}" for n in range(100_000_000, 100_000_000 + count))
    return [nine + str(business_number.check_digit(nine)) for nine in nines]


async def test_a_page_hears_the_rows_part_by_part_and_101_numbers_are_two_calls(
    kim: Somebody, portal: Portal
):
    numbers = many(101)
    portal.businesses = {one: Business() for one in numbers}
    body = workbook(["사업자번호"], *([one] for one in numbers))
    answer = await worked_out(kim, body, Accept="application/x-ndjson")
    parts, last, sheet = ndjson.read(answer)
    assert [(one["done"], one["of"], len(one["rows"])) for one in parts] == [
        (100, 101, 100),
        (101, 101, 1),
    ]
    assert (last["worked"], last["refused"]) == (101, 0)
    assert len(table(sheet)) == 101
    assert portal.times("status") == 2


async def test_nobody_is_asked_any_further_where_nobody_waits(
    database: Database, conn: Conn, portal: Portal
):
    await add(conn, "kim")
    body = workbook(["사업자번호"], *([one] for one in many(100)))  # names: five seconds
    given = {f"HUB_{name.upper()}": value for name, value in portal.settings().items()}
    with web_process(database.dsn, **given) as web:
        async with httpx.AsyncClient(base_url=web.url) as client:
            kim = Somebody(client)
            told = await kim.sign_in("kim")
            cookie = told.headers["set-cookie"].partition(";")[0]  # over HTTP it stays behind
            headers = {**OURS, "X-CSRF-Token": kim.csrf_token, "Cookie": cookie}
            asking = asyncio.create_task(
                client.post(f"{NUMBERS}/sheet", content=body, headers=headers, timeout=90)
            )
            await until(lambda: portal.times("getPrcrmntCorpBasicInfo02"), 60)
            asking.cancel()
        await asyncio.sleep(2)
        asked = len(portal.asked)
        assert asked < 150
        await asyncio.sleep(1)
        assert len(portal.asked) == asked


async def test_one_question_of_101_numbers_says_which_was_not_asked(kim: Somebody):
    rows = await looked_up(kim, *many(101))
    assert [bool(one["answer"]) for one in rows] == [True] * 100 + [False]
    assert "100개까지" in rows[-1]["wrong"]


async def test_what_was_carried_in_is_written_beside_ones_own_sheet(
    lee: Somebody, portal: Portal, outside: Any
):
    portal.businesses = {DIGITS: Business(state="03")}
    status, told = await in_a_thread(outside, await carried(lee, A))
    assert status == 0
    body = workbook(HEADING, ["총무", A, 1], ["재무", B, 2])
    given = {"sheet": base64.b64encode(body).decode(), "answer": base64.b64encode(told).decode()}
    answer = await lee.does("POST", f"{NUMBERS}/answer/sheet", json=given)
    rows = table(answer.content)
    assert [one["결과"] for one in rows] == ["멈추십시오: 폐업한 사업자입니다", None]
    assert rows[1]["이유"] == number_sheet.NOT_ASKED
    changed = {**given, "answer": base64.b64encode(told[:-70]).decode()}
    refused = await lee.does("POST", f"{NUMBERS}/answer/sheet", json=changed)
    assert refused.json()["detail"] == round_trip.DAMAGED


# -- 인증키


async def used(conn: Conn) -> dict[str, int]:
    found = await conn.execute("SELECT service, sum(calls)::int FROM vendor_key_use GROUP BY 1")
    return {row[0]: row[1] for row in await found.fetchall()}


async def test_every_call_that_is_sent_is_counted_failures_and_further_tries_too(
    kim: Somebody, portal: Portal, conn: Conn
):
    portal.everywhere(says("", 500))
    await looked_up(kim, A, B)
    sent = portal.times("status"), portal.times("getPrcrmntCorpBasicInfo02")
    assert sent[0] == 3
    counted = await used(conn)
    assert (counted["tax"], counted["procurement"]) == sent
    assert KEY.encode() not in str(counted).encode()


async def test_a_spent_day_is_said_and_the_sum_the_book_and_the_file_still_answer(
    database: Database, conn: Conn, portal: Portal
):
    portal.businesses = {DIGITS: Business()}
    async for kim in _kim(database, conn, **portal.settings(), business_status_daily=1):
        assert (await looked_up(kim, A))[0]["answer"]["tone"] == "good"
        await kim.does("PUT", f"{VENDORS}/{A}", json=ENTRY)
        answer = await kim.does("POST", f"{NUMBERS}/lookup", json={"lines": lines(A, B)})
        told = answer.json()
        assert told["used_up"] == ["tax"]
        assert [one["answer"]["headline"] for one in told["rows"]] == [
            "거래처 장부에 있는 번호입니다", "번호의 검증식만 맞습니다",
        ]  # fmt: skip
        assert "내일 0시부터" in str(told["rows"][1]["answer"]["sources"])
        assert portal.times("status") == 1
        assert await carried(kim, A)


async def test_the_bound_holds_over_processes_and_begins_anew_with_the_day_and_the_key(
    database: Database, conn: Conn, portal: Portal
):
    portal.businesses = {one: Business() for one in many(30)}
    given = {**portal.settings(), "business_status_daily": 5}
    await add(conn, "kim")
    async with AsyncExitStack() as open_:
        people = []
        for _ in range(2):  # two doors, as two processes have them: what they share is the database
            door = app.create_app(settings_for(database, trusted_hosts=("hub.test",), **given))
            await open_.enter_async_context(door.api.router.lifespan_context(door.api))
            kim = await open_.enter_async_context(browser(door))
            await kim.sign_in("kim")
            people.append(kim)
        asked = [looked_up(people[at % 2], one) for at, one in enumerate(many(12))]
        rows = await asyncio.gather(*asked)
        assert sum(one[0]["answer"]["tone"] == "good" for one in rows) == 5
        assert portal.times("status") == 5
        await conn.execute("UPDATE vendor_key_use SET day = day - 1")
        await conn.commit()
        assert (await looked_up(people[0], many(1)[0]))[0]["answer"]["tone"] == "good"
        await conn.execute("UPDATE vendor_key_use SET day = day - 40")
        await conn.commit()
        await looked_up(people[0], many(1)[0])
        assert (await used(conn))["tax"] == 1  # older days are forgotten


async def test_who_sets_the_key_sees_how_much_of_today_is_used_and_nobody_else(
    database: Database, conn: Conn, portal: Portal
):
    await add(conn, "boss", "admin")
    async for kim in _kim(database, conn, **portal.settings(), procurement_daily=7):
        await looked_up(kim, A)
        assert (await kim.does("GET", f"{NUMBERS}/key")).status_code == 403
        await kim.sign_in("boss")
        told = await kim.does("GET", f"{NUMBERS}/key")
        assert KEY not in told.text
        assert told.json()["has_key"] is True
        assert [(one["calls"], one["most"], one["setting"]) for one in told.json()["uses"]] == [
            (1, 1_000_000, "HUB_BUSINESS_STATUS_DAILY"),
            (1, 7, "HUB_PROCUREMENT_DAILY"),
            (1, 1_000, "HUB_MAIL_ORDER_DAILY"),
        ]


async def carried(who: Somebody, *texts: str) -> bytes:
    answer = await who.does("POST", f"{NUMBERS}/question", json={"lines": lines(*texts)})
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.fixture
def outside(tmp_path: Path, portal: Portal, monkeypatch: pytest.MonkeyPatch):
    """A machine with internet: the real command, with the key and no database."""

    def ask(question: bytes) -> tuple[int, bytes]:
        for name, value in portal.settings().items():
            monkeypatch.setenv(f"HUB_{name.upper()}", value)
        asked, told = tmp_path / "asked.csv", tmp_path / "told.csv"
        asked.write_bytes(question)
        status = hub.main(["business-numbers", "ask", str(asked), "--out", str(told)])
        return status, told.read_bytes() if told.is_file() else b""

    return ask


async def in_a_thread(run: Any, *given: Any) -> Any:
    """The command has a loop of its own."""

    return await asyncio.to_thread(run, *given)


async def test_a_question_goes_out_and_its_answer_comes_in(
    lee: Somebody, portal: Portal, outside: Any, conn: Conn
):
    portal.businesses = {DIGITS: Business(state="03", ended="20240301")}
    question = await carried(lee, A, "틀림", B, A)
    status, told = await in_a_thread(outside, question)
    assert status == 0
    answer = await lee.does("POST", f"{NUMBERS}/answer", content=told)
    assert answer.status_code == 200, answer.text
    rows = {one["number"]: one["answer"]["headline"] for one in answer.json()["rows"]}
    assert rows == {A: "폐업한 사업자입니다", B: "국세청에 등록되지 않은 번호입니다"}
    assert await trail(conn, "vendor.ask-outside") == [("", {"numbers": 2})]


async def test_an_answer_with_gaps_comes_in_and_says_them(
    lee: Somebody, portal: Portal, outside: Any
):
    portal.wrong["status"] = says("", 429)
    status, told = await in_a_thread(outside, await carried(lee, A))
    assert status == 1
    (row,) = (await lee.does("POST", f"{NUMBERS}/answer", content=told)).json()["rows"]
    assert "횟수" in str(row["answer"]["sources"])


async def test_an_answer_that_is_damaged_foreign_or_too_old_is_refused_in_words(
    lee: Somebody, outside: Any, conn: Conn
):
    status, told = await in_a_thread(outside, await carried(lee, A))
    assert status == 0
    for body, word in [
        (told[: len(told) // 2], round_trip.DAMAGED),
        (b"PK\x03\x04", round_trip.NOT_OURS),
        (b"", round_trip.NOT_OURS),
    ]:
        refused = await lee.does("POST", f"{NUMBERS}/answer", content=body)
        assert (refused.status_code, refused.json()["detail"]) == (422, word)
    long_ago = clock.now() - timedelta(days=round_trip.KEPT_DAYS + 1)
    await conn.execute("UPDATE vendor_question SET made_at = %s", (long_ago,))
    await conn.commit()
    await carried(lee, B)
    refused = await lee.does("POST", f"{NUMBERS}/answer", content=told)
    assert (refused.status_code, refused.json()["detail"]) == (422, round_trip.UNKNOWN)


def test_the_command_says_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    asked = tmp_path / "asked.csv"
    asked.write_text("가나다")
    command = ["business-numbers", "ask", str(asked), "--out", str(tmp_path / "told.csv")]
    assert hub.main(command) == 2
    assert "HUB_DATA_GO_KR_KEY" in capsys.readouterr().err
    monkeypatch.setenv("HUB_DATA_GO_KR_KEY", KEY)
    assert hub.main(command) == 2
    assert round_trip.NOT_OURS in capsys.readouterr().err
    asked.unlink()
    assert hub.main(command) == 2


async def test_no_question_is_made_of_nothing(lee: Somebody):
    answer = await lee.does("POST", f"{NUMBERS}/question", json={"lines": lines("틀림")})
    assert answer.status_code == 422
    assert "번호" in answer.json()["detail"]


# -- 거래처 장부


async def test_an_entry_is_made_found_changed_and_taken_out_and_the_trail_says_so(
    lee: Somebody, conn: Conn
):
    made = (await lee.does("PUT", f"{VENDORS}/{A}", json=ENTRY)).json()
    assert (made["number"], made["version"], made["saved_by"]) == (DIGITS, 1, "kim")
    for text in ("가나", "248", "248-10"):
        found = (await lee.does("GET", VENDORS, params={"text": text})).json()
        assert [one["name"] for one in found["vendors"]] == ["가나상사"]
    assert (await lee.does("GET", VENDORS, params={"text": "없음"})).json()["count"] == 0
    changed = {**ENTRY, "representative": "이사장", "version": 1}
    assert (await lee.does("PUT", f"{VENDORS}/{DIGITS}", json=changed)).json()["version"] == 2
    assert (await lee.does("DELETE", f"{VENDORS}/{A}")).status_code == 204
    assert (await lee.does("DELETE", f"{VENDORS}/{A}")).status_code == 404
    saved = await trail(conn, "vendor.save")
    assert [(subject, told["changed"]) for subject, told in saved][1] == (
        DIGITS,
        ["representative"],
    )
    assert "사장" not in str(saved)
    assert await trail(conn, "vendor.forget") == [(DIGITS, {"name": "가나상사"})]


async def test_who_changes_an_entry_that_changed_meanwhile_is_told(lee: Somebody):
    await lee.does("PUT", f"{VENDORS}/{A}", json=ENTRY)
    again = await lee.does("PUT", f"{VENDORS}/{A}", json=ENTRY)
    assert again.status_code == 409
    gone = await lee.does("PUT", f"{VENDORS}/{B}", json={**ENTRY, "version": 3})
    assert gone.status_code == 409


async def test_a_number_that_is_none_is_no_entry(lee: Somebody):
    for number in ("124-81-00999", "000-00-00000", "가나"):
        answer = await lee.does("PUT", f"{VENDORS}/{number}", json=ENTRY)
        assert answer.status_code == 422


async def test_a_sheet_is_looked_at_then_saved_and_comes_out_again(lee: Somebody, conn: Conn):
    await lee.does("PUT", f"{VENDORS}/{A}", json={**ENTRY, "memo": "단골"})
    body = f"사업자번호,상호,메모\n{A},가나상사,\n{B},다라상사,새로\n{B},또,\n12,마바,\n".encode(
        "cp949"
    )
    for address in ("reading", "import"):
        answer = await lee.does("POST", f"{VENDORS}/{address}", content=body)
        assert answer.status_code == 200, answer.text
        changes = [one["change"] for one in answer.json()["rows"]]
        assert changes == ["same", "new", "wrong", "wrong"]
    assert await trail(conn, "vendor.import") == [
        ("", {"new": 1, "changed": 0, "same": 1, "wrong": 2})
    ]
    exported = await lee.does("GET", f"{VENDORS}/export")
    again = await lee.does("POST", f"{VENDORS}/import", content=exported.content)
    assert {one["change"] for one in again.json()["rows"]} == {"same"}
    found = (await lee.does("GET", VENDORS)).json()
    assert {one["name"]: one["memo"] for one in found["vendors"]} == {
        "가나상사": "단골",
        "다라상사": "새로",
    }


async def test_the_template_is_a_sheet_without_rows(lee: Somebody):
    body = (await lee.does("GET", f"{VENDORS}/template")).content
    answer = await lee.does("POST", f"{VENDORS}/reading", content=body)
    assert answer.json()["detail"] == sheet.NO_ROWS


async def test_nobody_gets_in_without_signing_in(database: Database, conn: Conn):
    door = app.create_app(settings_for(database, trusted_hosts=("hub.test",)))
    async with door.api.router.lifespan_context(door.api), browser(door) as nobody:
        assert (await nobody.does("GET", VENDORS)).status_code == 401
        answer = await nobody.does("POST", f"{NUMBERS}/lookup", json={"lines": []})
        assert answer.status_code == 401


async def test_a_long_list_is_carried_in_one_file_and_asked_in_parts(
    lee: Somebody, portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    numbers = many(120)
    portal.businesses = {one: Business() for one in numbers}
    file = await lee.does("POST", f"{NUMBERS}/question", json={"lines": lines(*numbers)})
    assert file.status_code == 200, file.text
    asked, told = tmp_path / "asked.csv", tmp_path / "told.csv"
    asked.write_bytes(file.content)
    for name, value in portal.settings().items():
        monkeypatch.setenv(f"HUB_{name.upper()}", value)
    command = ["business-numbers", "ask", str(asked), "--out", str(told)]
    await asyncio.to_thread(hub.main, command)
    assert portal.times("status") == 2
    answer = await lee.does("POST", f"{NUMBERS}/answer", content=told.read_bytes())
    tones = [one["answer"]["tone"] for one in answer.json()["rows"]]
    assert tones == ["good"] * len(numbers)


async def test_a_long_list_asks_for_no_name_that_the_book_has(kim: Somebody, portal: Portal):
    await kim.does("PUT", f"{VENDORS}/{A}", json=ENTRY)
    others = many(11)
    portal.businesses = {one: Business() for one in (DIGITS, *others)}
    rows = await looked_up(kim, A, *others)
    assert rows[0]["answer"]["name"] == "가나상사"
    assert portal.times("getPrcrmntCorpBasicInfo02") == len(others)
