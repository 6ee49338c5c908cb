"""Whatever is written into the audit trail is told there in words, in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "dashboards/web/src/lib/audit-words.ts"
ACTION = re.compile(r"[a-z][a-z-]*\.[a-z][a-z-]*")


def written() -> Iterator[str]:
    """The actions that stand in the hub's calls; one that is put together there is not seen."""
    for source in (ROOT / "hub").rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and _writes(node.func):
                told = [*node.args, *(one.value for one in node.keywords if one.arg == "action")]
                for one in (part for arg in told for part in ast.walk(arg)):
                    if isinstance(one, ast.Constant) and ACTION.fullmatch(str(one.value)):
                        yield str(one.value)


def _writes(func: ast.expr) -> bool:
    match func:
        case ast.Name(id="write_down") | ast.Attribute(attr="write_down"):
            return True
        case ast.Attribute(attr="append", value=ast.Name(id="trail")):
            return True
    return False


def test_every_act_has_words_in_both_languages():
    actions = set(written())
    assert {"site.save", "trip.open", "person.add"} <= actions
    told = re.findall(rf"^\t'({ACTION.pattern})':", WORDS.read_text(), re.MULTILINE)
    assert {one: told.count(one) for one in actions if told.count(one) < 2} == {}
