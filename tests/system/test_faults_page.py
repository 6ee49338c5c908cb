"""docs/faults.md is written by the soak; its rows are faults that there are."""

import re
from pathlib import Path

import pytest

from tests.system.faults import faults, table
from tests.system.faults.__main__ import PAGE
from tests.system.faults.table import Row
from tests.system.office import Verdict
from tests.system.office.ledger import Key

NOTHING = Verdict(made=0, stored=0, lost_with_reason=0)


def test_every_row_of_the_page_is_a_fault_that_can_be_struck():
    rows = re.findall(r"^\| (?!fault )(.+?) \| \d", PAGE.read_text(), re.M)
    assert set(rows) <= {one.name for one in faults()}


def test_a_row_adds_what_is_new_and_a_missing_count_stays_in_the_row_where_it_was_lost():
    key = Key("office/s1-1", "spool", 3)
    first = Verdict(made=10, stored=9, lost_with_reason=0, missing=[key])
    second = Verdict(made=15, stored=13, lost_with_reason=1, missing=[key], reasons={"full": 1})
    one, other = Row("one", ""), Row("other", "")
    one.add(first, NOTHING)
    other.add(second, first)
    assert (one.made, one.missing, one.is_clean) == (10, 1, False)
    assert (other.made, other.stored, other.lost, other.missing) == (5, 4, 1, 0)
    assert other.is_clean


def test_the_table_is_written_between_its_marks_and_nowhere_else(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n")
    table.write(page, "new")
    assert page.read_text() == f"before\n{table.BEGIN}\nnew\n{table.END}\nafter\n"
    page.write_text("no marks")
    with pytest.raises(ValueError, match="has no"):
        table.write(page, "new")
