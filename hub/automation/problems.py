"""What can go wrong in paperwork, in words for whoever asked: rows of the one table."""

from collections.abc import Mapping
from typing import Final

from hub.automation.answer import NotPossible
from hub.automation.calendar.refusals import EntryChanged, UnknownCalendar, UnknownEntry
from hub.automation.sheets.limits import SheetsBusy, UnknownQuestion
from hub.automation.vendors import book as vendors
from hub.automation.vendors.round_trip import FileRefused
from hub.kit.problem import Kind, row

PROBLEMS: Final[Mapping[type[Exception], Kind]] = {
    NotPossible: row(
        422, "not-possible",
        ("이렇게는 셈할 수 없어요", "{says}"),
        ("This cannot be worked out", "{says}"),
    ),
    UnknownCalendar: row(
        404, "unknown-calendar",
        ("열리지 않는 달력 주소예요", "거두었거나 없던 주소예요. 업무 달력에서 새로 만드세요."),
        ("This calendar opens no more", "It was withdrawn, or never was. Make a new address."),
    ),
    UnknownEntry: row(
        404, "unknown-calendar-entry",
        ("달력에 그런 것이 없어요", "새로 고쳐서 다시 봐 주세요."),
        ("There is no such entry", "Reload the calendar."),
    ),
    EntryChanged: row(
        409, "calendar-entry-changed",
        ("그사이 달라졌어요", "누가 고쳤거나 그날이 이미 적혀 있어요. 보고 다시 고쳐 주세요."),
        ("It is another by now", "Somebody edited it, or that day is taken. Look at it again."),
    ),
    UnknownQuestion: row(
        404, "unknown-question",
        ("그런 계산이 없어요", "/api/v1/automation/questions에 있는 이름이어야 해요."),
        ("No such question", "'{name}' is none. /api/v1/automation/questions has them all."),
    ),
    SheetsBusy: row(
        503, "sheets-busy",
        ("지금은 표가 너무 많이 밀려 있어요", "1분쯤 뒤에 다시 넣어 주세요."),
        ("Too many sheets are waiting", "Send it again in a minute."),
        retry_after="60",
    ),
    FileRefused: row(
        422, "carried-file-refused",
        ("이 파일은 받을 수 없어요", "{says}"),
        ("This file is not taken", "{says}"),
    ),
    vendors.VendorChanged: row(
        409, "vendor-changed",
        ("그사이 다른 사람이 고쳤어요", "새로 불러온 뒤 지금 적힌 것을 보고 다시 고쳐 주세요."),
        ("Somebody has changed it", "Load it, look at what is there, and change it again."),
    ),
    vendors.UnknownVendor: row(
        404, "unknown-vendor",
        ("장부에 없는 거래처예요", "목록을 새로 고쳐 주세요."),
        ("Not in the vendor book", "Reload the list."),
    ),
}  # fmt: skip
