"""One way to count people in a zone of a video, in a process of its own.

    python rival_worker.py WAY MODEL SIZE THREADS VIDEO POLYGON

WAY is `cheongsa`, `queuemanager` (Ultralytics' solution) or `polygonzone` (supervision's, on
Ultralytics' predict); POLYGON is JSON, corners as fractions of the picture. Each line read is
`look` (one frame: read, detect, count), `window` (what the window since the last one comes to) or
`skip N` (frames nobody looks at). Not a measurement by itself: `tests.bench.rivals` runs it, in
this environment or in the one of the rivals.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

Corners = list[tuple[float, float]]
CONFIDENCE = 0.25
PERSON = 0


def main(way: str, model: str, size: str, threads: str, video: str, polygon: str) -> None:
    """Load, then do as told until the input ends."""
    counts = WAYS[way](Path(model), int(size), int(threads), json.loads(polygon))
    frames = cv2.VideoCapture(video)
    counts.look(_read(frames))
    frames.set(cv2.CAP_PROP_POS_FRAMES, 0)
    _say(ready=True)
    for line in sys.stdin:
        word, _, number = line.strip().partition(" ")
        if word == "skip":
            for _ in range(int(number)):
                frames.grab()
        elif word == "window":
            _say(people=counts.window())
        else:
            began_s = time.perf_counter()
            people = counts.look(_read(frames))
            _say(ms=(time.perf_counter() - began_s) * 1e3, people=people, mb=_peak_mb())


def _read(frames: cv2.VideoCapture) -> Any:
    found, frame = frames.read()
    assert found, "the video is over"
    return frame


class Cheongsa:
    """What `edge run` does with a frame."""

    def __init__(self, model: Path, _size_px: int, threads: int, corners: Corners) -> None:
        from edge.counting.counter import Counter
        from edge.detect import load
        from edge.wire.messages import NodeConfig, ZoneShape

        self._detector = load(model, threads=threads, confidence=CONFIDENCE)
        zone = ZoneShape(zone="zone", polygon=tuple(corners))
        self._counter = Counter(NodeConfig(revision=1, zones=(zone,)))
        self._seen = 0

    def look(self, frame: Any) -> int | None:
        """It says a number for a window, not for a frame."""
        height, width = frame.shape[:2]
        self._seen += 1
        people = self._detector.detect(np.asarray(frame, np.uint8))
        self._counter.observe(people, float(self._seen), (width, height))

    def window(self) -> int | None:
        """People in the zone."""
        counted = self._counter.close_window()
        return counted[0].people if counted else None


class QueueManager:
    """Ultralytics' queue solution, which follows people and draws what it sees."""

    def __init__(self, model: Path, size_px: int, threads: int, corners: Corners) -> None:
        import torch  # type: ignore[import-not-found]
        from ultralytics import solutions  # type: ignore[import-not-found]

        torch.set_num_threads(threads)
        self._told: dict[str, Any] = {"model": str(model), "imgsz": size_px, "show": False}
        self._solutions, self._corners, self._manager = solutions, corners, None
        self._last: int | None = None

    def look(self, frame: Any) -> int | None:
        """The count it would draw on this frame."""
        if self._manager is None:
            self._manager = self._solutions.QueueManager(
                **self._told,
                region=_pixels(self._corners, frame),
                classes=[PERSON],
                conf=CONFIDENCE,
                verbose=False,
            )
        self._last = int(self._manager.process(frame).queue_count)
        return self._last

    def window(self) -> int | None:
        """The newest frame's count: it knows no windows."""
        return self._last


class PolygonZone:
    """supervision's zone, by the feet, on Ultralytics' predict."""

    def __init__(self, model: Path, size_px: int, threads: int, corners: Corners) -> None:
        import supervision  # type: ignore[import-not-found]
        import torch  # type: ignore[import-not-found]
        from ultralytics import YOLO  # type: ignore[import-not-found]

        torch.set_num_threads(threads)
        self._supervision, self._model = supervision, YOLO(str(model), task="detect")
        self._size_px, self._corners, self._zone = size_px, corners, None
        self._last: int | None = None

    def look(self, frame: Any) -> int | None:
        """The zone's count on this frame."""
        sv = self._supervision
        if self._zone is None:
            anchors = (sv.Position.BOTTOM_CENTER,)
            polygon = np.array(_pixels(self._corners, frame))
            self._zone = sv.PolygonZone(polygon=polygon, triggering_anchors=anchors)
        told = {"imgsz": self._size_px, "conf": CONFIDENCE, "classes": [PERSON], "verbose": False}
        found = sv.Detections.from_ultralytics(self._model(frame, **told)[0])
        self._last = int(self._zone.trigger(found).sum())
        return self._last

    def window(self) -> int | None:
        """The newest frame's count: it knows no windows."""
        return self._last


WAYS: dict[str, Callable[[Path, int, int, Corners], Any]] = {
    "cheongsa": Cheongsa,
    "queuemanager": QueueManager,
    "polygonzone": PolygonZone,
}


def _pixels(corners: Corners, frame: Any) -> list[tuple[int, int]]:
    height, width = frame.shape[:2]
    return [(round(x * width), round(y * height)) for x, y in corners]


def _peak_mb() -> float:
    """Resident at most. Not `ru_maxrss`, which a child inherits from who started it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
