"""HTTP of 쪼개기: a ledger of contracts in, what looks split out. Nothing of it is kept."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from hub.automation import splitting, splitting_sheet
from hub.automation.contract import NAMES
from hub.automation.question import OfficeRules
from hub.automation.routes.ask import office_rules
from hub.automation.routes.seen import CitedSeen
from hub.automation.splitting import LEVELS, WHYS, Checked, Contract, Finding, Level, Why
from hub.automation.splitting_sheet import Ledger
from hub.identity import access
from hub.identity.routes.words import NO_STORE
from hub.kit import clock
from hub.kit.sheet import WORKBOOK
from hub.rules.book import RuleBook

_BINARY: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
SHOWN_MOST: Final = 200
"""A person reads no more of them at once; how many there are is said."""
NOTES: Final = (
    "비슷한 계약인지, 나눈 까닭이 있는지는 사람이 판단합니다. 이름과 업체로만 찾았습니다.",
    "여성·장애인·사회적기업, 소기업·소상공인, 청년창업기업과 맺은 계약은 한도가 다릅니다.",
    "공사는 나누는 것 자체가 제한됩니다(지방계약법 시행령 제77조).",
)
NO_RULE: Final = "규칙을 아는 날(2025. 7. 8.)보다 앞선 계약이라 보지 못했습니다."
router = APIRouter(prefix="/splitting", tags=["automation"], dependencies=[Depends(access.STAFF)])


class ContractSeen(BaseModel):
    """One contract of the ledger."""

    row: int = Field(description="As the sheet counts.")
    made_on: date
    title: str
    vendor: str
    estimated_won: int

    @classmethod
    def of(cls, one: Contract) -> "ContractSeen":
        """As it is sent."""
        return cls(
            row=one.row, made_on=one.made_on, title=one.title, vendor=one.vendor,
            estimated_won=one.estimated_won,
        )  # fmt: skip


class SplitSeen(BaseModel):
    """Contracts that look split."""

    why: Why
    why_said: str
    kind: str
    is_fiscal_year: bool = Field(description="Else of twelve months.")
    first: date
    last: date
    contracts: list[ContractSeen]
    sum_won: int
    alone: Level
    alone_said: str
    together: Level
    together_said: str

    @classmethod
    def of(cls, one: Finding) -> "SplitSeen":
        """As it is sent."""
        return cls(
            why=one.why, why_said=WHYS[one.why], kind=NAMES[one.kind],
            is_fiscal_year=one.is_fiscal_year, first=one.first, last=one.last,
            contracts=[ContractSeen.of(line) for line in one.contracts], sum_won=one.sum_won,
            alone=one.alone, alone_said=LEVELS[one.alone],
            together=one.together, together_said=LEVELS[one.together],
        )  # fmt: skip


class RefusedSeen(BaseModel):
    """A row that was not looked at, and why."""

    row: int
    says: str


class SplittingSeen(BaseModel):
    """What was found in a ledger."""

    checked: int = Field(description="Contracts that were looked at.")
    found: int = Field(description=f"Findings; the first {SHOWN_MOST} of them are listed.")
    findings: list[SplitSeen]
    refused: list[RefusedSeen]
    rules: list[CitedSeen]
    notes: list[str]
    paste: str


@router.get(
    "/sheet",
    operation_id="splittingTemplate",
    response_class=Response,
    responses={200: {"content": {WORKBOOK: _BINARY}, "description": "The workbook."}},
)
async def read_template() -> Response:
    """An empty ledger with its headings and an example."""
    disposition = f"attachment; filename*=UTF-8''{quote('계약대장.xlsx')}"
    headers = {**NO_STORE, "Content-Disposition": disposition}
    return Response(splitting_sheet.template(), media_type=WORKBOOK, headers=headers)


@router.post(
    "/sheet",
    operation_id="checkSplitting",
    responses={422: {"description": "No ledger can be read from it."}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "A ledger of contracts: .xlsx or CSV (UTF-8 or EUC-KR), at most 4 MiB.",
            "content": {WORKBOOK: _BINARY, "application/octet-stream": _BINARY},
        }
    },
)
async def check(
    request: Request, response: Response, office: Annotated[OfficeRules, Depends(office_rules)]
) -> SplittingSeen:
    """What of a ledger looks split. A row that cannot be read stops no other."""
    body = await request.body()
    today = clock.now().astimezone(clock.SEOUL).date()
    seen = await asyncio.to_thread(_checked, office.book, body, today)
    response.headers.update(NO_STORE)
    return seen


def _checked(book: RuleBook, body: bytes, today: date) -> SplittingSeen:
    vat = book.at("vat.rate", today)
    ledger = splitting_sheet.read(body, Decimal(vat.value or 0))
    checked = splitting.check(book, ledger.contracts)
    refused = [RefusedSeen(row=one.row, says=one.says) for one in ledger.refused]
    refused += [RefusedSeen(row=one.row, says=NO_RULE) for one in checked.unknown]
    shown = checked.findings[:SHOWN_MOST]
    return SplittingSeen(
        checked=len(ledger.contracts) - len(checked.unknown), found=len(checked.findings),
        findings=[SplitSeen.of(one) for one in shown],
        refused=sorted(refused, key=lambda one: one.row),
        rules=[CitedSeen.of(one) for one in (*checked.rules, vat)],
        notes=_notes(ledger), paste=_paste(checked),
    )  # fmt: skip


def _notes(ledger: Ledger) -> list[str]:
    vague = [splitting_sheet.VAGUE_WORKS] if ledger.is_vague else []
    return [*NOTES, *vague, "추정가격이 없는 줄은 계약금액에서 부가가치세를 빼고 셈했습니다."]


def _paste(checked: Checked) -> str:
    lines = [splitting.told(one) for one in checked.findings[:SHOWN_MOST]]
    return "\n".join(lines) or "합산하여 방법이 달라지는 계약이 보이지 않습니다."
