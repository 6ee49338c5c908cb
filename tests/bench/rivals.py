"""Counting people in a zone: this node, and what a newcomer would take from the shelf.

Ultralytics' `QueueManager` and supervision's `PolygonZone` stand in an environment of their own
(`tests/bench/env.sh`). All three get the same video, model, size, threshold and zone, one frame
each in turn. They read a frame, find people and count them; the node's runtime is the one that it
chooses here, theirs is what their examples use. What they say is held against known truth: the
node's number for a window, and theirs for its newest frame, because that is what each of them
offers. QueueManager also follows people and draws what it sees, because it cannot be asked not
to; it decides by the middle of a box, and gets its zone drawn at that height. The recorded video
has 10 frames/s and the rendered one 4, a node's own rate; those who follow people are made for 30.
"""

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from edge.scene import MODEL_PATH
from edge.scene.camera import SceneCamera
from edge.scene.layout import QUEUE_FLOOR_M, QUEUE_POLYGON, STANDARD_POSE
from tests.bench.row import Row, as_line, at_most, known, skipped

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-bench/bin/python"
TITLES = {"queuemanager": "Ultralytics QueueManager", "polygonzone": "supervision PolygonZone"}
THREADS = 2
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
NOT_WORSE = 1.0  # of their time a frame, of their error; how much better, the ratio says
# PETS2009: 1.1 s around each hand-counted frame, and a second before it for those who follow people
BEFORE, HALF_WINDOW = 15, 5
# The rendered lunch: a seed that its model was not trained on, a rush as it grows
LUNCH_SEED, LUNCH_S, LUNCH_FRAMES_PER_S, WINDOW_FRAMES = 901, 120, 4, 20
MIDDLE_M = 0.85  # of a standing person


@dataclass
class Told:
    """What one way said of one video."""

    ms: list[float] = field(default_factory=list)
    people: list[float] = field(default_factory=list)
    """One a window."""
    mb: float = 0.0


def rows() -> Iterator[Row]:
    """Speed, error and memory of each, on a recorded and on the rendered video."""
    assets = Path(os.environ.get("CHEONGSA_ASSETS") or "nowhere")
    if not PYTHON.is_file():
        yield skipped("rivals", "no environment for them: make bench-env")
        return
    if assets.is_dir():
        yield from _recorded(assets)
    else:
        yield skipped("rivals: recorded video", "CHEONGSA_ASSETS is not set")
    yield from _rendered()


def _recorded(assets: Path) -> Iterator[Row]:
    with (assets / "groundtruth/pets2009_counts.csv").open() as file:
        truth = {int(row["frame"]): int(row["persons"]) for row in csv.DictReader(file)}
    theirs = assets / "models/yolo11n_dequantised.pt"
    models = {"cheongsa": assets / "models/yolo11n_640", **dict.fromkeys(TITLES, theirs)}
    video = assets / "videos/pets2009_s2l1_dev.mp4"
    with _all(models, 640, video, dict.fromkeys(models, WHOLE)) as ways:
        said = {name: Told() for name in ways}
        at = 0
        for number in sorted(truth):
            _each(ways, f"skip {number - BEFORE - at}", quiet=True)
            _look(ways, said, BEFORE - HALF_WINDOW)
            _each(ways, "window")
            middle = _look(ways, said, HALF_WINDOW + 1)  # theirs are asked at the frame itself
            _look(ways, said, HALF_WINDOW)
            closed = _each(ways, "window")
            for name, told in said.items():
                told.people.append(middle[name] if name in TITLES else closed[name]["people"])
            at = number + HALF_WINDOW + 1
    where = f"PETS2009, YOLO11n 640, {THREADS} threads"
    yield from _rows(where, said, [float(truth[number]) for number in sorted(truth)])


def _rendered() -> Iterator[Row]:
    models = dict.fromkeys(("cheongsa", *TITLES), MODEL_PATH)
    polygons: dict[str, Any] = dict.fromkeys(models, QUEUE_POLYGON)
    polygons["queuemanager"] = [_seen_at(x, y) for x, y in QUEUE_FLOOR_M]
    with tempfile.TemporaryDirectory(prefix="cheongsa-bench-") as folder:
        video = Path(folder) / "lunch.avi"
        truth = _draw(video)
        with _all(models, _input_px(), video, polygons) as ways:
            said = {name: Told() for name in ways}
            for _ in truth:
                _look(ways, said, WINDOW_FRAMES)
                for name, answer in _each(ways, "window").items():
                    said[name].people.append(answer["people"])
    yield from _rows(f"rendered lunch, its own model, {THREADS} threads", said, truth)


def _seen_at(x_m: float, y_m: float) -> tuple[float, float]:
    sight = STANDARD_POSE.project(x_m, y_m, MIDDLE_M)
    return min(max(sight.u, 0.0), 1.0), min(max(sight.v, 0.0), 1.0)


def _draw(video: Path) -> list[float]:
    """Write the lunch to a file; return the people who truly stood in the zone, by window."""
    camera = SceneCamera(LUNCH_SEED, frames_per_s=LUNCH_FRAMES_PER_S, realtime=False)
    truth, writer = [], None
    for _ in range(LUNCH_S * LUNCH_FRAMES_PER_S):
        picture = camera.read().image_bgr
        height, width = picture.shape[:2]
        if writer is None:
            code = cv2.VideoWriter.fourcc(*"MJPG")
            writer = cv2.VideoWriter(str(video), code, LUNCH_FRAMES_PER_S, (width, height))
        writer.write(picture)
        truth.append(camera.truth.in_zone)
    assert writer is not None
    writer.release()
    windows = np.array(truth, np.float64).reshape(-1, WINDOW_FRAMES)
    return windows.mean(axis=1).tolist()


def _input_px() -> int:
    """The side of the rendered scene's model."""
    from edge.detect.onnx import OnnxRuntime

    return OnnxRuntime(MODEL_PATH, threads=1).input_hw_px[0]


# The processes.


class _Way:
    """A running `rival_worker.py`."""

    def __init__(self, name: str, model: Path, size_px: int, video: Path, corners: Any) -> None:
        python = PYTHON if name in TITLES else sys.executable
        script = Path(__file__).with_name("rival_worker.py")
        told = [name, model, size_px, THREADS, video, json.dumps(corners)]
        self._process = subprocess.Popen(
            [str(python), str(script), *map(str, told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=video.parent if name in TITLES else ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "YOLO_OFFLINE": "True"},
        )
        self.answer()

    def tell(self, line: str) -> None:
        """Hand over one line."""
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Wait for what it says."""
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise RuntimeError(f"the process ended with {self._process.wait()}")

    def end(self) -> None:
        """Let it go."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)


@contextmanager
def _all(
    models: dict[str, Path], size_px: int, video: Path, polygons: dict[str, Any]
) -> Iterator[dict[str, _Way]]:
    with ExitStack() as stack:
        ways = {}
        for name, model in models.items():
            ways[name] = _Way(name, model, size_px, video, polygons[name])
            stack.callback(ways[name].end)
        yield ways


def _each(ways: dict[str, _Way], line: str, *, quiet: bool = False) -> dict[str, dict[str, Any]]:
    """Tell each in turn: only one of them ever works."""
    answers = {}
    for name, way in ways.items():
        way.tell(line)
        if not quiet:
            answers[name] = way.answer()
    return answers


def _look(ways: dict[str, _Way], said: dict[str, Told], frames: int) -> dict[str, float]:
    """So many frames each; return what each said of the last."""
    newest: dict[str, float] = {}
    for _ in range(frames):
        for name, answer in _each(ways, "look").items():
            said[name].ms.append(answer["ms"])
            said[name].mb = answer["mb"]
            newest[name] = answer["people"]
    return newest


# The rows.


def _rows(where: str, said: dict[str, Told], truth: Sequence[float]) -> Iterator[Row]:
    ours = said["cheongsa"]
    for name, title in TITLES.items():
        theirs = said[name]
        ratio = statistics.median(a / b for a, b in zip(ours.ms, theirs.ms, strict=True))
        theirs_ms = statistics.median(theirs.ms)
        yield at_most(
            f"rivals: whole loop per frame against {title}, {where}",
            statistics.median(ours.ms),
            "ms",
            f"theirs: {theirs_ms:.1f} ms",
            ratio=ratio,
            floor=NOT_WORSE,
        )
    windows = f"{len(truth)} windows of {statistics.fmean(truth):.1f} people"
    error, theirs_error = _error(ours, truth), {n: _error(said[n], truth) for n in TITLES}
    for name, title in TITLES.items():
        yield at_most(
            f"rivals: count error against {title}, {where}, {windows}",
            error,
            "people",
            f"theirs: {theirs_error[name]:.2f} people",
            ratio=error / theirs_error[name] if theirs_error[name] else None,
            floor=NOT_WORSE,
        )
    beside = "; ".join(f"{title}: {said[name].mb:.0f} MB" for name, title in TITLES.items())
    yield known(f"rivals: memory at most, {where}", ours.mb, "MB resident", beside)


def _error(told: Told, truth: Sequence[float]) -> float:
    return statistics.fmean(abs(a - b) for a, b in zip(told.people, truth, strict=True))


if __name__ == "__main__":
    for each in rows():
        print(as_line(each), flush=True)
