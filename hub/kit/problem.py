"""One kind of problem (RFC 9457) in words for people: what a capability says of its own errors.

The rows of a capability stand in its `problems.py`; `hub.web.errors` makes one table of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Lang = Literal["ko", "en"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. Details may hold `{fields}` of the error."""

    status: int
    slug: str
    title: Mapping[Lang, str]
    detail: Mapping[Lang, str]
    headers: Mapping[str, str] = field(default_factory=dict)


def row(status: int, slug: str, ko: tuple[str, str], en: tuple[str, str], **headers: str) -> Kind:
    """A row by its HTTP status, its name for programs, and its title and detail in two languages.

    `headers`: what its answer carries, as `retry_after="60"`.
    """
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Kind(status, slug, {"ko": ko[0], "en": en[0]}, {"ko": ko[1], "en": en[1]}, given)


def innermost(errors: Sequence[Any]) -> list[Any]:
    """What pydantic found, without that a list is too short because lines of it were refused."""
    return [one for one in errors if one["type"] != "too_short" or not _has_within(one, errors)]


def _has_within(one: Any, errors: Sequence[Any]) -> bool:
    depth = len(one["loc"])
    return any(len(other["loc"]) > depth and other["loc"][:depth] == one["loc"] for other in errors)
