"""Each case of a filled sheet worked out, and the sheet that goes back.

What came in goes back as it stood: a text that begins like a formula stays a text.
"""

import io
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from hub.automation.answer import Answer, Figure, NotPossible
from hub.automation.question import DayNotKnown, OfficeRules, Question
from hub.automation.sheets import words
from hub.automation.sheets.cases import Filled, NotSaid, Table, asked, named, read
from hub.automation.sheets.columns import ours_begin, sheet_name
from hub.automation.sheets.papers import Bag, Papered
from hub.kit.sheet import word
from hub.rules.rule import Article

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with how many cases of how many are done; may raise to stop."""
_CELL_MOST_CHARS: Final = 32_767
ROWS_MOST: Final = 20_000
"""Rows, blank ones among them, of a sheet that goes back row by row."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
DAY, MINUTE = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
_HEAD: Final = PatternFill("solid", fgColor="EEF2F8")
_WHY: Final = PatternFill("solid", fgColor="FDECEA")
_SHOUT: Final = PatternFill("solid", fgColor="B3261E")


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a case: an answer, or why there is none. `shouts`: nobody may overlook it."""

    result: str = ""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    basis: str = ""
    notes: str = ""
    why: str = ""
    shouts: bool = False


@dataclass(frozen=True, slots=True)
class Bulk:
    """A sheet that was worked out: the workbook, and how many cases were and were not.

    Where the cases have papers, `workbook` is one file of them and it.
    """

    workbook: bytes
    worked: int
    refused: int
    seen: Any = None
    """What a page of its own shows of it, as JSON."""


def work_out(question: Question, office: OfficeRules, body: bytes, progress: Progress) -> Bulk:
    """Every case of a sheet; none stops another. Raises SheetUnreadable."""
    filled = read(question, body, lambda: progress(0, 0))
    bag = Bag(question, office) if isinstance(question, Papered) else None
    told = []
    for case in filled.cases:
        progress(len(told), len(filled.cases))
        told.append(_told(question, office, filled, case, bag))
    progress(len(told), len(filled.cases))
    refused = sum(bool(one.why) for one in told)
    beside = _beside(filled, told)
    made = workbook(sheet_name(question), filled, beside, lambda: progress(len(told), len(told)))
    file = bag.closed(f"{sheet_name(question)} 결과.xlsx", made) if bag else made
    return Bulk(file, len(told) - refused, refused)


def _told(
    question: Question, office: OfficeRules, filled: Filled, case: Sequence[int], bag: Bag | None
) -> Told:
    try:
        given = asked(question, filled, case)
        told = _answered(question.answered(office, given))
        return told if bag is None else _with_files(told, bag.put(_first(filled, case), given))
    except NotSaid as error:
        return Told(why=str(error))
    except (NotPossible, DayNotKnown) as error:
        return Told(why=named(question, filled, case, error.place, error.says))
    except Exception as error:  # noqa: BLE001  one row must not take 4,999 others with it
        kind = type(error).__name__  # and no more: its message may hold what was typed
        log.error("a row was not worked out", extra={"question": question.name, "error": kind})  # noqa: TRY400
        return Told(why=words.FAULT)


def _first(filled: Filled, case: Sequence[int]) -> int:
    """The number of its first line."""
    return filled.lines[case[0]].number


def _with_files(told: Told, names: Sequence[str]) -> Told:
    return replace(told, figures={**told.figures, "files": "\n".join(names)})


def _answered(answer: Answer) -> Told:
    basis = cited((*(one.article for one in answer.rules), *answer.articles))
    return Told(answer.headline, answer.figures, basis, " ".join(answer.notes))


def cited(articles: Iterable[Article]) -> str:
    """Each article once."""
    return " · ".join(dict.fromkeys(f"{one.law} {one.place}".strip() for one in articles))


def workbook(title: str, table: Table, told: Sequence[Told], on_line: Callable[[], None]) -> bytes:
    """A sheet as it came in, with what was told of each line beside it."""
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet: Any = book.create_sheet(title)
    figures = list(dict.fromkeys(name for one in told for name in one.figures))
    above, lines, width = _without_ours(table)
    heading = above.pop()
    sheet.freeze_panes = f"A{len(above) + 2}"
    named = [*map(word, _padded(heading, width)), *_headings(figures)]
    _widen(sheet, named, width)
    for row in above:
        sheet.append([_kept(sheet, one) for one in row])
    sheet.append([_head(sheet, one) for one in named])
    for blank, row, one in zip(blanks(table), lines, told, strict=True):
        on_line()
        for _ in range(blank):
            sheet.append([])
        carried = [_kept(sheet, cell) for cell in _padded(row, width)]
        sheet.append([*carried, *_of_line(sheet, one, figures)])
    book.save(out)
    return out.getvalue()


def blanks(table: Table) -> Iterator[int]:
    """How many rows above each line are blank: they stay, so that lines keep their numbers.

    None does in a sheet of more rows than anybody scrolls through: millions of blank ones fit
    into 4 MiB.
    """
    above, stay = len(table.above), all(line.number <= ROWS_MOST for line in table.lines)
    for line in table.lines:
        yield max(0, line.number - above - 1) if stay else 0
        above = line.number


def _headings(figures: Iterable[str]) -> list[str]:
    return [words.RESULT, *map(words.figure, figures), *words.AFTER]


def _of_line(sheet: Any, one: Told, figures: Sequence[str]) -> list[Any]:
    numbers = (one.figures.get(name) for name in figures)
    cells = [_ours(sheet, said) for said in (one.result, *numbers, one.basis, one.notes, one.why)]
    if one.shouts:
        cells[0].fill, cells[0].font = _SHOUT, Font(bold=True, color="FFFFFF")
    if one.why:
        cells[-1].fill = _WHY
    return cells


def _without_ours(table: Table) -> tuple[list[list[Any]], list[list[Any]], int]:
    """All rows but for the columns that an earlier answer wrote, and how wide they are."""
    cut = ours_begin([word(cell) for cell in table.above[-1]])
    above = [list(row)[:cut] for row in table.above]
    lines = [list(line.cells)[:cut] for line in table.lines]
    return above, lines, max(_used(row) for row in (*above, *lines))


def _padded(row: list[Any], width: int) -> list[Any]:
    return [*row[:width], *[None] * (width - len(row))]


def _used(row: Sequence[Any]) -> int:
    return max((at for at, cell in enumerate(row, 1) if word(cell)), default=0)


def _beside(filled: Filled, told: Sequence[Told]) -> list[Told]:
    """For every line what stands beside it; of a case of many lines, beside the first."""
    beside = [Told()] * len(filled.lines)
    for case, one in zip(filled.cases, told, strict=True):
        beside[case[0]] = one
        with_it = Told(words.WITH.format(number=filled.lines[case[0]].number))
        for at in case[1:]:
            beside[at] = with_it
    return beside


def _widen(sheet: Any, heading: Sequence[str], carried: int) -> None:
    for at, said in enumerate(heading, 1):
        is_long = at > carried and said in (words.RESULT, *words.AFTER)
        width = 44 if is_long else max(12, min(30, 2 * len(said) + 2))
        sheet.column_dimensions[get_column_letter(at)].width = width


def _cell(sheet: Any, said: Any) -> Any:
    """A cell; openpyxl takes more than its types say: whole days, decimals."""
    return WriteOnlyCell(sheet, said)


def _kept(sheet: Any, said: Any) -> Any:
    """A cell that came in, as it stood."""
    if isinstance(said, bool | int | float | date | time | timedelta):
        cell = _cell(sheet, said)
        if isinstance(said, date):
            cell.number_format = DAY if _is_day(said) else MINUTE
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", str(said or ""))[:_CELL_MOST_CHARS]
    cell = _cell(sheet, text or None)
    if text:
        cell.data_type = "s"  # whatever it begins with
        cell.quotePrefix = text.startswith(_FORMULA)  # nor when somebody edits it
        if "\n" in text:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _is_day(said: date) -> bool:
    return not isinstance(said, datetime) or said.time() == time()


def _ours(sheet: Any, said: Figure) -> Any:
    """A cell of an answer: amounts with commas, days as days."""
    if isinstance(said, bool):
        said = "예" if said else "아니오"
    if not isinstance(said, int | Decimal):
        return _kept(sheet, said)
    cell = _cell(sheet, said)
    cell.number_format = "#,##0.####" if said % 1 else "#,##0"
    return cell


def _head(sheet: Any, said: Any) -> Any:
    cell = _kept(sheet, said)
    cell.font, cell.fill = Font(bold=True), _HEAD
    return cell
