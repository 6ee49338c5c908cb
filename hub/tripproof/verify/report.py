"""A verifier's findings: each check with its outcome, and the answer that they add up to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from hub.tripproof.errors import TripProofError, UnknownKey
from hub.tripproof.verify.words import CHECKS, CheckName
from hub.tripproof.words import Answer, Said


class Outcome(StrEnum):
    """What a check came to."""

    PASSED = "passed"
    FAILED = "failed"
    MISSING = "missing"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: which, what it came to, and where or why."""

    name: CheckName
    outcome: Outcome
    detail: str = ""

    @property
    def words(self) -> Said:
        """What was looked at, in Korean and English."""
        return CHECKS[self.name]


@dataclass(slots=True)
class Report:
    """Findings as they come. Something that contradicts outweighs all; then what is missing."""

    checks: list[Check] = field(default_factory=list)

    @property
    def answer(self) -> Answer:
        """Genuine, changed or unknown."""
        outcomes = {check.outcome for check in self.checks}
        if Outcome.FAILED in outcomes:
            return Answer.CHANGED
        missing = Outcome.MISSING in outcomes or Outcome.PASSED not in outcomes
        return Answer.UNKNOWN if missing else Answer.GENUINE

    def add(self, name: CheckName, outcome: Outcome, detail: str = "") -> None:
        """Write down one finding."""
        self.checks.append(Check(name, outcome, detail))

    def holds(self, name: CheckName, *, holds: bool, detail: str = "") -> bool:
        """Write down whether something holds, and give it back."""
        self.add(name, Outcome.PASSED if holds else Outcome.FAILED, "" if holds else detail)
        return holds

    @contextmanager
    def check(self, name: CheckName) -> Iterator[None]:
        """Write down what comes of the block: passed, missing a key, or failed and why."""
        try:
            yield
        except UnknownKey as error:
            self.add(name, Outcome.MISSING, str(error))
        except TripProofError as error:
            self.add(name, Outcome.FAILED, str(error))
        else:
            self.add(name, Outcome.PASSED)

    def failed(self, name: CheckName) -> bool:
        """Whether this check failed, anywhere."""
        return any(one.name is name and one.outcome is Outcome.FAILED for one in self.checks)
