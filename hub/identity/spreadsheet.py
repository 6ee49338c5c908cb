"""One row as a line of CSV that a spreadsheet shows and never calculates. Pure.

What begins like a formula is shown as text by a `'` before it (OWASP, CSV injection): a stranger
can put words into the audit trail by signing in under them.
"""

import csv
import io
from collections.abc import Iterable
from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def line(cells: Iterable[str]) -> bytes:
    """RFC 4180, UTF-8, ended by CRLF."""
    written = io.StringIO()
    csv.writer(written).writerow(
        [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells]
    )
    return written.getvalue().encode()
