"""Boxes and zones become counts: pure arithmetic on numpy arrays, no I/O and no clock.

Every time is handed in, in seconds on the monotonic clock; every picture point is in pixels of
the frame it was seen in, x to the right and y down. Nothing here remembers who anybody is: a
walker lives 1.5 seconds beyond the last sight of him and has no name.
"""


class CountingError(ValueError):
    """The configuration cannot be counted with. The message says which part and what to draw."""
