"""`python -m hub doctor`: looks at what the office stands on, and says in a sentence what to do.

Looks and touches nothing. A secret is used and never said.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from hub.kit.settings import Settings
from hub.watch.doctor import broker, certificates, clocks, database, disk, files, office, trip, web
from hub.watch.doctor.finding import ORDER, Finding, worst
from hub.watch.doctor.words import Lang, language, said

Check = Callable[[Settings, datetime], Iterator[Finding]]
CHECKS: Final[tuple[Check, ...]] = (
    database.look,
    broker.look,
    clocks.look,
    disk.look,
    certificates.look,
    web.look,
    office.look,
    trip.look,
)

__all__ = ["CHECKS", "Finding", "as_json", "as_text", "examine", "language", "status"]


def examine(settings: Settings, now: datetime, env: Mapping[str, str]) -> list[Finding]:
    """Everything that was found, in the order of what stands on what."""
    seen = [finding for check in CHECKS for finding in check(settings, now)]
    return [*seen, *files.look(env)]


def status(findings: Sequence[Finding]) -> int:
    """0: all is well. 1: something wants attention. 2: something is broken."""
    return ORDER[worst(findings)]


def as_text(findings: Sequence[Finding], lang: Lang, secrets: frozenset[str]) -> str:
    """A line for each finding."""
    return _without(secrets, "\n".join(said(finding, lang).line for finding in findings))


def as_json(findings: Sequence[Finding], lang: Lang, secrets: frozenset[str]) -> str:
    """The same for a program."""
    told = [
        {
            "check": finding.check,
            "code": finding.code,
            "verdict": finding.verdict,
            "found": said(finding, lang).found,
            "do": said(finding, lang).do,
        }
        for finding in findings
    ]
    text = json.dumps({"status": worst(findings), "findings": told}, ensure_ascii=False, indent=1)
    return _without(secrets, text)


def _without(secrets: frozenset[str], text: str) -> str:
    """A library's error may quote what it was given."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***").replace(json.dumps(secret)[1:-1], "***")
    return text
