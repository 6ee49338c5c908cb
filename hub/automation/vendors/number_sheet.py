"""Somebody's own sheet with business numbers: its rows in, the same rows with answers beside. Pure.

Their columns, rows and order stay; what cannot be asked about says why in its own row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any, Final

from hub.automation.sheets.answers import Bulk, Told, blanks, workbook
from hub.automation.sheets.cases import Line, Table
from hub.automation.vendors import number_list
from hub.automation.vendors.book import COLUMNS
from hub.automation.vendors.conclusion import Conclusion, Tone
from hub.automation.vendors.number_list import NO_NUMBER, NUMBERS_MOST, ROWS_MOST, Given, Row
from hub.kit import sheet
from hub.kit.sheet import SheetUnreadable

COLUMNS_MOST: Final = 80
NOT_ASKED: Final = "묻지 않은 번호입니다. 다시 물으십시오."
TITLE: Final = "사업자번호"


@dataclass(frozen=True, slots=True)
class NumberSheet:
    """A sheet that was read. `given`: what stands under the numbers, by the lines of the table."""

    table: Table
    given: Sequence[Given | None]

    @property
    def rows(self) -> list[Row]:
        """Every number of every row, in order."""
        return number_list.read((one for one in self.given if one), ROWS_MOST)


def read(body: bytes) -> NumberSheet:
    """Raises SheetUnreadable."""
    cells = sheet.grid(body, rows_most=ROWS_MOST + 20, columns_most=COLUMNS_MOST)
    heading, column = number_list.column_of(cells)
    below = enumerate(cells[heading:], heading + 1)
    lines = [Line(at, row) for at, row in below if any(map(sheet.word, row))]
    if len(lines) > ROWS_MOST:
        raise SheetUnreadable(number_list.TOO_MANY)
    if not lines:
        raise SheetUnreadable(sheet.NO_ROWS)
    given = [_given(line, column, has_heading=heading > 0) for line in lines]
    named = [*[None] * column, COLUMNS["number"][0]]  # a sheet without heading goes back with one
    return NumberSheet(Table(cells[:heading] or [named], lines), given)


def parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """In parts with as many new numbers as are asked at once."""
    part, new = list[Row](), 0
    for row in rows:
        is_new = row.number is not None and row.same_as is None
        if part and is_new and new == NUMBERS_MOST:
            yield part
            part, new = [], 0
        part.append(row)
        new += is_new
    yield part


def written(asked: NumberSheet, answers: Mapping[str, Conclusion]) -> Bulk:
    """The sheet with the answer of each number, by its ten digits, beside it."""
    rows_of = dict[int, list[Row]]()
    for row in asked.rows:
        rows_of.setdefault(row.row, []).append(row)
    at = _places(asked.table)
    told = [_told(rows_of.get(line.number, []), answers, at) for line in asked.table.lines]
    refused = sum(bool(one.why) for one in told)
    made = workbook(TITLE, asked.table, told, lambda: None)
    return Bulk(made, sum(bool(one.result) for one in told), refused)


def _given(line: Line, column: int, *, has_heading: bool) -> Given | None:
    """None: the row of a table without heading that says nothing of a number."""
    text = number_list.text_of(line.cells[column])
    return Given(line.number, text or NO_NUMBER) if text or has_heading else None


def _places(table: Table) -> dict[int, int]:
    """Where each line stands in the sheet that goes back, which has a heading of ours at least."""
    taken = accumulate((blank + 1 for blank in blanks(table)), initial=len(table.above))
    return {line.number: at for line, at in zip(table.lines, islice(taken, 1, None), strict=True)}


def _told(rows: Sequence[Row], answers: Mapping[str, Conclusion], at: Mapping[int, int]) -> Told:
    """What stands beside a line; of several numbers each on a line of its own."""
    each = [_of_row(row, answers, at) for row in rows]
    if len(each) < 2:
        return each[0] if each else Told()
    names = [row.number.written if row.number else row.given for row in rows]

    def joined(of: list[Any]) -> str:
        return "\n".join(f"{name}: {said}" for name, said in zip(names, of, strict=True) if said)

    titles = dict.fromkeys(title for one in each for title in one.figures)
    return Told(
        joined([one.result for one in each]),
        {title: joined([one.figures.get(title) for one in each]) for title in titles},
        joined([one.basis for one in each]),
        joined([one.notes for one in each]),
        joined([one.why for one in each]),
        any(one.shouts for one in each),
    )


def _of_row(row: Row, answers: Mapping[str, Conclusion], at: Mapping[int, int]) -> Told:
    if row.number is None:
        return Told(why=row.wrong)
    found = answers.get(row.number.digits)
    if found is None:
        return Told(why=NOT_ASKED)
    notes = [f"{at[row.same_as]}번째 줄과 같은 번호입니다."] if row.same_as else []
    sources = [f"{one.who}: {one.says}" for one in found.sources]
    return Told(
        f"멈추십시오: {found.headline}" if found.tone is Tone.STOP else found.headline,
        {
            "found_name": found.name,
            "tax_words": found.tax_words,
            "receipt": found.proof.take if found.proof else "",
        },
        " · ".join([*sources, *([found.proof.article] if found.proof else [])]).strip(" ·"),
        " ".join([*notes, found.sure, *found.minds]),
        shouts=found.tone is Tone.STOP,
    )
