"""Looking up business numbers at a portal that is right, wrong, slow, full or not there."""

import socket
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from hub.automation import business_number
from hub.automation.vendors import lookup
from hub.automation.vendors.conclusion import Conclusion, Tone, conclude
from hub.automation.vendors.fetch import Outside
from hub.automation.vendors.lookup import Certificate
from hub.automation.vendors.told import Named, Source, Standing, State, Told, Trouble
from tests.hub.automation.vendors import fake_portal
from tests.hub.automation.vendors.fake_portal import (
    BAD_KEY,
    KEY,
    QUOTA,
    TAX,
    Business,
    Portal,
    of,
    says,
)

A, B, C = "1248100998", "2208162517", "1208147521"
TODAY = date(2026, 11, 21)
OPENED = Certificate(date(2000, 1, 1), "김사장")


@pytest.fixture
def portal() -> Iterator[Portal]:
    with fake_portal.running() as portal:
        yield portal


async def ask(
    outside: Outside, *numbers: str, certificates: dict[str, Certificate] | None = None, **more: Any
) -> dict[str, dict[Source, Told]]:
    told = await lookup.look_up(
        outside, numbers, certificates or {}, **{"names_within_s": 280.0, **more}
    )
    return {number: {one.source: one for one in said} for number, said in told.items()}


def concluded(number: str, told: dict[Source, Told]) -> Conclusion:
    return conclude(business_number.read(number), None, list(told.values()), TODAY)


async def test_a_business_in_business_is_said_with_its_tax_and_its_proof(portal: Portal):
    portal.businesses[A] = Business()
    portal.procurement[A] = {
        "bizno": A, "corpNm": "가나상사", "opbizDt": "1997-12-15 12:00:00", "ceoNm": "김사장",
        "adrs": "가나시 중앙로 1", "dtlAdrs": "2층",
    }  # fmt: skip
    told = (await ask(portal.outside(), A))[A]
    assert told[Source.STATUS].facts == Standing(State.CONTINUING, "01", "부가가치세 일반과세자")
    named = Named("가나상사", "가나시 중앙로 1 2층", date(1997, 12, 15))
    assert told[Source.PROCUREMENT].facts == named
    assert Source.MAIL_ORDER not in told  # the name was found
    found = concluded(A, told)
    assert (found.headline, found.tone) == ("영업 중인 사업자입니다", Tone.GOOD)
    assert found.proof
    assert "세금계산서" in found.proof.take
    assert "김사장" not in str(found)


async def test_a_closed_business_is_shouted_even_where_its_papers_agree(portal: Portal):
    portal.businesses[A] = Business(state="03", ended="20240301")
    told = (await ask(portal.outside(), A, certificates={A: OPENED}))[A]
    assert told[Source.VALIDITY].facts is True
    found = concluded(A, told)
    assert (found.headline, found.tone) == ("폐업한 사업자입니다", Tone.STOP)
    assert any("2024. 3. 1." in mind for mind in found.minds)
    assert any("일치" in mind for mind in found.minds)
    assert found.proof is None
    assert found.paste.startswith(f"{business_number.read(A)}: 폐업자, 폐업일 2024. 3. 1.")
    assert found.sure.startswith("국세청이 ")


async def test_a_suspended_business_is_shouted(portal: Portal):
    portal.businesses[A] = Business(state="02")
    found = concluded(A, (await ask(portal.outside(), A))[A])
    assert (found.headline, found.tone) == ("휴업 중인 사업자입니다", Tone.STOP)


async def test_a_number_that_was_never_given_is_no_business(portal: Portal):
    found = concluded(A, (await ask(portal.outside(), A))[A])
    assert (found.headline, found.tone) == ("국세청에 등록되지 않은 번호입니다", Tone.STOP)


async def test_papers_that_do_not_agree_are_said(portal: Portal):
    portal.businesses[A] = Business(representative="이사장")
    told = (await ask(portal.outside(), A, certificates={A: OPENED}))[A]
    assert told[Source.VALIDITY].facts is False
    assert concluded(A, told).tone is Tone.CARE


@pytest.mark.parametrize(
    ("tax", "take"),
    [
        ("01", "세금계산서를 받으십시오"),
        ("02", "세금계산서는 받을 수 없습니다"),
        ("04", "계산서를 받으십시오"),
        ("07", "세금계산서를 받으십시오"),
    ],
)
async def test_the_tax_says_which_proof_to_take(portal: Portal, tax: str, take: str):
    """부가가치세법 제32조·제36조제1항제2호; 소득세법 제163조."""
    portal.businesses[A] = Business(tax=tax)
    proof = concluded(A, (await ask(portal.outside(), A))[A]).proof
    assert proof
    assert take in proof.take


async def test_a_hundred_numbers_are_one_question_to_the_tax_office(portal: Portal):
    nines = (f"{n:09}" for n in range(100_000_000, 100_000_100))
    numbers = [nine + str(business_number.check_digit(nine)) for nine in nines]
    portal.businesses = {number: Business() for number in numbers[::2]}
    told = await ask(portal.outside(), *numbers)
    assert list(told) == numbers
    assert portal.times("status") == 1
    states = [told[number][Source.STATUS].facts for number in numbers]
    assert {one.state for one in states[::2] if isinstance(one, Standing)} == {State.CONTINUING}
    assert {one.state for one in states[1::2] if isinstance(one, Standing)} == {State.UNREGISTERED}


async def test_who_is_not_in_the_market_is_looked_for_among_mail_orders(portal: Portal):
    closed = {"brno": A, "bzmnNm": "옛이름", "operSttusCdNm": "폐업처리"}
    portal.mail_order[A] = [closed, {**closed, "bzmnNm": "가나몰", "operSttusCdNm": "정상영업"}]
    told = (await ask(portal.outside(), A))[A]
    assert told[Source.PROCUREMENT].facts is None
    assert told[Source.PROCUREMENT].trouble is None
    assert told[Source.MAIL_ORDER].facts == Named("가나몰", "", None, "정상영업")


async def test_one_entry_alone_is_read_too(portal: Portal):
    portal.mail_order[A] = [{"brno": A, "bzmnNm": "가나몰", "operSttusCdNm": "정상영업"}]
    facts = (await ask(portal.outside(), A))[A][Source.MAIL_ORDER].facts
    assert isinstance(facts, Named)


@pytest.mark.parametrize("key", [KEY, "a%2Bb%2Fc%3D%3D"], ids=["decoding", "encoding"])
async def test_either_form_of_the_key_is_encoded_once(portal: Portal, key: str):
    told = (await ask(portal.outside(key), A))[A]
    assert {one.trouble for one in told.values()} == {None}


async def test_another_key_is_refused_in_words(portal: Portal):
    told = (await ask(portal.outside("wrong"), A))[A]
    assert {one.trouble for one in told.values()} == {Trouble.KEY_REFUSED}


async def test_without_a_key_nobody_is_asked_and_every_source_says_so(portal: Portal):
    told = (await ask(portal.outside(None), A, B))[B]
    assert {(one.trouble, one.at) for one in told.values()} == {(Trouble.NO_KEY, None)}
    assert portal.asked == []


WRONG: dict[str, tuple[Callable[[], Any], Trouble]] = {
    "a page": (says("<html>점검 중</html>"), Trouble.UNREADABLE),
    "nothing": (says(b""), Trouble.UNREADABLE),
    "a list": (says("[]"), Trouble.UNREADABLE),
    "no data": (says('{"status_code": "OK", "resultCode": "00"}'), Trouble.UNREADABLE),
    "deep": (says("[" * 100_000), Trouble.UNREADABLE),
    "cut": (says('{"status_code": "OK", "resultCode": "00", "data": [{"b_n'), Trouble.UNREADABLE),
    "another code inside": (
        says('{"status_code": "INTERNAL_ERROR", "resultCode": "99", "data": []}'),
        Trouble.UNREADABLE,
    ),
    "no text": (says(b"\xff\xfe\x00"), Trouble.UNREADABLE),
    "huge": (says(b" " * 3_000_000), Trouble.TOO_LARGE),
    "quota in XML": (says(QUOTA, kind="text/xml"), Trouble.QUOTA),
    "key in XML": (says(BAD_KEY, kind="text/xml"), Trouble.KEY_REFUSED),
    "400": (says('{"status_code": "BAD_JSON_REQUEST"}', 400), Trouble.REFUSED),
    "401": (says("", 401), Trouble.KEY_REFUSED),
    "411": (says('{"status_code": "REQUEST_DATA_MALFORMED"}', 411), Trouble.REFUSED),
    "413": (says('{"status_code": "TOO_LARGE_REQUEST"}', 413), Trouble.REFUSED),
    "429": (says("API token quota exceeded", 429), Trouble.QUOTA),
    "500": (says('{"status_code": "INTERNAL_ERROR"}', 500), Trouble.BROKEN),
    "502": (says("", 502), Trouble.BROKEN),
    "elsewhere": (says("", 302), Trouble.BROKEN),
    "hangs up": (lambda: (0, "", b""), Trouble.AWAY),
}


@pytest.mark.parametrize("name", WRONG)
async def test_whatever_a_source_answers_every_number_comes_back_with_the_reason(
    portal: Portal, name: str
):
    wrong, trouble = WRONG[name]
    portal.everywhere(wrong)
    told = await ask(portal.outside(), A, B, C, certificates={A: OPENED})
    assert list(told) == [A, B, C]
    assert {one.trouble for said in told.values() for one in said.values()} == {trouble}
    for number, said in told.items():
        found = concluded(number, said)
        assert found.tone is Tone.UNKNOWN
        assert "확인하지 못했습니다" in found.minds[0]


async def test_a_source_that_says_nothing_in_time_is_slow(portal: Portal):
    portal.everywhere(portal.slow)
    told = await ask(portal.outside(patience_s=0.3), A, B)
    assert {one.trouble for said in told.values() for one in said.values()} == {Trouble.SLOW}


async def test_where_nobody_listens_it_is_away():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and never listening: nobody else can be there
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        outside = Outside(KEY, url, url, url, patience_s=90.0, pause_s=0.0)
        told = (await ask(outside, A))[A]
    assert {one.trouble for one in told.values()} == {Trouble.AWAY}


async def test_what_breaks_is_tried_again_and_what_is_refused_is_not(portal: Portal):
    portal.everywhere(says("", 500))
    await ask(portal.outside(), A)
    assert portal.times("status") == 3
    portal.asked.clear()
    portal.everywhere(says("", 400))
    await ask(portal.outside(), A)
    assert portal.times("status") == 1


async def test_one_outage_that_passes_is_not_noticed(portal: Portal):
    portal.businesses[A] = Business()
    fails = iter([True, True])

    def wrong() -> Any:
        if next(fails, False):
            return 500, "text/html", b""
        return of({"status_code": "OK", "data": [Business().row(A)]})

    portal.wrong["status"] = wrong
    told = (await ask(portal.outside(), A))[A]
    assert isinstance(told[Source.STATUS].facts, Standing)


async def test_who_is_away_is_not_asked_for_every_number(portal: Portal):
    portal.wrong["getPrcrmntCorpBasicInfo02"] = says("", 429)
    nines = (f"{n:09}" for n in range(100_000_000, 100_000_040))
    numbers = [nine + str(business_number.check_digit(nine)) for nine in nines]
    told = await ask(portal.outside(), *numbers)
    assert {told[n][Source.PROCUREMENT].trouble for n in numbers} == {Trouble.QUOTA}
    assert portal.times("getPrcrmntCorpBasicInfo02") <= 4  # those that were under way


async def test_when_the_time_is_over_the_rest_is_told_so(portal: Portal):
    told = (await ask(portal.outside(), A, names_within_s=0.0))[A]
    assert told[Source.PROCUREMENT].trouble is Trouble.NO_TIME
    assert told[Source.STATUS].trouble is None


@pytest.mark.parametrize(
    "row",
    [
        {"b_no": B, "b_stt_cd": "01"},
        {"b_no": "12481009", "b_stt_cd": "01"},
        {"b_stt_cd": "01"},
        {"b_no": A, "b_stt_cd": "77"},
        {"b_no": A, "b_stt_cd": ""},
        {"b_no": A},
        {"b_no": A, "b_stt_cd": ["01"]},
        "01",
        None,
    ],
    ids=str,
)
async def test_an_answer_about_another_or_about_nothing_says_nothing(portal: Portal, row: Any):
    portal.wrong["status"] = lambda: of({"status_code": "OK", "data": [row]})
    told = (await ask(portal.outside(), A))[A]
    assert told[Source.STATUS].facts is None
    assert told[Source.STATUS].trouble is Trouble.LEFT_OUT


async def test_a_row_whose_words_and_code_differ_is_not_believed(portal: Portal):
    row = {**Business().row(A), "b_stt": "폐업자"}
    portal.wrong["status"] = lambda: of({"status_code": "OK", "data": [row]})
    assert (await ask(portal.outside(), A))[A][Source.STATUS].trouble is Trouble.LEFT_OUT


async def test_rows_in_another_order_and_too_few_are_each_their_own_numbers(portal: Portal):
    rows = [Business(state="03").row(C), Business().row(A)]
    portal.wrong["status"] = lambda: of({"status_code": "OK", "data": rows})
    told = await ask(portal.outside(), A, B, C)
    assert [one[Source.STATUS].facts for one in told.values()] == [
        Standing(State.CONTINUING, "01", TAX["01"]), None, Standing(State.CLOSED, "01", TAX["01"]),
    ]  # fmt: skip
    assert told[B][Source.STATUS].trouble is Trouble.LEFT_OUT
    assert concluded(B, told[B]).tone is Tone.UNKNOWN


async def test_who_asks_too_often_waits_as_long_as_is_wanted_and_asks_again(portal: Portal):
    portal.businesses[A] = Business()
    refused = iter([True, True])

    def wrong() -> Any:
        if next(refused, False):
            return 429, "text/plain", b"slower"
        return of({"status_code": "OK", "data": [Business().row(A)]})

    portal.wrong["status"], portal.headers = wrong, {"Retry-After": "0"}
    told = (await ask(portal.outside(), A))[A]
    assert isinstance(told[Source.STATUS].facts, Standing)


@pytest.mark.parametrize("wait", ["3600", "Sun, 22 Nov 2026 10:00:00 GMT", "-1", "1e9"])
async def test_who_is_sent_away_for_long_does_not_wait(portal: Portal, wait: str):
    portal.everywhere(says("", 429))
    portal.headers = {"Retry-After": wait}
    told = (await ask(portal.outside(), A))[A]
    assert {one.trouble for one in told.values()} == {Trouble.QUOTA}
    assert portal.times("status") == 1


async def test_what_the_paper_says_of_papers_that_do_not_agree_is_not_left_out(portal: Portal):
    portal.businesses[A] = Business(representative="이사장")
    told = (await ask(portal.outside(), A, certificates={A: OPENED}))[A]
    assert "진위확인 불일치" in concluded(A, told).paste
    portal.businesses[A] = Business()
    told = (await ask(portal.outside(), A, certificates={A: OPENED}))[A]
    assert "진위확인 일치" in concluded(A, told).paste


async def test_without_a_key_it_is_said_once(portal: Portal):
    told = (await ask(portal.outside(None), A, certificates={A: OPENED}))[A]
    lines = [one for one in concluded(A, told).sources if one.is_trouble]
    assert [one.who for one in lines] == ["국세청, 나라장터, 공정위"]
    assert "HUB_DATA_GO_KR_KEY" in lines[0].says


async def test_a_name_that_is_known_is_not_asked_for(portal: Portal):
    portal.businesses = {A: Business(), B: Business()}
    told = await ask(portal.outside(), A, B, known=frozenset({A}))
    names = (Source.PROCUREMENT, Source.MAIL_ORDER)
    assert {told[A][source].trouble for source in names} == {Trouble.NOT_ASKED}
    assert {told[B][source].trouble for source in names} == {None}
    assert portal.times("getPrcrmntCorpBasicInfo02") == 1
    assert "묻지" not in str(concluded(A, told[A]).sources)


async def test_an_answer_that_contradicts_itself_is_not_believed(portal: Portal):
    rows = [Business().row(A), Business(state="03").row(A)]
    portal.wrong["status"] = lambda: of({"status_code": "OK", "data": rows})
    assert (await ask(portal.outside(), A))[A][Source.STATUS].trouble is Trouble.LEFT_OUT


async def test_the_name_of_another_number_is_not_taken(portal: Portal):
    portal.procurement[A] = {"bizno": B, "corpNm": "다른 회사"}
    portal.mail_order[A] = [{"brno": B, "bzmnNm": "다른 회사"}]
    told = (await ask(portal.outside(), A))[A]
    assert told[Source.PROCUREMENT].facts is None
    assert told[Source.MAIL_ORDER].facts is None


async def test_a_change_of_tax_is_said(portal: Portal):
    more = {"tax_type_change_dt": "20260701", "rbf_tax_type_cd": "02",
            "rbf_tax_type": "부가가치세 간이과세자"}  # fmt: skip
    portal.businesses[A] = Business(more=more)
    found = concluded(A, (await ask(portal.outside(), A))[A])
    assert any("2026. 7. 1." in mind and "간이과세자" in mind for mind in found.minds)


async def test_a_number_that_ended_in_a_unit_sends_to_the_head_office(portal: Portal):
    portal.businesses[A] = Business(state="03", ended="20240301", more={"utcc_yn": "Y"})
    found = concluded(A, (await ask(portal.outside(), A))[A])
    assert any("본점" in mind for mind in found.minds)
