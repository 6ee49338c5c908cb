"""A key that stays in a module does what a software key does. Real SoftHSM 2."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
)
WORK = """
import sys
from hub.tripproof import pkcs11, seal, statement
from hub.tripproof.errors import CannotOpen, UnknownKey
from tests.hub.tripproof.world import said
with pkcs11.session(sys.argv[1], "office", "1234") as session:
    signs = pkcs11.make(session, "signs", opens=False)
    assert statement.verified(said().sign(signs), signs.public) == said()
    opens = pkcs11.make(session, "opens", opens=True)
    box = seal.seal(opens.public, b"where", seal.For.HUB)
    assert seal.opened(box, opens, seal.For.HUB) == b"where"
    again = pkcs11.Pkcs11Key(session, "signs")
    assert again.public == signs.public
    cut = seal.read(box, seal.For.HUB).box[:-1]
    for wrong in (b"", b"short", b"\\x04" + bytes(90), box[-90:], cut):
        try:
            opens.open(wrong, b"")
        except CannotOpen:
            continue
        raise SystemExit("it opened")
    try:
        pkcs11.Pkcs11Key(session, "none")
    except UnknownKey:
        print("well")
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A fresh token in a module of its own."""
    found = next((path for path in MODULES if Path(path).exists()), None)
    if found is None or not shutil.which("softhsm2-util"):
        pytest.skip("SoftHSM is not installed: apt-get install softhsm2")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "conf"))
    told = ["--init-token", "--free", "--label", "office", "--so-pin", "12345678", "--pin", "1234"]
    subprocess.run(["softhsm2-util", *told], check=True, capture_output=True)
    return found


def test_a_key_in_a_module_signs_and_opens_like_any_other(module: str, monkeypatch):
    # a process of its own: the module reads its settings once, when it is loaded
    told = [sys.executable, "-c", textwrap.dedent(WORK), module]
    monkeypatch.setenv("PYTHONPATH", ".")
    done = subprocess.run(told, check=False, capture_output=True, text=True, env=os.environ)
    assert done.stdout == "well\n", done.stderr


@pytest.mark.parametrize("head", [b"", b"\x04\x41"], ids=["bare", "in an OCTET STRING"])
def test_a_point_is_found_however_a_module_gives_it(head: bytes):
    pkcs11 = pytest.importorskip("hub.tripproof.pkcs11")
    point = b"\x04\x41" + bytes(63)  # it begins as an OCTET STRING would
    assert pkcs11.bare(head + point) == point
