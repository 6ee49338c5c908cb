"""A ledger of contracts as a table: bytes of .xlsx or .csv in, contracts and refused rows out.

Columns are found by their names, in any order. A price without VAT goes before one with it, which
is divided as 부가가치세법 제29조제7항 does where nobody knows.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from openpyxl.utils import range_boundaries
from pydantic import Field

from hub.automation import won
from hub.automation.contract import MOST_WON, Kind
from hub.automation.question import Asked, Day, Questioned, fields_of
from hub.automation.questions.typed import Line, LineOrNone
from hub.automation.sheets import cells
from hub.automation.sheets.cases import EXAMPLE, Table, cell, table
from hub.automation.sheets.columns import REMARK, ours_begin, plain
from hub.automation.splitting import Contract
from hub.kit import sheet
from hub.kit.sheet import SheetUnreadable, word

WORKS_ALONE: Final = "공사"
KINDS: Final = {
    Kind.GOODS: ("물품", "물품구매", "물품제조", "구매", "제조"),
    Kind.SERVICE: ("용역", "일반용역", "기술용역", "학술용역", "수리", "임차용역"),
    Kind.BUILDING: ("종합공사", "종합"),
    Kind.SPECIAL_WORKS: ("전문공사", "전문"),
    Kind.OTHER_WORKS: (
        WORKS_ALONE, "그밖의공사", "전기공사", "통신공사", "정보통신공사", "소방공사", "전기",
        "소방",
    ),
    Kind.LEASE: ("임대차", "임차", "임대차등", "임대"),
}  # fmt: skip
NAMES: Final = {
    "made_on": ("계약일", "계약일자", "계약체결일", "체결일"),
    "title": ("계약명", "사업명", "건명", "계약건명", "공사명", "용역명", "품명"),
    "vendor": ("업체", "업체명", "계약상대자", "상호", "계약업체", "거래처"),
    "kind": ("구분", "계약구분", "종류", "계약종류", "업무구분"),
    "contract_won": ("계약금액", "계약금액(원)", "금액", "계약액"),
    "estimated_won": ("추정가격", "추정가격(원)", "공급가액"),
}
NEEDED: Final = ("made_on", "title", "kind")
NO_HEADING: Final = (
    "첫 줄에 계약일, 계약명, 구분, 계약금액(또는 추정가격)이 있어야 해요. 빈 표를 내려받아 보세요."
)
NOT_SAID: Final = "계약일과 계약명이 있어야 해요."
NO_SUCH_KIND: Final = "구분은 물품, 용역, 종합공사, 전문공사, 그 밖의 공사, 임대차 가운데 하나예요."
NO_PRICE: Final = "계약금액이나 추정가격이 있어야 해요."
BAD_PRICE: Final = "금액은 1원부터 10조원까지예요."
MERGED: Final = "윗줄과 합쳐진 칸이 있어요. 합치기를 풀고 줄마다 적어 주세요."
_EXAMPLE: Final = ("2026-03-02", "복사지 구입", "가람상사", "물품", "1,980,000", "1,800,000")


class _Row(Questioned):
    """How the cells of a row are read."""

    made_on: Annotated[Day, Asked("계약일")]
    title: Annotated[Line, Asked("계약명")]
    vendor: Annotated[LineOrNone, Asked("업체")] = ""
    contract_won: Annotated[int, Field(ge=1, le=MOST_WON), Asked("계약금액", unit="원")] = 0
    estimated_won: Annotated[int, Field(ge=1, le=MOST_WON), Asked("추정가격", unit="원")] = 0


_FIELDS: Final = {one.name: one for one in fields_of(_Row)}


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a sheet holds; rows are numbered as it counts them."""

    table: Table
    contracts: tuple[Contract, ...]
    refused: dict[int, str]
    """Rows that are no contract, and why."""
    divided: frozenset[int]
    """Rows whose price without VAT was worked out."""
    vague: frozenset[int]
    """Works that do not say of which sort they are."""


def read(body: bytes, vat_rate: Decimal, on_line: Callable[[], None] = lambda: None) -> Ledger:
    """Read a table; `on_line` is called for each line, and may raise to stop.

    Raises SheetUnreadable.
    """
    found, columns = table(body, _heading, on_line)
    merged = _merged_away(body, columns.values(), found.lines[-1].number)
    refused = {one.number: MERGED for one in found.lines if one.number in merged}
    contracts, divided, vague = [], set(), set()
    for line in found.lines:
        on_line()
        if line.number in refused:
            continue
        said = {name: cell(line, at) for name, at in columns.items()}
        try:
            contracts.append(_contract(line.number, said, vat_rate))
        except cells.Unreadable as error:
            refused[line.number] = str(error)
            continue
        if not word(said.get("estimated_won")):
            divided.add(line.number)
        if plain(word(said["kind"])) == WORKS_ALONE:
            vague.add(line.number)
    return Ledger(found, tuple(contracts), refused, frozenset(divided), frozenset(vague))


def template() -> bytes:
    """An empty ledger with the headings that `read` knows; its example is never looked at."""
    heading = [*(known[0] for known in NAMES.values()), REMARK]
    return sheet.workbook("계약대장", heading, [[*_EXAMPLE, EXAMPLE]], (14, 34, 20, 14, 16, 16, 32))


def _heading(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    for at, row in enumerate(rows):
        words = [word(one) for one in row]
        found = dict(_columns([plain(one) for one in words[: ours_begin(words)]]))
        if set(NEEDED) <= found.keys() and found.keys() & {"contract_won", "estimated_won"}:
            return at, found
    raise SheetUnreadable(NO_HEADING)


def _columns(words: Sequence[str]) -> Iterator[tuple[str, int]]:
    for name, known in NAMES.items():
        if (said := next((one for one in known if one in words), None)) is not None:
            yield name, words.index(said)


def _merged_away(body: bytes, columns: Collection[int], last: int) -> set[int]:
    """Rows of which a cell that is read was made one with those above: what it says is gone."""
    spans = list(_spans(body))
    tall = ((top, bottom) for left, top, right, bottom in spans
            if any(left <= at + 1 <= right for at in columns))  # fmt: skip
    rows, reached = set[int](), 0
    for top, bottom in sorted(tall):
        rows.update(range(max(top + 1, reached), min(bottom, last) + 1))
        reached = max(reached, bottom + 1)
    return rows


def _spans(body: bytes) -> Iterator[tuple[int, int, int, int]]:
    """What was made one: left, top, right, bottom."""
    for one in sheet.merged(body):
        try:
            spans: Any = range_boundaries(one)  # of a whole column there would be no top
        except ValueError as error:
            raise SheetUnreadable(sheet.NO_TABLE) from error
        yield spans


def _contract(number: int, said: dict[str, Any], vat_rate: Decimal) -> Contract:
    made_on = cells.value(_FIELDS["made_on"], said["made_on"])
    title = cells.value(_FIELDS["title"], said["title"])
    if not isinstance(made_on, date) or not title:
        raise cells.Unreadable(NOT_SAID)
    vendor = cells.value(_FIELDS["vendor"], said.get("vendor")) or ""
    return Contract(number, made_on, title, vendor, _kind(said["kind"]), _price(said, vat_rate))


def _kind(said: Any) -> Kind:
    named = plain(word(said))
    for kind, words in KINDS.items():
        if named in words:
            return kind
    raise cells.Unreadable(NO_SUCH_KIND)


def _price(said: dict[str, Any], vat_rate: Decimal) -> int:
    without = cells.value(_FIELDS["estimated_won"], said.get("estimated_won"))
    if without is not None:
        return _won(without)
    whole = cells.value(_FIELDS["contract_won"], said.get("contract_won"))
    if whole is None:
        raise cells.Unreadable(NO_PRICE)
    return max(won.floor(_won(whole) / (1 + vat_rate)), 1)


def _won(amount: Decimal) -> int:
    if amount != int(amount) or not 0 < amount <= MOST_WON:
        raise cells.Unreadable(BAD_PRICE)
    return int(amount)
