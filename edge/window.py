"""Which window a frame falls into: pure arithmetic on the monotonic clock.

Windows follow one another without a gap while pictures come. After an interruption the next one
begins with the first new picture, so no window claims time that nobody looked.
"""

from dataclasses import dataclass
from typing import Final

FIRST_S: Final = 1.0  # a node that starts is seen at once, not after a whole window


@dataclass(frozen=True, slots=True)
class Window:
    """A span of the monotonic clock, in seconds."""

    start_s: float
    length_s: float

    @classmethod
    def first(cls, at_s: float, length_s: float) -> "Window":
        """The first window of a run: a short one."""
        return cls(at_s, min(FIRST_S, length_s))

    @property
    def end_s(self) -> float:
        """Where the next one begins."""
        return self.start_s + self.length_s

    def is_over(self, at_s: float) -> bool:
        """Whether `at_s` lies behind it."""
        return at_s >= self.end_s

    def next(self, at_s: float, length_s: float) -> "Window":
        """The window of a frame at `at_s`, behind this one."""
        if at_s < self.end_s + length_s:
            return Window(self.end_s, length_s)
        return Window(at_s, length_s)
