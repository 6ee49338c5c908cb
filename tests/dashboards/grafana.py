"""Dashboards as Grafana reads them: panels, queries, and its macros as its source expands them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2] / "dashboards/grafana"
BOARDS: dict[str, dict[str, Any]] = {
    file.stem: json.loads(file.read_text()) for file in sorted((ROOT / "dashboards").glob("*.json"))
}
SOURCES: dict[str, dict[str, Any]] = {
    source["uid"]: source
    for source in yaml.safe_load((ROOT / "provisioning/datasources/cheongsa.yaml").read_text())[
        "datasources"
    ]
}


@dataclass(frozen=True)
class Query:
    """One query of a panel, or of a variable."""

    board: str
    panel: str
    text: str
    format: str
    source: str

    def __str__(self) -> str:
        return f"{self.board}-{self.panel}"


def panels(board: str) -> list[dict[str, Any]]:
    """Rows left out."""
    return [panel for panel in BOARDS[board]["panels"] if panel["type"] != "row"]


def variables(board: str) -> list[dict[str, Any]]:
    return BOARDS[board]["templating"]["list"]


def queries(language: str) -> Iterator[Query]:
    """All of `rawSql` or `expr`."""
    for board in BOARDS:
        for panel in panels(board):
            for target in panel["targets"]:
                if language in target:
                    yield Query(
                        board,
                        panel["title"],
                        target[language],
                        target["format"],
                        target["datasource"]["uid"],
                    )


def sql_of(
    text: str, first: datetime, last: datetime, interval_ms: int, **chosen: list[str]
) -> str:
    """A statement with Grafana's macros and variables filled in.

    Source: grafana/grafana, pkg/tsdb/grafana-postgresql-datasource/macros.go; a variable of many
    values is a list of quoted literals.
    """
    begin, end = (at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") for at in (first, last))
    text = re.sub(r"\$__timeFilter\(([^)]*)\)", rf"\1 BETWEEN '{begin}' AND '{end}'", text)
    text = text.replace("$__timeFrom()", f"'{begin}'").replace("$__timeTo()", f"'{end}'")
    text = text.replace("$__interval_ms", str(interval_ms))
    for name, values in chosen.items():
        text = text.replace(f"${name}", ",".join(f"'{value}'" for value in values))
    assert "$" not in text, text
    return text


def promql_of(text: str) -> str:
    """An expression with its variables on `All` and an interval."""
    text = text.replace("$__rate_interval", "1m")
    text = re.sub(r"\$(site|node|zone)\b", ".+", text)
    assert "$" not in text, text
    return text
