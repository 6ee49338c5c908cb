"""What a broker reads is whole, fits together, and is written only where it would differ."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from hub.devices import broker_files, pki

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
ROOT = pki.new_authority("Test CA", NOW)
OTHER = pki.new_authority("Test CA", NOW)
HOST = "broker.city.test"
NAMES = ("ca.pem", "broker.pem", "broker.key", "revoked.pem")


def keep(folder: Path, now: datetime = NOW, *revoked: str, host: str = HOST) -> None:
    broker_files.keep(folder, ROOT, host, [(serial, NOW) for serial in revoked], now)


def read(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def fits(folder: Path, host: str = HOST) -> bool:
    told = pki.read_certificate((folder / "broker.pem").read_text())
    key = load_pem_private_key((folder / "broker.key").read_bytes(), None)
    is_own = key.public_key() == told.public_key()
    return is_own and pki.is_server(told, ROOT, [host])


def test_all_of_it_is_there_after_the_first_time_and_the_key_is_its_owners(tmp_path: Path):
    keep(tmp_path, NOW, "ab12")
    assert {*read(tmp_path)} == {*NAMES}
    assert (tmp_path / "broker.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "ca.pem").read_text() == ROOT.pem
    listed = x509.load_pem_x509_crl((tmp_path / "revoked.pem").read_bytes())
    assert [entry.serial_number for entry in listed] == [0xAB12]
    assert fits(tmp_path)


def test_nothing_is_written_that_would_say_the_same(tmp_path: Path):
    keep(tmp_path, NOW, "ab12")
    before = read(tmp_path)
    keep(tmp_path, NOW + timedelta(days=300), "ab12")
    assert read(tmp_path) == before


def test_a_revocation_changes_the_list_alone(tmp_path: Path):
    keep(tmp_path)
    before = read(tmp_path)
    keep(tmp_path, NOW, "ab12")
    after = read(tmp_path)
    assert {name for name in NAMES if before[name] != after[name]} == {"revoked.pem"}


@pytest.mark.parametrize(
    ("days", "host"), [(340, HOST), (0, "10.0.0.5"), (0, "other.test")], ids=["old", "ip", "name"]
)
def test_the_certificate_is_made_anew_before_it_ends_and_for_another_host(
    tmp_path: Path, days: int, host: str
):
    keep(tmp_path)
    before = read(tmp_path)
    keep(tmp_path, NOW + timedelta(days=days), host=host)
    after = read(tmp_path)
    changed = {name for name in NAMES if before[name] != after[name]}
    assert changed == {"broker.pem", "broker.key"}
    assert fits(tmp_path, host)


def test_what_another_ca_signed_is_replaced(tmp_path: Path):
    broker_files.keep(tmp_path, OTHER, HOST, [], NOW)
    before = read(tmp_path)
    keep(tmp_path)
    assert {name for name in NAMES if before[name] != read(tmp_path)[name]} == {*NAMES}
    assert fits(tmp_path)


@given(st.sampled_from(NAMES), st.binary(max_size=200))
def test_whatever_lies_there_in_the_place_of_a_file_is_mended(name: str, junk: bytes):
    with TemporaryDirectory() as kept:
        folder = Path(kept)
        keep(folder, NOW, "ab12")
        (folder / name).write_bytes(junk)
        keep(folder, NOW, "ab12")
        assert fits(folder)
        assert (folder / "ca.pem").read_text() == ROOT.pem
        assert pki.lists_the_same(
            (folder / "revoked.pem").read_text(), pki.revocation_list(ROOT, [("ab12", NOW)], 1, NOW)
        )
