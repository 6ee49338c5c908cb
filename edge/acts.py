"""What each kind of command does on this node: blink, take a picture, preview, measure, restart.

Whatever needs frames looks over the shoulder of the counting loop; counting goes on meanwhile.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from edge import health, preview
from edge.camera import Frame
from edge.commands import Act, Done, NotDoneError
from edge.detect import Detector, ModelError, People
from edge.node import Node
from edge.preview import Previews
from edge.still import OVER_S, Exposure, TooLargeError, seal
from edge.wire.messages import Command

BENCH_FRAMES: Final = 20
_PATIENCE_S: Final = 15.0  # beyond what was asked for: a slow camera
PAUSED: Final = "The camera is paused by the button on the box. Ask again when the pause is over."
NO_PICTURE: Final = "The camera gives no picture. Look at the node's state first."


class Acts:
    """The commands of one node.

    Args:
        node: looked at while it counts.
        sensitive: makes a detector that finds people at a very low confidence; for the still.
        restart: ends the program in order; whoever started it starts it again.
    """

    def __init__(
        self, node: Node, sensitive: Callable[[], Detector], restart: Callable[[], None]
    ) -> None:
        self._node, self._sensitive, self._restart = node, sensitive, restart
        self.previews = Previews()
        self._exposing = threading.Lock()
        node.show_to(self._preview)

    @property
    def by_kind(self) -> dict[str, Act]:
        """What `edge.commands` asks for."""
        return {
            "identify": self.identify,
            "still": self.still,
            "preview": self.preview,
            "restart": self.restart,
            "bench": self.bench,
        }

    def identify(self, command: Command) -> Done:
        """Blink. Raises NotDoneError on a machine without lights."""
        if self._node.lights is None:
            raise NotDoneError("This node has no light to blink with.")
        self._node.lights.identify(command.lasts_s)
        return Done(f"Its light blinks for {command.lasts_s:.0f} s.")

    def preview(self, command: Command) -> Done:
        """Send what is seen, numbers only, for so long."""
        self.previews.last_for(command.lasts_s)
        return Done(f"It tells what it sees for {command.lasts_s:.0f} s.")

    def restart(self, _command: Command) -> Done:
        """End in order; the answer is given after the restart."""
        self._restart()
        return Done(later=True)

    def still(self, command: Command) -> Done:
        """Take the picture, hide whoever is left, seal it. Raises NotDoneError."""
        if command.seal_to is None or not self._exposing.acquire(blocking=False):
            raise NotDoneError("A picture is being taken already. Wait half a minute.")
        try:
            sensitive = self._sensitive()
            picture = seal(self._expose().clear(sensitive), command.seal_to, command.command)
        except (ModelError, TooLargeError, ValueError) as error:
            raise NotDoneError(str(error)) from error
        finally:
            self._exposing.release()
        return Done(f"{picture.frames} frames, {picture.blurred} blurred.", still=picture)

    def bench(self, _command: Command) -> Done:
        """Time the detector on this very picture. Raises NotDoneError."""
        took_s: list[float] = []

        def measure(frame: Frame, _people: People) -> None:
            if len(took_s) < BENCH_FRAMES:
                began_s = time.perf_counter()
                self._node.detector.detect(frame.image_bgr)
                took_s.append(time.perf_counter() - began_s)

        self._look_until(measure, lambda: len(took_s) >= BENCH_FRAMES, _PATIENCE_S * 2)
        if not took_s:
            raise NotDoneError(NO_PICTURE)
        middle_s = sorted(took_s)[len(took_s) // 2]
        figures = {"inference_ms": round(middle_s * 1e3, 1), "frames_per_s": round(1 / middle_s, 1)}
        if (celsius := health.temperature_c(Path("/"))) is not None:
            figures["temperature_c"] = celsius
        return Done(f"Median of {len(took_s)} frames.", figures)

    def _expose(self) -> Exposure:
        exposure = Exposure()

        def take(frame: Frame, people: People) -> None:
            exposure.take(frame.image_bgr, people, frame.captured_s)

        self._look_until(take, lambda: exposure.is_complete, OVER_S + _PATIENCE_S)
        if not self._node.looks():
            raise NotDoneError(PAUSED)
        if exposure.frames < 2:
            raise NotDoneError(NO_PICTURE)
        return exposure

    def _look_until(
        self, onlooker: Callable[[Frame, People], None], is_done: Callable[[], bool], most_s: float
    ) -> None:
        """Show frames to `onlooker` until it is done, the time is over, or the camera is off."""
        until_s = time.monotonic() + most_s
        self._node.show_to(onlooker)
        try:
            while not is_done() and self._node.looks() and time.monotonic() < until_s:
                time.sleep(0.05)
        finally:
            self._node.hide_from(onlooker)

    def _preview(self, frame: Frame, people: People) -> None:
        if not self.previews.is_due:
            return
        height, width = frame.image_bgr.shape[:2]
        now_s = time.monotonic()
        at = self._node.clock.stamp(frame.captured_s, now_s).at
        self.previews.put(preview.look(people, (width, height), self._node.zones, at))
