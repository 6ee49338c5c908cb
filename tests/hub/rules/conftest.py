"""Where the texts of the law are, for tests that hold the rules against them."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def law_dir() -> Path:
    """The folder of law texts; the test says so where it is not there."""
    path = os.environ.get("CHEONGSA_LAW")
    if not path or not Path(path).is_dir():
        pytest.skip("CHEONGSA_LAW is not set: the texts of the law are not here")
    return Path(path)
