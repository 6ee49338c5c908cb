"""`make env` makes every secret once, for its owner only, and never a second time."""

import subprocess
import sys
from pathlib import Path

import pytest

from deploy import make_env
from deploy.make_env import CannotMake
from tests.deploy.conftest import HOST, ROOT


def test_secrets_are_for_their_owner_only(made: Path):
    for path in (made / ".env", *(made / "secrets").rglob("*")):
        mode = path.stat().st_mode & 0o777
        assert mode in ((0o700,) if path.is_dir() else (0o600, 0o644)), path
        assert mode != 0o644 or path.name == "server.crt"


def test_no_two_installations_have_a_password_in_common(made: Path, tmp_path: Path):
    make_env.make(tmp_path, HOST)
    for file in (made / "secrets").glob("*_password"):
        assert len(file.read_text()) >= 32
        assert file.read_text() != (tmp_path / "secrets" / file.name).read_text()


def test_nothing_is_overwritten(made: Path):
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    with pytest.raises(CannotMake, match="nothing is overwritten"):
        make_env.make(made, HOST)
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("host", ["", "two words", "-x", "a/b", "$(reboot)", "시청", "a\nb"])
def test_a_name_that_is_none_is_refused_in_words(tmp_path: Path, host: str):
    command = [
        sys.executable,
        str(ROOT / "deploy/make_env.py"),
        "--into",
        str(tmp_path),
        "--",
        host,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "HOST=" in done.stderr
    assert list(tmp_path.iterdir()) == []
