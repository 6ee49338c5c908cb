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


class NotReckoned(DensityError):
    """The hub did not know the wait when this person joined: nothing can be compared."""


class NotEnoughTaps(DensityError):
    """Five taps make a factor, and one between a quarter and four times."""


class FactorSuperseded(DensityError):
    """Somebody changed this lane's factor meanwhile. Look at it again."""


class UnknownFactor(DensityError, LookupError):
    """This lane never had such a factor."""


class UnknownTap(DensityError, LookupError):
    """This lane has no such tap."""
