"""How much is taken at once, and what is said where it is more."""

from typing import Final

BYTES_MOST: Final = 4 * 1024 * 1024
HELD_MOST: Final = 12
"""Sheets that one process holds, worked out or waiting for their turn."""


class UnknownQuestion(LookupError):
    """No question goes by this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class SheetsBusy(Exception):
    """As many sheets wait as one process holds. Try again in a minute."""
