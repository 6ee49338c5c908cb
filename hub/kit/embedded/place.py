"""Where an embedded server may live and as whom it runs.

PostgreSQL refuses to run as root, so as root its files belong to a system user of our own. Where
that user cannot enter the chosen folder (root's home, say) they lie in a system folder instead.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SYSTEM_USER: Final = "cheongsa"
SYSTEM_DIR: Final = Path("/var/lib/cheongsa")


class PlaceError(Exception):
    """A folder or user for the embedded servers cannot be had. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Folders of one installation, and the user who owns them."""

    files: Path
    """Where the servers keep their data."""
    sockets: Path
    """A short path: a unix socket's may have 107 bytes."""
    user: str
    uid: int
    gid: int


def find(data_dir: Path) -> Place:
    """The place that belongs to `data_dir`, made if it is not there. Raises PlaceError."""
    owner = _system_user() if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    data_dir = data_dir.absolute()
    mark = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    data_dir.mkdir(parents=True, exist_ok=True)
    reachable = os.geteuid() != 0 or _others_may_enter(data_dir)
    files = data_dir / "servers" if reachable else SYSTEM_DIR / mark
    place = Place(
        files, _socket_root() / f"cheongsa-{mark}", owner.pw_name, owner.pw_uid, owner.pw_gid
    )
    if os.geteuid() == 0:
        SYSTEM_DIR.mkdir(mode=0o755, exist_ok=True)
    own_folder(place.files, place)
    own_folder(place.sockets, place)
    return place


def own_folder(path: Path, place: Place) -> None:
    """Make `path` a folder of mode 0700 that belongs to the place's user."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid not in (place.uid, os.geteuid()):
        raise PlaceError(f"{path} belongs to somebody else. Remove it, or set CHEONGSA_DATA_DIR.")
    if os.geteuid() == 0:
        os.chown(path, place.uid, place.gid)
    path.chmod(0o700)


def write(path: Path, text: str, place: Place) -> None:
    """Write a file only the place's user can read."""
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(text)
    if os.geteuid() == 0:
        os.chown(path, place.uid, place.gid)


def readable_copy(tree: Path) -> Path:
    """`tree`, or a copy of it where the place's user can reach it."""
    if os.geteuid() != 0 or _others_may_enter(tree):
        return tree
    stamp = hashlib.sha256(f"{tree}{tree.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = SYSTEM_DIR / f"{tree.name}-{stamp}"
    if not copy.exists():
        partial = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(tree, partial, symlinks=True)
        partial.rename(copy)
    return copy


def _others_may_enter(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _socket_root() -> Path:
    if os.geteuid() == 0:
        return Path("/run") if Path("/run").is_dir() else Path("/tmp")  # noqa: S108  owned and 0700
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return Path(runtime) if runtime and Path(runtime).is_dir() else Path("/tmp")  # noqa: S108


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return _make_system_user()


def _make_system_user() -> pwd.struct_passwd:
    tool = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if tool is None:
        raise PlaceError(
            "As root a system user is needed, and `useradd` is not there. Run as a user."
        )
    command = [tool, "--system", "--no-create-home", "--home-dir", str(SYSTEM_DIR)]
    subprocess.run([*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True)  # noqa: S603
    return pwd.getpwnam(SYSTEM_USER)
