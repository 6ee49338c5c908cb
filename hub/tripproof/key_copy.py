"""A copy of the hub's signing keys beside a backup of the database, and back again.

A file of its own, because whoever has it can sign for the hub: an office may keep it elsewhere than
the dump. It holds `trip.json` and the keys that this lists, and never a wrap key: what is destroyed
must be gone from every backup too.
"""

import os
import tarfile
from pathlib import Path
from typing import Final

from hub.tripproof import office

ENDING: Final = ".trip-keys.tar"
FILE_MAX_BYTES: Final = 65_536


class CannotCopyKeys(Exception):
    """The message says why, and what to do."""


def beside(backup: Path) -> Path:
    """Where the copy of a backup's keys lies."""
    return backup.with_name(backup.name + ENDING)


def write(folder: Path, backup: Path) -> Path | None:
    """Copy the keys beside `backup`; None: the folder has none.

    Raises:
        CannotCopyKeys: a file is there already, or a key that `trip.json` lists is gone.
    """
    if not (folder / office.CARD).exists():
        return None
    file = beside(backup)
    try:
        with (
            open(file, "xb", opener=_private_file) as out,
            tarfile.open(fileobj=out, mode="w") as held,
        ):
            for one in office.files(folder):
                held.add(one, arcname=one.name, recursive=False)
    except FileExistsError as error:
        raise CannotCopyKeys(f"{file} is there already; nothing was overwritten.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        file.unlink(missing_ok=True)
        raise CannotCopyKeys(f"The keys in {folder} cannot be copied: {error}") from error
    return file


def put_back(backup: Path, folder: Path) -> bool:
    """Put the keys that lie beside `backup` into an empty folder. False: there were none to put.

    Raises:
        CannotCopyKeys: the folder has keys already, or the file is no copy of keys.
    """
    file = beside(backup)
    if not file.exists():
        return False
    if (folder / office.CARD).exists():
        raise CannotCopyKeys(
            f"{folder} has keys already, and nothing is overwritten; those of the backup are in "
            f"{file}."
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with tarfile.open(file) as held:
            _unpack(held, folder)
    except (tarfile.TarError, OSError) as error:
        raise CannotCopyKeys(f"{file} is no copy of keys: {error}") from error
    return True


def _unpack(held: tarfile.TarFile, folder: Path) -> None:
    """Plain files by their bare names; the card last: until it is there the folder has no keys."""
    for one in sorted(held.getmembers(), key=lambda one: one.name == office.CARD):
        read = held.extractfile(one) if one.isfile() and one.size <= FILE_MAX_BYTES else None
        if read is None or Path(one.name).name != one.name:
            raise tarfile.TarError(f"{one.name!r} does not belong there")
        with open(folder / one.name, "xb", opener=_private_file) as out:
            out.write(read.read())


def _private_file(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
