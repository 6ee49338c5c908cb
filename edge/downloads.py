"""Public files a newcomer may fetch: pinned by SHA-256, kept in a cache, given up quickly.

Most offices have no way out to the internet, so silence for 3 s means no. A file whose hash is
not the pinned one is thrown away. Where the hashes come from: docs/decisions/0033.
"""

import hashlib
import os
import tempfile
import threading
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ANSWER_WITHIN_S: Final = 3.0
DONE_WITHIN_S: Final = 120.0
_CHUNK_BYTES: Final = 64 * 1024


class DownloadError(Exception):
    """The file could not be fetched, or is not the pinned one."""


@dataclass(frozen=True, slots=True)
class PublicFile:
    """One file, its home and what it must hash to."""

    name: str
    url: str
    sha256: str
    bytes: int
    licence: str


YOLOX_NANO: Final = PublicFile(
    name="yolox_nano.onnx",
    url="https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/yolox_nano.onnx",
    sha256="c789161ed43c8269fcd4e67c67eeeb4e80c622da2eb296a20bc6007bd18a0b7d",
    bytes=3_659_407,
    licence="Apache-2.0, Megvii",
)
ONE_BY_ONE: Final = PublicFile(
    name="one-by-one-person-detection.mp4",
    url=(
        "https://raw.githubusercontent.com/intel-iot-devkit/sample-videos/"
        "57978890822836f2b4743852f04f62fc511757e4/one-by-one-person-detection.mp4"
    ),
    sha256="a5964aa259099a482a8b360ffc2c57b5a30f84d5919236a4dad01f8e929ac07c",
    bytes=3_291_918,
    licence="CC BY 4.0, Intel",
)


def cache_dir(env: Mapping[str, str]) -> Path:
    """Where fetched files are kept: CHEONGSA_CACHE, or the user's cache folder."""
    if told := env.get("CHEONGSA_CACHE"):
        return Path(told)
    return Path(env.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cheongsa"


def cached(file: PublicFile, folder: Path) -> Path | None:
    """The file in the cache, or None where it is missing or not the pinned one."""
    path = folder / file.name
    try:
        return path if _sha256(path) == file.sha256 else None
    except OSError:
        return None


def fetch(
    file: PublicFile,
    folder: Path,
    *,
    answer_within_s: float = ANSWER_WITHIN_S,
    done_within_s: float = DONE_WITHIN_S,
) -> Path:
    """Bring the file into the cache.

    Works in a thread, because looking up a name cannot be given a time limit.

    Raises DownloadError: no answer in time, broken off, or not the pinned file.
    """
    attempt = _Attempt(file, folder, answer_within_s)
    threading.Thread(target=attempt.run, name="download", daemon=True).start()
    attempt.answered.wait(answer_within_s)
    if not attempt.answered.is_set():
        raise DownloadError(f"{file.name}: no answer from {file.url} within {answer_within_s:g} s.")
    if not attempt.done.wait(done_within_s):
        raise DownloadError(f"{file.name}: not here after {done_within_s:g} s.")
    if attempt.error is not None:
        raise DownloadError(f"{file.name}: {attempt.error}")
    return folder / file.name


class _Attempt:
    """One download. `answered` is set when the server spoke or failed, `done` at the end."""

    def __init__(self, file: PublicFile, folder: Path, read_timeout_s: float) -> None:
        self._file, self._folder, self._read_timeout_s = file, folder, read_timeout_s
        self.answered, self.done = threading.Event(), threading.Event()
        self.error: Exception | None = None

    def run(self) -> None:
        """Fetch, check and move into place; an error is kept for the waiting side."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._folder) as folder:
                part = Path(folder) / "part"
                self._save(part)
                self._check(part)
                part.replace(self._folder / self._file.name)
        except (OSError, DownloadError, ValueError) as error:  # ValueError: a proxy's bad address
            self.error = error
        finally:
            self.answered.set()
            self.done.set()

    def _save(self, part: Path) -> None:
        request = urllib.request.Request(self._file.url)  # noqa: S310 - our own table, https
        with urllib.request.urlopen(request, timeout=self._read_timeout_s) as answer:  # noqa: S310
            self.answered.set()
            with part.open("wb") as out:
                left = self._file.bytes + 1  # one more than promised is already too much
                while left > 0 and (chunk := answer.read(min(_CHUNK_BYTES, left))):
                    out.write(chunk)
                    left -= len(chunk)
                out.flush()
                os.fsync(out.fileno())

    def _check(self, part: Path) -> None:
        if _sha256(part) != self._file.sha256:
            raise DownloadError(f"{self._file.url} is not the file it was; nothing was kept.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
