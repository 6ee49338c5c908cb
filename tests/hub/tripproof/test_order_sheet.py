"""Trip orders from a workbook or CSV, as offices have them."""

import io
from collections.abc import Sequence
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.kit import clock
from hub.kit.sheet import SheetUnreadable
from hub.tripproof import order_sheet
from hub.tripproof.ordering import NewOrder

HEADING = ["출장 번호", "직원번호", "시작", "종료", "출장지", "항공"]
ROW = ["2026-1", "20190123, 20200456", "2026-11-21 09:00", "2026-11-21 18:00", "도청", "예"]


def as_csv(*rows: list[str]) -> str:
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)


def as_workbook(*rows: Sequence[object]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(out)
    return out.getvalue()


def orders(body: bytes, department: str = "") -> list[NewOrder]:
    rows = order_sheet.read(body, department)
    assert not [row for row in rows if row.wrong]
    return [row.order for row in rows if row.order]


def test_the_template_is_a_table_without_orders():
    assert order_sheet.read(order_sheet.template(), "") == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_csv_is_read_by_its_heading_whatever_stands_above_it(encoding: str):
    body = as_csv(["총무과 11월 출장"], HEADING, ROW).encode(encoding)
    (one,) = orders(body, "5670123")
    assert (one.trip, one.people) == ("2026-1", ("20190123", "20200456"))
    assert one.begins_at == datetime(2026, 11, 21, 9, tzinfo=clock.SEOUL)
    assert (one.department, one.place, one.by_air) == ("5670123", "도청", True)


def test_a_workbook_is_read_with_its_own_dates_and_numbers():
    begins, ends = datetime(2026, 11, 21, 9), datetime(2026, 11, 21, 18)  # noqa: DTZ001  as Excel has them
    body = as_workbook(HEADING, ["2026-1", 20190123.0, begins, ends, "도청", None])
    (one,) = orders(body)
    assert (one.people, one.by_air) == (("20190123",), False)
    assert one.ends_at == ends.replace(tzinfo=clock.SEOUL)


def test_rows_without_a_number_a_person_or_a_time_are_named_and_the_rest_is_read():
    wrong = [["", *ROW[1:]], [ROW[0], "", *ROW[2:]], [*ROW[:2], "어제", *ROW[3:]]]
    backward = [*ROW[:2], ROW[3], ROW[2], *ROW[4:]]
    body = as_csv(HEADING, *wrong, [], ROW, backward, ["2" * 31, *ROW[1:]]).encode()
    found = order_sheet.read(body, "")
    assert [(row.number, row.wrong) for row in found] == [
        (2, ["trip"]), (3, ["people"]), (4, ["begins_at"]), (6, []),
        (7, ["backward", "twice"]), (8, ["trip"]),
    ]  # fmt: skip
    assert [row.number for row in order_sheet.read(as_csv(HEADING, ROW).encode(), "")] == [2]


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"\xff\xfe\x00", "이름,나이".encode()])
def test_what_is_no_table_of_orders_is_refused(body: bytes):
    with pytest.raises(SheetUnreadable):
        order_sheet.read(body, "")


def test_a_table_that_is_too_long_is_not_cut_in_silence():
    body = as_workbook(HEADING, *[[f"2026-{n}", *ROW[1:]] for n in range(order_sheet.ROWS_MOST)])
    with pytest.raises(SheetUnreadable, match="나누어"):
        order_sheet.read(body, "")


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode()))
def test_no_bytes_break_the_reader(body: bytes):
    heading = as_csv(HEADING).encode() + b"\r\n"
    for given_body in (body, heading + body):
        try:
            order_sheet.read(given_body, "")
        except SheetUnreadable:
            continue
