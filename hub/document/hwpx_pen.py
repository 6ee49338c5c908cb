"""The hand that writes HWPX: paper, formats, paragraphs and tables, in millimetres and points.

Everything goes through python-hwpx. Formats are made once and then named by their number, since
making one looks through the whole file.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from hwpx import HwpxDocument

from hub.document import model

SERIF: Final = "함초롬바탕"
SANS: Final = "함초롬돋움"
UNITS_PER_MM: Final = 7200 / 25.4  # HWPUNIT is 1/7200 inch
LINE_PERCENT: Final = 150
ROW_MM: Final = 7.0
CELL_MM: Final = (1.8, 1.2)  # beside the text of a cell, and above and below it
FOOTER_MM: Final = 10.0
SHADE: Final = "#F1F3F5"
PAGE_NUMBER: Final = {"page": "page", "total-page": "page/total"}

Add = Callable[[str, str], Any]  # text, letters -> a paragraph


def units(mm: float) -> int:
    """Return millimetres in HWPUNIT."""
    return round(mm * UNITS_PER_MM)


class Pen:
    """Writes at the end of one document, or into a cell of it."""

    def __init__(self, page: model.Page) -> None:
        self.doc = HwpxDocument.new()
        self.width_mm = page.text_width_mm
        self._formats: dict[Any, str] = {}
        self._set_paper(page)
        first = self.doc.paragraphs[0]  # it holds the section's settings and cannot go
        first.para_pr_id_ref = self._shape(first, line_spacing_percent=100)
        for run in first.runs:
            run.char_pr_id_ref = self.letters(1)

    def letters(self, pt: float, *, bold: bool = False, sans: bool = False) -> str:
        """Return the number of a letter format."""
        key = ("letters", pt, bold, sans)
        if key not in self._formats:
            self._formats[key] = self.doc.styles.ensure_run(
                size=pt, bold=bold, font=SANS if sans or bold else SERIF
            )
        return self._formats[key]

    def border(self, *, shaded: bool = False, lined: bool = True) -> str:
        """Return the number of a border: thin lines all round, or none."""
        key = ("border", shaded, lined)
        if key not in self._formats:
            self._formats[key] = self.doc.styles.ensure_border_fill(
                border_color="#333333",
                fill_color=SHADE if shaded else None,
                active_borders=None if lined else [],
            )
        return self._formats[key]

    def on_page(self, text: str, letters: str) -> Any:
        """Add a paragraph at the end of the document."""
        return self.doc.add_paragraph(
            text, para_pr_id_ref=0, style_id_ref=0, char_pr_id_ref=letters, inherit_style=False
        )

    def say(self, add: Add, lines: Sequence[str], letters: str, **shape: Any) -> Any:
        """Add one paragraph a line, shaped as `apply_paragraph_format` names it; give the last."""
        shape.setdefault("line_spacing_percent", LINE_PERCENT)
        paragraph = None
        for line in lines:
            paragraph = add(line, letters)
            paragraph.para_pr_id_ref = self._shape(paragraph, **shape)
        return paragraph

    def table(
        self, rows: int, shares: Sequence[float], *, flows: bool = False, lined: bool = True
    ) -> Any:
        """Add a table as wide as the text; one that `flows` is broken between its rows."""
        anchor = self.say(self.on_page, ("",), self.letters(1), line_spacing_percent=100)
        table = anchor.add_table(
            rows, len(shares), width=units(self.width_mm),
            height=units(ROW_MM) * rows, border_fill_id_ref=self.border(lined=lined),
        )  # fmt: skip
        self.pad(table, x_mm=CELL_MM[0], y_mm=CELL_MM[1])
        if len(shares) > 1:
            table.set_column_widths(shares)
        if flows:
            table.set_treat_as_char(False)
        return table

    def pad(self, table: Any, *, x_mm: float, y_mm: float) -> None:
        """Set how far the text of cells stays from their lines."""
        for margin in table.element.findall("{*}inMargin"):
            for sides, mm in ((("left", "right"), x_mm), (("top", "bottom"), y_mm)):
                for side in sides:
                    margin.set(side, str(units(mm)))

    def into(self, cell: Any) -> Add:
        """Return what adds paragraphs to a new cell, in the place of its empty one."""
        empty = [cell.paragraphs[0]]

        def add(text: str, letters: str) -> Any:
            paragraph = cell.add_paragraph(
                text, para_pr_id_ref=0, style_id_ref=0, char_pr_id_ref=letters
            )
            while empty:
                empty.pop().remove()
            return paragraph

        return add

    def _shape(self, paragraph: Any, **shape: Any) -> str:
        key = ("shape", *sorted(shape.items()))
        if key not in self._formats:
            self.doc.styles.apply_paragraph_format(paragraphs=[paragraph], **shape)
            self._formats[key] = paragraph.para_pr_id_ref
        return self._formats[key]

    def _set_paper(self, page: model.Page) -> None:
        footer_mm = min(FOOTER_MM, page.bottom_mm - 1)
        self.doc.page.setup(
            width_mm=page.width_mm,
            height_mm=page.height_mm,
            orientation="landscape" if page.landscape else "portrait",
            margin_left_mm=page.left_mm,
            margin_right_mm=page.right_mm,
            margin_top_mm=page.top_mm,
            margin_bottom_mm=page.bottom_mm - footer_mm,
            header_margin_mm=0,
            footer_margin_mm=footer_mm,
        )
        if page.numbers != "none":
            self.doc.page.set_page_number(format=PAGE_NUMBER[page.numbers])
