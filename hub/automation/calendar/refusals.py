"""What the calendar refuses."""


class UnknownCalendar(LookupError):
    """This address was withdrawn, or there never was one."""


class EntryChanged(Exception):
    """Somebody else has edited it since, or that day is taken by another one."""


class UnknownEntry(LookupError):
    """There is no such day or duty."""
