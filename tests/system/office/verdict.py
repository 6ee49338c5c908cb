"""What became of every count that was made: the ledger against the database, seq by seq."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

from tests.system.office.ledger import Count, Key

SHOWN: Final = 5

Ranges = list[tuple[int, int]]
"""Half-open."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Figures are in counts: one window of one node, all its zones."""

    made: int
    stored: int
    lost_with_reason: int
    missing: list[Key] = field(default_factory=list)
    """Neither stored nor written down as lost."""
    doubled: list[Key] = field(default_factory=list)
    """Stored more than once."""
    different: list[Key] = field(default_factory=list)
    """Stored with other people, or not with every zone."""
    invented: list[Key] = field(default_factory=list)
    """Stored and never made."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Why they were lost: reason -> counts."""

    @property
    def is_clean(self) -> bool:
        """Every count is stored exactly once, as it was made, or lost with its reason."""
        return not (self.missing or self.doubled or self.different or self.invented)

    @property
    def nothing_lost(self) -> bool:
        """Clean, and nothing was given up either."""
        return self.is_clean and self.lost_with_reason == 0

    def __str__(self) -> str:
        told = f"{self.made} made, {self.stored} stored, {self.lost_with_reason} lost with a reason"
        for what in ("missing", "doubled", "different", "invented"):
            keys: list[Key] = getattr(self, what)
            told += f", {len(keys)} {what}"
            told += f" ({', '.join(map(str, keys[:SHOWN]))})" if keys else ""
        return told + (f"; reasons: {dict(self.reasons)}" if self.reasons else "")


@dataclass(frozen=True, slots=True)
class Fate:
    """What the database says of one outbox."""

    held: Ranges
    lost: Ranges
    refused: Ranges
    reasons: list[tuple[Ranges, str]]


Rows = dict[Key, list[tuple[str, int]]]
"""Of each stored window the (zone, people) of its rows."""
Fates = dict[tuple[str, str], Fate]
"""By (node, spool)."""


def judge(
    made: Mapping[Key, Count], begun: Mapping[Key, Count], rows: Rows, fates: Fates
) -> Verdict:
    """Compare.

    Args:
        made: from the ledger; a count without an end is missing.
        begun: counts of which nobody knows whether they were made.
        rows, fates: from the database.
    """
    known = {**made, **{key: count for key, count in begun.items() if key in rows}}
    reasons: Counter[str] = Counter()
    missing: list[Key] = []
    for key in known.keys() - rows.keys():
        if (reason := _reason(fates.get((key.node, key.spool)), key.seq)) is None:
            missing.append(key)
        else:
            reasons[reason] += 1
    both = known.keys() & rows.keys()
    return Verdict(
        made=len(known),
        stored=len(both),
        lost_with_reason=sum(reasons.values()),
        missing=sorted(missing),
        doubled=sorted(key for key in both if len(rows[key]) > len({z for z, _ in rows[key]})),
        different=sorted(key for key in both if dict(rows[key]) != known[key].people),
        invented=sorted(rows.keys() - known.keys()),
        reasons=reasons,
    )


def stored_rows(conn: Any) -> Rows:
    """Of each window the (zone, people) of its rows, synchronised or not."""
    found: Rows = {}
    for node, spool, seq, zone, people in conn.execute(
        """
        SELECT sp.site || '/' || sp.node, sp.spool::text, s.seq, z.zone, s.people
          FROM (SELECT spool_id, seq, zone_id, people FROM sample
                 UNION ALL SELECT spool_id, seq, zone_id, people FROM sample_unsynced) s
          JOIN spool sp USING (spool_id)
          JOIN zone z USING (zone_id)
        """
    ):
        found.setdefault(Key(node, spool, seq), []).append((zone, people))
    return found


def fates_of(conn: Any) -> Fates:
    """Of each (node, spool): what is held, and why what is not stored is not."""
    reasons: dict[int, list[tuple[Ranges, str]]] = {}
    for spool_id, seqs, reason in conn.execute("SELECT spool_id, seqs, reason FROM loss"):
        reasons.setdefault(spool_id, []).append((_ranges(seqs), reason))
    return {
        (node, spool): Fate(
            _ranges(held), _ranges(lost), _ranges(refused), reasons.get(spool_id, [])
        )
        for spool_id, node, spool, held, lost, refused in conn.execute(
            "SELECT spool_id, site || '/' || node, spool::text, held, lost, refused FROM spool"
        )
    }


def are_all_held(newest: Mapping[tuple[str, str], int], conn: Any) -> bool:
    """Whether every seq up to the newest made has an end: stored, refused or lost."""
    marks = marks_of(conn)
    return all(marks.get(outbox, 0) >= seq for outbox, seq in newest.items())


def marks_of(conn: Any) -> dict[tuple[str, str], int]:
    """Of each (node, spool) the end of its first held range, if that begins at 1."""
    return {
        (node, spool): end - 1
        for node, spool, end in conn.execute(
            """
            SELECT site || '/' || node, spool::text, upper(r)
              FROM spool, LATERAL (SELECT r FROM unnest(held) r ORDER BY r LIMIT 1) first
             WHERE lower(r) <= 1
            """
        )
    }


def connect(dsn: str) -> psycopg.Connection[Any]:
    """For reading only; gives up soon where the database is away."""
    return psycopg.connect(
        dsn, autocommit=True, connect_timeout=2, options="-c statement_timeout=60s"
    )


def _ranges(held: Any) -> Ranges:
    return [(r.lower, r.upper) for r in held]


def _reason(fate: Fate | None, seq: int) -> str | None:
    if fate is None:
        return None
    if _in(fate.refused, seq):
        return "refused: in the dead letters"
    if not _in(fate.lost, seq):
        return None
    return next((reason for seqs, reason in fate.reasons if _in(seqs, seq)), None)


def _in(ranges: Ranges, seq: int) -> bool:
    return any(first <= seq < end for first, end in ranges)
