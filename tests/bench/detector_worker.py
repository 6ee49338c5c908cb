"""A detector in a process of its own, which looks at one frame each time it is asked.

    python detector_worker.py MODEL BACKEND SIZE THREADS VIDEO BEGAN_S

Prints `{"first_count_s", "rss_mb"}` after its first count, measured from BEGAN_S on the monotonic
clock that all processes share; then for each line read, the milliseconds of one picture. Not a
measurement by itself: `tests.bench.node` runs it, in this environment or the export one.
"""

import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from edge.detect import Detector, load


def main(model: str, backend: str, size: str, threads: str, video: str, began_s: str) -> None:
    """Load, count once, say so, then count on demand until the input ends."""
    detector = _detector(Path(model), backend, int(size), int(threads))
    frames = cv2.VideoCapture(video)
    detector.detect(np.asarray(frames.read()[1], np.uint8))
    first_count_s = time.monotonic() - float(began_s)
    _say({"first_count_s": first_count_s, "rss_mb": _rss_mb()})
    for _ in sys.stdin:
        found, frame = frames.read()
        if not found:
            frames.set(cv2.CAP_PROP_POS_FRAMES, 0)
            frame = frames.read()[1]
        picture = np.asarray(frame, np.uint8)
        began = time.perf_counter()
        detector.detect(picture)
        _say({"ms": (time.perf_counter() - began) * 1e3, "rss_mb": _rss_mb()})


def _detector(model: Path, backend: str, size_px: int, threads: int) -> Detector:
    if backend != "ultralytics":  # the size is in the model
        return load(model, backend=backend, threads=threads)
    from edge.detect.ultralytics import UltralyticsDetector

    return UltralyticsDetector(model, threads=threads, confidence=0.25, size_px=size_px)


def _say(what: dict[str, float]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _rss_mb() -> float:
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
