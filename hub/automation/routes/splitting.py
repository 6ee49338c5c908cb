"""HTTP of 쪼개기: a ledger of contracts in, what looks split out. Nothing of it is kept.

As other sheets do, and by `Accept` what a page shows of it: as JSON alone, or with the last line.
"""

import asyncio
from datetime import date
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from hub.automation import splitting, splitting_beside, splitting_sheet
from hub.automation.contract import NAMES
from hub.automation.question import OfficeRules
from hub.automation.routes.ask import office_rules
from hub.automation.routes.seen import CitedSeen
from hub.automation.routes.sheets import NDJSON, file, worked_out
from hub.automation.sheets.answers import Bulk, Progress
from hub.automation.splitting import LEVELS, WHYS, Checked, Contract, Finding, Level, Why
from hub.automation.splitting_beside import Looked
from hub.automation.splitting_sheet import Ledger
from hub.identity import access
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
VAGUE_WORKS: Final = "‘공사’로만 적힌 줄은 가장 낮은 한도(그 밖의 공사)로 보았습니다."
NAME: Final = "쪼개기 점검 결과.xlsx"
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
    refused: list[RefusedSeen] = Field(description="Every row that was not looked at.")
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
    return file(await asyncio.to_thread(splitting_sheet.template), "계약대장.xlsx")


@router.post(
    "/sheet",
    operation_id="checkSplitting",
    response_class=Response,
    responses={
        200: {
            "model": SplittingSeen,
            "content": {
                WORKBOOK: _BINARY,
                NDJSON: {"schema": {"type": "string"}},
            },
            "description": "The ledger with what was found beside each row; as JSON, by `Accept`, "
            "what was found. As NDJSON: lines of `{done, of}`, and a last one of `{worked, "
            "refused, name, file, seen}`, `file` in base64, `seen` as JSON alone is.",
        },
        422: {"description": "No ledger can be read from it."},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "A ledger of contracts: .xlsx or CSV (UTF-8 or EUC-KR), at most 4 MiB "
            "and 5,000 rows.",
            "content": {WORKBOOK: _BINARY, "application/octet-stream": _BINARY},
        }
    },
)
async def check(
    request: Request, office: Annotated[OfficeRules, Depends(office_rules)]
) -> Response:
    """What of a ledger looks split. A row that cannot be read stops no other."""
    today = clock.now().astimezone(clock.SEOUL).date()
    return await worked_out(request, partial(_checked, office.book, today), NAME)


def _checked(book: RuleBook, today: date, body: bytes, progress: Progress) -> Bulk:
    looked = splitting_beside.look_through(book, today, body, progress)
    made, seen = splitting_beside.given_back(looked, progress), _seen(looked)
    return Bulk(made, seen.checked, len(seen.refused), seen.model_dump(mode="json"))


def _seen(looked: Looked) -> SplittingSeen:
    ledger, checked = looked.ledger, looked.checked
    return SplittingSeen(
        checked=len(ledger.contracts) - len(checked.unknown), found=len(checked.findings),
        findings=[SplitSeen.of(one) for one in checked.findings[:SHOWN_MOST]],
        refused=[RefusedSeen(row=row, says=says) for row, says in looked.refused.items()],
        rules=[CitedSeen.of(one) for one in (*checked.rules, looked.vat)],
        notes=_notes(ledger), paste=_paste(checked),
    )  # fmt: skip


def _notes(ledger: Ledger) -> list[str]:
    vague = [VAGUE_WORKS] if ledger.vague else []
    return [*NOTES, *vague, "추정가격이 없는 줄은 계약금액에서 부가가치세를 빼고 셈했습니다."]


def _paste(checked: Checked) -> str:
    lines = [splitting.told(one) for one in checked.findings[:SHOWN_MOST]]
    return "\n".join(lines) or "합산하여 방법이 달라지는 계약이 보이지 않습니다."
