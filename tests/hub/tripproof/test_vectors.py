"""Every vector is read as it says: the good ones, and each bad one refused for its defect."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hub.tripproof import (
    ask,
    auditor_key,
    challenge,
    checkpoint,
    codes,
    errors,
    handover,
    leaf,
    pointer,
    receipt,
    record,
    seal,
    statement,
    tree,
    verdict,
)
from hub.tripproof.keys import KeySet, PublicKey
from hub.tripproof.provider import SoftwareKey
from hub.tripproof.upload import Upload
from hub.tripproof.verify import log, proof
from hub.tripproof.verify.held import Held
from tests.vectors.tripproof import make

FOLDER = Path(make.__file__).parent
Case = dict[str, Any]


def told(case: Case) -> bytes:
    return bytes.fromhex(case["hex"])


def key(case: Case) -> PublicKey:
    return PublicKey.decoded(bytes.fromhex(case["key"]))


def opener(case: Case) -> SoftwareKey:
    return SoftwareKey.of(ec.derive_private_key(int(case["secret"], 16), ec.SECP256R1()))


def held(case: Case) -> Held:
    notes = (checkpoint.read(case["checkpoint"]),) if "checkpoint" in case else ()
    return Held(KeySet.decoded(bytes.fromhex(case["keys"])), notes)


def read_checkpoint(case: Case) -> None:
    checkpoint.read(case["text"]).verify(key(case))


def read_consistency(case: Case) -> None:
    old, new, path = tree.decode_consistency(told(case))
    roots = bytes.fromhex(case["old_root"]), bytes.fromhex(case["new_root"])
    tree.check_consistency(old, roots[0], new, roots[1], path)


READ: dict[str, Callable[[Case], object]] = {
    "statement": lambda case: statement.verified(told(case), key(case)),
    "sealed": lambda case: seal.opened(told(case), opener(case), seal.For.AUDITOR),
    "carried": lambda case: seal.opened(told(case), opener(case), seal.For.HUB),
    "upload": lambda case: Upload.decoded(told(case)),
    "verdict": lambda case: verdict.verified(told(case), key(case)),
    "record": lambda case: record.verified(told(case), key(case)),
    "leaf": lambda case: leaf.decoded(told(case)),
    "receipt": lambda case: receipt.read(told(case)).root(bytes.fromhex(case["leaf"]), key(case)),
    "checkpoint": read_checkpoint,
    "consistency": read_consistency,
    "pointer": lambda case: pointer.verified(told(case), key(case)),
    "challenges": lambda case: challenge.verified(told(case), key(case)),
    "ask": lambda case: ask.verified(told(case), key(case)),
    "handover": lambda case: handover.verified(told(case), key(case)),
    "keys": lambda case: KeySet.decoded(told(case)),
    "code": lambda case: codes.read(case["text"]),
    "key file": lambda case: auditor_key.unlocked(case["text"], case["passphrase"]),
    "bundle": lambda case: proof.verify(told(case), held(case)).answer.value,
    "export": lambda case: log.verify(io.BytesIO(told(case)), held(case)).answer.value,
}


def vectors(folder: str) -> list[Any]:
    found = sorted((FOLDER / folder).glob("*.json"))
    return [pytest.param(json.loads(one.read_text("utf-8")), id=one.stem) for one in found]


@pytest.mark.parametrize("case", vectors("good"))
def test_a_good_one_is_read_and_says_what_it_should(case):
    _compare(READ[case["what"]](case), case.get("gives"))


@pytest.mark.parametrize("case", vectors("bad"))
def test_a_bad_one_is_refused_for_its_defect(case):
    if "gives" in case:  # a bundle is not refused but answered
        assert READ[case["what"]](case) == case["gives"] != "genuine"
        return
    with pytest.raises(errors.TripProofError) as raised:
        READ[case["what"]](case)
    assert type(raised.value).__name__ == case["error"]


def test_the_vectors_are_what_their_script_makes():
    made = dict(make.files())
    assert {file for folder in ("good", "bad") for file in (FOLDER / folder).glob("*")} == set(made)
    for file, text in made.items():
        assert file.read_text("utf-8") == text, file.name


def test_each_kind_of_object_has_good_vectors_and_nearly_each_has_bad_ones():
    kinds = {
        folder: {param.values[0]["what"] for param in vectors(folder)} for folder in ("good", "bad")
    }
    assert kinds["good"] == set(READ)
    without = {"carried", "upload", "record", "challenges", "ask", "handover"}
    assert kinds["bad"] == set(READ) - without


def _compare(read: Any, gives: Any) -> None:
    if isinstance(gives, dict):
        for name, value in gives.items():
            found = getattr(read, name)
            assert (found.hex() if isinstance(found, bytes) else found) == value
    elif gives is not None:
        assert (read.hex() if isinstance(read, bytes) else read) == gives
