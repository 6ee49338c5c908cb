"""What the threat model calls a proof is a test that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROOFS = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs/threat-model.md").read_text())


def test_the_threat_model_names_proofs():
    assert len(PROOFS) > 30


@pytest.mark.parametrize(("file", "name"), PROOFS, ids=[name for _, name in PROOFS])
def test_each_proof_is_a_test(file: str, name: str):
    assert re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text(), re.M)
