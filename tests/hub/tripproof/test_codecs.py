"""Every codec reads back what it wrote, and hostile bytes raise nothing but its own errors."""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import cbor2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jwk

from hub.tripproof import (
    ask,
    auditor_key,
    base45,
    cbor,
    challenge,
    checkpoint,
    codes,
    handover,
    leaf,
    pointer,
    receipt,
    record,
    seal,
    sign1,
    statement,
    tree,
    verdict,
    wrap,
)
from hub.tripproof import keys as keys_module
from hub.tripproof.bundle import Entry, Header, ProofBundle, export, read_export
from hub.tripproof.checkpoint import Checkpoint
from hub.tripproof.errors import BadSignature, CannotOpen, MalformedProof, TripProofError
from hub.tripproof.handover import Handover
from hub.tripproof.keys import KeySet, PublicKey
from hub.tripproof.leaf import LeafType
from hub.tripproof.record import Record
from hub.tripproof.statement import Fix
from hub.tripproof.upload import Upload
from tests.hub.tripproof import strategies as made
from tests.hub.tripproof.world import AUDITOR, DEVICE, HUB, HUB_OPENS, NOW, QUARTER, keys, log_of
from tests.hub.tripproof.world import said as stated

A_FIX = Fix(352_280_000, 1_286_812_000, 18, NOW)


@given(made.statements)
def test_a_statement_is_read_back_as_it_was_signed(one):
    assert statement.verified(one.sign(DEVICE), DEVICE.public) == one


@given(made.verdicts)
def test_a_verdict_is_read_back_as_it_was_signed(one):
    assert verdict.verified(one.sign(HUB), HUB.public) == one


@given(made.pointers)
def test_a_pointer_is_read_back_and_has_at_most_150_bytes(one):
    signed = one.sign(HUB)
    assert pointer.verified(signed, HUB.public) == one
    assert len(signed) <= 150


@given(made.asks)
def test_a_question_is_read_back_as_it_was_asked(one):
    assert ask.verified(one.sign(DEVICE), DEVICE.public) == one


@given(made.challenges)
def test_challenges_are_read_back_as_they_were_given(one):
    assert challenge.verified(one.sign(HUB), HUB.public) == one


@given(made.records)
def test_a_record_is_read_back_as_it_was_written(one):
    assert record.verified(one.sign(HUB), HUB.public) == one


@given(made.leaves())
def test_a_leaf_is_read_back_as_it_was_written(one):
    assert leaf.decoded(one.encoded) == one


@given(st.binary(max_size=600))
def test_base45_is_read_back_as_it_was_written(plain):
    assert base45.decode(base45.encode(plain)) == plain


@pytest.mark.parametrize(
    ("plain", "text"),
    [("AB", "BB8"), ("Hello!!", "%69 VD92EX0"), ("base-45", "UJCLQE7W581"), ("ietf!", "QED8WEX0")],
)
def test_base45_is_that_of_the_rfc(plain, text):
    assert base45.encode(plain.encode()) == text


@given(st.binary(min_size=1, max_size=600))
def test_what_is_sealed_is_opened_by_its_reader_alone(plaintext):
    box = seal.seal(HUB_OPENS.public, plaintext, seal.For.HUB)
    assert seal.opened(box, HUB_OPENS, seal.For.HUB) == plaintext
    with pytest.raises(CannotOpen):
        seal.opened(box, AUDITOR.seal, seal.For.HUB)
    with pytest.raises(MalformedProof):
        seal.opened(box, HUB_OPENS, seal.For.AUDITOR)


@given(st.binary(min_size=1), st.binary(min_size=1), st.none() | st.binary(min_size=1))
def test_an_upload_is_read_back_as_it_was_sent(signed, sealed, before):
    one = Upload(signed, sealed, before)
    assert Upload.decoded(one.encoded) == one


@given(st.integers(0, 2**53), made.octets(32), made.UINT)
def test_a_checkpoint_is_read_back_as_it_was_signed(size, root, at):
    one = Checkpoint("trip.example/5670000", size, root, at).signed(HUB).signed(DEVICE, "gamsa")
    read = checkpoint.read(one.note)
    assert read == one
    read.verify(HUB.public)
    read.verify(DEVICE.public, "gamsa")


def test_a_key_set_is_read_back_and_says_the_same_as_jwks():
    assert KeySet.decoded(keys().encoded) == keys()
    told: Any = keys().jwks
    theirs = jwk.KeySet.import_key_set(told)
    points = {str(one.as_dict()["x"]) for one in theirs.keys}
    assert points == {keys_module.base64url(named.key.xy[0]) for named in keys().keys}
    assert {one.thumbprint() for one in theirs.keys if one.alg == "ES256"}
    assert PublicKey.decoded(HUB.public.encoded) == HUB.public


def test_a_handover_is_read_back_and_leads_to_the_new_fingerprint():
    new = auditor_key.AuditorKey.new(20271)
    one = Handover(AUDITOR.fingerprint, 20271, new.seal.public, new.sign.public, NOW)
    read = handover.verified(one.sign(AUDITOR.sign), AUDITOR.sign.public)
    assert read == one
    assert read.new == new.fingerprint


def test_a_key_file_opens_with_its_passphrase_and_no_other():
    file = auditor_key.locked(AUDITOR, "군산시 감사관실 2026 겨울 열쇠", iterations=600_000)
    read = auditor_key.unlocked(file, "군산시 감사관실 2026 겨울 열쇠")
    assert read.fingerprint == AUDITOR.fingerprint
    assert auditor_key.announced(file) == (QUARTER, AUDITOR.seal.public, AUDITOR.sign.public)
    with pytest.raises(CannotOpen):
        auditor_key.unlocked(file, "another passphrase")
    with pytest.raises(MalformedProof):
        auditor_key.locked(AUDITOR, "too short")
    with pytest.raises(CannotOpen):
        auditor_key.unlocked(file.replace("600000", "600001"), "군산시 감사관실 2026 겨울 열쇠")


def test_what_is_wrapped_is_unwrapped_until_its_key_is_destroyed(tmp_path):
    folder = wrap.WrapKeys(tmp_path / "wraps")
    sealed = log_of(1).entries[1].sealed
    assert sealed
    stored = wrap.wrap(folder.made(QUARTER), QUARTER, sealed)
    assert folder.quarters() == [wrap.quarter_of(stored)] == [QUARTER]
    assert (tmp_path / "wraps" / f"{QUARTER}.wrap").stat().st_mode & 0o777 == 0o600
    assert wrap.unwrap(folder.made(QUARTER), stored, leaf.sha(sealed)) == sealed
    with pytest.raises(CannotOpen):
        wrap.unwrap(folder.of(QUARTER), stored, leaf.sha(b"another proof"))
    folder.destroy(QUARTER)
    with pytest.raises(LookupError):
        folder.of(QUARTER)
    with pytest.raises(CannotOpen):
        wrap.unwrap(folder.made(QUARTER), stored, leaf.sha(sealed))


def test_a_bundle_and_an_export_are_read_back_as_they_were_written(tmp_path):
    log = log_of(3)
    bundle = log.bundle(2, held=1)
    assert ProofBundle.decoded(bundle.encoded) == bundle
    file = tmp_path / "log.tpl"
    header = Header("trip.example", 4, keys().encoded)
    file.write_bytes(b"".join(export(header, ["note"], log.entries)))
    with file.open("rb") as stream:
        read, parts = read_export(stream)
        assert read == header
        assert list(parts) == ["note", *log.entries]


@pytest.mark.parametrize(
    "change",
    [
        {"office": ""}, {"who": "a" * 17}, {"trip": "한" * 11}, {"who": "e\u0301"},
        {"who": "line\nbreak"}, {"counter": 0}, {"cti": b"1234567"}, {"challenge": bytes(15)},
        {"signed_at": 2**32}, {"signed_at": -1}, {"note": ""}, {"note": "\u202eabc"},
        {"photo": bytes(31)}, {"fix": A_FIX._replace(lat_e7=900_000_001)},
        {"fix": A_FIX._replace(accuracy_m=70_000)},
        {"office": "o" * 16, "who": "w" * 16, "trip": "t" * 17},
    ],
    ids=str,
)  # fmt: skip
def test_what_no_statement_may_say_is_refused(change):
    signed = stated()._replace(**change).sign(DEVICE)
    with pytest.raises(MalformedProof):
        statement.verified(signed, DEVICE.public)


READERS: dict[str, Callable[[bytes], object]] = {
    "statement": lambda told: statement.verified(told, DEVICE.public),
    "claims": statement.read_payload,
    "sealed": lambda told: seal.opened(told, AUDITOR.seal, seal.For.AUDITOR),
    "carried": lambda told: seal.opened(told, HUB_OPENS, seal.For.HUB),
    "upload": Upload.decoded,
    "verdict": lambda told: verdict.verified(told, HUB.public),
    "verdict's fields": verdict.read_payload,
    "leaf": leaf.decoded,
    "receipt": lambda told: receipt.read(told).root(b"leaf", HUB.public),
    "consistency": tree.decode_consistency,
    "pointer": lambda told: pointer.verified(told, HUB.public),
    "challenges": lambda told: challenge.verified(told, HUB.public),
    "ask": lambda told: ask.verified(told, DEVICE.public),
    "record": lambda told: record.verified(told, HUB.public),
    "handover": lambda told: handover.verified(told, AUDITOR.sign.public),
    "keys": KeySet.decoded,
    "key": PublicKey.decoded,
    "bundle": ProofBundle.decoded,
    "wrapped": lambda told: wrap.unwrap(bytes(32), told, bytes(32)),
    "sign1": sign1.read,
}
TEXT_READERS: dict[str, Callable[[str], object]] = {
    "checkpoint": lambda told: checkpoint.read(told).verify(HUB.public),
    "code": codes.read,
    "base45": base45.decode,
    "key file": lambda told: auditor_key.unlocked(told, "a passphrase of 16"),
}
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.binary(max_size=70) | st.sampled_from([b"\x04" + bytes(64), -7, 1, 395, 396]),
    lambda inner: st.lists(inner, max_size=6)
    | st.dictionaries(st.integers(-3, 16) | st.text(max_size=3), inner, max_size=6)
    | st.builds(cbor2.CBORTag, st.sampled_from([0, 1, 2, 18, 24, 37, 258]), inner),
    max_leaves=24,
)  # fmt: skip
TAGGED = cbor2.dumps(cbor2.CBORTag(18, [b"", {}, b"", b""]))


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@given(told=st.binary(max_size=300) | values.map(cbor.encode))
@example(told=b"")
@example(told=b"\x9f" * 2_000)  # arrays without end
@example(told=b"\x81" * 2_048)  # nested as deep as it is long
@example(told=b"\x81" * 2_049)
@example(told=b"\xd2" * 2_000)  # a tag of a tag of a tag
@example(told=b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff")  # an array said to be without bound
@example(told=b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff")  # a text of eight exabytes
@example(told=b"\xc2\x58\x20" + b"\xff" * 32)  # a number of 256 bits
@example(told=b"\xa2\x00\x01\x00\x01")  # a key twice
@example(told=b"\xd8\x1c\x81\xd8\x1d\x00")  # an array that holds itself
@example(told=b"\xc1\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00")  # the time infinity
@example(told=TAGGED)
def test_hostile_bytes_raise_its_own_errors_alone(reader, told):
    with contextlib.suppress(TripProofError):
        reader(told)


@pytest.mark.parametrize("reader", TEXT_READERS.values(), ids=TEXT_READERS)
@given(told=st.text(max_size=200) | st.text('TP123:ABC{}[]"—\n', max_size=200))
@example(told="TP1:" + "0" * 5_000)
@example(told="[" * 4_000)
@example(told="TP1:\ud800")
def test_hostile_texts_raise_its_own_errors_alone(reader, told):
    with contextlib.suppress(TripProofError):
        reader(told)


@pytest.mark.parametrize("text", ["https://example.com", "tp1:AAA", "TP4:AAA", "", " TP1:AAA"])
def test_a_scanner_takes_our_three_codes_alone(text):
    with pytest.raises(MalformedProof):
        codes.read(text)


def test_an_entry_that_is_too_long_ends_an_export(tmp_path):
    header = Header("trip.example", 1, keys().encoded)
    entry = Entry(0, b"\x01" * 2_000, b"\x01" * 2_048, b"\x01" * 2_048)
    file = tmp_path / "log.tpl"
    file.write_bytes(
        b"".join(export(header, [], [entry])) + b"\x5a\x00\x01\x00\x00" + bytes(65_536)
    )
    with file.open("rb") as stream, pytest.raises(MalformedProof):
        list(read_export(stream)[1])


def test_one_kind_of_object_is_never_read_as_another():
    signed = {
        "statement": stated().sign(HUB),
        "verdict": log_of(1).entries[1].body or b"",
        "pointer": pointer.Pointer("2026-1", 1, verdict.Grade.A, bytes(16), NOW).sign(HUB),
        "receipt": log_of(1).receipt(1),
    }
    readers = {
        "statement": lambda told: statement.verified(told, HUB.public),
        "verdict": lambda told: verdict.verified(told, HUB.public),
        "pointer": lambda told: pointer.verified(told, HUB.public),
        "receipt": lambda told: receipt.read(told).root(log_of(1).entries[1].leaf, HUB.public),
    }
    for name, told in signed.items():
        for other, reader in readers.items():
            if other == name:
                reader(told)
                continue
            with pytest.raises((MalformedProof, BadSignature)):
                reader(told)


def test_whoever_asks_first_for_a_wrap_key_all_get_the_same(tmp_path):
    folders = [wrap.WrapKeys(tmp_path / "wraps") for _ in range(16)]
    with ThreadPoolExecutor(16) as pool:
        made_keys = list(pool.map(lambda one: one.made(QUARTER), folders))
    assert len(set(made_keys)) == 1
    assert [file.name for file in (tmp_path / "wraps").iterdir()] == [f"{QUARTER}.wrap"]


def test_what_is_too_large_for_every_reader_is_never_signed():
    for kind, most in ((LeafType.KEYS, 16_384), (LeafType.ORDER, 1_792)):
        largest = Record(kind, {"told": bytes(most)})
        assert record.verified(largest.sign(HUB), HUB.public) == largest
        with pytest.raises(MalformedProof):
            Record(kind, {"told": bytes(most + 1)}).sign(HUB)
    with pytest.raises(MalformedProof):
        Record(LeafType.ORDER, {"one": bytes(1_000), "two": bytes(950)}).sign(HUB)
