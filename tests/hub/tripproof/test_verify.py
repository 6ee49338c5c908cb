"""The offline verifier says genuine, changed or unknown, and by which check."""

import ast
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from hub.tripproof import auditor_key, leaf, tree
from hub.tripproof.bundle import Header, ProofBundle, export
from hub.tripproof.checkpoint import Checkpoint
from hub.tripproof.keys import SET_MAX, KeySet, NamedKey, Use, keyset
from hub.tripproof.leaf import Leaf, LeafType
from hub.tripproof.record import Record
from hub.tripproof.verify import log as whole
from hub.tripproof.verify import proof
from hub.tripproof.verify.__main__ import main
from hub.tripproof.verify.held import Held
from hub.tripproof.verify.report import Outcome, Report
from hub.tripproof.verify.words import CheckName
from hub.tripproof.words import ANSWERS, Answer
from tests.hub.tripproof.world import (
    AUDITOR,
    DEVICE,
    HUB,
    NOW,
    OFFICE_2,
    ORIGIN,
    QUARTER,
    Log,
    key,
    keys,
    log_of,
    said,
    sealed,
)


def failed(report: Report) -> set[CheckName]:
    return {check.name for check in report.checks if check.outcome is Outcome.FAILED}


def held(*checkpoints: Checkpoint, auditor: auditor_key.AuditorKey | None = AUDITOR) -> Held:
    return Held(keys(), checkpoints, auditor)


def looked(log: Log, *checkpoints: Checkpoint, told: bytes | None = None) -> Report:
    return whole.verify(io.BytesIO(told or log.export()), Held(keys(), checkpoints))


# One proof


@pytest.mark.parametrize("size", [1, 3, 6, 7])
def test_a_proof_whose_log_goes_on_from_a_checkpoint_held_is_genuine(size):
    log = log_of(6)
    findings = proof.examined(log.bundle(3, held=size).encoded, held(log.checkpoint(size)))
    assert findings.report.answer is Answer.GENUINE
    assert findings.statement
    assert findings.statement.cti == (3).to_bytes(8)


def test_a_checkpoint_held_may_be_newer_than_the_bundle():
    log = log_of(3)
    bundle = log.bundle(2)
    for number in range(4, 9):
        log.prove(said(cti=number.to_bytes(8)))
    way = tree.encode_consistency(4, 9, tree.consistency(4, 9, log.nodes))
    later = replace(bundle, consistency=way).encoded
    assert proof.verify(later, held(log.checkpoint())).answer is Answer.GENUINE


@pytest.mark.parametrize(
    "without",
    [
        Held(None, (log_of(6).checkpoint(2),), AUDITOR),
        Held(keys(), (), AUDITOR),
        Held(keyset([NamedKey(key("another hub").public, Use.HUB_SIGNS, 0, NOW)]), ()),
        Held(keys(), (log_of(6).checkpoint(5),), AUDITOR),  # the bundle brought the way from 2
        Held(keys(), (Checkpoint("other.example", 2, bytes(32), NOW).signed(HUB),), AUDITOR),
        Held(keys(), (Checkpoint(ORIGIN, 0, tree.EMPTY, NOW).signed(HUB),), AUDITOR),
        Held(keys(), (Checkpoint(ORIGIN, 2, bytes(32), NOW).signed(key("thief")),), AUDITOR),
    ],
    ids=[
        "no keys",
        "no checkpoint",
        "another hub's keys",
        "no way to it",
        "another log's",
        "a checkpoint over nothing",
        "a checkpoint of somebody else",
    ],
)
def test_without_something_to_compare_with_it_is_unknown(without):
    report = proof.verify(log_of(6).bundle(3, held=2).encoded, without)
    assert report.answer is Answer.UNKNOWN


def test_a_second_office_stands_for_a_checkpoint_that_is_not_held():
    log = log_of(3)
    note = log.checkpoint().signed(OFFICE_2, "gamsa.example").note
    bundle = replace(log.bundle(2), checkpoint=note)
    assert proof.verify(bundle.encoded, held()).answer is Answer.GENUINE


def test_without_the_auditors_key_it_is_genuine_and_stays_shut():
    log = log_of(3)
    findings = proof.examined(log.bundle(2).encoded, held(log.checkpoint(), auditor=None))
    assert findings.report.answer is Answer.GENUINE
    assert findings.statement is None
    assert findings.verdict


def test_a_destroyed_place_leaves_receipt_and_verdict_standing():
    log = log_of(3)
    bundle = replace(log.bundle(2), sealed=None)
    findings = proof.examined(bundle.encoded, held(log.checkpoint()))
    assert findings.report.answer is Answer.GENUINE
    assert findings.verdict


def another_verdict(bundle: ProofBundle) -> ProofBundle:
    return replace(bundle, verdict=log_of(4).entries[4].body or b"")


def another_place(bundle: ProofBundle) -> ProofBundle:
    return replace(bundle, sealed=sealed(said(note="elsewhere").sign(DEVICE)))


def another_leaf(bundle: ProofBundle) -> ProofBundle:
    return replace(bundle, leaf=log_of(4).entries[4].leaf)


def another_log(bundle: ProofBundle) -> ProofBundle:
    log = log_of(6)
    log.entries, log.nodes = [], tree.Nodes()
    for number in range(7):
        log.prove(said(cti=number.to_bytes(8)))
    return replace(bundle, checkpoint=log.checkpoint().note)


def another_device(bundle: ProofBundle) -> ProofBundle:
    log = Log()
    told = {"who": "1", "key": key("thief").public.encoded}
    log.record(LeafType.ENROLMENT, told, ref=DEVICE.public.kid)
    (only,) = bundle.related
    return replace(bundle, related=(replace(only, body=log.entries[0].body),))


CHANGES: dict[str, tuple[Callable[[ProofBundle], ProofBundle], CheckName]] = {
    "the verdict exchanged": (another_verdict, CheckName.VERDICT_LOGGED),
    "the sealed proof exchanged": (another_place, CheckName.SEALED_LOGGED),
    "the leaf exchanged": (another_leaf, CheckName.IN_LOG),
    "the checkpoint of another log": (another_log, CheckName.IN_LOG),
    "the enrolment exchanged": (another_device, CheckName.RELATED),
}


@pytest.mark.parametrize(("change", "name"), CHANGES.values(), ids=CHANGES)
def test_a_changed_bundle_says_what_was_changed(change, name):
    log = log_of(6)
    told = change(log.bundle(3, held=2)).encoded
    report = proof.verify(told, held(log.checkpoint(2)))
    assert report.answer is Answer.CHANGED
    assert name in failed(report)


def test_a_history_written_anew_by_the_hub_itself_contradicts_the_checkpoint_held():
    before, after = log_of(6), Log()
    after.enrol()
    for number in (1, 3, 4, 5, 6, 7):  # the second was left out, and all signed once more
        after.prove(said(cti=number.to_bytes(8)))
    report = proof.verify(after.bundle(3, held=4).encoded, held(before.checkpoint(4)))
    assert report.answer is Answer.CHANGED
    assert failed(report) == {CheckName.HELD}


def test_a_key_that_an_older_key_signed_for_is_believed():
    log, new = log_of(2), key("hub of next year")
    both = keyset((*keys().keys, NamedKey(new.public, Use.HUB_SIGNS, NOW, NOW + 9)))
    index = log.record(LeafType.KEYS, {"keys": both.encoded, "version": 2})
    note = Checkpoint(ORIGIN, 4, tree.root(4, log.nodes), NOW).signed(new).note
    bundle = replace(log.bundle(2, related=(0, index)), checkpoint=note)
    assert proof.verify(bundle.encoded, held(log.checkpoint())).answer is Answer.GENUINE
    alone = replace(log.bundle(2), checkpoint=note)
    assert proof.verify(alone.encoded, held(log.checkpoint())).answer is Answer.UNKNOWN


# The whole log


def test_an_untouched_log_is_genuine():
    log = log_of(12)
    notes = tuple(log.checkpoint(size).note for size in (4, 8, 13))
    report = looked(log, log.checkpoint(5), told=log.export(notes=notes))
    assert report.answer is Answer.GENUINE, [(c.name, c.detail) for c in report.checks]


def cosigned(log: Log, size: int | None = None) -> str:
    return log.checkpoint(size).signed(OFFICE_2, "gamsa.example").note


def found(report: Report, name: CheckName) -> tuple[Outcome, str]:
    (one,) = (check for check in report.checks if check.name is name)
    return one.outcome, one.detail


def test_a_second_office_s_line_is_looked_at_and_stands_for_what_it_signed():
    log = log_of(6)
    report = looked(log, told=log.export(notes=(cosigned(log),)))
    assert report.answer is Answer.GENUINE, report.checks
    assert found(report, CheckName.COSIGNED) == (Outcome.PASSED, "gamsa.example: up to 7 entries")
    notes = (cosigned(log, 4), log.checkpoint().note)
    report = looked(log, told=log.export(notes=notes))
    assert report.answer is Answer.UNKNOWN
    outcome, detail = found(report, CheckName.HELD)
    assert (outcome, "the first 4" in detail) == (Outcome.MISSING, True)
    report = looked(log, log.checkpoint(2), told=log.export(notes=notes))
    assert report.answer is Answer.GENUINE
    assert found(looked(log), CheckName.COSIGNED)[0] is Outcome.NOTED


def test_a_second_office_s_line_that_it_did_not_sign_is_a_change():
    log = log_of(6)
    line = cosigned(log, 3).splitlines()[-1] + "\n"  # of another checkpoint
    wrong = log.checkpoint().note + line
    report = looked(log, log.checkpoint(2), told=log.export(notes=(wrong,)))
    assert failed(report) == {CheckName.COSIGNED}
    bundle = replace(log.bundle(3, held=2), checkpoint=wrong).encoded
    assert failed(proof.verify(bundle, held(log.checkpoint(2)))) == {CheckName.COSIGNED}


def test_ten_years_of_quarterly_keys_fit_into_a_record_a_bundle_and_an_export():
    rotated = [key(f"hub {n}") for n in range(20)]
    auditors = [key(f"auditor {n}") for n in range(80)]
    uses = [(one, Use.HUB_SIGNS) for one in rotated] + [
        (one, Use.AUDITOR_SIGNS) for one in auditors
    ]
    named = (NamedKey(one.public, use, NOW, NOW + 400 * 86_400) for one, use in uses)
    decade = keyset((*keys().keys, *named))
    assert KeySet.decoded(decade.encoded) == decade
    log = log_of(3)
    index = log.record(LeafType.KEYS, {"keys": decade.encoded, "version": 9})
    bundle = replace(log.bundle(2, held=2, related=(0, index)), keys=decade.encoded).encoded
    assert proof.verify(bundle, held(log.checkpoint(2))).answer is Answer.GENUINE
    header = Header(ORIGIN, len(log.entries), decade.encoded)
    told = b"".join(export(header, (log.checkpoint().note,), log.entries))
    assert looked(log, log.checkpoint(2), told=told).answer is Answer.GENUINE
    full = keyset(
        NamedKey(key(f"one of many {n}").public, Use.COSIGNER, 2**32 - 2, 2**32 - 1)
        for n in range(SET_MAX)
    )
    assert KeySet.decoded(full.encoded) == full
    Record(LeafType.KEYS, {"keys": full.encoded, "version": 2**53}).sign(HUB)


def test_a_quarter_whose_destruction_is_logged_may_be_gone():
    log = log_of(3)
    fields = {"quarter": QUARTER, "count": 3, "by": "20110001"}
    log.record(LeafType.DESTRUCTION, fields, quarter=QUARTER)
    log.entries = [replace(entry, sealed=None) for entry in log.entries]
    assert looked(log, log.checkpoint(2)).answer is Answer.GENUINE


@pytest.mark.parametrize(
    ("day", "quarter"),
    [("2026-12-31T23:59:59+09:00", 20264), ("2027-01-01T00:00:00+09:00", 20271),
     ("2026-03-31T15:00:00+00:00", 20262), ("2026-09-30T14:59:59+00:00", 20263)],
)  # fmt: skip
def test_a_quarter_is_that_of_koreas_calendar(day, quarter):
    assert leaf.quarter_of(int(datetime.fromisoformat(day).timestamp())) == quarter


def renumbered(log: Log) -> None:
    """What somebody does who removes a row and hides the gap."""
    log.entries = [replace(entry, index=at) for at, entry in enumerate(log.entries)]


def removed(log: Log) -> None:
    del log.entries[5]


def removed_and_renumbered(log: Log) -> None:
    del log.entries[5]
    renumbered(log)


def the_last_ones_removed(log: Log) -> None:
    del log.entries[9:]


def edited(log: Log) -> None:
    told = leaf.decoded(log.entries[5].leaf)
    log.entries[5] = replace(log.entries[5], leaf=replace(told, at=told.at + 1).encoded)


def backdated(log: Log) -> None:
    told = leaf.decoded(log.entries[5].leaf)
    log.entries[5] = replace(log.entries[5], leaf=replace(told, at=NOW - 9_000).encoded)


def verdict_edited(log: Log) -> None:
    log.entries[5] = replace(log.entries[5], body=log.entries[6].body)


def place_edited(log: Log) -> None:
    log.entries[5] = replace(log.entries[5], sealed=sealed(b"elsewhere"))


def verdict_gone(log: Log) -> None:
    log.entries[5] = replace(log.entries[5], body=None)


def place_gone(log: Log) -> None:
    log.entries[5] = replace(log.entries[5], sealed=None)


def record_edited(log: Log) -> None:
    body = Record(LeafType.ENROLMENT, {"who": "somebody else"}).sign(HUB)
    log.entries[0] = replace(log.entries[0], body=body)


def record_gone(log: Log) -> None:
    log.entries[0] = replace(log.entries[0], body=None)


def reordered(log: Log) -> None:
    log.entries[5], log.entries[6] = log.entries[6], log.entries[5]


def reordered_and_renumbered(log: Log) -> None:
    reordered(log)
    renumbered(log)


def inserted(log: Log) -> None:
    told = Leaf(LeafType.UNCHECKED, NOW + 320, sealed=bytes(32)).encoded
    log.entries.insert(6, replace(log.entries[5], leaf=told, body=None, sealed=None))
    renumbered(log)


def doubled(log: Log) -> None:
    log.entries.insert(6, log.entries[5])
    renumbered(log)


EDITS: dict[str, tuple[Callable[[Log], None], CheckName]] = {
    edit.__name__: (edit, name)
    for edit, name in (
        (removed, CheckName.COMPLETE), (removed_and_renumbered, CheckName.ROOTS),
        (the_last_ones_removed, CheckName.ROOTS), (edited, CheckName.ROOTS),
        (backdated, CheckName.ORDER), (verdict_edited, CheckName.BODIES),
        (place_edited, CheckName.BODIES), (verdict_gone, CheckName.BODIES),
        (place_gone, CheckName.BODIES), (record_gone, CheckName.BODIES),
        (record_edited, CheckName.BODIES),
        (reordered, CheckName.ORDER), (reordered_and_renumbered, CheckName.ROOTS),
        (inserted, CheckName.ROOTS), (doubled, CheckName.ROOTS),
    )
}  # fmt: skip


@pytest.mark.parametrize(("edit", "name"), EDITS.values(), ids=EDITS)
def test_an_export_after_an_edit_shows_it(edit, name):
    log = log_of(12)
    notes, before = tuple(log.checkpoint(size).note for size in (4, 8, 13)), log.checkpoint(8)
    edit(log)
    report = looked(log, before, told=log.export(notes=notes))
    assert report.answer is Answer.CHANGED
    assert name in failed(report)


def test_a_broken_root_names_the_stretch_between_two_checkpoints():
    log = log_of(12)
    notes = tuple(log.checkpoint(size).note for size in (4, 8, 13))
    edited(log)
    report = looked(log, told=log.export(notes=notes))
    (roots,) = [check for check in report.checks if check.name is CheckName.ROOTS]
    assert roots.detail.startswith("entries 4 to 7:")


def test_a_log_that_was_cut_and_signed_again_contradicts_the_checkpoint_held():
    log = log_of(12)
    before = log.checkpoint(11)
    report = looked(log_of(9), before)
    assert failed(report) == {CheckName.HELD}
    assert any("the last 1 are gone" in check.detail for check in report.checks)


def test_a_log_with_two_histories_is_a_fork():
    one, other = log_of(6), Log()
    for number in range(7):
        other.prove(said(cti=number.to_bytes(8)))
    report = looked(other, one.checkpoint())
    assert failed(report) == {CheckName.HELD, CheckName.FORK}


def test_a_log_whose_end_nobody_signed_is_unknown():
    log = log_of(6)
    told = log.export(notes=(log.checkpoint(4).note,))
    assert looked(log, log.checkpoint(2), told=told).answer is Answer.UNKNOWN
    assert looked(log).answer is Answer.UNKNOWN  # nothing is held
    assert looked(log, told=log.export(notes=())).answer is Answer.UNKNOWN


def test_a_checkpoint_that_somebody_else_signed_is_not_the_hubs():
    log = log_of(3)
    root = tree.root(4, log.nodes)
    forged = Checkpoint(ORIGIN, 4, root, NOW).signed(key("thief"))
    report = looked(log, log.checkpoint(), told=log.export(notes=(forged.note,)))
    assert report.answer is Answer.UNKNOWN
    lines = (replace(forged.lines[0], key_id=log.checkpoint().lines[0].key_id),)
    posing = replace(forged, lines=lines)
    report = looked(log, log.checkpoint(), told=log.export(notes=(posing.note,)))
    assert CheckName.CHECKPOINT in failed(report)


@pytest.mark.parametrize("told", [b"", b"\xff" * 90, b"\xa0", b"PK\x03\x04 a zip file"])
def test_what_is_no_file_of_ours_is_never_genuine(told):
    assert proof.verify(told, held()).answer is Answer.CHANGED
    assert whole.verify(io.BytesIO(told), held()).answer is Answer.CHANGED


def test_a_spoilt_log_is_told_in_a_page():
    log = log_of(60)
    log.entries = [replace(entry, body=log.entries[0].body) for entry in log.entries]
    report = looked(log)
    assert all(len(check.detail) < 2_000 for check in report.checks)
    assert any("and 40 more" in check.detail for check in report.checks)


@pytest.mark.parametrize("size", [0, 4])
def test_a_checkpoint_held_that_the_hub_never_signed_is_nothing_to_compare_with(size):
    log = log_of(6)
    stranger = Checkpoint(ORIGIN, size, bytes(32), NOW).signed(key("thief"))
    assert looked(log, stranger).answer is Answer.UNKNOWN
    over_nothing = Checkpoint(ORIGIN, 0, tree.EMPTY, NOW).signed(HUB)
    assert looked(log, over_nothing).answer is Answer.UNKNOWN
    edited = replace(log.checkpoint(4), root=bytes(32))
    assert failed(looked(log, edited)) == {CheckName.HELD}
    edited = replace(log.checkpoint(), root=bytes(32))
    assert failed(looked(log, edited)) == {CheckName.HELD}  # no fork: the hub signed only one


def test_an_empty_log_says_nothing():
    told = b"".join(export(Header(ORIGIN, 0, keys().encoded), (), ()))
    assert whole.verify(io.BytesIO(told), held()).answer is Answer.UNKNOWN


# The command


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """What lies on an auditor's PC."""
    log = log_of(6)
    (tmp_path / "keys.cose").write_bytes(keys().encoded)
    (tmp_path / "held.txt").write_text(log.checkpoint(2).note, "utf-8")
    (tmp_path / "proof.tpb").write_bytes(log.bundle(3, held=2).encoded)
    (tmp_path / "log.tpl").write_bytes(log.export())
    secret = "열여섯 글자보다 긴 암호문입니다"
    file = auditor_key.locked(AUDITOR, secret, iterations=600_000)
    (tmp_path / "auditor.json").write_text(file, "utf-8")
    (tmp_path / "passphrase.txt").write_text(secret + "\n", "utf-8")
    return tmp_path


def told(desk: Path, file: str, *more: str) -> list[str]:
    usual = ["--keys", str(desk / "keys.cose"), "--checkpoint", str(desk / "held.txt")]
    return [str(desk / file), *usual, *more]


def test_the_command_says_genuine_in_korean_and_english(desk, capsys):
    opens = ["--key-file", str(desk / "auditor.json")]
    asks = ["--passphrase-file", str(desk / "passphrase.txt")]
    assert main(told(desk, "proof.tpb", *opens, *asks)) == 0
    seen = capsys.readouterr().out
    assert all(words in seen for words in ANSWERS[Answer.GENUINE])
    assert "감사 열쇠로 열림" in seen
    assert "A person decides." in seen
    assert main(told(desk, "log.tpl")) == 0


def test_the_command_says_changed_and_unknown_by_its_status(desk, capsys):
    changed = bytearray((desk / "log.tpl").read_bytes())
    changed[-5] ^= 1
    (desk / "log.tpl").write_bytes(changed)
    assert main(told(desk, "log.tpl")) == 1
    assert main([str(desk / "proof.tpb")]) == 2
    seen = capsys.readouterr().out
    assert all(words in seen for words in ANSWERS[Answer.CHANGED] + ANSWERS[Answer.UNKNOWN])
    assert main([str(desk / "nowhere.tpb")]) == 3
    assert main([*told(desk, "proof.tpb"), "--key-file", str(desk / "keys.cose")]) == 3


def test_a_console_without_korean_still_gets_the_answer(desk):
    command = [sys.executable, "-m", "hub.tripproof.verify", *told(desk, "proof.tpb")]
    spoken = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=spoken)
    assert done.returncode == 0, done.stderr
    assert "Genuine" in done.stdout


def test_the_verifier_imports_cryptography_and_cbor2_and_nothing_else(desk):
    """In a fresh Python: whatever it loads is the standard library's, theirs, or of this folder."""
    work = (
        "import json, sys; before = set(sys.modules);"
        "from hub.tripproof.verify.__main__ import main; status = main(sys.argv[1:]);"
        "print(json.dumps([status, sorted(set(sys.modules) - before)]))"
    )
    command = [sys.executable, "-c", work, *told(desk, "proof.tpb")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    status, loaded = json.loads(done.stdout.splitlines()[-1])
    assert status == 0, done.stderr
    ours = {name for name in loaded if name == "hub" or name.startswith("hub.")}
    assert all(name == "hub" or name.startswith("hub.tripproof") for name in ours)
    theirs = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names - {"hub"}
    assert theirs <= {"cryptography", "cbor2", "_cffi_backend", "_openssl"}, theirs


def test_no_reason_or_check_promises_presence_or_speaks_of_guilt():
    folder = Path(__file__).parents[3] / "hub/tripproof"
    texts = [
        node.value
        for file in (folder / "words.py", folder / "verify/words.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    wrong = re.compile(
        r"부정|허위|위조|조작|거짓|사기|의심|fraud|fake|false|liar|guilt|suspicio", re.I
    )
    assert not [one for one in texts if wrong.search(one) and "Nothing here says" not in one]


def test_the_keys_of_a_bundle_are_not_believed_because_they_came_along():
    """A thief's whole log, signed with a thief's key that the bundle brings itself."""
    log = log_of(2)
    alone = Held(KeySet((NamedKey(key("another").public, Use.HUB_SIGNS, 0, NOW),)), ())
    assert proof.verify(log.bundle(1).encoded, alone).answer is Answer.UNKNOWN
