"""What the hub hands to nodes that have no internet: wheels for each release, and a model.

A folder (`HUB_NODE_FILES_DIR`) that `python -m hub node-files` filled: `trixie/*.whl`,
`bookworm/*.whl`, `models/<one file>`. Nothing in it is secret. pip reads a page of links, each
with its SHA-256, and takes nothing that differs.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final, Literal, get_args
from urllib.parse import quote

from hub.devices.bundle import Model

Shelf = Literal["trixie", "bookworm", "models"]
SHELVES: Final[tuple[Shelf, ...]] = get_args(Shelf)
NAME: Final = r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,199}$"


class NoNodeFiles(LookupError):
    """The folder, or the file in it, is not there."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that nodes may take."""

    path: Path
    sha256: str


def on(folder: Path | None, shelf: Shelf) -> list[Found]:
    """What lies there, by name. Raises NoNodeFiles where nothing does."""
    try:
        kept = sorted(path for path in (folder or Path("-")).joinpath(shelf).iterdir())
    except OSError as error:
        raise NoNodeFiles(shelf) from error
    found = [Found(path, _sha256(path)) for path in kept if path.is_file()]
    if not found:
        raise NoNodeFiles(shelf)
    return found


def named(folder: Path | None, shelf: Shelf, name: str) -> Path:
    """One file. Raises NoNodeFiles."""
    for one in on(folder, shelf):
        if one.path.name == name:
            return one.path
    raise NoNodeFiles(name)


def page(found: list[Found]) -> str:
    """Links as pip's --find-links reads them."""
    links = "".join(
        f'<a href="{quote(one.path.name)}#sha256={one.sha256}">{escape(one.path.name)}</a><br>\n'
        for one in found
    )
    return f"<!doctype html><title>Cheongsa</title>\n{links}"


def model(folder: Path | None) -> Model:
    """The one that nodes count with. Raises NoNodeFiles."""
    one = on(folder, "models")[0]
    name = one.path.name
    return Model(name, one.sha256, name.removesuffix(".tar"))


def _sha256(path: Path) -> str:
    told = path.stat()
    return _sha256_of(path, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=512)
def _sha256_of(path: Path, _mtime_ns: int, _bytes: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
