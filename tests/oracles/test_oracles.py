"""Implementations that nobody here wrote agree with ours, both ways; so do public vectors.

They stand in an environment of their own (`make oracles`): cwt needs a cbor2 below 6. What they
are: cwt (COSE_Sign1), pyhpke (HPKE), scitt-cose (RFC 9942 receipts, RFC 9162 trees), and the
vectors that `cryptography` is tested with (RFC 9180's HPKE, NIST's ECDSA).
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.tripproof import cbor, hpke, pointer, provider, seal, sign1, tree
from hub.tripproof.errors import BadSignature
from hub.tripproof.keys import PublicKey
from hub.tripproof.provider import SoftwareKey
from hub.tripproof.verdict import Grade
from tests.hub.tripproof.world import AUDITOR, DEVICE, HUB, NOW, ORIGIN, SteadyKey, log_of, said

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-oracles/bin/python"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Put one question to the other side."""
    if not PYTHON.is_file():
        pytest.skip("what the trip proof is held against is not installed: make oracles")

    def asked(question: str, **told: object) -> dict[str, Any]:
        done = subprocess.run(
            [str(PYTHON), str(Path(__file__).parent / "theirs.py")],
            input=json.dumps({"ask": question, **told}),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return asked


def secret(key: SoftwareKey) -> dict[str, str]:
    """A test key as the other side takes it."""
    return {
        "secret": f"{key.private.private_numbers().private_value:x}",
        "kid": key.public.kid.hex(),
    }


SIGNED: dict[str, tuple[bytes, SteadyKey, str]] = {
    "statement": (said().sign(DEVICE), DEVICE, ""),
    "statement in Korean": (said(trip="출장-2026-7", note="현장 점검").sign(DEVICE), DEVICE, ""),
    "verdict": (log_of(1).entries[1].body or b"", HUB, "verdict"),
    "record": (log_of(1).entries[0].body or b"", HUB, "record"),
    "TP2": (pointer.Pointer("2026-1", 2, Grade.B, bytes(16), NOW).sign(HUB), HUB, "tp2"),
}


@pytest.mark.parametrize(("signed", "key", "typ"), SIGNED.values(), ids=SIGNED)
def test_cwt_verifies_what_we_sign(ask, signed, key, typ):
    theirs = ask("verified", signed=signed.hex(), **secret(key))
    assert theirs["payload"] == sign1.read(signed, typ).payload.hex()
    assert theirs["labels"] == ([1, 4, 16] if typ else [1, 4])


@pytest.mark.parametrize(("signed", "key", "typ"), SIGNED.values(), ids=SIGNED)
def test_we_verify_what_cwt_signs(ask, signed, key, typ):
    payload = sign1.read(signed, typ).payload
    header = {"1": -7, "4": f"hex {key.public.kid.hex()}", **({"16": typ} if typ else {})}
    theirs = ask("signed", payload=payload.hex(), header=header, **secret(key))
    assert sign1.read(bytes.fromhex(theirs["signed"]), typ).verify(key.public) == payload


def test_cwt_refuses_what_was_changed(ask):
    changed = bytearray(SIGNED["statement"][0])
    changed[-70] ^= 1
    with pytest.raises(AssertionError, match="VerifyError"):
        ask("verified", signed=changed.hex(), **secret(DEVICE))


def test_pyhpke_opens_what_we_seal(ask):
    signed = said().sign(DEVICE)
    sealed = seal.read(seal.seal(AUDITOR.seal.public, signed, seal.For.AUDITOR), seal.For.AUDITOR)
    info = cbor.encode(["cheongsa/tripproof/v1/seal", 1, AUDITOR.seal.public.kid])
    theirs = ask("opened", box=sealed.box.hex(), info=info.hex(), **secret(AUDITOR.seal))
    assert theirs["plaintext"] == signed.hex()


def test_we_open_what_pyhpke_seals(ask):
    signed, kid = said().sign(DEVICE), AUDITOR.seal.public.kid
    info = cbor.encode(["cheongsa/tripproof/v1/seal", 1, kid])
    theirs = ask("boxed", plaintext=signed.hex(), info=info.hex(), **secret(AUDITOR.seal))
    sealed = cbor.encode([1, kid, bytes.fromhex(theirs["box"])])
    assert seal.opened(sealed, AUDITOR.seal, seal.For.AUDITOR) == signed


@pytest.mark.parametrize("size", [1, 2, 7, 8, 21])
def test_scitt_cose_takes_our_receipts_and_leads_to_our_root(ask, size):
    log = log_of(size - 1)
    for index in {0, size // 2, size - 1}:
        leaf = log.entries[index].leaf.hex()
        theirs = ask("receipted", receipt=log.receipt(index).hex(), leaf=leaf, **secret(HUB))
        assert theirs == {
            "ok": True, "root": tree.root(size, log.nodes).hex(), "issuer": ORIGIN, "errors": [],
        }  # fmt: skip


def test_scitt_cose_refuses_a_receipt_for_another_leaf(ask):
    log = log_of(6)
    leaf = log.entries[2].leaf.hex()
    theirs = ask("receipted", receipt=log.receipt(3).hex(), leaf=leaf, **secret(HUB))
    assert theirs["ok"] is False


@pytest.mark.parametrize("size", [1, 2, 3, 6, 8, 13, 32, 33])
def test_scitt_cose_grows_the_same_trees(ask, size):
    leaves = [bytes([number]) * (number % 5) for number in range(size)]
    nodes = tree.Nodes()
    for one in leaves:
        nodes.append(tree.leaf_hash(one))
    theirs = ask("grown", leaves=[one.hex() for one in leaves])
    ours = {
        "root": tree.root(size, nodes).hex(),
        "inclusion": [_hex(tree.inclusion(index, size, nodes)) for index in range(size)],
        "consistency": [_hex(tree.consistency(old, size, nodes)) for old in range(1, size)],
    }
    assert theirs == ours


def test_hpke_is_that_of_the_rfcs_own_vectors(ask):
    told = json.loads(ask("vectors", file="HPKE/test-vectors.json")["text"])
    ours = [one for one in told if _suite(one) == (0, 0x0010, 0x0001, 0x0002)]
    assert ours
    for one in ours:
        named = {name: bytes.fromhex(one[name]) for name in ("skRm", "pkRm", "enc", "info")}
        private = ec.derive_private_key(int.from_bytes(named["skRm"]), ec.SECP256R1())
        point = PublicKey.uncompressed_point(named["enc"]).point
        shared_x = private.exchange(ec.ECDH(), point)
        key, nonce = hpke.key_and_nonce(shared_x, named["enc"], named["pkRm"], named["info"])
        assert (key.hex(), nonce.hex()) == (one["key"], one["base_nonce"])
        first = {name: bytes.fromhex(one["encryptions"][0][name]) for name in ("aad", "ct", "pt")}
        assert AESGCM(key).decrypt(nonce, first["ct"], first["aad"]) == first["pt"]


def test_our_own_inside_of_hpke_opens_what_cryptography_seals():
    """The one that a PKCS#11 key uses, against the one that a software key uses."""
    key = SoftwareKey.new()
    box = provider.seal(key.public, b"where", b"info")
    point = PublicKey.uncompressed_point(box[: hpke.POINT_BYTES]).point
    shared_x = key.private.exchange(ec.ECDH(), point)
    assert hpke.open_box(shared_x, key.public.uncompressed, box, b"info") == b"where"


def test_es256_is_that_of_nists_vectors(ask):
    told = ask("vectors", file="asymmetric/ECDSA/FIPS_186-3/SigVer.rsp")["text"]
    part = told.split("[P-256,SHA-256]")[1].split("[P-256,SHA-384]")[0]
    outcomes = [_verifies(case) == case["Result"].startswith("P") for case in _cases(part)]
    assert len(outcomes) == 15
    assert all(outcomes)


def test_es256_gives_the_signatures_of_rfc_6979():
    """A.2.5 of the RFC: the test keys' steady signatures are no invention of ours."""
    number = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    private = ec.derive_private_key(number, ec.SECP256R1())
    key = SteadyKey(private, PublicKey(private.public_key()))
    assert key.sign(b"sample").hex() == (
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
    )


def _suite(one: dict[str, Any]) -> tuple[int, ...]:
    return one["mode"], one["kem_id"], one["kdf_id"], one["aead_id"]


def _cases(part: str) -> Iterator[dict[str, str]]:
    for block in re.split(r"\n\s*\n", part.replace("\r", "")):
        case = dict(re.findall(r"^(\w+) = (.*)$", block, re.M))
        if case:
            yield case


def _verifies(case: dict[str, str]) -> bool:
    x, y, r, s = (bytes.fromhex(case[name].rjust(64, "0")) for name in ("Qx", "Qy", "R", "S"))
    key = PublicKey.uncompressed_point(b"\x04" + x + y)
    try:
        provider.verify(key, bytes.fromhex(case["Msg"]), r + s)
    except BadSignature:
        return False
    return True


def _hex(path: list[bytes]) -> list[str]:
    return [one.hex() for one in path]
