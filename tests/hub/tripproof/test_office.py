"""The hub's keys in their folder: made once, rotated beside the old, never read by others."""

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.tripproof import office
from hub.tripproof.errors import MalformedProof
from hub.tripproof.keys import KeySet, Use, keyset
from hub.tripproof.refusals import TripNotReady

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path):
    made = office.make(tmp_path / "trip", "5670000", "trip.cityhall.example", NOW)
    again = office.load(tmp_path / "trip", NOW)
    assert (again.code, again.signer.public) == ("5670000", made.signer.public)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "trip").glob("*.pem")}
    assert modes == {0o600}
    with pytest.raises(office.KeysThere):
        office.make(tmp_path / "trip", "5670000", "trip.cityhall.example", NOW)


def test_after_a_rotation_the_new_key_signs_and_the_old_one_is_still_known(tmp_path: Path):
    before = office.make(tmp_path, "5670000", "trip.cityhall.example", NOW)
    after = office.rotate(tmp_path, NOW + timedelta(days=300))
    known = keyset(after.keys)
    assert after.signer.public != before.signer.public
    assert {before.signer.public, after.signer.public} == set(known.of(Use.HUB_SIGNS))
    assert KeySet.decoded(known.encoded) == known


@pytest.mark.parametrize("damage", ["missing", "no json", "no key"])
def test_a_folder_that_cannot_be_read_says_what_to_do(tmp_path: Path, damage: str):
    if damage != "missing":
        office.make(tmp_path, "5670000", "trip.cityhall.example", NOW)
    if damage == "no json":
        (tmp_path / office.CARD).write_text("{")
    if damage == "no key":
        for file in tmp_path.glob("*.pem"):
            file.write_text("-----")
    with pytest.raises(TripNotReady, match="trip keys"):
        office.load(tmp_path, NOW)


@pytest.mark.parametrize(("code", "origin"), [("", "trip.example"), ("1", "Trip Example")])
def test_an_office_or_log_without_a_proper_name_is_refused(tmp_path: Path, code: str, origin: str):
    with pytest.raises(MalformedProof):
        office.make(tmp_path, code, origin, NOW)
    assert not list(tmp_path.glob("*.pem"))


def test_a_quarter_is_that_of_korea():
    assert office.quarter_at(datetime(2026, 9, 30, 14, 59, tzinfo=UTC)) == 20263
    assert office.quarter_at(datetime(2026, 9, 30, 15, 0, tzinfo=UTC)) == 20264


def test_the_command_makes_keys_and_does_not_make_them_twice(tmp_path: Path):
    env = {**os.environ, "HUB_DATABASE_DSN": "postgresql:///none", "HUB_TRIP_DIR": str(tmp_path)}
    words = ["trip", "keys", "--office", "5670000", "--origin", "trip.cityhall.example"]
    act = [sys.executable, "-m", "hub", *words]
    first = subprocess.run(act, env=env, check=False, capture_output=True, text=True)
    assert (first.returncode, "signs with" in first.stdout) == (0, True), first.stderr
    assert subprocess.run(act, env=env, check=False, capture_output=True).returncode == 2
