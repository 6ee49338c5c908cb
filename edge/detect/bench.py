"""`python -m edge bench`: every way to run a model on this machine, timed; the fastest is kept.

Order is shuffled and each turn warmed again, so that a hot processor or a busy neighbour strikes
all alike. Of a turn the quickest picture counts (what delays the others is not the model), of the
turns the median. A way that cannot run is shown with its reason and loses.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edge.detect import Detector, ModelError
from edge.detect.choice import Choice, remember
from edge.detect.load import Variant, is_installed, load, variants

FRAME_HW_PX = (720, 1280)
ROUNDS = 5
WARM_UPS = 1
MARGIN = 0.95  # more threads must be this much faster, or they are left to the rest of the node


@dataclass
class Candidate:
    """One way to run a model, and what was measured of it."""

    variant: Variant
    threads: int
    detector: Detector | None
    trouble: str = ""
    turns_ms: list[float] = field(default_factory=list)

    @property
    def median_ms(self) -> float:
        """Milliseconds a picture, the median of its turns; infinite where it cannot run."""
        return statistics.median(self.turns_ms) if self.turns_ms else float("inf")

    @property
    def choice(self) -> Choice:
        """As it is remembered."""
        return Choice(
            self.variant.path.resolve(), self.variant.backend, self.threads, self.median_ms
        )


def main(argv: Sequence[str]) -> int:
    """Time each model given, print a table, remember the fastest. Returns the exit status."""
    arguments = _parser().parse_args(argv)
    data_dir = arguments.data_dir or Path(os.environ.get("EDGE_DATA_DIR") or "edge-data")
    status = 0
    for model in arguments.model:
        try:
            candidates = measure(model, arguments.threads, seconds=arguments.seconds)
            best = fastest_of(candidates)
        except ModelError as error:
            sys.stderr.write(f"{error}\n")
            status = 1
            continue
        sys.stdout.write(table(model, candidates, best))
        remember(data_dir, model, best.choice)
    return status


def measure(model: Path, threads: Sequence[int], *, seconds: float = 20.0) -> list[Candidate]:
    """Time every way to run `model` here, with each number of threads.

    Args:
        model: a model, or a folder of several forms of it.
        threads: numbers of threads to try.
        seconds: about how long all of it may take.

    Raises:
        ModelError: nothing there can be run.
    """
    able = [v for v in variants(model) if is_installed(v.backend)]
    candidates = [_loaded(variant, count) for variant in able for count in threads]
    running = [c for c in candidates if c.detector is not None]
    if not running:
        reasons = " ".join(dict.fromkeys(c.trouble for c in candidates))
        raise ModelError(reasons or f"No runtime for {model} is installed: pip install openvino.")
    picture = _picture()
    for _ in range(ROUNDS):
        for candidate in random.sample(running, len(running)):
            candidate.turns_ms.append(_turn(candidate, picture, seconds / ROUNDS / len(running)))
    return candidates


def fastest_of(candidates: Sequence[Candidate]) -> Candidate:
    """The fastest; of two about as fast, the one that takes fewer threads."""
    best = min(candidates, key=lambda c: c.median_ms)
    as_good = [c for c in candidates if c.median_ms * MARGIN <= best.median_ms]
    return min(as_good, key=lambda c: (c.threads, c.median_ms))


def table(model: Path, candidates: Sequence[Candidate], best: Candidate) -> str:
    """What was measured, the fastest first."""
    lines = [f"{model}\n", f"  {'':20}{'threads':>8}{'ms':>9}{'frames/s':>10}\n"]
    for each in sorted(candidates, key=lambda c: c.median_ms):
        name = f"{each.variant.backend} {each.variant.path.suffix}".strip()
        numbers = (
            f"{each.median_ms:9.1f}{1000 / each.median_ms:10.1f}"
            if each.turns_ms
            else f"  {each.trouble}"
        )
        mark = "  <- kept" if each is best else ""
        lines.append(f"  {name:20}{each.threads:8}{numbers}{mark}\n")
    if os.getloadavg()[0] > 1.5 * (os.cpu_count() or 1):
        lines.append("  Other programs keep this machine busy: measure again when it is idle.\n")
    return "".join(lines)


def _loaded(variant: Variant, threads: int) -> Candidate:
    try:
        detector = load(variant.path, threads=threads, backend=variant.backend)
    except ModelError as error:
        return Candidate(variant, threads, None, str(error))
    return Candidate(variant, threads, detector)


def _turn(candidate: Candidate, picture: NDArray[np.uint8], budget_s: float) -> float:
    """Warm up, then time pictures until the budget is spent, at least two. The quickest, ms."""
    detector = candidate.detector
    assert detector is not None  # noqa: S101  only those that run get a turn
    ends_s = time.perf_counter() + budget_s
    for _ in range(WARM_UPS):
        detector.detect(picture)
    taken_ms: list[float] = []
    while len(taken_ms) < 2 or time.perf_counter() < ends_s:
        began_s = time.perf_counter()
        detector.detect(picture)
        taken_ms.append((time.perf_counter() - began_s) * 1e3)
    return min(taken_ms)


def _picture() -> NDArray[np.uint8]:
    """Noise: the models' time does not depend on what is seen, and there is nobody to find."""
    return np.random.default_rng(0).integers(0, 256, (*FRAME_HW_PX, 3), np.uint8)


def _threads(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 64:
        raise argparse.ArgumentTypeError(f"{count} is not a number of threads from 1 to 64")
    return count


def _parser() -> argparse.ArgumentParser:
    cores = os.cpu_count() or 1
    parser = argparse.ArgumentParser(prog="python -m edge bench", description=__doc__)
    parser.add_argument("--model", type=Path, nargs="+", required=True, help="file or folder")
    parser.add_argument(
        "--threads",
        type=_threads,
        nargs="+",
        default=sorted({1, max(1, cores // 2), cores}),
        help="numbers of threads to try",
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="about how long a model (20)")
    parser.add_argument("--data-dir", type=Path, help="the node's folder (EDGE_DATA_DIR)")
    return parser


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
