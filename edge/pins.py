"""What stands on the box: two lights, a button, a switch that notices opening, a fan.

Fixed wiring, BCM numbers, told in docs/mount-a-node.md. gpiozero (from apt, with lgpio) is
imported only where there are pins; the rules here are pure and tested with its mock pins.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from edge.wire.messages import Observing

log = logging.getLogger(__name__)

STATUS_LED: Final = 17
CAMERA_LED: Final = 27
BUTTON: Final = 22
LID: Final = 23
FAN: Final = 18

Light = Literal["boot", "ok", "no-hub", "camera-fault", "paused", "identify"]
Press = Literal["short", "long", "very-long", "nothing"]

PATTERNS: Final[dict[Light, tuple[tuple[float, float], ...]]] = {
    "boot": ((0.1, 0.1),),
    "ok": ((0.05, 4.95),),  # a sign of life that disturbs nobody at lunch
    "no-hub": ((0.2, 0.2), (0.2, 2.4)),
    "camera-fault": ((0.2, 0.2), (0.2, 0.2), (0.2, 2.0)),
    "paused": ((1.5, 1.5),),
    "identify": ((0.3, 0.1), (0.1, 0.1)),
}
"""Seconds on and off, again and again: one flash is well, two the hub, three the camera."""

SHORT_S: Final = 1.0
LONG_S: Final = 3.0
VERY_LONG_S: Final = 10.0
FAN_OFF_C: Final = 50.0
FAN_ON_C: Final = 55.0
FAN_FULL_C: Final = 75.0
FAN_LEAST: Final = 0.4  # below, a small fan does not start
FAN_EVERY_S: Final = 5.0
TICK_S: Final = 0.05


def light_of(observing: Observing | None, *, hears_hub: bool, identify_s: float) -> Light:
    """What the status light says; `observing` None: the first picture was not counted yet."""
    if identify_s > 0:
        return "identify"
    if observing is None:
        return "boot"
    if observing == "paused":
        return "paused"
    if observing == "fault":
        return "camera-fault"
    return "ok" if hears_hub else "no-hub"


def press_of(held_s: float) -> Press:
    """What a press of that length asks for; one in between asks for nothing."""
    if held_s <= SHORT_S:
        return "short"
    if held_s >= VERY_LONG_S:
        return "very-long"
    return "long" if held_s >= LONG_S else "nothing"


def fan_speed(temperature_c: float | None, before: float) -> float:
    """0 to 1. Off below 50 degrees, on above 55; without a thermometer it runs."""
    if temperature_c is None:
        return 1.0
    if temperature_c < (FAN_OFF_C if before > 0 else FAN_ON_C):
        return 0.0
    share = (temperature_c - FAN_ON_C) / (FAN_FULL_C - FAN_ON_C)
    return round(min(1.0, max(FAN_LEAST, FAN_LEAST + share * (1 - FAN_LEAST))), 2)


@dataclass(frozen=True, slots=True)
class Box:
    """What the box asks of the node, and what it does to it."""

    observing: Callable[[], Observing | None]
    looks: Callable[[], bool]
    """Whether the camera is on."""
    hears_hub: Callable[[], bool]
    temperature_c: Callable[[], float | None]
    pause: Callable[[], None]
    enrol_again: Callable[[], None]


class Pins:
    """The wiring at work. `factory`: gpiozero's own for this machine, or its mock."""

    def __init__(self, box: Box, factory: Any = None) -> None:
        from gpiozero import LED, PWMLED, Button

        self._box = box
        self._status = LED(STATUS_LED, pin_factory=factory)
        self._camera = LED(CAMERA_LED, pin_factory=factory)
        self._fan = PWMLED(FAN, pin_factory=factory)
        self._button = Button(BUTTON, bounce_time=None, pin_factory=factory)
        self._lid = Button(LID, pin_factory=factory)
        self._has_lid = bool(self._lid.value)
        self._button.when_pressed = self._pressed
        self._button.when_released = self._released
        self._pressed_s: float | None = None
        self._identify_until_s = float("-inf")
        self._speed = 0.0
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("light", self._shine), ("fan", self._cool))
        ]

    def start(self) -> None:
        """Begin to shine and to cool."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Lights off; the fan runs on at full, because nobody watches the heat any longer."""
        self._stop.set()
        for thread in self._threads:
            thread.join(1.0)
        self._fan.value = 1.0
        for pin in (self._status, self._camera, self._button, self._lid):
            pin.close()

    @property
    def lid_open(self) -> bool | None:
        """Whether the box is open: the switch is closed while its lid is on.

        None until it was closed once: a box without the switch would look open for ever.
        """
        self._has_lid = self._has_lid or bool(self._lid.value)
        return not self._lid.value if self._has_lid else None

    def identify(self, lasts_s: float = 30.0) -> None:
        """Shine so that somebody in the room can point at it."""
        self._identify_until_s = time.monotonic() + lasts_s

    def light(self) -> Light:
        """What the status light says now."""
        left_s = self._identify_until_s - time.monotonic()
        box = self._box
        return light_of(box.observing(), hears_hub=box.hears_hub(), identify_s=left_s)

    def _pressed(self) -> None:
        self._pressed_s = time.monotonic()

    def _released(self) -> None:
        if self._pressed_s is None:
            return
        press = press_of(time.monotonic() - self._pressed_s)
        self._pressed_s = None
        log.info("button", extra={"press": press})
        match press:
            case "short":
                self.identify()
            case "long":
                self._box.pause()
            case "very-long":
                self._box.enrol_again()
            case "nothing":
                pass

    def _shine(self) -> None:
        while not self._stop.is_set():
            shown = self.light()
            for is_lit, for_s in _steps(PATTERNS[shown]):
                self._status.value = is_lit
                if not self._stays(shown, for_s):
                    break

    def _stays(self, shown: Light, for_s: float) -> bool:
        """Wait, and meanwhile show whether the camera is on; False where the state changes."""
        until_s = time.monotonic() + for_s
        while (left_s := until_s - time.monotonic()) > 0 and not self._stop.is_set():
            self._camera.value = self._box.looks()
            if self.light() != shown:
                return False
            self._stop.wait(min(TICK_S, left_s))
        return True

    def _cool(self) -> None:
        while True:
            self._speed = fan_speed(self._box.temperature_c(), self._speed)
            self._fan.value = self._speed
            if self._stop.wait(FAN_EVERY_S):
                return


def _steps(pattern: tuple[tuple[float, float], ...]) -> Iterator[tuple[bool, float]]:
    for on_s, off_s in pattern:
        yield True, on_s
        yield False, off_s


def there_are_pins(root: Path = Path("/")) -> bool:
    """Whether this is a Raspberry Pi: a USB gadget's pins are not ours to drive."""
    try:
        model = (root / "proc/device-tree/model").read_text(errors="replace")
    except OSError:
        return False
    return model.startswith("Raspberry Pi")
