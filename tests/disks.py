"""A real disk that really fills: a small tmpfs, whose writes end with ENOSPC.

Mounting needs root (or CAP_SYS_ADMIN); where it is not allowed the test says so and is skipped.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Disk:
    """A mounted disk."""

    at: Path

    def fill(self) -> None:
        """Leave not one byte."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in (1_000_000, 4096, 1):
                with pytest.raises(OSError, match="No space left"):  # noqa: PT012
                    while True:
                        file.write(bytes(size))

    def free(self) -> None:
        """Give the space back."""
        self._ballast.unlink()

    @property
    def _ballast(self) -> Path:
        return self.at / "ballast"


@contextmanager
def small_disk(at: Path, megabytes: int, owner: tuple[int, int] = (0, 0)) -> Iterator[Disk]:
    """Mount one at `at` for user and group `owner`; unmounted at the end, whoever still uses it."""
    at.mkdir(parents=True, exist_ok=True)
    uid, gid = owner if owner != (0, 0) else (os.geteuid(), os.getegid())
    options = f"size={megabytes}m,mode=0700,uid={uid},gid={gid}"
    command = ["mount", "-t", "tmpfs", "-o", options, "cheongsa-test", str(at)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: run as root ({done.stderr.strip()})")
    try:
        yield Disk(at)
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)
