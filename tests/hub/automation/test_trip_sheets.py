"""Travel papers of a whole sheet: a row is a trip, its papers come back with the result."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, time
from typing import Any

import openpyxl
import pytest
from hwpx import HwpxDocument
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.automation.sheets.answers import Bulk, work_out
from hub.automation.sheets.cases import EXAMPLE
from hub.automation.sheets.columns import KEY
from hub.automation.sheets.papers import Papered
from hub.automation.sheets.template import template
from hub.automation.trip_sheets import REQUESTS, SETTLEMENTS
from tests.hub.automation.test_sheets import OFFICE, as_workbook, cells, nothing
from tests.hub.document.reading import squeezed

DAY = date(2026, 11, 20)
NINE, TEN, SIX = time(9), time(10), time(18)
ASKED_ON = date(2026, 11, 27)
HEADING = [KEY, "이름", "출장", "시작하는 날", "시작", "끝나는 날", "끝", "출장지", "출장목적",
           "차량", "운임", "숙박 지역", "숙박비", "출장명령 번호", "복명 내용", "신청일",
           "같은 날 관내 여러 번"]  # fmt: skip


def row(key: str, name: str, **changed: Any) -> list[Any]:
    typed: dict[str, Any] = {
        KEY: key, "이름": name, "출장": "관내", "시작하는 날": DAY, "시작": NINE, "끝": SIX,
        "출장지": "도청", "출장목적": "협의", "신청일": ASKED_ON, **changed,
    }  # fmt: skip
    return [typed.get(one) for one in HEADING]


FAR = {
    "출장": "관외", "시작하는 날": date(2026, 11, 24), "끝나는 날": date(2026, 11, 25),
    "출장지": "서울", "운임": 96_000, "숙박 지역": "서울", "숙박비": "90,000",
}  # fmt: skip


def settled(*rows: Sequence[Any], question: Papered = SETTLEMENTS) -> tuple[Bulk, zipfile.ZipFile]:
    told = work_out(question, OFFICE, as_workbook(HEADING, *rows), nothing)
    return told, zipfile.ZipFile(io.BytesIO(told.workbook))


def sheet_of(file: zipfile.ZipFile, name: str = "여비정산 결과.xlsx") -> list[dict[str, Any]]:
    heading, *rows = cells(file.read(name))
    return [dict(zip(heading, one, strict=True)) for one in rows]


def text_of(file: zipfile.ZipFile, name: str) -> str:
    return squeezed(HwpxDocument.open(io.BytesIO(file.read(name))).text.plain())


def test_a_persons_trips_are_one_settlement_and_everybody_has_their_own():
    told, file = settled(
        row("1", "김가"), row("1", "김가", **FAR), row("2", "이나", 시작=NINE, 끝=TEN)
    )
    assert (told.worked, told.refused) == (2, 0)
    papers = [one for one in file.namelist() if one.endswith(".hwpx")]
    assert papers == ["0002-1 여비정산 신청서 김가.hwpx", "0004-1 여비정산 신청서 이나.hwpx"]
    first, second, third = sheet_of(file)
    assert (first["결과"], first["합계(원)"]) == ("2건 여비 306,000원", 306_000)
    assert first["문서 파일"] == papers[0]
    assert "공무원 여비 규정 제18조제1항" in str(first["근거"])
    assert second["결과"] == "2줄과 함께 셈함"
    assert third["결과"] == "근무지 내 출장 여비 10,000원"
    words = text_of(file, papers[0])
    for said in (
        "금306,000원(금삼십만육천원)",
        "2번 일비",
        "서울",
        "도청",
        "김가",
    ):
        assert squeezed(said) in words
    assert squeezed("금10,000원(금일만원)") in text_of(file, papers[1])


def test_a_trip_whose_report_is_written_has_one():
    _, file = settled(
        row(
            "1",
            "김가",
            **{"복명 내용": "협의 마침\n다음 달에 다시 만남", "출장명령 번호": "총무-7"},
        ),
        row("1", "김가", **FAR),
    )
    papers = [one for one in file.namelist() if one.endswith(".hwpx")]
    assert papers == ["0002-1 여비정산 신청서 김가.hwpx", "0002-2 출장복명서 김가 도청.hwpx"]
    words = text_of(file, papers[1])
    for said in (
        "출장복명서",
        "협의 마침",
        "다음 달에 다시 만남",
        "총무-7",
        "위와 같이 복명합니다.",
    ):
        assert squeezed(said) in words


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"시작": SIX, "끝": NINE}, "끝: 끝나는 시각이 시작보다 뒤여야 합니다."),
        ({"끝나는 날": date(2026, 11, 21)}, "끝: 근무지 내 출장은 하루씩 정산합니다."),
        ({"숙박비": "90,000"}, "숙박비: 근무지 내 출장에는 운임과 숙박비가 없습니다."),
        ({**FAR, "숙박비": "많이"}, "숙박비: '많이'은(는) 금액이 아닙니다. 예: 90,000/85,000"),
        ({**FAR, "숙박비": "1/2/3"}, "숙박비: 2일 출장에는 1박까지 있습니다."),
        ({"복명 내용": "다녀옴"}, "출장명령 번호: 복명서에는 출장명령 번호를 적습니다."),
        ({"출장지": None}, "출장지: 비어 있어요."),
        ({"출장": "가까운 데"}, "출장: '가까운 데'은(는) 고를 수 없어요."),
        ({"시작하는 날": date(2024, 7, 1)}, "규칙은 몰라요"),
    ],
    ids=lambda one: str(one)[:24],
)
def test_a_row_that_cannot_be_settled_says_why_has_no_paper_and_stops_none(
    changed: dict[str, Any], why: str
):
    told, file = settled(row("1", "김가", **changed), row("2", "이나"))
    assert (told.worked, told.refused) == (1, 1)
    bad, good = sheet_of(file)
    assert why in str(bad["이유"])
    assert not bad["문서 파일"]
    assert good["합계(원)"] == 20_000
    assert [one[:4] for one in file.namelist() if one.endswith(".hwpx")] == ["0003"]


def test_two_short_trips_of_a_day_wait_for_the_offices_own_way():
    day = [row("1", "김가", 끝=TEN), row("1", "김가", 시작=TEN, 끝=time(11))]
    _, file = settled(*day)
    assert "우리 기관" in str(sheet_of(file)[0]["이유"])
    day[0][-1] = "따로 셈하고 하루 한도까지"
    _, file = settled(*day)
    assert sheet_of(file)[0]["합계(원)"] == 20_000


def test_nights_are_what_each_cost_and_an_office_car_is_of_every_day():
    """제16조: 일비 2 × 25,000 / 2 + 식비 3 … of three days; caps 100,000 and 80,000 paid."""
    far = {**FAR, "끝나는 날": date(2026, 11, 26), "운임": None, "차량": "공무용 차량"}
    _, file = settled(row("1", "김가", **{**far, "숙박비": "120,000원 / 80000"}))
    assert sheet_of(file)[0]["합계(원)"] == 37_500 + 75_000 + 100_000 + 80_000


def test_requests_of_several_people_and_of_one():
    heading = [KEY, "이름", "부서", "시작하는 날", "시작", "끝", "출장지", "출장목적", "신청일",
               "결재란", "덧붙이는 말"]  # fmt: skip
    rows = [
        ["1", "김가", "총무과", DAY, NINE, SIX, "도청", "협의", ASKED_ON, "팀장, 과장", "가\n나"],
        ["1", "이나", "재무과"],
        ["", "박다", "", DAY, SIX, NINE, "의회", "설명", ASKED_ON],
        ["", "../최라:*", "", DAY, NINE, SIX, "의회", "설명", ASKED_ON],
    ]
    told = work_out(REQUESTS, OFFICE, as_workbook(heading, *rows), nothing)
    assert (told.worked, told.refused) == (2, 1)
    file = zipfile.ZipFile(io.BytesIO(told.workbook))
    assert file.namelist() == [
        "0002-1 출장신청서 김가 도청.hwpx", "0005-1 출장신청서 .._최라__ 의회.hwpx",
        "출장신청서 결과.xlsx",
    ]  # fmt: skip
    words = text_of(file, file.namelist()[0])
    for said in ("총무과 김가, 재무과 이나", "위와 같이 출장을 신청합니다.", "팀장", "과장"):
        assert squeezed(said) in words
    assert "뒤여야" in str(sheet_of(file, "출장신청서 결과.xlsx")[2]["이유"])


@pytest.mark.parametrize("question", [REQUESTS, SETTLEMENTS], ids=lambda one: one.name)
def test_the_template_takes_its_own_example(question: Papered):
    book = openpyxl.load_workbook(io.BytesIO(template(question)))
    heading, example = list(book.worksheets[0].iter_rows(values_only=True))[:2]
    told = work_out(
        question, OFFICE,
        as_workbook(list(heading), [None if one == EXAMPLE else one for one in example]), nothing,
    )  # fmt: skip
    assert (told.worked, told.refused) == (1, 0), cells(
        zipfile.ZipFile(io.BytesIO(told.workbook)).read(f"{question.title} 결과.xlsx")
    )


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.text(st.characters(categories=("L", "N", "P", "S", "Z")), max_size=12),
        min_size=len(HEADING),
        max_size=len(HEADING),
    )
)
def test_whatever_stands_in_a_row_the_next_one_has_its_paper(strange: list[str]):
    told, file = settled(["", *strange[1:]], row("2", "이나"))
    assert told.worked + told.refused in (1, 2)
    assert any("이나" in one for one in file.namelist())
