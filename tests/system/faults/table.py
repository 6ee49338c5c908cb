"""The table of docs/faults.md: one row a fault, written between two marks by the soak."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.system.office import Verdict

HEAD = (
    "| fault | times | made | stored | lost with reason | missing | doubled "
    "| longest recovery s | board honest | measured |"
)
RULE = "|---|" + "---:|" * 7 + "---|---|"
BEGIN, END = "<!-- soak: begin -->", "<!-- soak: end -->"


@dataclass
class Row:
    """One fault so far."""

    name: str
    promise: str
    times: int = 0
    made: int = 0
    stored: int = 0
    lost: int = 0
    missing: int = 0
    doubled: int = 0
    different: int = 0
    """Stored with other people than were counted, or stored and never made."""
    recovery_s: float = 0.0
    boards: int = 0
    lies: int = 0
    reasons: set[str] = field(default_factory=set)

    def add(self, found: Verdict, before: Verdict) -> None:
        """Add what `found` has more than `before`."""
        self.made += found.made - before.made
        self.stored += found.stored - before.stored
        self.lost += found.lost_with_reason - before.lost_with_reason
        self.missing += len(set(found.missing) - set(before.missing))
        self.doubled += len(set(found.doubled) - set(before.doubled))
        odd, odd_before = ({*one.different, *one.invented} for one in (found, before))
        self.different += len(odd - odd_before)
        self.reasons |= set(found.reasons) - set(before.reasons)

    @property
    def is_clean(self) -> bool:
        """The fault's promise was kept every time."""
        return not (self.missing or self.doubled or self.different or self.lies)

    def line(self) -> str:
        """As a row of Markdown."""
        honest = f"{self.lies} lies" if self.lies else "yes"
        odd = f", {self.different} otherwise than made" if self.different else ""
        cells = (
            self.name, self.times, self.made, f"{self.stored}{odd}", self.lost, self.missing,
            self.doubled, f"{self.recovery_s:.1f}", f"{honest} ({self.boards} boards)",
        )  # fmt: skip
        return f"| {' | '.join(map(str, cells))} |"


def markdown(rows: list[Row], measured: str) -> str:
    """The table; faults that were not struck are left out."""
    struck = [f"{row.line()} {measured} |" for row in rows if row.times]
    return "\n".join([HEAD, RULE, *struck])


def keep(page: Path, rows: list[Row], measured: str) -> None:
    """Put these rows into the page's table; rows of faults that were not struck now stay.

    Raises ValueError where the page has no place for a table.
    """
    before, _, rest = page.read_text().partition(BEGIN)
    old, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{page} has no {BEGIN} ... {END}")
    lines = _by_fault(old) | _by_fault(markdown(rows, measured))
    table = "\n".join([HEAD, RULE, *lines.values()])
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")


def _by_fault(text: str) -> dict[str, str]:
    lines = (line for line in text.splitlines() if line.startswith("| ") and line != HEAD)
    return {line.split(" | ")[0].removeprefix("| "): line for line in lines}
