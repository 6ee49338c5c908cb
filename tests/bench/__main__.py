"""`python -m tests.bench [--write] [name ...]`: every figure here, or of the named modules.

A measurement is a module here with `rows()`. Each row is printed as one JSON object a line; with
`--write` the subjects that were measured also go into docs/performance.md. Exit status 1 where one
broke; a floor that was missed is in its line (`ok` false), because machines differ.
"""

import argparse
import importlib
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import machine, page
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


def measure(name: str) -> list[Row]:
    """The rows of one module, printed as they come."""
    rows = []
    for row in rows_of(name):
        print(as_line(row), flush=True)
        rows.append(row)
    return rows


def main(argv: Sequence[str]) -> int:
    """Measure the named modules, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(names()))
    parser.add_argument("--write", action="store_true", help="into docs/performance.md too")
    told = parser.parse_args(argv)
    broken, here = False, machine.described()
    for name in told.names or names():
        began_s = time.monotonic()
        rows = measure(name)
        broken |= any("failed" in row for row in rows)
        if told.write:
            took_s = time.monotonic() - began_s
            done = page.subject(rows, here, datetime.now(UTC).date(), took_s)
            page.write({**page.read(), name: done})
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
