"""What the phone's code signs and seals, the hub reads; what the hub's signs, the phone reads."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.tripproof import ask, codes, keys, seal, statement, words
from hub.tripproof.ask import Purpose
from hub.tripproof.keys import PublicKey
from hub.tripproof.statement import Fix, Search, Statement
from hub.tripproof.upload import Upload
from tests.hub.tripproof import strategies
from tests.hub.tripproof.world import AUDITOR, DEVICE, HUB_OPENS, said

PROGRAM = Path(__file__).with_name("trip_phone.ts")
WEB = Path("dashboards/web/src/lib/trip")
PURPOSES = {
    "challenges": Purpose.CHALLENGES,
    "ownProofs": Purpose.OWN_PROOFS,
    "standing": Purpose.STANDING,
}
NAMES = {
    "signed_at": "signedAt", "lat_e7": "latE7", "lon_e7": "lonE7", "accuracy_m": "accuracyM",
    "spread_m": "spreadM", "took_s": "tookS", "first_accuracy_m": "firstAccuracyM",
}  # fmt: skip


@dataclass
class Node:
    """The phone's codecs in node, asked line by line."""

    process: subprocess.Popen[str]

    def __call__(self, what: str, **told: Any) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"what": what, **told}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    program = Path(sys.executable).with_name("node")  # the pinned one, whatever PATH has
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([str(program), str(PROGRAM)], **pipes) as process:
        yield Node(process)
        assert process.stdin
        process.stdin.close()


def as_json(one: Any) -> Any:
    """A statement as the phone's code names its parts."""
    if isinstance(one, (Statement, Fix, Search)):
        told = {name: getattr(one, name) for name in type(one).__annotations__}
        return {NAMES.get(name, name): as_json(value) for name, value in told.items()}
    return one.hex() if isinstance(one, bytes) else one


def present(told: dict[str, Any]) -> dict[str, Any]:
    """JSON has no `undefined`: what is not there is left out, but for the fix."""
    return {name: value for name, value in told.items() if value is not None or name == "fix"}


@given(strategies.statements, st.none() | st.binary(min_size=1, max_size=300))
@settings(max_examples=25, deadline=None)
def test_what_the_phone_signs_and_seals_is_read_by_hub_and_auditor(
    node: Node, one: Statement, before: bytes | None
):
    key = PublicKey.uncompressed_point(bytes.fromhex(node("key")))
    made = node(
        "sign",
        said=as_json(one),
        auditor=AUDITOR.seal.public.uncompressed.hex(),
        hub=HUB_OPENS.public.uncompressed.hex(),
        before=before.hex() if before else None,
    )
    brought = Upload.decoded(bytes.fromhex(made["upload"]))
    assert statement.verified(brought.statement, key) == one
    assert brought.before == before
    assert codes.read(made["code"]) == (codes.Code.SEALED, brought.sealed)
    assert seal.opened(brought.sealed, AUDITOR.seal, seal.For.AUDITOR) == brought.statement
    _, carried = codes.read(made["carried"])
    assert seal.opened(carried, HUB_OPENS, seal.For.HUB) == brought.encoded


@given(strategies.statements)
@settings(max_examples=25, deadline=None)
def test_what_the_hub_s_code_signs_is_read_by_the_phone_s(node: Node, one: Statement):
    signed = one.sign(DEVICE).hex()
    read = node("read", signed=signed, key=DEVICE.public.uncompressed.hex())
    assert read == present(as_json(one))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_question_of_the_phone_is_understood(node: Node, purpose: str):
    key = PublicKey.uncompressed_point(bytes.fromhex(node("key")))
    asked = bytes.fromhex(node("ask", purpose=purpose, at=1_795_240_800, have=3))
    read = ask.verified(asked, key)
    assert (read.purpose, read.asked_at, read.have) == (PURPOSES[purpose], 1_795_240_800, 3)


def test_the_key_of_a_phone_cannot_be_taken_out(node: Node):
    assert node("extractable") is False


def test_both_print_the_same_fingerprint_of_the_auditor(node: Node):
    points = (AUDITOR.seal.public, AUDITOR.sign.public)
    told = dict(zip(("seal", "sign"), (one.uncompressed.hex() for one in points), strict=True))
    shown = node("fingerprint", quarter=AUDITOR.quarter, **told)
    assert shown == keys.in_groups(AUDITOR.fingerprint)


def test_a_usual_proof_of_the_phone_fits_its_code(node: Node):
    made = node(
        "sign",
        said=as_json(said()),
        auditor=AUDITOR.seal.public.uncompressed.hex(),
        hub=HUB_OPENS.public.uncompressed.hex(),
        before=None,
    )
    assert len(Upload.decoded(bytes.fromhex(made["upload"])).sealed) <= 330


def test_the_phone_says_of_a_verdict_what_the_hub_says():
    told = (WEB / "reasons.ts").read_text("utf-8")
    table = re.findall(r"^\t\t(\d+): '(.*)',?$", told, re.MULTILINE)
    spoken = [(int(number), text.replace("\\'", "'")) for number, text in table]
    tables: list[dict[Any, words.Said]] = [words.REASONS, words.GRADES, words.KINDS]
    expected = [
        (int(number), said[lang])
        for lang in (0, 1)
        for words_of in tables
        for number, said in words_of.items()
    ]
    assert spoken == expected
