"""One cell as what its field takes: days, times, amounts and choices as offices write them.

Nothing is guessed: a cell that can be read in two ways is refused with an example.
"""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from hub.automation.question import AskedField, Kind
from hub.automation.sheets.columns import plain
from hub.kit.sheet import is_error, word

YES: Final = frozenset({"예", "네", "y", "yes", "o", "○", "v", "1", "true", "있음", "해당", "참"})
NO: Final = frozenset({
    "아니오", "아니요", "n", "no", "x", "×", "0", "false", "없음", "해당없음", "거짓", "-",
})  # fmt: skip
_DAY: Final = (
    re.compile(r"(\d{4})\s*[.\-/년]\s*(\d{1,2})\s*[.\-/월]\s*(\d{1,2})\s*[.일]?\s*(?:\(?[월화수목금토일]\)?)?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)  # fmt: skip
_TIME: Final = (
    re.compile(r"(\d{1,2})\s*(?::|시)\s*(\d{2})\s*분?(?::00)?"),
    re.compile(r"(\d{2})(\d{2})"),
    re.compile(r"(\d{1,2})시()"),
)


class Unreadable(Exception):
    """The cell is not what its column takes: why, in words."""


def value(field: AskedField, cell: Any) -> Any:
    """What the cell says; None: nothing. Raises Unreadable."""
    text = unicodedata.normalize("NFKC", word(cell))
    if not text:
        return None
    if is_error(cell):
        raise Unreadable(f"엑셀 오류({text})가 있는 칸이에요. 값으로 고쳐 주세요.")
    if field.asked.lines:
        return str(cell)  # ① is no 1 in a letter
    match field.kind:
        case Kind.DATE:
            return _day(cell, text)
        case Kind.TIME:
            return _time(cell, text)
        case Kind.NUMBER:
            return _number(field, cell, text)
        case Kind.CHOICE:
            return _choice(field, text)
        case Kind.YES:
            return _yes(cell, text)
        case _:
            return text


def _day(cell: Any, text: str) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for form in _DAY:
        if found := form.fullmatch(text):
            try:
                return date(*map(int, found.groups()))
            except ValueError as error:
                raise Unreadable(f"'{text}'은(는) 달력에 없는 날이에요.") from error
    raise Unreadable(f"'{_short(text)}'은(는) 날짜가 아니에요. 예: 2026-11-02")


def _time(cell: Any, text: str) -> time:
    if isinstance(cell, datetime | time):
        return time(cell.hour, cell.minute)
    for form in _TIME:
        if found := form.fullmatch(text):
            try:
                hour, minute = (int(part or 0) for part in found.groups())
                return time(hour, minute)
            except ValueError:
                break
    raise Unreadable(f"'{_short(text)}'은(는) 시각이 아니에요. 예: 14:30")


def _number(field: AskedField, cell: Any, text: str) -> Decimal:
    """A number, with or without commas, its unit, and the 금 before an amount."""
    if isinstance(cell, bool | date | time):
        raise Unreadable(f"'{_short(text)}'은(는) 수가 아니에요.")
    bare = text.replace(",", "").replace(" ", "").replace("₩", "")
    bare = bare.removesuffix(field.asked.unit) if field.asked.unit else bare
    if field.asked.unit == "원":
        bare = bare.removesuffix("원정").removeprefix("금")
    try:
        number = Decimal(bare)
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or not re.fullmatch(r"[+-]?[\d.]+", bare):
        raise Unreadable(f"'{_short(text)}'은(는) 수가 아니에요.")
    return number


def _choice(field: AskedField, text: str) -> Any:
    named = field.asked.choices or {}
    said = plain(text)
    for one, title in named.items():
        if said in (plain(title), plain(str(one))):
            return one
    words = ", ".join(named.values())
    raise Unreadable(f"'{_short(text)}'은(는) 고를 수 없어요. 이 가운데 하나여야 해요: {words}")


def _yes(cell: Any, text: str) -> bool:
    if isinstance(cell, bool):
        return cell
    if plain(text) in YES or plain(text) in NO:
        return plain(text) in YES
    raise Unreadable(f"'{_short(text)}'은(는) 예나 아니오가 아니에요.")


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"
