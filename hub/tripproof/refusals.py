"""Why the hub does not take what a phone or a person brings. `hub.web.errors` says it to people."""


class TripNotReady(Exception):
    """Trip proofs need {missing}."""

    def __init__(self, missing: str) -> None:
        super().__init__(missing)
        self.missing = missing


class UnknownDevice(Exception):
    """No such key is enrolled here."""


class KeyEnded(Exception):
    """The device's key has ended: no challenges, and no proof after the days of grace."""


class NoConsent(Exception):
    """There is no consent, or it was withdrawn, or its year is over: nothing may be collected."""


class OtherPerson(Exception):
    """The statement names another person or office than the key's."""


class SealedElsewhere(Exception):
    """X is sealed to a key that is no auditor's of this office."""


class IdTaken(Exception):
    """Another proof has this id."""


class AskStale(Exception):
    """The question is over a day from the hub's clock, or was asked before."""


class ConsentChanged(Exception):
    """The text or the auditor's fingerprint that was shown is not the one of now."""


class KeyTaken(Exception):
    """This key is enrolled already. Keys are made for one enrolment."""


class NoNumber(Exception):
    """The person has no staff number yet, and their login is too long to be one."""


class NumberTaken(Exception):
    """Somebody else has this staff number."""

    def __init__(self, who: str) -> None:
        super().__init__(who)
        self.who = who


class UnknownProof(Exception):
    """No such proof, or none that this person may see."""


class WhyMissing(Exception):
    """Whoever opens another's proof says why: that is an entry of the log."""


class UnknownTripDevice(Exception):
    """No such device of this person."""


class UnknownOrder(Exception):
    """No such trip order, or none that this person may see."""


class NotTheClerk(Exception):
    """Only the 서무 of that department, or an administrator."""


class UnknownPlace(Exception):
    """No such place in the place book."""


class NoSuchSize(Exception):
    """The log has never had a checkpoint of this size, or there is no such entry."""


class EndsBeforeItBegins(Exception):
    """A trip order whose end is not after its beginning."""

    def __init__(self, trip: str) -> None:
        super().__init__(trip)
        self.trip = trip


class TripOfAnother(Exception):
    """Another department has an order of this number."""

    def __init__(self, trip: str) -> None:
        super().__init__(trip)
        self.trip = trip


class NamesItsOrder(Exception):
    """The statement named an order that there is: it belongs to that one."""

    def __init__(self, trip: str) -> None:
        super().__init__(trip)
        self.trip = trip


class NotOnTheOrder(Exception):
    """The order does not name this person."""

    def __init__(self, trip: str, who: str) -> None:
        super().__init__(trip, who)
        self.trip = trip
        self.who = who


class UnknownConfirmation(Exception):
    """No such confirmation, or none that this person may change."""


class DayAhead(Exception):
    """Nothing can be confirmed of a day that has not come."""

    def __init__(self, day: str) -> None:
        super().__init__(day)
        self.day = day


class ConfirmationChanged(Exception):
    """Somebody else has corrected or withdrawn it in the meantime."""
