"""What a person may be in an office. A role opens doors; no role contains another.

An admin looks after people and devices and cannot touch the audit trail; an auditor reads
everything and changes nothing. Everybody who can sign in is staff.
"""

from collections.abc import Iterable
from typing import Final, Literal, cast, get_args

Role = Literal["staff", "facilities", "field", "editor", "auditor", "admin"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)


class UnknownRole(ValueError):
    """A word that is no role. The message lists the roles."""


def parse(words: Iterable[str]) -> frozenset[Role]:
    """The roles of these words, `staff` always among them. Raises UnknownRole."""
    given = set(words)
    if strangers := sorted(given - set(ROLES)):
        raise UnknownRole(f"{', '.join(strangers)}: not a role. The roles are {', '.join(ROLES)}.")
    return frozenset(cast("set[Role]", given | {"staff"}))


NAMES_KO: Final[dict[Role, str]] = {
    "staff": "직원",
    "facilities": "시설",
    "field": "출장",
    "editor": "편집",
    "auditor": "감사",
    "admin": "관리자",
}
