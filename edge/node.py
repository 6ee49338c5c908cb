"""The loop: picture, people, counts, window, outbox. The uplink carries on from there.

Three threads, no shared work: `looking` sees and counts, `uplink` speaks, and the main thread
keeps house (health, clock, the window of a camera that fell silent). Nothing waits for the
network, and a count exists only where a fresh picture was looked at.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from edge import clock as clocks
from edge import health
from edge.camera import CameraError, Frame
from edge.clock import NodeClock
from edge.configure import Configuration, InForce
from edge.counting.counter import Counter
from edge.counting.zones import zones_or_whole
from edge.detect import Detector, People
from edge.outbox import Outbox
from edge.pause import Pause
from edge.pins import Pins
from edge.settings import Settings
from edge.watchdog import Watchdog
from edge.window import Window
from edge.wire.messages import NodeHealth, NodeState, Observing, Rates, Source, ZoneCount, ZoneShape

log = logging.getLogger(__name__)

HEALTH_EVERY_S: Final = 30.0
CLOCK_EVERY_S: Final = 5.0
TICK_S: Final = 0.25
REST_TICK_S: Final = 5.0
SILENT_AFTER_S: Final = 10.0  # no picture and no word of the camera why
_CLOSE_GRACE_S: Final = 1.0  # a frame of the window may still be with the detector
_ZONES: Final = TypeAdapter(tuple[ZoneCount, ...])
Onlooker = Callable[[Frame, People], None]


class EnduringCamera(Protocol):
    """A camera that is reopened for as long as the node runs (edge.camera.reopening)."""

    fault: str | None
    reopened: int

    def read(self) -> Frame:
        """Wait for a fresh picture, however long it takes. Raises CameraEnded once closed."""
        ...

    def close(self) -> None:
        """End the reading, also from another thread."""
        ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What the node sees with."""

    open_camera: Callable[[float], EnduringCamera]
    """Makes the camera for so many frames a second; never fails."""
    detector: Detector
    source: Source
    sensitive: Callable[[], Detector] | None = None
    """Makes one that finds people at a very low confidence; None: `detector` does already."""


class Node:
    """One camera node at work.

    Args:
        settings: what it was told.
        sight: its camera and detector.
        configuration: zones, lines, rates; watched for changes.
        outbox, clock, watchdog: open and ready.
        began_s: when the program started, on the monotonic clock.
    """

    def __init__(
        self,
        settings: Settings,
        sight: Sight,
        configuration: Configuration,
        outbox: Outbox,
        clock: NodeClock,
        watchdog: Watchdog,
        began_s: float,
    ) -> None:
        self._settings, self._sight, self._configuration = settings, sight, configuration
        self._outbox, self.clock, self._watchdog = outbox, clock, watchdog
        self._began_s = self._looks_since_s = began_s
        self._version = health.software_version()
        self._applied: InForce = configuration.in_force
        self._counter = Counter(self._applied.config)
        self._camera = sight.open_camera(self._rates.frames_per_s)
        self._window: Window | None = None
        self._had_window = False
        self._window_lock = threading.Lock()
        self._pace = health.Pace()
        self.pause = Pause()
        self.pause.when_it_begins(self._close_camera)
        self.lights: Pins | None = None
        self._onlookers: tuple[Onlooker, ...] = ()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, name="looking", daemon=True)

    # What others ask of it.

    def state(self, session: int) -> NodeState:
        """What to say of the node now."""
        observing, fault = self._observing(time.monotonic())
        return NodeState(
            online=True,
            boot_id=self._outbox.boot_id,
            session=session,
            version=self._version,
            config_hash=self._applied.sha256,
            observing=observing,
            fault=fault,
            source=self._sight.source,
        )

    def observing(self) -> Observing | None:
        """What it does now; None: the first picture was not counted yet."""
        now_s = time.monotonic()
        observing, _ = self._observing(now_s)
        waits_for_first = observing == "ok" and self._pace.age_s(now_s) is None
        return None if waits_for_first else observing

    def looks(self) -> bool:
        """Whether the camera is on."""
        return self.pause.left_s() == 0 and not self._stop.is_set()

    @property
    def detector(self) -> Detector:
        """Who finds people here; for the looking thread alone."""
        return self._sight.detector

    @property
    def zones(self) -> tuple[ZoneShape, ...]:
        """What is counted now."""
        return zones_or_whole(self._applied.config.zones)

    def show_to(self, onlooker: Onlooker) -> None:
        """From now on show each frame, once counted, to `onlooker` too. It must be quick."""
        self._onlookers = (*self._onlookers, onlooker)

    def hide_from(self, onlooker: Onlooker) -> None:
        """No more."""
        self._onlookers = tuple(one for one in self._onlookers if one is not onlooker)

    def run(self, stop: threading.Event, say: Callable[[NodeHealth], None]) -> None:
        """Look and count until `stop`; hand a NodeHealth to `say` every 30 s."""
        self._thread.start()
        health_s = time.monotonic() + 2.0
        clock_s = 0.0
        was_paused = False
        while not stop.wait(TICK_S):
            now_s = time.monotonic()
            self._close_silent_window(now_s)
            if now_s >= clock_s:
                clocks.look(self.clock)
                clock_s = now_s + CLOCK_EVERY_S
            is_paused = self.pause.left_s() > 0
            if now_s >= health_s or is_paused is not was_paused:  # a pause is told of at once
                say(self._health(now_s))
                health_s, was_paused = now_s + HEALTH_EVERY_S, is_paused

    def close(self) -> None:
        """Stop looking; what the open window has seen is kept as a shorter window."""
        self._stop.set()
        self.pause.end()
        self._camera.close()
        self._thread.join(0.6)  # a driver may hang in its own code: do not wait for it
        with self._window_lock:
            if self._window is not None:
                seen_s = time.monotonic() - self._window.start_s
                length_s = min(max(seen_s, 0.001), self._window.length_s)
                self._close_window(Window(self._window.start_s, length_s))
                self._window = None

    # The looking thread.

    def _look(self) -> None:
        while not self._stop.is_set():
            if self.pause.left_s() > 0:
                self._rest()
            try:
                frame = self._camera.read()
            except CameraError:
                if self._stop.is_set():
                    return
                continue  # it was closed for other rates: `self._camera` is the new one; or a pause
            if self.pause.left_s() > 0:
                continue  # taken just before: nobody is to be looked at
            began_s = time.monotonic()
            people = self._detect(frame.image_bgr)
            done_s = time.monotonic()
            self._count(people, frame)
            self._note(frame, done_s - began_s, done_s)
            for onlooker in self._onlookers:
                onlooker(frame, people)

    def _close_camera(self) -> None:
        self._camera.close()

    def _rest(self) -> None:
        """A pause: the camera is off, and nothing is counted until it is over."""
        log.info("paused", extra={"for_s": round(self.pause.left_s())})
        while self.pause.left_s() > 0 and not self._stop.is_set():
            self._watchdog.resting()
            self.pause.wait_a_little(REST_TICK_S)
        if not self._stop.is_set():
            self._camera = self._sight.open_camera(self._rates.frames_per_s)
            self._looks_since_s = time.monotonic()
            log.info("pause over")

    def _detect(self, image_bgr: NDArray[np.uint8]) -> People:
        near = [z.polygon for z in self._applied.config.zones if z.near]
        if not near:
            return self._sight.detector.detect(image_bgr)
        from edge.detect.crops import crops_of, detect_with_crops

        height, width = image_bgr.shape[:2]
        corners_px = [[(x * width, y * height) for x, y in polygon] for polygon in near]
        crops = [crop for each in corners_px for crop in crops_of(each, (height, width))]
        return detect_with_crops(self._sight.detector, image_bgr, crops)

    def _count(self, people: People, frame: Frame) -> None:
        height, width = frame.image_bgr.shape[:2]
        with self._window_lock:
            self._turn_to(frame.captured_s)
            self._counter.observe(people, frame.captured_s, (width, height))

    def _note(self, frame: Frame, inference_s: float, now_s: float) -> None:
        if self._pace.age_s(now_s) is None:
            after_s = round(now_s - self._began_s, 2)
            log.info("first picture counted", extra={"after_s": after_s})
            self._watchdog.ready(f"counting with {self._sight.detector.name}")
        self._pace.note(max(frame.captured_s, now_s - 60.0), inference_s)
        self._watchdog.fresh_frame()

    # Windows. Everything here holds the window lock.

    def _turn_to(self, at_s: float) -> None:
        """Close the open window if `at_s` lies behind it, and open the one of `at_s`."""
        length_s = self._rates.window_s
        if self._window is None:
            begin = Window if self._had_window else Window.first
            self._window, self._had_window = begin(at_s, length_s), True
        elif self._window.is_over(at_s):
            self._close_window(self._window)
            self._window = self._window.next(at_s, self._rates.window_s)

    def _close_silent_window(self, now_s: float) -> None:
        """Close a window whose end no picture came to mark; the next begins with a picture."""
        grace_s = _CLOSE_GRACE_S + 2e-3 * (self._pace.inference_ms(now_s) or 0.0)
        with self._window_lock:
            if self._window is not None and now_s >= self._window.end_s + grace_s:
                self._close_window(self._window)
                self._window = None

    def _close_window(self, window: Window) -> None:
        self._apply_configuration()
        zones = self._counter.close_window()
        if not zones:
            return
        now_s = time.monotonic()
        now = self.clock.stamp(now_s, now_s)
        seq = self._outbox.append(
            _ZONES.dump_json(zones),
            window.start_s,
            round(window.length_s, 3),
            self.clock.stamp(window.start_s, now_s),
            now.at if now.synced else None,
        )
        log.debug("window stored", extra={"seq": seq, "people": [z.people for z in zones]})

    def _apply_configuration(self) -> None:
        """Take a new configuration at a window's end: its frames are counted by the new zones."""
        wanted = self._configuration.in_force
        if wanted is self._applied:
            return
        rate_before = self._rates.frames_per_s
        self._counter.reconfigure(wanted.config)
        self._applied = wanted
        if self._rates.frames_per_s != rate_before:
            before, self._camera = self._camera, self._sight.open_camera(self._rates.frames_per_s)
            before.close()
        log.info("configuration in force", extra={"revision": wanted.config.revision})

    @property
    def _rates(self) -> Rates:
        wanted, told = self._applied.config.rates, self._settings
        return Rates(
            frames_per_s=told.frames_per_s or wanted.frames_per_s,
            window_s=told.window_s or wanted.window_s,
        )

    # How it is.

    def _observing(self, now_s: float) -> tuple[Observing, str | None]:
        if self.pause.left_s() > 0:
            return "paused", None
        if fault := self._camera.fault:
            return "fault", fault[:200]
        age_s = self._pace.age_s(now_s)
        since_s = now_s - self._looks_since_s
        silent_s = since_s if age_s is None else min(age_s, since_s)
        if silent_s > max(SILENT_AFTER_S, 5 / self._rates.frames_per_s):
            return "fault", "The camera gives no picture and no reason. Check its cable and power."
        return "ok", None

    def _health(self, now_s: float) -> NodeHealth:
        observing, fault = self._observing(now_s)
        machine = health.look(self._settings.data_dir)
        depth, now = self._outbox.depth(), self.clock.stamp(now_s, now_s)
        trouble = " ".join(text for text in (fault, self._outbox.trouble) if text)
        waiting_s = (
            max(0.0, (now.at - depth.oldest_at).total_seconds()) if depth.oldest_at else None
        )
        return NodeHealth(
            boot_id=self._outbox.boot_id,
            at=now.at,
            uptime_s=round(now_s - self._began_s, 1),
            observing=observing,
            fault=trouble[:200] or None,
            temperature_c=machine.temperature_c,
            throttled=machine.throttled,
            load_1m=machine.load_1m,
            memory_used_percent=machine.memory_used_percent,
            disk_free_bytes=machine.disk_free_bytes,
            wifi_dbm=machine.wifi_dbm,
            frames_per_s=self._pace.frames_per_s(now_s),
            inference_ms=self._pace.inference_ms(now_s),
            frame_age_s=self._pace.age_s(now_s),
            camera_reopened=self._camera.reopened,
            outbox_depth=depth.rows,
            outbox_oldest_age_s=waiting_s,
            outbox_dropped=depth.dropped,
            outbox_set_aside=depth.set_aside,
            clock_offset_ms=self.clock.offset_ms(now_s),
            clock_source=self.clock.source(now_s),
            version=self._version,
            backend=self._sight.detector.name[:200],
            lid_open=self.lights.lid_open if self.lights else None,
            pause_left_s=round(self.pause.left_s(), 1) or None,
        )
