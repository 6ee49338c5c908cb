"""The words of `python -m hub business-numbers`. Light: every command of the hub reads this."""

import argparse
from pathlib import Path


def add_to(parser: argparse.ArgumentParser) -> None:
    """The act and what it is told."""
    acts = parser.add_subparsers(required=True, metavar="ACT", dest="act")
    ask = acts.add_parser("ask", help="with internet: ask about the numbers of a hub's file")
    ask.add_argument("file", type=Path, help="of numbers, as downloaded from the page")
    ask.add_argument("--out", type=Path, required=True, help="is written: bring it back")
