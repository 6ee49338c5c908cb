"""Disks: where this program stands, and where the database does, if that is here."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from hub.kit import db
from hub.kit.settings import Settings
from hub.watch.doctor.finding import Finding, found
from hub.watch.store import server

GB: Final = 1_000_000_000
LOW: Final = (0.10, 20 * GB)
FULL: Final = (0.02, 2 * GB)


def look(settings: Settings, now: datetime) -> Iterator[Finding]:  # noqa: ARG001  every check has it
    """One finding for each disk, however many folders are on it."""
    disks = {folder.stat().st_dev: folder for folder in reversed(_folders(settings))}
    for folder in disks.values():
        yield judge(folder, *shutil.disk_usage(folder))


def judge(folder: Path, size: int, used: int, free: int) -> Finding:  # noqa: ARG001  as shutil has it
    """What so much room means: a small disk is judged by its share, a large one by bytes."""
    told = {"folder": folder, "free_gb": round(free / GB, 1), "percent": round(100 * free / size)}
    for (share, most), code in ((FULL, "disk.full"), (LOW, "disk.low")):
        if free < min(share * size, most):
            return found(code, **told)
    return found("disk.ok", **told)


def _folders(settings: Settings) -> list[Path]:
    here = [Path.cwd(), settings.web_dir, _database_folder(settings)]
    return [folder.resolve() for folder in here if folder is not None and folder.is_dir()]


def _database_folder(settings: Settings) -> Path | None:
    """Only where this machine has it and the database may say so."""
    try:
        with db.connect_sync(settings.database_dsn, autocommit=True) as conn:
            folder = server.data_folder(conn)
    except db.FAILED:
        return None
    return Path(folder) if folder else None
