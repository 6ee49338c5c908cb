"""Not one bit of what was signed, sealed or logged can be turned without it showing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from hub.tripproof import (
    challenge,
    checkpoint,
    codes,
    leaf,
    pointer,
    receipt,
    record,
    seal,
    statement,
    tree,
    verdict,
)
from hub.tripproof.bundle import ProofBundle
from hub.tripproof.errors import TripProofError
from hub.tripproof.verify import proof
from hub.tripproof.verify.held import Held
from hub.tripproof.words import Answer
from tests.hub.tripproof.world import (
    AUDITOR,
    DEVICE,
    HUB,
    NOW,
    OFFICE_2,
    keys,
    log_of,
    said,
)


def flipped(told: bytes) -> Iterator[bytes]:
    """The bytes with each single bit turned."""
    for at in range(len(told) * 8):
        changed = bytearray(told)
        changed[at // 8] ^= 1 << at % 8
        yield bytes(changed)


@cache
def log():
    return log_of(6)


def in_log(told: bytes) -> None:
    """A receipt for exactly this leaf, or these bytes are no receipt."""
    receipt.read(log().receipt(3)).root(told, HUB.public)


def logged(told: bytes) -> None:
    receipt.read(told).root(log().entries[3].leaf, HUB.public)


def opened(told: bytes) -> None:
    seal.opened(told, AUDITOR.seal, seal.For.AUDITOR)


OBJECTS: dict[str, tuple[Callable[[], bytes], Callable[[bytes], object]]] = {
    "S": (lambda: said().sign(DEVICE), lambda told: statement.verified(told, DEVICE.public)),
    "S with everything": (
        lambda: said(photo=bytes(32), note="현장 점검", search=None).sign(DEVICE),
        lambda told: statement.verified(told, DEVICE.public),
    ),
    "X": (lambda: log().entries[3].sealed or b"", opened),
    "leaf": (lambda: log().entries[3].leaf, in_log),
    "receipt": (lambda: log().receipt(3), logged),
    "verdict": (
        lambda: log().entries[3].body or b"",
        lambda told: verdict.verified(told, HUB.public),
    ),
    "record": (
        lambda: log().entries[0].body or b"",
        lambda told: record.verified(told, HUB.public),
    ),
    "TP2": (
        lambda: pointer.Pointer("2026-1", 3, verdict.Grade.B, bytes(16), NOW).sign(HUB),
        lambda told: pointer.verified(told, HUB.public),
    ),
    "challenges": (
        lambda: challenge.Challenges(DEVICE.public.kid, NOW, NOW + 9, (bytes(16),)).sign(HUB),
        lambda told: challenge.verified(told, HUB.public),
    ),
}


@pytest.mark.parametrize(("make", "check"), OBJECTS.values(), ids=OBJECTS)
def test_every_single_turned_bit_is_refused(make, check):
    told = make()
    check(told)
    accepted = [number for number, one in enumerate(flipped(told)) if _passes(check, one)]
    assert not accepted, f"{len(accepted)} of {len(told) * 8} turned bits pass: {accepted}"


def test_every_turned_bit_of_a_checkpoint_is_refused():
    note = log().checkpoint().note
    assert not [one for one in flipped(note.encode()) if _passes(_checkpoint, one)]


def test_every_turned_bit_of_a_cosignature_is_refused():
    note = log().checkpoint().signed(OFFICE_2, "gamsa.example").note
    log_s, cosigner_s = note.encode().rsplit("—".encode(), 1)
    turned = (log_s + "—".encode() + one for one in flipped(cosigner_s))
    assert not [one for one in turned if _passes(_cosigned, one)]


def test_every_turned_bit_of_a_consistency_proof_is_refused():
    nodes = log().nodes
    roots = tree.root(3, nodes), tree.root(7, nodes)

    def check(told: bytes) -> None:
        old, new, path = tree.decode_consistency(told)
        if (old, new) != (3, 7):
            raise TripProofError("Of other sizes.")
        tree.check_consistency(old, roots[0], new, roots[1], path)

    told = tree.encode_consistency(3, 7, tree.consistency(3, 7, nodes))
    check(told)
    assert not [one for one in flipped(told) if _passes(check, one)]


def test_a_code_with_a_wrong_letter_is_no_proof():
    text = codes.text(codes.Code.SEALED, log().entries[3].sealed or b"")
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    for at in range(4, len(text)):
        other = letters[(letters.index(text[at]) + 1) % len(letters)]
        assert not _passes(_scanned, (text[:at] + other + text[at + 1 :]).encode())


def test_a_bundle_with_a_turned_bit_is_never_genuine():
    """A bit of each byte: what is in it has each of its bits turned above."""
    whole = log().bundle(3, held=2)
    bundle = whole.encoded
    held = Held(keys(), (log().checkpoint(2),), AUDITOR)
    assert proof.verify(bundle, held).answer is Answer.GENUINE
    for number, told in enumerate(flipped(bundle)):
        if number % 8 == number // 8 % 8 and not _only_the_keys_differ(told, whole):
            assert proof.verify(told, held).answer is not Answer.GENUINE, number


def test_the_twin_of_a_signature_is_another_leaf():
    """ECDSA has two signatures for one: a proof is known by its id, a leaf by its bytes."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    signed = said().sign(DEVICE)
    s = int.from_bytes(signed[-32:])
    twin = signed[:-32] + (order - s).to_bytes(32)
    assert statement.verified(twin, DEVICE.public).cti == said().cti
    assert leaf.sha(twin) != leaf.sha(signed)


def _only_the_keys_differ(told: bytes, whole: ProofBundle) -> bool:
    """The keys in a bundle are for a reader who holds none: for another they are a hint."""
    try:
        return replace(ProofBundle.decoded(told), keys=whole.keys) == whole
    except TripProofError:
        return False


def _scanned(told: bytes) -> None:
    code, sealed = codes.read(told.decode())
    assert code is codes.Code.SEALED
    opened(sealed)


def _checkpoint(told: bytes) -> None:
    checkpoint.read(_text(told)).verify(HUB.public)


def _cosigned(told: bytes) -> None:
    checkpoint.read(_text(told)).verify(OFFICE_2.public, "gamsa.example")


def _text(told: bytes) -> str:
    try:
        return told.decode()
    except UnicodeDecodeError as error:
        raise TripProofError("Not UTF-8.") from error


def _passes(check: Callable[[bytes], object], told: bytes) -> bool:
    try:
        check(told)
    except TripProofError:
        return False
    return True
