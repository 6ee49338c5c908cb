"""A ledger that goes back: beside each of its rows what was found of it, in which group and why."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from hub.automation import splitting, splitting_sheet, won
from hub.automation.sheets.answers import Progress, Told, cited, workbook
from hub.automation.splitting import LEVELS, WHYS, Checked, Clean, Contract, Finding, Level
from hub.automation.splitting_sheet import Ledger
from hub.kit.clock import written
from hub.rules.book import Found, RuleBook

TITLE: Final = "쪼개기 점검"
CLEAN: Final = "걸리는 것 없음"
BY_HAND: Final = "비슷한 계약인지는 사람이 판단합니다."
ALONE: Final = "비슷한 이름이나 같은 업체의 다른 계약이 없습니다."
TENDERED: Final = "따로도 입찰 대상이라 합쳐도 같습니다."
NO_RULE: Final = "계약일({day})의 규칙을 몰라 보지 못했습니다."
VAGUE: Final = "‘공사’로만 적혀 가장 낮은 한도(그 밖의 공사)로 보았습니다."
DIVIDED: Final = "추정가격은 계약금액에서 부가가치세를 빼고 셈했습니다."


@dataclass(frozen=True, slots=True)
class Looked:
    """A ledger that was looked through, and the rate by which its prices were divided."""

    ledger: Ledger
    checked: Checked
    vat: Found

    @property
    def refused(self) -> dict[int, str]:
        """Rows that were not looked at, as the sheet counts, and why."""
        unknown = {
            one.row: NO_RULE.format(day=written(one.made_on)) for one in self.checked.unknown
        }
        return dict(sorted((self.ledger.refused | unknown).items()))


def look_through(book: RuleBook, today: date, body: bytes, progress: Progress) -> Looked:
    """What of a ledger looks split. Raises SheetUnreadable."""
    vat = book.at("vat.rate", today)
    ledger = splitting_sheet.read(body, Decimal(vat.value or 0), lambda: progress(0, 0))
    on_row = _counted(progress, len(ledger.contracts))
    return Looked(ledger, splitting.check(book, ledger.contracts, on_row), vat)


def given_back(looked: Looked, progress: Progress) -> bytes:
    """The sheet as it came, each row with what was found of it."""
    told = dict(_told(looked))
    lines = looked.ledger.table.lines
    beside = [told[line.number] for line in lines]
    return workbook(TITLE, looked.ledger.table, beside, lambda: progress(len(lines), len(lines)))


def _counted(progress: Progress, of: int) -> Callable[[], None]:
    rows = iter(range(of + 1))
    return lambda: progress(next(rows), of)


def _told(looked: Looked) -> Iterator[tuple[int, Told]]:
    for row, says in looked.refused.items():
        yield row, Told(why=says)
    for clean in looked.checked.clean:
        yield clean.contract.row, _of_clean(looked, clean)
    groups: dict[int, list[tuple[int, Finding]]] = {}
    lines: dict[int, Contract] = {}
    for number, finding in enumerate(looked.checked.findings, 1):
        for one in finding.contracts:
            lines[one.row] = one
            groups.setdefault(one.row, []).append((number, finding))
    for row, held in groups.items():
        yield row, _of_found(looked, lines[row], held)


def _of_clean(looked: Looked, clean: Clean) -> Told:
    return Told(
        CLEAN,
        {"estimated_won": clean.contract.estimated_won},
        _basis(looked, clean.contract, clean.rules),
        _notes(looked, clean.contract, [_why_clean(clean)]),
    )


def _why_clean(clean: Clean) -> str:
    if clean.alone is Level.TENDER:
        return TENDERED
    if not clean.others:
        return ALONE
    return f"비슷한 계약 {clean.others:,}건이 더 있으나, 합해도 계약 방법이 그대로입니다."


def _of_found(looked: Looked, one: Contract, held: Sequence[tuple[int, Finding]]) -> Told:
    """By the first group, the strictest, and what the others say below it."""
    first = held[0][1]
    figures = {
        "estimated_won": one.estimated_won,
        "groups": ", ".join(numbered(number) for number, _ in held),
        "group_size": len(first.contracts),
        "group_won": first.sum_won,
    }
    says = [f"{numbered(number)}: {_why(finding)}" for number, finding in held]
    rules = [rule for _, finding in held for rule in finding.rules]
    result = f"합하면 {LEVELS[first.together]} 대상"
    return Told(result, figures, _basis(looked, one, rules), _notes(looked, one, [*says, BY_HAND]))


def numbered(number: int) -> str:
    """How a group is called, here and on its page."""
    return f"{number}번"


def _why(one: Finding) -> str:
    span = (
        f"{one.first.year}회계연도"
        if one.is_fiscal_year
        else f"{written(one.first)} ~ {written(one.last)}"
    )
    return (
        f"{WHYS[one.why]}, {span}, {len(one.contracts):,}건 합계 {won.digits(one.sum_won)}. "
        f"따로는 {LEVELS[one.alone]}, 합하면 {LEVELS[one.together]}."
    )


def _notes(looked: Looked, one: Contract, says: Iterable[str]) -> str:
    ledger = looked.ledger
    more = [(VAGUE, ledger.vague), (DIVIDED, ledger.divided)]
    return " ".join([*says, *(said for said, rows in more if one.row in rows)])


def _basis(looked: Looked, one: Contract, rules: Iterable[Found]) -> str:
    vat = [looked.vat] if one.row in looked.ledger.divided else []
    return cited(rule.article for rule in (*rules, *vat))
