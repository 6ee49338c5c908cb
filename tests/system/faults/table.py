"""The table of docs/faults.md: one row a fault, written between two marks by the soak."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.system.office import Verdict

HEAD = (
    "| fault | times | made | stored | lost with reason | missing | doubled "
    "| longest recovery s | board honest |"
)
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
        cells = (
            self.name, self.times, self.made, self.stored, self.lost, self.missing,
            self.doubled, f"{self.recovery_s:.1f}", f"{honest} ({self.boards} boards)",
        )  # fmt: skip
        odd = f" {self.different} stored otherwise than made." if self.different else ""
        return f"| {' | '.join(map(str, cells))} |{odd}"


def markdown(rows: list[Row]) -> str:
    """The table; faults that were not struck are left out."""
    struck = [row for row in rows if row.times]
    return "\n".join([HEAD, "|---|" + "---:|" * 7 + "---|", *(row.line() for row in struck)])


def promises(rows: list[Row]) -> str:
    """What each row promises."""
    return "\n".join(f"- **{row.name}.** {row.promise}" for row in rows if row.times)


def write(page: Path, text: str) -> None:
    """Put `text` between the marks of `page`. Raises ValueError where there are none."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{page} has no {BEGIN} ... {END}")
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")
