"""출장복명서 over HTTP: its code reads back and fits the proofs; what is typed is not kept."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from hwpx import HwpxDocument
from psycopg import AsyncConnection, sql

from hub.tripproof import codes, pointer, tree
from hub.tripproof.statement import Kind
from tests.conftest import Database
from tests.hub.document import reading
from tests.web.test_trip_books import is_clerk, saved, the_city_hall_is_known
from tests.web.test_trip_department import TRIP, confirmed, links, past
from tests.web.trips import World, kind_of, octets, opened

Conn = AsyncConnection[Any]
REPORT = "/api/v1/trips/report"
SECRET = "아무데도남지않는글"


@pytest.fixture
async def world(database: Database, conn: Conn, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(database, conn, tmp_path) as world:
        await is_clerk(world, "lim", "총무")
        await the_city_hall_is_known(world)
        await saved(world, past())
        yield world


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "trip": TRIP, "form": "pdf", "people": [{"who": "han", "post": "주무관"}],
        "reported_on": "2026-11-21", "office": "가람시", "to": "가람시장 귀하",
        "remarks": [SECRET], "signers": ["팀장", "과장"], **changes,
    }  # fmt: skip


async def asked(who: Any, **changes: Any) -> Any:
    return await who.does("POST", REPORT, json=typed(**changes))


def code_in(pdf: bytes) -> str:
    found = [
        each.text
        for page in reading.pdf_pictures(pdf, dpi=200)
        for each in zxingcpp.read_barcodes(page)
    ]
    (one,) = found
    return one


async def test_the_printed_code_fits_the_proofs_linked_ones_too(world: World):
    await world.phone.enrol(world.han)
    told = [(await world.phone.touches(trip=TRIP))[1].json()]
    told.append((await world.phone.touches(kind=Kind.DEPART))[1].json())
    assert (await links(world.han, told[1]["cti"])).status_code == 200
    answer = await asked(world.han)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    kind, content = codes.read(code_in(answer.content))
    found = pointer.verified(content, world.phone.hub)
    assert (kind, found.trip, found.count) == (codes.Code.POINTER, TRIP, 2)
    assert found.leaves == pointer.over(tree.leaf_hash(octets(one["leaf"])) for one in told)


async def test_the_report_opens_as_hwpx_with_touch_and_paper_as_equals(world: World):
    await world.phone.enrol(world.han)
    await world.phone.touches(trip=TRIP)
    await confirmed(world.lim, note="방문 확인서")
    answer = await asked(world.lim, form="hwpx")
    assert answer.status_code == 200, answer.text
    text = HwpxDocument.open(io.BytesIO(answer.content)).text.plain()
    for part in (TRIP, "시청", "원터치", "종이 확인", "방문 확인서", SECRET, "주무관"):
        assert part in text, part


async def test_without_a_touch_there_is_no_code(world: World):
    await confirmed(world.han)
    answer = await asked(world.han)
    assert answer.status_code == 200, answer.text
    pages = reading.pdf_pictures(answer.content, dpi=150)
    assert not [each for page in pages for each in zxingcpp.read_barcodes(page)]


async def test_what_is_typed_is_nowhere_in_the_database(world: World, conn: Conn):
    assert (await asked(world.han)).status_code == 200
    found = await conn.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    for (table,) in await found.fetchall():
        rows = sql.SQL("SELECT count(*) FROM {} AS t WHERE t::text LIKE %s")
        counted = await conn.execute(rows.format(sql.Identifier(table)), (f"%{SECRET}%",))
        assert await counted.fetchone() == (0,), table


async def test_who_may_have_it_and_of_whom(world: World):
    assert kind_of(await asked(world.gam)) == "trip-unknown-order"
    assert kind_of(await asked(world.lim, people=[{"who": "gam"}])) == "trip-not-on-the-order"
    assert (await asked(world.adm)).status_code == 200
    assert (await asked(world.lim)).status_code == 200


async def test_a_text_that_fits_into_no_document_is_told(world: World):
    answer = await asked(world.han, remarks=["가" * 2_001])
    assert answer.status_code == 422
    answer = await asked(world.han, attachments=["\u200b"])
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 422:
        assert kind_of(answer) in ("malformed-document", "malformed-request")
