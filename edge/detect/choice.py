"""Which way to run a model was fastest on this machine: written by `edge bench`, read by `run`.

A choice holds for one model as it was and one set of runtimes; after a change of either it is
forgotten, and `load` picks by kind of machine again.
"""

import importlib.metadata
import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edge.detect.load import PACKAGES, is_installed, load, variants

if TYPE_CHECKING:
    from edge.detect import Detector

FILE_NAME = "fastest.json"


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to run a model, and how long it took."""

    path: Path
    backend: str
    threads: int
    median_ms: float
    """Letterbox, inference and decoding of one picture."""


def remember(data_dir: Path, model: Path, choice: Choice) -> None:
    """Write down that `choice` is the fastest way to run `model` here. Replaces what was known."""
    data_dir.mkdir(parents=True, exist_ok=True)
    known = _read(data_dir)
    row = {key: str(value) if key == "path" else value for key, value in asdict(choice).items()}
    known[str(model.resolve())] = {"valid_for": _fingerprint(model), **row}
    written = data_dir / f".{FILE_NAME}.{os.getpid()}"
    written.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", "utf-8")
    written.replace(data_dir / FILE_NAME)  # whole or not at all


def fastest(data_dir: Path, model: Path) -> Choice | None:
    """The fastest way to run `model` here, or None where that was not measured or no longer holds.

    A damaged file is as good as none.
    """
    row = _read(data_dir).get(str(model.resolve()))
    try:
        if row is None or row["valid_for"] != _fingerprint(model):
            return None
        return Choice(
            Path(row["path"]), str(row["backend"]), int(row["threads"]), float(row["median_ms"])
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def load_fastest(
    data_dir: Path, model: Path, *, threads: int = 1, confidence: float = 0.25
) -> "Detector":
    """`load`, but by the measured choice where there is one.

    Args:
        data_dir: the node's folder.
        model: as for `load`.
        threads: at most so many, whatever was measured.
        confidence: as for `load`.

    Raises:
        ModelError: as `load`.
    """
    choice = fastest(data_dir, model)
    if choice is None:
        return load(model, threads=threads, confidence=confidence)
    return load(
        choice.path,
        threads=min(threads, choice.threads),
        backend=choice.backend,
        confidence=confidence,
    )


def _read(data_dir: Path) -> dict[str, dict[str, Any]]:
    try:
        known = json.loads((data_dir / FILE_NAME).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    rows = known.items() if isinstance(known, dict) else ()
    return {key: row for key, row in rows if isinstance(row, dict)}


def _fingerprint(model: Path) -> list[str]:
    """What the choice depends on: the model's files, the runtimes, the machine."""
    runtimes = [p for b, p in PACKAGES.items() if is_installed(b)]
    return [
        platform.machine(),
        f"{os.cpu_count()} cores",
        *(f"{name} {importlib.metadata.version(name)}" for name in sorted(runtimes)),
        *(_file_mark(file) for variant in variants(model) for file in _files(variant.path)),
    ]


def _files(path: Path) -> list[Path]:
    return sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]


def _file_mark(file: Path) -> str:
    """Size and time, not a hash: a node starts in well under a second."""
    status = file.stat()
    return f"{file.name} {status.st_size} {status.st_mtime_ns}"
