"""The box around the node: lights, button, fan, where this machine has pins."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from edge import health, pins
from edge.node import Node
from edge.settings import Settings

log = logging.getLogger(__name__)

ENROL_AGAIN: Final = "enrol-again"


@contextmanager
def lit(
    node: Node, settings: Settings, stop: threading.Event, factory: Any = None
) -> Iterator[pins.Pins | None]:
    """Lights on while the block runs; None on a machine without pins, or without gpiozero."""
    wired = None
    if factory is not None or pins.there_are_pins():
        wired = _wire(node, settings, stop, factory)
    try:
        yield wired
    finally:
        if wired is not None:
            wired.close()


def _wire(node: Node, settings: Settings, stop: threading.Event, factory: Any) -> pins.Pins | None:
    def enrol_again() -> None:
        """Forget who we are at the next start, and start again: systemd does."""
        (settings.data_dir / ENROL_AGAIN).touch()
        stop.set()

    box = pins.Box(
        observing=node.observing,
        looks=node.looks,
        hears_hub=lambda: node.clock.hears_hub(time.monotonic()),
        temperature_c=lambda: health.temperature_c(Path("/")),
        pause=node.pause.toggle,
        enrol_again=enrol_again,
    )
    try:
        wired = pins.Pins(box, factory)
    except Exception as error:  # noqa: BLE001  whatever the wiring does, counting goes on
        log.warning("no lights", extra={"error": repr(error)})
        return None
    wired.start()
    return wired
