"""`make soak`: break everything, print the table, write its rows into docs/faults.md."""

import argparse
import random
import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.system.faults import faults, table
from tests.system.faults.soak import Soak, measured

PAGE = Path(__file__).parents[3] / "docs" / "faults.md"


def main(argv: Sequence[str]) -> int:
    """Returns 1 where a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.system.faults", description=__doc__)
    parser.add_argument(
        "--times", type=int, help="of each fault (default: 50, or while time lasts)"
    )
    parser.add_argument("--minutes", type=float, help="stop after so long")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--only", default="", help="faults whose name has this expression")
    parser.add_argument("--no-page", action="store_true", help="do not write docs/faults.md")
    told = parser.parse_args(argv)
    chosen = [one for one in faults() if re.search(told.only, one.name)]
    if told.only and told.times:  # a slow fault is struck less often only among all the others
        chosen = [replace(one, at_most=None) for one in chosen]
    print(f"seed {told.seed}; {len(chosen)} faults", flush=True)
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.default_int_handler)  # ends with its table
    times = told.times or (50 if told.minutes is None else sys.maxsize)
    soak = Soak(chosen, times, told.minutes and told.minutes * 60, told.seed)
    rows = soak.run()
    print(table.markdown(rows, measured(soak)))
    if soak.broken:
        print(soak.broken)
    if not told.no_page:
        table.keep(PAGE, rows, measured(soak))
    return 0 if all(row.is_clean for row in rows) and not soak.broken else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
