"""One measured figure: what it is, what it is compared with, the floor, and whether it is reached.

`python -m tests.bench` prints each as one line of JSON.
"""

import json
from typing import Any

Row = dict[str, Any]
"""name, value, unit, compared_with, ratio, floor, ok (None where it could not be measured).

A floor that has `side` is what the ratio, or the value where there is none, should be at most or
at least."""


def at_most(
    name: str,
    value: float,
    unit: str,
    compared_with: str,
    *,
    floor: float,
    ratio: float | None = None,
) -> Row:
    """A figure that should be small: the ratio, or the value where there is none, against floor."""
    reached = value if ratio is None else ratio
    row = _row(name, value, unit, compared_with, ratio, floor, ok=reached <= floor)
    return {**row, "side": "at most"}


def at_least(
    name: str, value: float, unit: str, compared_with: str, *, floor: float, ratio: float
) -> Row:
    """A figure that should be large, by its ratio."""
    row = _row(name, value, unit, compared_with, ratio, floor, ok=ratio >= floor)
    return {**row, "side": "at least"}


def skipped(name: str, reason: str) -> Row:
    """A figure that cannot be measured here, and why."""
    return {**_row(name, None, None, None, None, None, ok=None), "skipped": reason}


def failed(name: str, reason: str) -> Row:
    """A measurement that broke: no figure, and not all right."""
    return {**_row(name, None, None, None, None, None, ok=False), "failed": reason}


def known(
    name: str, value: float, unit: str, compared_with: str, ratio: float | None = None
) -> Row:
    """A figure that has no floor: it is there to be known."""
    return _row(name, value, unit, compared_with, ratio, None, ok=None)


def shortened(row: Row) -> Row:
    """The row with four significant digits to each number: more would be noise."""
    return {k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in row.items()}


def as_line(row: Row) -> str:
    """The row as one line of JSON."""
    return json.dumps(shortened(row), ensure_ascii=False)


def _row(
    name: str,
    value: float | None,
    unit: str | None,
    compared_with: str | None,
    ratio: float | None,
    floor: float | None,
    *,
    ok: bool | None,
) -> Row:
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "compared_with": compared_with,
        "ratio": ratio,
        "floor": floor,
        "ok": ok,
    }
