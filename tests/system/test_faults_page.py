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


def test_rows_that_were_struck_are_written_between_the_marks_and_the_others_stay(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{table.BEGIN}\n{table.END}\nafter\n")
    table.keep(page, [Row("one", "", times=1), Row("other", "", times=2)], "monday")
    table.keep(page, [Row("one", "", times=3), Row("other", "")], "tuesday")
    lines = page.read_text().splitlines()
    assert lines[:2] == ["before", table.BEGIN]
    assert lines[2:4] == [table.HEAD, table.RULE]
    assert lines[4].startswith("| one | 3 |")
    assert lines[4].endswith("| tuesday |")
    assert lines[5].startswith("| other | 2 |")
    assert lines[5].endswith("| monday |")
    assert lines[6:] == [table.END, "after"]
    page.write_text("no marks")
    with pytest.raises(ValueError, match="has no"):
        table.keep(page, [], "")


def test_every_fault_s_promise_is_in_the_page():
    for one in faults():
        assert f"**{one.name}.** {one.promise}" in PAGE.read_text()
