"""What one look found: a code of the table of sentences, and the facts that go into it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Verdict = Literal["ok", "attention", "broken"]
ORDER: Final[dict[Verdict, int]] = {"ok": 0, "attention": 1, "broken": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is `check.what`; words.py has its verdict and its sentences."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def check(self) -> str:
        """What was looked at."""
        return self.code.partition(".")[0]

    @property
    def verdict(self) -> Verdict:
        """How bad it is."""
        from hub.watch.doctor.words import SENTENCES

        return SENTENCES[self.code].verdict


def found(code: str, **facts: object) -> Finding:
    """A finding, in one line."""
    return Finding(code, facts)


def worst(findings: Sequence[Finding]) -> Verdict:
    """The worst verdict among them."""
    verdicts: list[Verdict] = ["ok", *(finding.verdict for finding in findings)]
    return max(verdicts, key=lambda verdict: ORDER[verdict])


def first_line(error: BaseException) -> str:
    """An error in one line: libpq explains itself over several."""
    lines = str(error).strip().splitlines()
    return " ".join(lines[0].split()) if lines else type(error).__name__
