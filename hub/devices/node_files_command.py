"""`python -m hub node-files`: fill the folder that nodes without internet fetch from.

It is run where the internet is, and the folder is carried to the hub where the hub has none. Every
wheel is held to the hash in `firmware-config/wheels-*.txt`.
"""

import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hub.devices.bundle import TEMPLATES, Release

RELEASES: Final[dict[Release, tuple[str, int]]] = {"trixie": ("313", 41), "bookworm": ("311", 36)}
"""Python, and the minor version of glibc 2."""
_OLDEST_GLIBC: Final = 17
OURS: Final = "cheongsa-*.whl"


class NodeFilesError(Exception):
    """The folder was not filled. The message says what to do."""


def platform_options(release: Release | str) -> list[str]:
    """For pip: wheels that a 64-bit Pi with this release can load, wherever pip runs."""
    python, glibc = RELEASES[release]  # type: ignore[index]
    names = [f"manylinux_2_{minor}_aarch64" for minor in range(_OLDEST_GLIBC, glibc + 1)]
    platforms = [
        part for name in (*names, "manylinux2014_aarch64") for part in ("--platform", name)
    ]
    return [
        "--only-binary",
        ":all:",
        "--implementation",
        "cp",
        "--python-version",
        python,
        *platforms,
    ]


def fill(folder: Path, model: Path, wheel: Path | None) -> list[Path]:
    """Fetch what nodes need; returns the files. Raises NodeFilesError."""
    for release in RELEASES:
        shelf = folder / release
        shelf.mkdir(parents=True, exist_ok=True)
        lock = TEMPLATES / f"wheels-{release}.txt"
        _pip(
            "download", "--require-hashes", "--no-deps", "-r", str(lock), "-d", str(shelf),
            *platform_options(release),
        )  # fmt: skip
        _put_ours(shelf, wheel)
    _put_model(folder / "models", model)
    return sorted(path for path in folder.glob("*/*") if path.is_file())


def _put_ours(shelf: Path, wheel: Path | None) -> None:
    for old in shelf.glob(OURS):
        old.unlink()
    if wheel and wheel.is_dir():
        wheel = next(wheel.glob(OURS), None)
    if wheel:
        (shelf / wheel.name).write_bytes(wheel.read_bytes())
        return
    if not (TEMPLATES.parent / "pyproject.toml").exists():
        raise NodeFilesError("Give our own wheel: --wheel cheongsa-….whl")
    _pip("wheel", "--no-deps", "-w", str(shelf), str(TEMPLATES.parent))


def _put_model(shelf: Path, model: Path) -> None:
    """One model: a file as it is, a folder as a .tar."""
    if not model.exists():
        raise NodeFilesError(
            f"There is no model at {model}: give an .onnx file or a model's folder."
        )
    shelf.mkdir(parents=True, exist_ok=True)
    for old in shelf.iterdir():
        old.unlink()
    if model.is_file():
        (shelf / model.name).write_bytes(model.read_bytes())
        return
    with tarfile.open(shelf / f"{model.name}.tar", "w") as archive:
        archive.add(model, model.name)


def _pip(command: str, *options: str) -> None:
    told: Sequence[str] = (sys.executable, "-m", "pip", command, "--quiet", *options)
    done = subprocess.run([*told, "--disable-pip-version-check"], check=False)  # noqa: S603
    if done.returncode:
        raise NodeFilesError(f"pip {command} did not end well: see above.")
