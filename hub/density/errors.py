"""What can be wrong with a question about density. The HTTP door turns these into problems."""

from dataclasses import dataclass


class DensityError(Exception):
    """The question about density cannot be answered."""


@dataclass
class UnknownSite(DensityError, LookupError):
    """No site has this id. The board without `?site=` lists them."""

    site: str


@dataclass
class UnknownZone(DensityError, LookupError):
    """No zone has this key. Keys are `site.node.zone`; the board lists them."""

    key: str


class BadRange(DensityError, ValueError):
    """`from`, `to` and `step` do not go together."""


class RangeBackwards(BadRange):
    """`from` is not before `to`."""


@dataclass
class RangeTooLong(BadRange):
    """More buckets were asked for than one answer holds. Take a longer step or a shorter range."""

    buckets: int
    buckets_max: int
