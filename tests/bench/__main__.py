"""`python -m tests.bench [name ...]`: every figure of this folder, one JSON object a line.

A measurement is a module here with `rows()`. Exit status 1 where one broke; a floor that was
missed is in its line (`ok` false), because machines differ.
"""

import importlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.row import Row, as_line, failed


def names() -> list[str]:
    """The modules of this folder that measure something, the node's first."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    measuring = [file.stem for file in files if "\ndef rows(" in file.read_text("utf-8")]
    return sorted(measuring, key=lambda name: name != "node")


def rows_of(name: str) -> Iterator[Row]:
    """The rows of one module; one that breaks ends in a row that says why."""
    try:
        yield from importlib.import_module(f"tests.bench.{name}").rows()
    except Exception as error:
        yield failed(name, f"{type(error).__name__}: {error}")


def main(argv: Sequence[str]) -> int:
    """Print the rows of the named modules, or of all."""
    broken = False
    for name in argv or names():
        for row in rows_of(name):
            print(as_line(row), flush=True)
            broken |= "failed" in row
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
