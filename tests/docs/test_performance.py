"""The page of figures is what the measurements write, and nothing else."""

from datetime import date

import pytest

from tests.bench import page
from tests.bench.__main__ import names
from tests.bench.row import at_least, at_most, failed, known, skipped

MACHINE = {"processor": "a processor", "Python": "3.11.7"}
ROWS = (
    at_most("a loop", 12.0, "ms", "bare: 10 ms", ratio=1.2, floor=1.15),
    at_least("a pace", 9.0, "frames/s", "theirs: 3 frames/s", ratio=3.0, floor=2.0),
    known("a size | in bytes", 12_345.0, "MB", "theirs: 2 MB"),
    skipped("an oracle", "it is not here"),
    failed("a bench", "ValueError: it broke"),
)


def test_the_page_is_what_was_measured():
    if not page.MEASURED.is_file():
        pytest.skip("nothing was measured yet: make bench")
    assert page.PAGE.read_text("utf-8") == page.as_page(page.read())


def test_every_measurement_has_a_title_of_its_own():
    assert set(names()) <= page.TITLES.keys()


def test_the_page_says_what_is_reached_and_what_is_not():
    told = page.as_page({"node": page.subject(ROWS, MACHINE, date(2026, 11, 21), 3.2)})
    assert "| a loop | 12 ms | bare: 10 ms | 1.2 | at most 1.15 | **no** |" in told
    assert "| a pace | 9 frames/s | theirs: 3 frames/s | 3 | at least 2 | yes |" in told
    assert "| a size \\| in bytes | 12,340 MB | theirs: 2 MB |  |  |  |" in told
    assert "| an oracle | not measured | it is not here |" in told
    assert "| a bench | broke | ValueError: it broke |" in told
    assert "Of 2 figures with a floor, 1 reach it." in told
    assert "- a loop: 1.2, floor at most 1.15" in told
    assert "a processor; Python 3.11.7" in told


def test_a_subject_measured_anew_leaves_the_others_as_they_were(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "MEASURED", tmp_path / "measured.json")
    monkeypatch.setattr(page, "PAGE", tmp_path / "performance.md")
    first = page.subject(ROWS[:1], MACHINE, date(2026, 11, 20), 1.0)
    page.write({**page.read(), "live": first})
    page.write({**page.read(), "node": page.subject(ROWS[1:2], MACHINE, date(2026, 11, 21), 1.0)})
    assert page.read()["live"] == first
    assert list(page.read()) == ["node", "live"]
    assert page.PAGE.read_text("utf-8") == page.as_page(page.read())
