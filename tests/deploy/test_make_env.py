"""`make env` makes every secret once, for its owner only, and never a second time."""

import re
import ssl
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deploy import make_env
from deploy.make_env import CannotMake
from hub.devices import pki
from tests.deploy.conftest import HOST, ROOT, handshake

HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?")


def test_secrets_are_for_their_owner_only(made: Path):
    never = made / make_env.NEVER_BACKED_UP
    for path in (made / ".env", *(made / "secrets").rglob("*"), never, *never.rglob("*")):
        mode = path.stat().st_mode & 0o777
        assert mode in ((0o700,) if path.is_dir() else (0o600, 0o644)), path
        assert mode != 0o644 or path.name in ("server.crt", "ca.crt")


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


@given(st.text(max_size=80))
def test_any_text_is_a_host_name_or_is_refused_before_anything_is_written(text: str):
    assume(not HOST_NAME.fullmatch(text))
    with TemporaryDirectory() as folder:
        with pytest.raises(CannotMake, match="no host name"):
            make_env.make(Path(folder), text)
        assert list(Path(folder).iterdir()) == []


@given(st.from_regex(HOST_NAME, fullmatch=True))
def test_a_host_name_stays_on_its_line(host: str):
    lines = make_env._env(host, 1, 2, "word").splitlines()
    assert lines[0] == f"CHEONGSA_HOST={host}"
    assert [line.partition("=")[0] for line in lines if not line.startswith("#")] == [
        "CHEONGSA_HOST", "CHEONGSA_UID", "CHEONGSA_GID", "CHEONGSA_READER_PASSWORD",
    ]  # fmt: skip


@pytest.mark.parametrize("host", [HOST, "10.20.30.40"])
def test_a_node_believes_the_certificate_by_the_file_that_is_put_on_its_card(
    tmp_path: Path, host: str
):
    """Also by the rules of Python 3.13, which Raspberry Pi OS Trixie has."""
    make_env.make(tmp_path, host)
    certs = tmp_path / "secrets" / "certs"
    strict = ssl.create_default_context(cafile=str(certs / "ca.crt"))
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    shown = certs / "server.crt", certs / "server.key"
    assert handshake(*shown, strict, host) is None
    assert handshake(*shown, strict, "other.test") is not None
    assert pki.fingerprint((certs / "ca.crt").read_text())


def test_the_longest_host_name_gets_a_certificate(tmp_path: Path):
    make_env.make(tmp_path, "a" * 64)
    assert (tmp_path / "secrets/certs/server.crt").stat().st_size > 0
    with pytest.raises(CannotMake, match="no host name"):
        make_env.make(tmp_path, "a" * 65)
