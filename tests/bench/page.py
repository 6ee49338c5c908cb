"""docs/performance.md out of tests/bench/measured.json, which a run of `make bench` writes.

Nobody edits the page by hand: a test makes it again and compares. Each subject keeps the day and
the machine of its own run, so that one of them can be measured anew.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench.row import Row, shortened

HERE = Path(__file__).parent
MEASURED = HERE / "measured.json"
PAGE = HERE.parents[1] / "docs/performance.md"

Measured = dict[str, dict[str, Any]]
"""By subject, the name of a module here: `measured_on`, `took_s`, `machine`, `rows`."""

HEAD = """\
# Performance

> 이 문서의 수치는 모두 `make bench`가 비교 대상과 나란히 측정해 자동으로 적은 것입니다.

Written by `make bench`; do not edit. Machines differ and are busy, so what counts is the ratio:
each figure stands beside something that was measured in the same run, on the same machine. The
floors are those that this project sets itself (a figure that has none is there to be known). Where
a floor is not reached, the page says so; why is in decisions
[0120](decisions/0120-paho-reads-ahead.md) (ingest),
[0127](decisions/0127-why-these-floors-stay.md) (the node) and
[0236](decisions/0236-one-commit-for-those-that-wait.md) (proofs).
"""
TITLES = {
    "node": "The node: from a picture to a count",
    "rivals": "The node beside what a newcomer would take from the shelf",
    "ingest": "Ingest: from the broker to committed rows",
    "nodered": "Ingest beside Node-RED",
    "live": "Live: one event a second to every browser",
    "history": "History: a year of 50 zones",
    "forecast": "Waits and forecasts (on simulated queues)",
    "fleet": "A fleet of 1,000 simulated nodes, and how right the hub is about their queues",
    "memory": "Memory of every process",
    "board": "The board, by the number of its zones",
    "cache": "A caching proxy in front of the board",
    "trip": "The trip proof: signing, verifying, and what fits into a QR code",
    "accept": "Trip proofs as they come in: a real hub, one process of `web`",
    "scan": "Trip proofs as they are scanned: from a screen and from a copied print",
    "touch": "One touch: from the fix to the code on a slow phone",
}


def read() -> Measured:
    """What was measured so far; nothing where there is no file yet."""
    return json.loads(MEASURED.read_text("utf-8")) if MEASURED.is_file() else {}


def write(measured: Measured) -> None:
    """Keep the figures, and write the page."""
    ordered = {name: measured[name] for name in _order(measured)}
    text = json.dumps(ordered, ensure_ascii=False, indent=1)
    MEASURED.write_text(text + "\n", "utf-8")
    PAGE.write_text(as_page(ordered), "utf-8")


def subject(
    rows: Sequence[Row], machine: Mapping[str, str], day: date, took_s: float
) -> dict[str, Any]:
    """One subject of `Measured`."""
    return {
        "measured_on": day.isoformat(),
        "took_s": round(took_s),
        "machine": dict(machine),
        "rows": [shortened(row) for row in rows],
    }


def as_page(measured: Measured) -> str:
    """The whole page, in Markdown."""
    subjects = [_subject(name, measured[name]) for name in _order(measured)]
    return "\n".join([HEAD, _tally(measured), *subjects])


def _order(measured: Measured) -> list[str]:
    known = [name for name in TITLES if name in measured]
    return known + sorted(measured.keys() - TITLES.keys())


def _tally(measured: Measured) -> str:
    rows = [row for each in measured.values() for row in each["rows"] if row["floor"] is not None]
    reached = sum(row["ok"] is True for row in rows)
    missed = [row for row in rows if row["ok"] is False]
    lines = [f"Of {len(rows)} figures with a floor, {reached} reach it."]
    if missed:
        lines += ["", "Not reached:", "", *(f"- {row['name']}: {_reached(row)}" for row in missed)]
    return "\n".join([*lines, ""])


def _subject(name: str, measured: Mapping[str, Any]) -> str:
    machine = "; ".join(_named(key, value) for key, value in measured["machine"].items())
    lines = [
        f"## {TITLES.get(name, name.capitalize())}",
        "",
        f"Measured on {measured['measured_on']} in {measured['took_s']} s "
        f"(`python -m tests.bench {name}`).",
        "",
        "| what | figure | beside | ratio | floor | reached |",
        "|---|---:|---|---:|---:|---|",
        *(_line(row) for row in measured["rows"]),
        "",
        f"<sub>{machine}.</sub>",
        "",
    ]
    return "\n".join(lines)


def _named(key: str, value: str) -> str:
    return value if key in {"processor", "memory", "system", "broker"} else f"{key} {value}"


def _line(row: Row) -> str:
    if why := row.get("skipped") or row.get("failed"):
        word = "not measured" if "skipped" in row else "broke"
        return f"| {_cell(row['name'])} | {word} | {_cell(why)} | | | |"
    figure = f"{_number(row['value'])} {row['unit'] or ''}".strip()
    beside = row["compared_with"] or ""
    cells = (row["name"], figure, beside, _number(row["ratio"]), _floor(row), _word(row))
    return f"| {' | '.join(map(_cell, cells))} |"


def _floor(row: Row) -> str:
    """A floor without a ratio is one of the figure itself, and has its unit."""
    if row["floor"] is None:
        return ""
    unit = row["unit"] if row["ratio"] is None else None
    return " ".join(filter(None, (row.get("side"), _number(row["floor"]), unit)))


def _word(row: Row) -> str:
    if row["floor"] is None:
        return ""
    return "yes" if row["ok"] else "**no**"


def _reached(row: Row) -> str:
    if "failed" in row:
        return row["failed"]
    ratio = row["ratio"]
    reached = f"{_number(row['value'])} {row['unit']}" if ratio is None else _number(ratio)
    return f"{reached}, floor {_floor(row)}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if value == 0 or 0.001 <= abs(value) < 1000:
        return f"{value:.3g}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1e}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
