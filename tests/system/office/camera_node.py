"""`python -m edge run`, with a book beside its outbox. Nothing else of it is changed."""

import os
import sys
from pathlib import Path

import edge.outbox
from edge.__main__ import main
from tests.system.office.book import Book, BookedOutbox

if __name__ == "__main__":
    BookedOutbox.book = Book(Path(os.environ["BOOK"]))
    edge.outbox.Outbox = BookedOutbox  # type: ignore[misc]
    sys.exit(main(["run"]))
