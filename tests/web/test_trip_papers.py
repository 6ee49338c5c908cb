"""출장신청서 and 여비정산 신청서 over HTTP: three forms of file, and what is refused."""

from typing import Any

import pytest

from tests.web.people import Somebody, add, browser

BODY: dict[str, Any] = {
    "office": "청사시", "order": "총무-2026-0412", "travellers": [{"name": "김가"}],
    "begins": "2026-11-20T13:00+09:00", "ends": "2026-11-20T17:30+09:00",
    "destination": "도청", "purpose": "예산 협의", "requested_on": "2026-11-23",
    "signers": ["팀장", "과장"],
}  # fmt: skip
BEGINS = {"hwpx": b"PK\x03\x04", "pdf": b"%PDF-", "html": b"<!doctype html>"}


@pytest.fixture
async def kim(door, conn):
    """Somebody of the staff."""
    await add(conn, "kim", "staff")
    async with browser(door) as somebody:
        await somebody.sign_in("kim")
        yield somebody


async def draw(kim: Somebody, paper: str, form: str = "html", **changed: Any) -> Any:
    path = f"/api/v1/automation/trip-papers/{paper}?format={form}"
    return await kim.does("POST", path, json={**BODY, **changed})


@pytest.mark.parametrize("paper", ["request", "settlement"])
async def test_a_paper_comes_as_hwpx_pdf_or_page_and_is_not_kept(kim, paper: str):
    for form, begins in BEGINS.items():
        answer = await draw(kim, paper, form)
        assert answer.status_code == 200, answer.text
        assert answer.content.lower().startswith(begins.lower())
        assert answer.headers["cache-control"] == "no-store"
        assert f"trip-{paper}.{form}" in answer.headers["content-disposition"]


async def test_a_settlement_has_the_amount_of_the_rules(kim):
    near = await draw(kim, "settlement", proof="원터치 2건, 가장 낮은 등급 A")
    assert "금20,000원(금이만원)" in near.text
    assert "원터치 2건" in near.text
    far = await draw(
        kim, "settlement", ends="2026-11-21T18:00+09:00",
        far={"nights": [{"region": "seoul", "paid_won": 90_000}], "fare_won": 96_000},
    )  # fmt: skip
    assert "금286,000원" in far.text


@pytest.mark.parametrize(
    "changed",
    [
        {"ends": "2026-11-20T12:00+09:00"},
        {"ends": "2026-11-20T12:00"},
        {"begins": "0001-01-01T00:00+14:00"},
        {"travellers": []},
        {"destination": ""},
        {"far": {"nights": [{"region": "seoul", "paid_won": 1}]}},
    ],
)
async def test_what_cannot_be_settled_is_refused(kim, changed: dict[str, Any]):
    refused = await draw(kim, "settlement", **changed)
    assert refused.status_code == 422, refused.text
