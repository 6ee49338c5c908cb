"""The words of `python -m hub rules`. Light: every command of the hub reads this."""

import argparse
from pathlib import Path


def add_to(parser: argparse.ArgumentParser) -> None:
    """The acts and what each is told."""
    acts = parser.add_subparsers(required=True, metavar="ACT", dest="act")
    load = acts.add_parser("load-law", help="store texts of the law from Markdown files")
    load.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder")
    fetch = acts.add_parser("fetch-law", help="store them from the Ministry's open API")
    fetch.add_argument("titles", nargs="*", metavar="NAME", help="default: every law of the rules")
