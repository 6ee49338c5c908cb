"""The office's keys in a token: made there by the command, used from there, copied nowhere."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from hub.tripproof import office
from tests.hub.tripproof.test_pkcs11 import module

__all__ = ["module"]
WORK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from hub.tripproof import key_copy, office, provider, seal
from hub.tripproof.checkpoint import Checkpoint
now, folder = datetime.now(UTC), Path(sys.argv[1])
first = office.load(folder, now)
for again in (first, office.load(folder, now)):
    note = Checkpoint(again.origin, 1, bytes(32), 7).signed(again.signer)
    note.verify(first.signer.public)
box = seal.seal(first.opener.public, b"upload", seal.For.HUB)
assert seal.opened(box, first.opener, seal.For.HUB) == b"upload"
after = office.rotate(folder, now)
assert {key.key.kid for key in first.keys} < {key.key.kid for key in after.keys}
assert [one.name for one in office.files(folder)] == ["trip.json"]
print("well")
"""


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "HUB_DATABASE_DSN": "postgresql:///none", "HUB_TRIP_DIR": str(folder)}
    command = [sys.executable, *words]
    return subprocess.run(
        command, env={**env, "PYTHONPATH": "."}, check=False, capture_output=True, text=True
    )


@pytest.fixture
def keys(module: str, tmp_path: Path) -> list[str]:
    """The command's words, for a token that is there."""
    (tmp_path / "pin").write_text("1234\n")
    where = ["--module", module, "--token", "office", "--pin-file", str(tmp_path / "pin")]
    named = ["--office", "5670000", "--origin", "trip.cityhall.example"]
    return ["-m", "hub", "trip", "keys", *named, *where]


def test_the_hub_signs_and_opens_with_keys_that_never_leave_the_token(
    keys: list[str], tmp_path: Path
):
    folder = tmp_path / "trip"
    made = run(keys, folder)
    assert made.returncode == 0, made.stderr
    assert "Keep a copy of trip.json where" in made.stdout
    assert [file.name for file in folder.iterdir()] == [office.CARD]
    assert not re.search(r"\b1234\b", (folder / office.CARD).read_text())  # a time may hold it
    done = run(["-c", textwrap.dedent(WORK), str(folder)], folder)
    assert done.stdout == "well\n", done.stderr


def test_a_token_that_is_not_there_is_said_in_a_sentence(keys: list[str], tmp_path: Path):
    (tmp_path / "pin").write_text("4321\n")
    wrong = run(keys, tmp_path / "trip")
    assert (wrong.returncode, "PinIncorrect" in wrong.stderr) == (2, True), wrong.stderr
    assert not (tmp_path / "trip" / office.CARD).exists()
    (tmp_path / "pin").write_text("1234\n")
    none = run(["nobody" if word == "office" else word for word in keys], tmp_path / "trip")
    assert (none.returncode, "nobody" in none.stderr) == (2, True), none.stderr


def test_half_a_token_is_refused(tmp_path: Path):
    words = ["-m", "hub", "trip", "keys", "--office", "1", "--origin", "a.b", "--token", "x"]
    done = run(words, tmp_path / "trip")
    assert (done.returncode, "belong together" in done.stderr) == (2, True), done.stderr
