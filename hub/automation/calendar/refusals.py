"""What the calendar refuses."""


class UnknownCalendar(LookupError):
    """This address was withdrawn, or there never was one."""


class UnknownEntry(LookupError):
    """There is no such day or duty."""
