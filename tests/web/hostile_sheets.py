"""The tables that strangers bring, once for every upload: some are none, some only look unusual.

`REFUSED` can be read by nobody. `CLOTHES` write one table as offices and their programs do: whoever
takes them must read the same as in a plain workbook, or say that it cannot.
"""

import csv
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import openpyxl

from hub.automation.sheets.cases import LINES_MOST

SHEET: Final = "xl/worksheets/sheet1.xml"
CONTENT: Final = "[Content_Types].xml"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ROW_LAST: Final = 1_048_576
TOO_MANY_ROWS: Final = LINES_MOST + 21  # more than any upload takes, wherever its heading stands


@dataclass(frozen=True, slots=True)
class Table:
    """What an upload takes: its heading and some rows that are right."""

    heading: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def lines(self) -> list[list[Any]]:
        return [list(self.heading), *map(list, self.rows)]

    @property
    def text(self) -> list[list[str]]:
        """As its cells are written."""
        return [[str(cell) for cell in row] for row in self.lines]


def book_of(lines: Sequence[Sequence[Any]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for line in lines:
        book.worksheets[0].append(list(line))
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain(table: Table) -> bytes:
    return saved(book_of(table.lines))


def with_parts(body: bytes, **changes: Callable[[bytes], bytes]) -> bytes:
    """A workbook in which some parts are others; a part that was not there begins empty."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as before, zipfile.ZipFile(out, "w", 8) as after:
        held = {part: before.read(part) for part in before.namelist()}
        for name, change in changes.items():
            held[name] = change(held.get(name, b""))
        for name, part in held.items():
            after.writestr(name, part)
    return out.getvalue()


def delimited(lines: Sequence[Sequence[str]], *, between: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=between, lineterminator=end).writerows(lines)
    return out.getvalue()


def html(lines: Sequence[Sequence[str]]) -> str:
    rows = ("".join(f"<td>{cell}</td>" for cell in line) for line in lines)
    table = "".join(f"<tr>{row}</tr>\n" for row in rows)
    return f'<html>\n<head><meta charset="utf-8"></head>\n<table>\n{table}</table></html>'


def old_xml(lines: Sequence[Sequence[str]]) -> str:
    """XML 스프레드시트 2003."""
    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    rows = "".join(f"<Row>{''.join(map(cell.format, line))}</Row>\n" for line in lines)
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet>'
        f"<Table>\n{rows}</Table></Worksheet></Workbook>"
    )


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


# ---- no table


def bomb(table: Table) -> bytes:
    """A few KiB that unpack to 60 MB."""
    return with_parts(plain(table), **{SHEET: lambda part: part + b" " * 60_000_000})


def lying_bomb(table: Table) -> bytes:
    """The same, whose directory says it is small."""
    body = bytearray(bomb(table))
    at = body.rfind(b"PK\x01\x02")
    while at >= 0:
        name_bytes = struct.unpack_from("<H", body, at + 28)[0]
        if body[at + 46 : at + 46 + name_bytes] == SHEET.encode():
            struct.pack_into("<I", body, at + 24, 900)
        at = body.rfind(b"PK\x01\x02", 0, at)
    return bytes(body)


def laughs(table: Table) -> bytes:
    """Entities that unfold to a gigabyte."""
    told = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    head = f'<?xml version="1.0"?><!DOCTYPE worksheet [{told}]>'.encode()
    return with_parts(plain(table), **{
        SHEET: lambda part: head + part.replace(b"<sheetData>", b"<sheetData>&l8;"),
    })  # fmt: skip


def outside_entity(table: Table) -> bytes:
    """An entity that is a file of this machine."""
    head = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    row = b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>'
    return with_parts(plain(table), **{
        SHEET: lambda part: head + part.replace(b"<sheetData>", row),
    })  # fmt: skip


def formulas(table: Table) -> bytes:
    """All that stands below the heading is to be reckoned, and no program has."""
    book = book_of([table.heading])
    for row in table.rows:
        book.worksheets[0].append([f'="{cell}"' for cell in row])
    return saved(book)


def errors(table: Table) -> bytes:
    """What Excel shows where it could not reckon."""
    return saved(book_of([table.heading, ["#REF!"] * len(table.heading)]))


def too_many(table: Table) -> bytes:
    """More rows than any upload takes, below a heading on the third."""
    rows = [table.rows[0]] * TOO_MANY_ROWS
    book = openpyxl.Workbook(write_only=True)
    sheet: Any = book.create_sheet()
    for line in (["목록"], [], table.heading, *rows):
        sheet.append(list(line))
    return saved(book)


REFUSED: Final[dict[str, Callable[[Table], bytes]]] = {
    "nothing": lambda _: b"",
    "one byte": lambda _: b"\0",
    "blanks": lambda _: b" \r\n\t,,,\r\n" * 50,
    "no cells": lambda _: saved(openpyxl.Workbook()),
    "old Excel": lambda _: OLE + b"\0" * 3000,
    "locked": lambda _: OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 3000,
    "a page that is named .xls": lambda t: html(t.text).encode(),
    "a page in EUC-KR": lambda t: html(t.text).replace("utf-8", "euc-kr").encode("cp949"),
    "a page behind a mark": lambda t: b"\xef\xbb\xbf\r\n" + html(t.text).encode(),
    "XML of Excel 2003": lambda t: old_xml(t.text).encode(),
    "PDF": lambda _: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n",
    "picture": lambda _: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "JSON": lambda _: b'[{"a": 1}]',
    "noise": lambda _: bytes((n * 7919) % 251 for n in range(5000)),
    "NULs": lambda _: b"\0" * 5000,
    "UTF-16 without a mark": lambda t: delimited(t.text).encode("utf-16-le"),
    "half a letter of UTF-16": lambda t: b"\xff\xfe" + delimited(t.text).encode("utf-16-le") + b"a",
    "cut": lambda t: plain(t)[: len(plain(t)) // 2],
    "cut at its end": lambda t: plain(t)[:-40],
    "another archive": lambda _: zipped(**{"mimetype": b"application/hwp+zip", "a.xml": b"<a/>"}),
    "binary workbook": lambda t: with_parts(
        plain(t),
        **{"xl/workbook.bin": lambda _: b"\x83\x01\x00", CONTENT: lambda p: p.replace(
            b"spreadsheetml.sheet.main+xml", b"sheet.binary.macroEnabled.main")},
    ),
    "broken XML": lambda t: with_parts(plain(t), **{SHEET: lambda part: part[:-30]}),
    "deep XML": lambda t: with_parts(
        plain(t), **{SHEET: lambda p: p.replace(b"<sheetData>", b"<sheetData>" + b"<a>" * 90_000)}
    ),
    "bomb": bomb,
    "bomb that says it is small": lying_bomb,
    "laughs": laughs,
    "an entity of this machine": outside_entity,
    "a cell of a megabyte without an end": lambda t: (delimited(t.text) + '"' + "가" * 330_000)
        .encode()[:1_000_000],
    "only a heading": lambda t: saved(book_of([t.heading])),
    "formulas that were never reckoned": formulas,
    "errors of Excel": errors,
    "too many rows": too_many,
}  # fmt: skip


# ---- the same table, otherwise


def lower(table: Table) -> bytes:
    """Its heading on the third row, as under a title."""
    return saved(book_of([["우리 시 총무과 자료"], [], *table.lines]))


def lying_size(table: Table) -> bytes:
    """It says of itself that it reaches to the last row and column that there are."""
    return with_parts(plain(table), **{SHEET: lambda part: part.replace(
        b"<dimension ref=", b'<dimension ref="A1:XFD1048576" was=')})  # fmt: skip


def far_blank(table: Table) -> bytes:
    """Somebody coloured a cell at the very end."""
    book = book_of(table.lines)
    book.worksheets[0].cell(ROW_LAST, 3).number_format = "0.00"
    return saved(book)


def with_macros(table: Table) -> bytes:
    """.xlsm."""
    return with_parts(plain(table), **{
        "xl/vbaProject.bin": lambda _: OLE + b"\0" * 512,
        CONTENT: lambda part: part.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
    })  # fmt: skip


def with_links(table: Table) -> bytes:
    """It names another workbook that Excel would fetch."""
    return with_parts(plain(table), **{
        "xl/externalLinks/externalLink1.xml": lambda _: (
            b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
        ),
        "xl/externalLinks/_rels/externalLink1.xml.rels": lambda _: (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/externalLinkPath" Target="http://127.0.0.1:9/x.xlsx"'
            b' TargetMode="External"/></Relationships>'
        ),
    })  # fmt: skip


def behind_a_hidden_sheet(table: Table) -> bytes:
    """What nobody sees stands first."""
    book = book_of(table.lines)
    hidden = book.create_sheet("숨김", 0)
    hidden.append(["숨은 것"])
    hidden.sheet_state = "hidden"
    book.active = 1
    return saved(book)


def as_text(table: Table) -> bytes:
    """Every cell is text, numbers and days too."""
    return saved(book_of(table.text))


def wide(text: str) -> str:
    """Digits as a Korean keyboard also writes them."""
    return "".join(chr(ord(c) + 0xFEE0) if c in "0123456789" else c for c in text)


def full_width(table: Table) -> bytes:
    heading, *rows = table.text
    return saved(book_of([heading, *([wide(cell) for cell in row] for row in rows)]))


def serial_days(table: Table) -> bytes:
    """Days as the number that Excel keeps, without its format."""
    first = date(1899, 12, 30)
    rows = (
        [(cell - first).days if isinstance(cell, date) else cell for cell in row]
        for row in table.rows
    )
    return saved(book_of([table.heading, *rows]))


def with_breaks(table: Table) -> bytes:
    """A CSV with a line break inside a heading's cell, as Alt+Enter makes."""
    (first, *others), *rows = table.text
    broken = f"{first[:1]}\n{first[1:]}"
    return delimited([[broken, *others], *rows]).encode("utf-8-sig")


def with_odd_spaces(table: Table) -> bytes:
    """A CSV whose cells hold signs that only Python takes for the end of a line."""
    heading, *rows = table.text
    return delimited([heading, *([f"{cell}\x0b" for cell in row] for row in rows)]).encode()


CLOTHES: Final[dict[str, Callable[[Table], bytes]]] = {
    "heading on the third row": lower,
    "a size that is a lie": lying_size,
    "a coloured cell at the very end": far_blank,
    "macros": with_macros,
    "links to other workbooks": with_links,
    "a hidden sheet before it": behind_a_hidden_sheet,
    "numbers and days as text": as_text,
    "full-width digits": full_width,
    "days as serial numbers": serial_days,
    "CSV": lambda t: delimited(t.text).encode(),
    "CSV with a mark": lambda t: delimited(t.text).encode("utf-8-sig"),
    "CSV in EUC-KR": lambda t: delimited(t.text).encode("cp949"),
    "CSV of an old Mac": lambda t: delimited(t.text, end="\r").encode(),
    "CSV of Unix": lambda t: delimited(t.text, end="\n").encode(),
    "Unicode text of Excel": lambda t: delimited(t.text, between="\t").encode("utf-16"),
    "CSV in big-endian UTF-16": lambda t: b"\xfe\xff" + delimited(t.text).encode("utf-16-be"),
    "pasted, with a title above": lambda t: (
        "우리 시 자료\r\n" + delimited(t.text, between="\t")).encode(),
    "CSV with a break in a cell": with_breaks,
    "CSV with odd spaces": with_odd_spaces,
}  # fmt: skip
