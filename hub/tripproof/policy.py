"""Every threshold of the checks, with a version. A leaf names the version it was judged by."""

from dataclasses import asdict, dataclass

from hub.tripproof.record import RecordValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the checks measure against. Whole numbers in the unit of the name."""

    version: int = 1
    accuracy_coarse_m: int = 100
    accuracy_poor_m: int = 500
    fix_apart_s: int = 60
    inside_m: int = 300
    """Radius of a place whose place book gives none."""
    near_m: int = 1_000
    """Beyond the edge of the place."""
    bands_m: tuple[int, ...] = (500, 2_000, 10_000, 50_000)
    offline_s: int = 600
    late_s: int = 86_400
    clock_s: int = 300
    challenge_s: int = 86_400
    """How long a challenge holds."""
    same_phone_s: int = 300
    speed_kmh: int = 330
    """The fastest train. Above it on the ground is a question, never an accusation."""
    air_kmh: int = 1_000
    """Where the order says that the trip goes by air."""
    speed_least_s: int = 60
    """Shorter gaps count as this: phones repeat and reorder fixes within seconds."""
    speed_slack_m: int = 3_000
    """Of two fixes each may be half of this off, whatever accuracy it says: reflections between
    high houses, a cell tower taken for satellites."""

    def fields(self) -> dict[str, RecordValue]:
        """As a record holds it."""
        told = asdict(self)
        return {name: list(v) if isinstance(v, tuple) else v for name, v in told.items()}
