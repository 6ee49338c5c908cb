"""The verifier in a browser and the one in Python find the same, and open each other's files."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from hub.tripproof import (
    auditor_key,
    cbor,
    codes,
    handover,
    leaf,
    pointer,
    record,
    seal,
    sign1,
    words,
)
from hub.tripproof.auditor_key import AuditorKey
from hub.tripproof.handover import Handover
from hub.tripproof.keys import SET_MAX, NamedKey, Use, in_groups, keyset
from hub.tripproof.leaf import Leaf, LeafType
from hub.tripproof.verdict import Grade
from hub.tripproof.verify import log, proof
from hub.tripproof.verify.__main__ import lines
from hub.tripproof.verify.held import Held
from hub.tripproof.verify.report import Report
from hub.tripproof.verify.words import CHECKS
from tests.hub.tripproof.world import (
    AUDITOR,
    HUB,
    NOW,
    OFFICE_2,
    QUARTER,
    key,
    keys,
    log_of,
    said,
)

PROGRAM = Path(__file__).with_name("verifier.ts")
FLIPS = Path(__file__).with_name("verifier_flips.ts")
NODE = Path(sys.executable).with_name("node")  # the pinned one, whatever PATH has
PASSPHRASE = "군산시 감사관실 2026 겨울 열쇠"


@dataclass
class Browser:
    """The browser's code in node, asked line by line."""

    process: subprocess.Popen[str]
    file: str

    def __call__(self, what: str, **told: Any) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"what": what, **told}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def finds(self, what: str, told: bytes, held: Held) -> Any:
        """Answer and checks of the browser's verifier."""
        beside: dict[str, Any] = {"checkpoints": [one.note for one in held.checkpoints]}
        if held.keys:
            beside["keys"] = held.keys.encoded.hex()
        if held.auditor:
            beside |= {"file": self.file, "passphrase": PASSPHRASE}
        return self(what, hex=told.hex(), **beside)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    file = auditor_key.locked(AUDITOR, PASSPHRASE, iterations=auditor_key.ITERATIONS_LOW)
    with subprocess.Popen([str(NODE), str(PROGRAM)], **pipes) as process:
        yield Browser(process, file)
        assert process.stdin
        process.stdin.close()


def shown(report: Report) -> Any:
    checks = [[check.name.value, check.outcome.value] for check in report.checks]
    return {"answer": report.answer.value, "checks": checks}


def held(*sizes: int, auditor: AuditorKey | None = AUDITOR) -> Held:
    return Held(keys(), tuple(log_of(6).checkpoint(size) for size in sizes), auditor)


def turned(told: bytes, every: int) -> Iterator[bytes]:
    """The bytes with one bit of each so many of them turned."""
    for at in range(0, len(told), every):
        changed = bytearray(told)
        changed[at] ^= 1 << at % 8
        yield bytes(changed)


HELD = {
    "everything": held(2),
    "no keys": replace(held(2), keys=None),
    "no checkpoint": held(),
    "a checkpoint to which no way leads": held(5),
    "no auditor's key": held(2, auditor=None),
}


@pytest.mark.parametrize("beside", HELD.values(), ids=HELD)
def test_both_find_the_same_of_a_proof(browser: Browser, beside: Held):
    told = log_of(6).bundle(3, held=2).encoded
    assert browser.finds("proof", told, beside) == shown(proof.verify(told, beside))


def test_both_find_the_same_of_a_proof_that_was_changed_anywhere(browser: Browser):
    whole = log_of(6).bundle(3, held=2).encoded
    for told in turned(whole, 23):
        assert browser.finds("proof", told, held(2)) == shown(proof.verify(told, held(2)))


def test_both_find_the_same_of_a_log_that_was_changed_anywhere(browser: Browser):
    whole = log_of(4).export()
    beside = Held(keys(), (log_of(4).checkpoint(3),))
    for told in (whole, *turned(whole, 61)):
        assert browser.finds("log", told, beside) == shown(log.verify(io.BytesIO(told), beside))


def test_both_find_the_same_where_a_second_office_signed(browser: Browser):
    here = log_of(6)
    whole, part = here.checkpoint(), here.checkpoint(4)
    notes = [(one.signed(OFFICE_2, "gamsa.example").note) for one in (whole, part)]
    wrong = whole.note + notes[1].splitlines()[-1] + "\n"
    alone = Held(keys())
    for told in (notes[:1], [notes[1], whole.note], [wrong], [whole.note]):
        file = here.export(notes=tuple(told))
        for beside in (alone, held(2)):
            assert browser.finds("log", file, beside) == shown(log.verify(io.BytesIO(file), beside))
    for note in (notes[0], wrong):
        file = replace(here.bundle(3, held=2), checkpoint=note).encoded
        for beside in (alone, held(2)):
            assert browser.finds("proof", file, beside) == shown(proof.verify(file, beside))


def test_both_read_ten_years_of_keys_and_no_other_record_as_large(browser: Browser):
    here = log_of(3)
    more = (key(f"quarter {n}") for n in range(SET_MAX - len(keys().keys)))
    decade = keyset(
        (*keys().keys, *(NamedKey(one.public, Use.AUDITOR_SIGNS, NOW, NOW + 9) for one in more))
    )
    index = here.record(LeafType.KEYS, {"keys": decade.encoded, "version": 9})
    bundle = replace(here.bundle(2, held=2, related=(0, index)), keys=decade.encoded)
    beside = replace(held(2), keys=decade, checkpoints=(here.checkpoint(2),))
    found = browser.finds("proof", bundle.encoded, beside)
    assert found == shown(proof.verify(bundle.encoded, beside))
    assert found["answer"] == "genuine"
    file = here.export()
    assert browser.finds("log", file, beside) == shown(log.verify(io.BytesIO(file), beside))
    jwks = {"keys": json.dumps(decade.jwks), "jwks": True, "checkpoints": []}
    assert ["keys_held", "passed"] in browser("proof", hex=bundle.encoded.hex(), **jwks)["checks"]
    payload = cbor.encode([1, int(LeafType.ORDER), {"one": bytes(1_700), "two": bytes(1_700)}])
    large = sign1.sign(HUB, payload, "record", max_bytes=record.MAX_BYTES)
    here = log_of(3)
    here.add(Leaf(LeafType.ORDER, NOW + 999, record=leaf.sha(large)), large)
    file = here.export()
    found = browser.finds("log", file, held(2))
    assert found == shown(log.verify(io.BytesIO(file), held(2)))
    assert ["bodies", "failed"] in found["checks"]


def test_both_name_the_order_a_touch_was_linked_to_and_the_day_of_destruction(browser: Browser):
    here = log_of(3)
    cti = leaf.decoded(here.entries[2].leaf).ref
    told = [{"cti": cti, "trip": trip, "by": "lim"} for trip in ("2026-1", "2026-0000777")]
    links = [here.record(LeafType.LINK, one, ref=cti) for one in told]
    gone = here.record(
        LeafType.DESTRUCTION, {"quarter": QUARTER, "count": 3, "by": "adm"}, quarter=QUARTER
    )
    made = replace(here.bundle(2, held=2, related=(0, *links, gone)), sealed=None).encoded
    beside = replace(held(2), checkpoints=(here.checkpoint(2),))
    ours = proof.examined(made, beside)
    assert (ours.report.answer, ours.linked) == (words.Answer.GENUINE, "2026-0000777")
    notes = [one.note for one in beside.checkpoints]
    theirs = browser("whole", hex=made.hex(), checkpoints=notes, keys=keys().encoded.hex())
    assert theirs["linked"] == "2026-0000777"
    (line,) = (one["detail"] for one in theirs["checks"] if one["name"] == "sealed_logged")
    (detail,) = (one.detail for one in ours.report.checks if one.name == "sealed_logged")
    assert line["en"] == detail
    assert detail.removeprefix("coordinates destroyed on ") in line["ko"]
    assert any("2026-0000777" in one for one in lines(ours.report, ours.verdict, ours.linked))


def test_a_key_of_another_quarter_leaves_it_unknown_whatever_the_hub_says(browser: Browser):
    told = log_of(6).bundle(3, held=2).encoded
    other = AuditorKey.new(20271)
    report = proof.verify(told, replace(held(2), auditor=other))
    assert report.answer is words.Answer.UNKNOWN
    file = auditor_key.locked(other, PASSPHRASE, iterations=auditor_key.ITERATIONS_LOW)
    found = Browser(browser.process, file).finds("proof", told, held(2))
    assert found == shown(report)


def test_the_text_of_a_sealed_proof_opens_and_says_what_is_missing(browser: Browser):
    text = codes.text(codes.Code.SEALED, log_of(1).entries[1].sealed or b"")
    beside = {"checkpoints": [], "file": browser.file, "passphrase": PASSPHRASE}
    found = browser("proof", text=text, **beside)
    assert found["answer"] == "unknown"
    assert ["opened", "passed"] in found["checks"]
    assert ["in_log", "missing"] in found["checks"]


def test_a_printed_pointer_is_the_hub_s_or_it_is_not(browser: Browser):
    one = pointer.Pointer("2026-0001234", 3, Grade.B, bytes(16), NOW)
    answers = []
    for signer in (HUB, AUDITOR.sign):
        text = codes.text(codes.Code.POINTER, one.sign(signer)) + "\n"
        beside = {"checkpoints": [], "keys": keys().encoded.hex()}
        answers.append(browser("proof", text=text, **beside)["answer"])
    assert answers == ["genuine", "unknown"]


def test_a_key_set_is_read_as_jwks_too(browser: Browser):
    told = log_of(6).bundle(3, held=2).encoded
    beside = {"checkpoints": [log_of(6).checkpoint(2).note], "jwks": True}
    found = browser("proof", hex=told.hex(), keys=json.dumps(keys().jwks), **beside)
    assert found["answer"] == "genuine"


def test_each_opens_the_other_s_key_file(browser: Browser):
    shown_as = browser("opened", file=browser.file, passphrase=PASSPHRASE)
    assert shown_as == in_groups(AUDITOR.fingerprint)
    made = browser("made", quarter=QUARTER, passphrase=PASSPHRASE)
    assert made["isHidden"], "no private half can be taken out of the page"
    read = auditor_key.unlocked(made["file"], PASSPHRASE)
    assert (read.quarter, read.fingerprint.hex()) == (QUARTER, made["fingerprint"])


def test_each_opens_what_the_other_sealed(browser: Browser):
    signed = said().sign(HUB)
    told = browser("sealed", key=AUDITOR.seal.public.encoded.hex(), plaintext=signed.hex())
    assert seal.opened(bytes.fromhex(told), AUDITOR.seal, seal.For.AUDITOR) == signed
    sealed = seal.seal(AUDITOR.seal.public, signed, seal.For.AUDITOR)
    beside = {"file": browser.file, "passphrase": PASSPHRASE}
    assert browser("unsealed", sealed=sealed.hex(), **beside) == signed.hex()


def test_each_reads_the_other_s_handover(browser: Browser):
    new = AuditorKey.new(20271)
    points = {"seal": new.seal.public.encoded.hex(), "sign": new.sign.public.encoded.hex()}
    beside = {"file": browser.file, "passphrase": PASSPHRASE}
    told = bytes.fromhex(browser("handed", quarter=20271, at=NOW, **points, **beside))
    one = Handover(AUDITOR.fingerprint, 20271, new.seal.public, new.sign.public, NOW)
    assert handover.verified(told, AUDITOR.sign.public) == one
    key = AUDITOR.sign.public.encoded.hex()
    read = browser("handover", told=one.sign(AUDITOR.sign).hex(), key=key)
    expected = {"quarter": 20271, "old": one.old.hex(), "next": new.fingerprint.hex()}
    assert read == expected


def test_a_spoilt_log_is_told_of_in_both_languages(browser: Browser):
    log_here = log_of(3)
    del log_here.entries[2]
    told = {"hex": log_here.export(size=4).hex(), "checkpoints": [], "keys": keys().encoded.hex()}
    checks = {one["name"]: one for one in browser("details", **told)}
    assert checks["complete"]["detail"]["ko"].startswith("기록 2 없음")
    assert checks["complete"]["detail"]["en"].startswith("entry 2 missing")
    assert checks["roots"]["outcome"] == "failed"


def test_both_say_it_in_the_same_words(browser: Browser):
    told = browser("words")
    pairs = {name: (one["ko"], one["en"]) for name, one in told["CHECKS"].items()}
    assert {name.value: tuple(pair) for name, pair in CHECKS.items()}.items() <= pairs.items()
    answers = {name: (one["ko"], one["en"]) for name, one in told["ANSWERS"].items()}
    assert answers == {name.value: pair for name, pair in words.ANSWERS.items()}
    assert (told["LIMIT"]["ko"], told["LIMIT"]["en"]) == words.LIMIT
    for name, ours in (("PLACES", words.PLACES), ("LEAVES", words.LEAVES)):
        for number, pair in ours.items():
            assert (told[name][number]["ko"], told[name][number]["en"]) == pair


@pytest.mark.timeout(3_600)  # some 20,000 openings and signatures; a busy machine takes a while
def test_no_turned_bit_passes_in_the_browser_s_code():
    done = subprocess.run(
        [str(NODE), "--test", str(FLIPS)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
