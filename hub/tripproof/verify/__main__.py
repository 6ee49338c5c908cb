"""`python -m hub.tripproof.verify FILE`: genuine, changed or unknown, with every check in words.

FILE is a proof bundle (.tpb) or a log export (.tpl). Exit status: 0 genuine, 1 changed, 2 unknown,
3 when a file could not be opened.
"""

import argparse
import getpass
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hub.tripproof import auditor_key, bundle, checkpoint
from hub.tripproof.errors import TripProofError
from hub.tripproof.keys import KeySet
from hub.tripproof.reasons import Reason
from hub.tripproof.verdict import Verdict
from hub.tripproof.verify import log, proof
from hub.tripproof.verify.held import Held
from hub.tripproof.verify.report import Outcome, Report
from hub.tripproof.words import ANSWERS, GRADES, KINDS, LIMIT, PLACES, REASONS, Answer

STATUS: Final = {Answer.GENUINE: 0, Answer.CHANGED: 1, Answer.UNKNOWN: 2}
NOT_OPENED: Final = 3
MARKS: Final = {
    Outcome.PASSED: "[ O ]", Outcome.FAILED: "[ X ]",
    Outcome.MISSING: "[ ? ]", Outcome.NOTED: "[ - ]",
}  # fmt: skip
START_BYTES: Final = 64


def main(argv: Sequence[str]) -> int:
    """Verify one file and say what was found."""
    told = _arguments(argv)
    try:
        held = _held(told)
        report, verdict, linked = _examined(Path(told.file), held)
    except (OSError, UnicodeDecodeError, TripProofError) as error:
        print(f"열 수 없음 / cannot be opened: {error}", file=sys.stderr)
        return NOT_OPENED
    print("\n".join(lines(report, verdict, linked)))
    return STATUS[report.answer]


def lines(report: Report, verdict: Verdict | None = None, linked: str | None = None) -> list[str]:
    """The report as people read it: the answer first, the limit of it last."""
    told = [*ANSWERS[report.answer], ""]
    for check in report.checks:
        korean, english = check.words
        detail = f" ({check.detail})" if check.detail else ""
        told.append(f"{MARKS[check.outcome]} {korean} / {english}{detail}")
    later = (
        [f"  나중에 이은 출장명령 / linked later to: {linked or '-'}"] if linked is not None else []
    )
    return [*told, *_verdict(verdict), *later, "", *LIMIT]


def _verdict(said: Verdict | None) -> list[str]:
    if said is None:
        return []
    about = (KINDS[said.kind], PLACES[said.place], GRADES[said.grade])
    told = ["", f"{said.trip or '-'}  {said.cti.hex()}"]
    told += [f"  {korean} / {english}" for korean, english in about]
    numbers = [Reason(number) for number in said.reasons if number in set(Reason)]
    return told + [f"  · {REASONS[one][0]} / {REASONS[one][1]}" for one in numbers]


def _examined(file: Path, held: Held) -> tuple[Report, Verdict | None, str | None]:
    """A log export says so in its first bytes; everything else is taken for a proof bundle."""
    with file.open("rb") as stream:
        if bundle.LOG_FORMAT.encode() in stream.read(START_BYTES):
            stream.seek(0)
            return log.verify(stream, held), None, None
        stream.seek(0)
        findings = proof.examined(stream.read(bundle.PROOF_MAX_BYTES + 1), held)
        return findings.report, findings.verdict, findings.linked


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m hub.tripproof.verify", description=__doc__)
    parser.add_argument("file", help="a proof bundle (.tpb) or a log export (.tpl)")
    parser.add_argument("--keys", help="the hub's key set, fetched and compared beforehand")
    parser.add_argument(
        "--checkpoint", action="append", default=[], help="a checkpoint held; may be repeated"
    )
    parser.add_argument("--key-file", help="the auditor's key file; its passphrase is asked for")
    parser.add_argument("--passphrase-file", help="where nobody can be asked")
    return parser.parse_args(argv)


def _held(told: argparse.Namespace) -> Held:
    keys = KeySet.decoded(Path(told.keys).read_bytes()) if told.keys else None
    notes = [checkpoint.read(Path(file).read_text("utf-8")) for file in told.checkpoint]
    auditor = None
    if told.key_file:
        file = Path(told.key_file).read_text("utf-8")
        auditor = auditor_key.unlocked(file, _passphrase(told.passphrase_file))
    return Held(keys, tuple(notes), auditor)


def _passphrase(file: str | None) -> str:
    if file:
        return Path(file).read_text("utf-8").rstrip("\n")
    return getpass.getpass("암호 / passphrase: ")


def _speak_on_any_screen() -> None:
    """A console that has no Korean shows question marks, instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    _speak_on_any_screen()
    sys.exit(main(sys.argv[1:]))
