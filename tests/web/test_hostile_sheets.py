"""Every upload that takes a table, against the tables that strangers bring.

Which uploads there are is read from the OpenAPI: a new one fails here until it is named below.
"""

import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx
import openpyxl
import pytest
from psycopg import AsyncConnection

from hub.identity.roles import ROLES
from hub.kit.sheet import WORKBOOK
from hub.web import app
from tests.conftest import Database
from tests.hub.density.offices import open_office
from tests.web import hostile_sheets
from tests.web.hostile_sheets import CLOTHES, REFUSED, Table
from tests.web.people import Somebody, add, browser
from tests.web.trips import is_signed_in, trip_settings

DOCUMENT = json.loads(app.openapi_json())
OPERATIONS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    told["operationId"]: (verb, told)
    for verbs in DOCUMENT["paths"].values()
    for verb, told in verbs.items()
}
PLACES: Final = ("row", "change", "version", "saved_at", "shown")
ONE_DAY: Final = ("only a heading", "formulas that were never reckoned")
OWN: Final = "bringBusinessNumbers"
"""Takes a file of ours, no table: it refuses them all."""
TABLES: Final = frozenset({WORKBOOK, "text/csv", "application/octet-stream"})
A, B = "124-81-00998", "220-81-62517"


@dataclass(frozen=True, slots=True)
class Upload:
    """Where a table is sent, and one that is right there."""

    path: str
    table: Table


_NUMBERS: Final = Table(("상호", "사업자등록번호"), (("가나상사", A), ("다라상사", B)))
_VENDORS: Final = Table(
    ("사업자등록번호", "상호", "개업일"),
    ((A, "가나상사", date(2000, 1, 1)), (B, "다라상사", date(2019, 5, 2))),
)
_CODES: Final = Table(
    ("통계목코드", "통계목명", "편성목명"), (("201-01", "사무관리비", "일반운영비"),)
)
_MEALS: Final = Table(("날짜", "점심"), ((date(2026, 11, 23), "쌀밥, 미역국"),))
UPLOADS: Final[dict[str, tuple[Upload, ...]]] = {
    "readBusinessNumbers": (Upload("/api/v1/automation/business-numbers/reading", _NUMBERS),),
    "workOutBusinessNumbers": (Upload("/api/v1/automation/business-numbers/sheet", _NUMBERS),),
    "bringBusinessNumbers": (
        Upload("/api/v1/automation/business-numbers/answer", _NUMBERS),
    ),
    "readVendorSheet": (Upload("/api/v1/automation/vendors/reading", _VENDORS),),
    "importVendors": (Upload("/api/v1/automation/vendors/import", _VENDORS),),
    "readBudgetSheet": (Upload("/api/v1/budget-codes/reading", _CODES),),
    "saveBudgetSheet": (Upload("/api/v1/budget-codes/sheet?year=2027&version={version}", _CODES),),
    "checkSplitting": (
        Upload(
            "/api/v1/automation/splitting/sheet",
            Table(
                ("계약일", "계약명", "업체", "구분", "계약금액"),
                (
                    (date(2026, 3, 2), "복사지 구입", "가람상사", "물품", 15_000_000),
                    (date(2026, 3, 9), "복사지 구입", "가람상사", "물품", 15_000_000),
                ),
            ),
        ),
    ),
    "workOutSheet": (
        Upload(
            "/api/v1/automation/withholding/sheet",
            Table(
                ("이름", "소득 유형", "지급액(원)", "지급일"),
                (("김가", "기타소득(일시 인적용역)", 300_000, date(2026, 11, 2)),),
            ),
        ),
        Upload(
            "/api/v1/automation/far-trip/sheet",
            Table(
                ("구분", "떠나는 날", "돌아오는 날", "지역", "숙박비"),
                (("가", date(2026, 11, 23), date(2026, 11, 24), "서울", 90_000),),
            ),
        ),
    ),
    "readTripOrderTable": (
        Upload(
            "/api/v1/trips/orders/reading",
            Table(
                ("출장번호", "직원번호", "부서", "시작", "종료"),
                (("총무-1", "all", "총무", "2026-11-21 09:00", "2026-11-21 18:00"),),
            ),
        ),
    ),
    "readMealTable": (
        Upload("/api/v1/sites/demo/meals/reading?day=2026-11-23", _MEALS),
    ),
}  # fmt: skip
EVERY: Final = [
    pytest.param(name, one, id=one.path.partition("?")[0].removeprefix("/api/v1/"))
    for name, ones in UPLOADS.items()
    for one in ones
]


@pytest.fixture
async def kim(
    database: Database, conn: AsyncConnection[Any], tmp_path: Path
) -> AsyncIterator[Somebody]:
    """Who may do everything."""
    await open_office(conn)
    await add(conn, "all", *ROLES)
    door = app.create_app(trip_settings(database, tmp_path))
    async with door.api.router.lifespan_context(door.api), browser(door) as somebody:
        await is_signed_in(conn, somebody, "all")
        yield somebody


def takes_a_table(told: dict[str, Any]) -> bool:
    content = told.get("requestBody", {}).get("content", {})
    return not TABLES.isdisjoint(content)


async def put(kim: Somebody, name: str, upload: Upload, body: bytes) -> httpx.Response:
    verb, _ = OPERATIONS[name]
    path, kind = upload.path, {"Content-Type": "application/octet-stream"}
    if "{version}" in path:
        seen = (await kim.does("GET", "/api/v1/budget-codes?year=2027")).json()
        path = path.format(version=seen["version"])
    return await kim.does(verb.upper(), path, content=body, headers=kind)


def said(answer: httpx.Response) -> Any:
    """What an answer says of a table, wherever in its file the table stood."""
    if answer.headers["content-type"] == WORKBOOK:
        return beside(answer.content)
    return unplaced(answer.json())


def beside(workbook: bytes) -> list[list[str]]:
    """Of a table that came back only what we wrote beside it."""
    rows = list(openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0].values)
    at = next(row.index("결과") for row in rows if "결과" in row)
    return [[str(cell) for cell in row[at:]] for row in rows if any(row[at:])]


def is_sentence(detail: str) -> bool:
    return bool(re.search("[가-힣]", detail)) and detail[-1] in ".!?" and len(detail) < 200


def unplaced(told: Any) -> Any:
    """Without numbers of rows, nor what was in the books before."""
    if isinstance(told, dict):
        kept = {name: one for name, one in told.items() if name not in PLACES}
        return {
            name: unplaced(one)
            for name, one in kept.items()
            if not (name == "number" and isinstance(one, int))
        }
    return [unplaced(one) for one in told] if isinstance(told, list) else told


def complains(told: Any) -> bool:
    """Whether rows are told to be wrong, or nothing was found."""
    if isinstance(told, list):  # beside a table that came back: the reason stands last
        return any(row[-1] != "None" for row in told[1:])
    found = [told.get(name) for name in ("rows", "days", "codes", "lines") if name in told]
    wrong = [told.get(name) for name in ("wrong", "refused", "notes") if told.get(name)]
    rows = [one for one in told.get("rows", []) if one.get("wrong")]
    errors = [one for one in told.get("lines", []) if one["text"].startswith("#")]
    return found == [[]] or bool(wrong or rows or errors)


def test_every_upload_of_a_table_is_among_those_that_are_tried():
    found = {name for name, (_, told) in OPERATIONS.items() if takes_a_table(told)}
    assert found == UPLOADS.keys()


@pytest.mark.parametrize(("name", "upload"), EVERY)
async def test_what_is_no_table_is_refused_in_one_korean_sentence(
    kim: Somebody, name: str, upload: Upload
):
    wrong = dict[str, Any]()
    for what, made in REFUSED.items():
        if name == "readMealTable" and what in ONE_DAY:
            continue  # a menu of one day needs no heading, so this is one
        answer = await put(kim, name, upload, made(upload.table))
        if answer.status_code == 200:
            told = said(answer)
            if not complains(told):
                wrong[what] = told
        elif answer.status_code not in (413, 422) or not is_sentence(answer.json()["detail"]):
            wrong[what] = (answer.status_code, answer.text)
    assert wrong == {}


@pytest.mark.parametrize(("name", "upload"), [one for one in EVERY if one.values[0] != OWN])
async def test_the_same_table_in_other_clothes_is_read_the_same_or_refused(
    kim: Somebody, name: str, upload: Upload
):
    answer = await put(kim, name, upload, hostile_sheets.plain(upload.table))
    assert answer.status_code == 200, answer.text
    usual, other = said(answer), dict[str, Any]()
    for what, made in CLOTHES.items():
        if name == "readMealTable" and not made(upload.table).startswith(b"PK"):
            continue  # text is what was pasted there
        answer = await put(kim, name, upload, made(upload.table))
        if answer.status_code != 200:
            if answer.status_code != 422 or not is_sentence(answer.json()["detail"]):
                other[what] = (answer.status_code, answer.text)
        elif (told := said(answer)) != usual and not complains(told):
            other[what] = told
    assert other == {}
