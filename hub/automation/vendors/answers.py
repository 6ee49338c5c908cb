"""Read what the sources answer: JSON of strangers in, facts out. Pure; believes nothing unchecked.

What is not of the shape that was promised is MalformedAnswer. A number that was not asked for is
passed over; a number that an answer lacks, or says two things of, is simply not in what comes out.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from hub.automation.vendors.told import Facts, Named, Standing, State, Trouble

WORDS_MOST: Final = 200
_STATES: Final = {"01": State.CONTINUING, "02": State.SUSPENDED, "03": State.CLOSED}
_WORDS: Final = {"01": "계속사업자", "02": "휴업자", "03": "폐업자"}
_UNREGISTERED: Final = "등록되지 않은"
_NONE: Final = ("99", "")  # 해당없음
_NO_DATA: Final = "03"
_TROUBLES: Final = {
    "20": Trouble.KEY_REFUSED, "30": Trouble.KEY_REFUSED, "31": Trouble.KEY_REFUSED,
    "32": Trouble.KEY_REFUSED, "22": Trouble.QUOTA, "21": Trouble.QUOTA,
}  # fmt: skip
_MARKS: Final = {
    "LIMITED_NUMBER_OF_SERVICE_REQUESTS": Trouble.QUOTA,
    "SERVICE_KEY_IS_NOT_REGISTERED": Trouble.KEY_REFUSED,
    "DEADLINE_HAS_EXPIRED": Trouble.KEY_REFUSED,
    "UNREGISTERED_IP": Trouble.KEY_REFUSED,
    "SERVICE_ACCESS_DENIED": Trouble.KEY_REFUSED,
}


class MalformedAnswer(Exception):
    """An answer is not what was promised. `trouble`: what is known of why."""

    def __init__(self, trouble: Trouble = Trouble.UNREADABLE) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def standings(body: bytes) -> dict[str, Facts]:
    """By number, from `/status`. Raises MalformedAnswer."""
    return _once((number, _standing(row)) for number, row in _rows(body))


def validities(body: bytes) -> dict[str, Facts]:
    """By number, from `/validate`: whether it agrees. Raises MalformedAnswer."""
    told = {"01": True, "02": False}
    return _once((number, told.get(_word(row.get("valid")))) for number, row in _rows(body))


def procurement(body: bytes, number: str) -> Named | None:
    """The 나라장터's entry of this number; None: it has none. Raises MalformedAnswer."""
    for item in _items(body):
        if _digits(item.get("bizno")) == number and (name := _word(item.get("corpNm"))):
            address = f"{_word(item.get('adrs'))} {_word(item.get('dtlAdrs'))}".strip()
            return Named(name, address, day(item.get("opbizDt")))
    return None


def mail_order(body: bytes, number: str) -> Named | None:
    """The 공정위's entry of this number, the one in business first. Raises MalformedAnswer."""
    found = [
        Named(name, _address(item), None, _word(item.get("operSttusCdNm")))
        for item in _items(body)
        if _digits(item.get("brno")) == number and (name := _word(item.get("bzmnNm")))
    ]
    return min(found, key=lambda one: "정상" not in one.state_words, default=None)


def day(value: Any) -> date | None:
    """`20240301`, `2024-03-01` or with a time behind; None: it is no day."""
    digits = "".join(c for c in _word(value)[:10] if c in "0123456789")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) if digits else None
    except ValueError:
        return None


def _address(item: Mapping[str, Any]) -> str:
    return _word(item.get("rnAddr")) or _word(item.get("lctnAddr"))


def _rows(body: bytes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    told = _json(body)
    rows = told.get("data")
    if told.get("status_code") != "OK" or not isinstance(rows, list):
        raise MalformedAnswer(_trouble_in(body))
    for row in rows:
        if isinstance(row, dict) and (number := _digits(row.get("b_no"))):
            yield number, row


def _standing(row: Mapping[str, Any]) -> Standing | None:
    """None: it says nothing that can be believed."""
    code, tax = _word(row.get("b_stt_cd")), _word(row.get("tax_type"))
    if not code and _UNREGISTERED in tax:
        return Standing(State.UNREGISTERED)
    if code not in _STATES or _word(row.get("b_stt")) not in ("", _WORDS[code]):
        return None
    former = _word(row.get("rbf_tax_type_cd")) not in _NONE
    return Standing(
        state=_STATES[code],
        tax_code=_word(row.get("tax_type_cd")),
        tax_words=tax,
        ended_on=day(row.get("end_dt")),
        tax_changed_on=day(row.get("tax_type_change_dt")),
        former_tax_words=_word(row.get("rbf_tax_type")) if former else "",
        invoices_since=day(row.get("invoice_apply_dt")),
        is_unit_closure=_word(row.get("utcc_yn")).upper() == "Y",
    )


def _once(told: Iterator[tuple[str, Facts | None]]) -> dict[str, Facts]:
    """What is said of each number, where it is said without contradiction."""
    found: dict[str, set[Facts | None]] = {}
    for number, facts in told:
        found.setdefault(number, set()).add(facts)
    single = {number: next(iter(facts)) for number, facts in found.items() if len(facts) == 1}
    return {number: facts for number, facts in single.items() if facts is not None}


def _items(body: bytes) -> list[Mapping[str, Any]]:
    """The entries, wherever data.go.kr keeps them: items, items.item, one alone, or none."""
    told = _json(body)
    response = told.get("response")
    told = response if isinstance(response, dict) else told
    header = told.get("header")
    code = _word((header if isinstance(header, dict) else told).get("resultCode"))
    inner = told.get("body")
    inner = inner if isinstance(inner, dict) else told
    if code == _NO_DATA:
        return []
    if code not in ("00", "0") or not {"items", "totalCount"} & inner.keys():
        raise MalformedAnswer(_TROUBLES.get(code) or _trouble_in(body))
    items = inner.get("items") or []  # an empty string where there are none
    if isinstance(items, dict):
        items = items.get("item") or []
    rows = [items] if isinstance(items, dict) else items
    if not isinstance(rows, list):
        raise MalformedAnswer
    return [row for row in rows if isinstance(row, dict)]


def _json(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedAnswer(_trouble_in(body)) from error
    if not isinstance(told, dict):
        raise MalformedAnswer
    return told


def _trouble_in(body: bytes) -> Trouble:
    """data.go.kr says in XML what it refuses, whatever form was asked for."""
    text = body[:4000].decode(errors="replace")
    return next((why for mark, why in _MARKS.items() if mark in text), Trouble.UNREADABLE)


def _word(value: Any) -> str:
    if not isinstance(value, str | int):
        return ""
    kept = "".join(c if c.isprintable() else " " for c in str(value)[:4000])
    return " ".join(kept.split())[:WORDS_MOST]


def _digits(value: Any) -> str:
    digits = _word(value).replace("-", "")
    return digits if len(digits) == 10 and digits.isascii() and digits.isdigit() else ""
