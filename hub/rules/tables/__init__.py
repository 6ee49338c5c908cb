"""The nation's tables, as files that an official can read and mend: one section per rule.

A section has `name`, `unit` and `rows`; each row `since`, `value` (or `none = true`: no such limit
any more), `place` and `says`, and where they differ from the file's own `law`, `confidence`, `by`.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

from hub.rules.rule import Article, Confidence, Row, Rule, Unit

TABLES: Final = ("travel", "leave", "overtime", "pay", "withholding", "contract", "expenditure")
_FILE: Final = frozenset({"law", "local"})
_RULE: Final = frozenset({"name", "unit", "rows", "confidence", "local"})
_ROW: Final = frozenset({"since", "value", "none", "place", "says", "by", "law"})


class TableWrong(Exception):
    """A table's file says something that no rule can be."""


@cache
def nation() -> tuple[Rule, ...]:
    """All rules of the nation, in the order of the files."""
    return tuple(rule for table in TABLES for rule in read(_text(table)))


@cache
def texts_read() -> Mapping[str, date]:
    """Of each law the day from which the newest text holds that was read for the tables."""
    return tomllib.loads(_text("texts_read"))


def read(text: str) -> tuple[Rule, ...]:
    """The rules of one file. Raises TableWrong."""
    try:
        told = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise TableWrong(str(error)) from error
    head = {key: value for key, value in told.items() if not isinstance(value, dict)}
    _only(head, _FILE, "the file")
    return tuple(_rule(key, told[key], head) for key in told if key not in head)


def _text(table: str) -> str:
    return files(__name__).joinpath(f"{table}.toml").read_text(encoding="utf-8")


def _rule(key: str, told: dict[str, Any], head: dict[str, Any]) -> Rule:
    _only(told, _RULE, key)
    try:
        sure = Confidence(told.get("confidence", Confidence.TEXT))
        rows = tuple(_row(one, head.get("law"), sure) for one in told["rows"])
        rule = Rule(
            key, told["name"], Unit(told["unit"]), rows, told.get("local", head.get("local", False))
        )
    except (KeyError, ValueError, TypeError) as error:
        raise TableWrong(f"{key}: {error}") from error
    days = [row.since for row in rows]
    if not days or days != sorted(set(days)):
        raise TableWrong(f"{key}: its rows are not in the order of their days")
    return rule


def _row(told: dict[str, Any], law: str | None, sure: Confidence) -> Row:
    _only(told, _ROW, str(told.get("place")))
    law = told.get("law", law)
    if law is None or type(told["since"]) is not date:
        raise ValueError("a row needs a law and a day")
    if told.get("none", False) is ("value" in told):
        raise ValueError("a row has a value, or none")
    return Row(
        told["since"], _value(told.get("value")), Article(law, told["place"]), told["says"], sure,
        told.get("by", ""),
    )  # fmt: skip


def _value(told: Any) -> int | Decimal | None:
    if told is None or (isinstance(told, int | Decimal) and not isinstance(told, bool)):
        return told
    raise ValueError(f"{told!r} is no number")


def _only(told: dict[str, Any], known: frozenset[str], where: str) -> None:
    if strange := set(told) - known:
        raise TableWrong(f"{where}: {', '.join(sorted(strange))} is not known here")
